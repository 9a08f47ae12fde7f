"""A published document: its tables and text as claims."""
