"""Judges that were taught by pairs: written into a folder, and their levels as label sets."""
