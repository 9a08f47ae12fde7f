"""The page Gate: how it stands, what it said, switching it, tokens, and what people say against it."""
