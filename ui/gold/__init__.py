"""Drawn: Adjudication, gold and its export."""
