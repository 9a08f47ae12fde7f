"""Drawn: Rubric versions, the revision meeting, and the next version."""
