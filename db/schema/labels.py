"""What is chosen, asked, saved and decided: pending choices, queries, saves, labels, adjudications, the key of a calibration."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

pending_choices = sa.Table(
    "pending_choices",
    metadata,
    to("assignment", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("chosen_at", UTCDateTime, nullable=False),
)

pending_notes = sa.Table(
    "pending_notes",
    metadata,
    to("assignment", key=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("kept_at", UTCDateTime, nullable=False),
)

queries = sa.Table(
    "queries",
    metadata,
    id_(),
    to("assignment"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("asked_at", UTCDateTime, nullable=False),
    sa.Index(None, "assignment"),
)

saves = sa.Table(
    "saves",
    metadata,
    id_(),
    to("assignment"),
    sa.Column("token", sa.Text, nullable=False, unique=True),  # one press of Save, however often it arrives
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("saved_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("assignment", "revision"),
)

labels = sa.Table(
    "labels",
    metadata,
    id_(),
    to("save"),
    to("assignment"),
    to("person"),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("labelled_at", UTCDateTime, nullable=False),
    sa.Column("supersedes", sa.ForeignKey("labels.id"), unique=True),
    sa.Index(None, "assignment", "dimension"),
)
sa.Index(
    "uq_labels_first",
    labels.c.assignment,
    labels.c.dimension,
    unique=True,
    sqlite_where=labels.c.supersedes.is_(None),
    postgresql_where=labels.c.supersedes.is_(None),
)

adjudications = sa.Table(
    "adjudications",
    metadata,
    id_(),
    to("round"),
    to("draft"),
    to("person"),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("also_labelled", sa.Boolean, nullable=False),
    sa.Column("decided_at", UTCDateTime, nullable=False),
    sa.Column("supersedes", sa.ForeignKey("adjudications.id"), unique=True),
    one_of("cause", "rubric unclear", "slip", "missing context", "true ambiguity"),
    sa.Index(None, "round", "draft", "dimension"),
)
sa.Index(
    "uq_adjudications_first",
    adjudications.c.round,
    adjudications.c.draft,
    adjudications.c.dimension,
    unique=True,
    sqlite_where=adjudications.c.supersedes.is_(None),
    postgresql_where=adjudications.c.supersedes.is_(None),
)

adjudicated_labels = sa.Table("adjudicated_labels", metadata, to("adjudication", key=True), to("label", key=True))

# What a calibration round is held against: settled cells of the round it names, as they were when it was opened.
gold_keys = sa.Table(
    "gold_keys",
    metadata,
    to("round", key=True),
    to("draft", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    to("adjudication", optional=True),  # the decision the value came from; null where the annotators agreed
)
