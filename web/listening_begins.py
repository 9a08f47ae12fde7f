"""Refuses an address as it is imported: app.py imports this before all else is read."""

from web import listening

listening.refuse()
