"""One module a tool: how a record of it is known, and its reader."""
