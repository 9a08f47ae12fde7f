"""The events: what is recorded of every verb, the list of them, and whether the chain holds."""
