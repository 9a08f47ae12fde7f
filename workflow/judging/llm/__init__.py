"""Models as judges: their files, what they are asked about, and runs."""
