"""Drawn: Who is here, and what is theirs to do."""
