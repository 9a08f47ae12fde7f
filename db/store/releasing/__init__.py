"""Releases: what they are made of, those that were given out, answers for their datasheets, spot checks."""
