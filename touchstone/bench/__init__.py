"""Benchmarks: typed tasks, how they are made, and what they are checked for before anybody is measured by them."""
