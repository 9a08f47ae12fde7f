"""Rubric versions: read, compared, and the schema of their files."""
