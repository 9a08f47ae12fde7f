"""Releases: gold that leaves with everything needed to check it, written as a folder and verified from the folder alone."""
