"""Who takes part, and what is theirs to do now."""
