"""Releases: gold that leaves with everything needed to check it."""
