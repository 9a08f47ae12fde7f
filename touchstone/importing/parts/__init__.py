"""Files of labels that are too large to hold: read some thousands of rows at a time."""
