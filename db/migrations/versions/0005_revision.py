"""From one rubric version to the next: what a meeting said of disagreements, its notes, why a version was published, and
versions being written.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

FIRST = {"sqlite_where": sa.text("supersedes IS NULL"), "postgresql_where": sa.text("supersedes IS NULL")}


def _integer(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "discussions",
        _integer("id"),
        _integer("round"),
        _integer("draft"),
        _integer("person"),
        _text("dimension"),
        _text("decision"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("discussed_at", sa.DateTime(timezone=True), nullable=False),
        _integer("supersedes", True),
        *(_to("discussions", each, f"{each}s" if each != "person" else "people") for each in ("round", "draft", "person")),
        _to("discussions", "supersedes", "discussions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_discussions_supersedes")),
    )
    op.create_index(op.f("ix_discussions_draft"), "discussions", ["draft"])
    op.create_index("uq_discussions_first", "discussions", ["round", "draft", "dimension"], unique=True, **FIRST)
    op.create_table(
        "meeting_notes",
        _integer("id"),
        _integer("round"),
        _integer("person"),
        _text("dimension"),
        _text("note"),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        _integer("supersedes", True),
        _to("meeting_notes", "round", "rounds"),
        _to("meeting_notes", "person", "people"),
        _to("meeting_notes", "supersedes", "meeting_notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_notes")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_meeting_notes_supersedes")),
    )
    op.create_index("uq_meeting_notes_first", "meeting_notes", ["round", "dimension"], unique=True, **FIRST)
    op.create_table(
        "publications",
        _integer("id"),
        _integer("rubric_version"),
        _integer("person"),
        _integer("round", True),
        _text("why"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _to("publications", "rubric_version", "rubric_versions"),
        _to("publications", "person", "people"),
        _to("publications", "round", "rounds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("rubric_version", name=op.f("uq_publications_rubric_version")),
    )
    op.create_table(
        "published_decisions",
        _integer("publication"),
        _integer("discussion"),
        _to("published_decisions", "publication", "publications"),
        _to("published_decisions", "discussion", "discussions"),
        sa.PrimaryKeyConstraint("publication", "discussion", name=op.f("pk_published_decisions")),
    )
    op.create_table(
        "unfinished_versions",
        _integer("person"),
        _text("name"),
        _text("source"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        _to("unfinished_versions", "person", "people"),
        sa.PrimaryKeyConstraint("person", "name", name=op.f("pk_unfinished_versions")),
    )
