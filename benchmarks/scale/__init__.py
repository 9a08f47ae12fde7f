"""Figures of docs/scale.md: apart from `make bench`, since they take long."""
