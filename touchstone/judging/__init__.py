"""A judge held against people: whether a source of levels may stand in for a person, and what it must beat."""
