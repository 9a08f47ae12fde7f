"""Two rounds, or two sources of labels, side by side."""
