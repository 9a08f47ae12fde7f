"""The verbs: one function is one thing a person does, in one transaction."""
