"""Drawn: Tasks and drafts brought in from files."""
