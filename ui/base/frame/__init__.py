"""What stands around every page, and what happens between two of them."""
