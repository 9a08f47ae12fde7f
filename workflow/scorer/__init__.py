"""The scorer over drafts, and held against people."""
