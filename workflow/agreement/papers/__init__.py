"""The agreement report as a file, and its pictures."""
