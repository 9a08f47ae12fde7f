"""A store as an earlier Touchstone left it: of an earlier schema, with the rows of one that was built through the verbs."""

import shutil
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

import db.engine
from db.engine import _alembic, open_engine, reading, writing
from db.schema import metadata, projects


def older_copy(engine: sa.Engine, url: str, revision: str, gone: Mapping[str, Mapping[str, Any]] | None = None) -> sa.Engine:
    """The empty store at `url` gets the schema of a revision and what of the rows of `engine` that schema has a place for. The
    sample's tasks and rounds are marked as they were before there were projects. `gone`: what columns held, by table, that there
    are no more; the record, which digests rows, is then left out."""
    old = open_engine(url)
    with old.connect().execution_options(writes=True) as connection, connection.begin():
        command.upgrade(_alembic(connection), revision)
    there = sa.MetaData()
    there.reflect(old)
    with reading(engine) as source, writing(old, copies=True) as target:
        sample = set(source.scalars(sa.select(projects.c.id).where(projects.c.is_sample)))
        for table in metadata.sorted_tables:
            if (kept := there.tables.get(table.name)) is None or (gone and table.name in ("events", "salts")):
                continue
            for row in source.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings().all():
                values = {key: value for key, value in row.items() if key in kept.c}
                values |= (gone or {}).get(table.name, {})
                if "is_sample" in kept.c and "project" in row:
                    values["is_sample"] = row["project"] in sample
                target.execute(sa.insert(kept).values(values))
    return old


def migrations_with(tmp_path, monkeypatch, body: str) -> None:
    """A copy of the migrations with one more after the last, whose upgrade runs `body`."""
    shutil.copytree(db.engine.ROOT / "db" / "migrations", tmp_path / "db" / "migrations")
    last = ScriptDirectory(str(tmp_path / "db" / "migrations")).get_current_head()
    (tmp_path / "db" / "migrations" / "versions" / "next.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = 'next', '{last}'\n"
        f"def upgrade():\n    {body}\n"
    )
    monkeypatch.setattr(db.engine, "ROOT", tmp_path)
