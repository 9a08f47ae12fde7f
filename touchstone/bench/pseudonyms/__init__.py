"""Other names for whom a text is about: the same each time, and telling nothing of the first without the salt."""
