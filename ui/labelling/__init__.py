"""Drawn: What an annotator does."""
