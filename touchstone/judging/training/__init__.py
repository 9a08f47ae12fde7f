"""Judges trained on gold: what they see of a draft, how they are calibrated and kept, and what more gold would bring."""
