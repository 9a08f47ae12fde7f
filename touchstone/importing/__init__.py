"""Labels from other tools: one module a tool, and what their words mean."""
