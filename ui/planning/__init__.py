"""Drawn: How many drafts to label."""
