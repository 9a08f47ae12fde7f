"""Labels from elsewhere, as label sets."""
