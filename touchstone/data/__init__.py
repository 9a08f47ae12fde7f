"""Tasks, drafts, labels and gold as values: read, counted, shared out."""
