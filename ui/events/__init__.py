"""What the page on events is made of."""
