"""Preferences: which of two drafts of a task is better, and what follows from many such choices."""
