"""Judges trained on gold: made of closed rounds, off until they have shown what a judge must show."""
