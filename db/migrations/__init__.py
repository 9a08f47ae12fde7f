"""Alembic's migrations, run by `db.engine.migrate`."""
