"""Published figures, checked."""
