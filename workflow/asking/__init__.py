"""Models asked over HTTP."""
