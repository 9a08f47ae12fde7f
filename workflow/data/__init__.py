"""Tasks and drafts come in; the sample workspace."""
