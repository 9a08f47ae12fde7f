"""A round's people while it is open: who owes what, how fast it goes, and drafts that go to somebody else."""
