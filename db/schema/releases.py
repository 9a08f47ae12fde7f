"""Releases that were given out, what people answered to the questions of their datasheet, and spot checks of agreed cells."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, to

# A release never changes: what left stands in its folder, known here by the digest of its manifest.
releases = sa.Table(
    "releases",
    metadata,
    id_(),
    to("project"),
    to("person"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # from 1, of releases of that name
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("policy", sa.JSON, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),  # settled cells
    sa.Column("left_out", sa.Integer, nullable=False),
    sa.Column("levels", sa.LargeBinary, nullable=False),  # packed: the level of each settled cell, for what a later one changes
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.Column("supersedes", sa.ForeignKey("releases.id"), unique=True),
    sa.UniqueConstraint("project", "folded", "number"),
)

release_rounds = sa.Table("release_rounds", metadata, to("release", key=True), to("round", key=True))

# Append-only: the latest answer to a question of a project counts.
release_answers = sa.Table(
    "release_answers",
    metadata,
    id_(),
    to("project"),
    to("person"),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_at", UTCDateTime, nullable=False),
    sa.Index(None, "project", "question"),
)

# A sample of the agreed cells of a closed round, that one person labels once more.
spot_checks = sa.Table(
    "spot_checks",
    metadata,
    id_(),
    to("round"),
    to("person"),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("cells", sa.Integer, nullable=False),  # agreed cells that it was drawn from
    sa.Column("drawn_at", UTCDateTime, nullable=False),
    sa.Index(None, "round"),
)

spot_check_cells = sa.Table(
    "spot_check_cells",
    metadata,
    to("spot_check", key=True),
    to("draft", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("agreed", sa.Text, nullable=False),  # the level that its labels agree on
    sa.Column("value", sa.Text),  # the level given in the check; null until then
    sa.Column("reason", sa.Text),
    sa.Column("checked_at", UTCDateTime),
    sa.Index(None, "draft"),
)
