"""Accounts of team mode: how people sign in, and the links with which that begins."""
