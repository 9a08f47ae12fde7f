"""Typed values of a task: how each kind of fact is read, and how what a draft says is held against it."""
