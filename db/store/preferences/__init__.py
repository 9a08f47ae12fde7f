"""Comparison rounds: what is compared by whom, and what they chose."""
