"""Drawn: Published figures, checked."""
