"""The store: engine, schema, every query, migrations. Nothing outside this folder speaks SQL."""
