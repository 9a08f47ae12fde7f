"""Drawn: projects listed, made, renamed, archived, deleted."""
