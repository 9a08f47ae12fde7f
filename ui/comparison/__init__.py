"""Drawn: Two rounds, and two sources of labels, side by side."""
