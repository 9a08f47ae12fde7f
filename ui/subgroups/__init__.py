"""Drawn: Slices of a round, drift, and its annotators."""
