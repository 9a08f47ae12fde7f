"""Models as judges: a judge's file, what it asks, and what an answer says. The calls are not made here."""
