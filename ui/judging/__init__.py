"""The page of judges."""
