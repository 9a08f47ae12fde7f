"""The record: its events, and whether the schema beside it is the program's."""
