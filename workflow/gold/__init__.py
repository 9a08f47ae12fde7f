"""Adjudication, gold and its export."""
