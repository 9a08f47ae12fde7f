"""A parameter space: what tasks vary by, which values go together, and how much of it a set of tasks covers."""
