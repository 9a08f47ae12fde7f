"""Numbers of a draft: how they are written, and whose they are."""
