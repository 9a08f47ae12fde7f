"""How many drafts to label."""
