"""What the pages of comparison rounds draw."""
