"""The store looked after."""
