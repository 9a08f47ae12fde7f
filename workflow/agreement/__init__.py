"""Agreement reports of closed rounds and label sets."""
