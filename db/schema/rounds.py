"""Rubric versions as finished and published, the rounds under them, and who labels which draft in what order."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

# Bytes that labels or people rest on. What stands under a name is its row that is finished and not superseded: what was saved in
# the browser, or published; one row at most. A row that was never finished is a file under which labels came in.
rubric_versions = sa.Table(
    "rubric_versions",
    metadata,
    id_(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source", sa.LargeBinary, nullable=False),  # the bytes, so that a lost file loses no label its meaning
    sa.Column("published_at", UTCDateTime),
    to("published_by", "people", optional=True),
    sa.Column("finished_at", UTCDateTime),
    to("finished_by", "people", optional=True),
    sa.Column("superseded_at", UTCDateTime),  # when other bytes of the same name were finished, or these discarded
    sa.UniqueConstraint("name", "digest"),
)
sa.Index(
    "uq_rubric_versions_standing",
    rubric_versions.c.name,
    unique=True,
    sqlite_where=rubric_versions.c.finished_at.is_not(None) & rubric_versions.c.superseded_at.is_(None),
    postgresql_where=rubric_versions.c.finished_at.is_not(None) & rubric_versions.c.superseded_at.is_(None),
)
sa.Index(
    "uq_rubric_versions_published",
    rubric_versions.c.name,
    unique=True,
    sqlite_where=rubric_versions.c.published_at.is_not(None),
    postgresql_where=rubric_versions.c.published_at.is_not(None),
)

rounds = sa.Table(
    "rounds",
    metadata,
    id_(),
    to("project"),
    to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("per_draft", sa.Integer),  # null with overlap: once, and a share twice
    sa.Column("overlap", sa.Float),
    sa.Column("strata", sa.JSON, nullable=False),
    sa.Column("opened_at", UTCDateTime, nullable=False),
    to("opened_by", "people"),
    sa.Column("closed_at", UTCDateTime),
    to("closed_by", "people", optional=True),
    sa.Column("early_reason", sa.Text),
    sa.Column("first_read_at", UTCDateTime),  # when what it kept back was read first, since it was closed
    to("of_round", "rounds", optional=True),
    to("continues_round", "rounds", optional=True),
    sa.Column("forced", sa.Boolean),  # of a retest: opened before the gap had passed; null for other kinds
    sa.Column("feedback", sa.Text),  # of a calibration: when its annotators are shown the key; null for other kinds
    # How often agreement is to be looked at, and up to how many drafts, over this round and those that continue it.
    sa.Column("planned_looks", sa.Integer),
    sa.Column("planned_drafts", sa.Integer),
    one_of("feedback", "each", "end"),
    one_of("kind", "double", "retest", "calibration"),
    sa.UniqueConstraint("project", "folded"),
)

# Every closing, those that were taken back too; that which stands is in its round as well.
closings = sa.Table(
    "closings",
    metadata,
    id_(),
    to("round"),
    to("person"),
    sa.Column("closed_at", UTCDateTime, nullable=False),
    sa.Column("early_reason", sa.Text),
    sa.Column("reopened_at", UTCDateTime),
    to("reopened_by", "people", optional=True),
)
sa.Index(
    "uq_closings_standing",
    closings.c.round,
    unique=True,
    sqlite_where=closings.c.reopened_at.is_(None),
    postgresql_where=closings.c.reopened_at.is_(None),
)

# What was changed in a round while it was open (workflow/rounds/team): drafts that went to somebody else, who and what came in.
round_changes = sa.Table(
    "round_changes",
    metadata,
    id_(),
    to("round"),
    to("person"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("what", sa.JSON, nullable=False),  # {drafts, people}: how many, and whom it is about (ids)
    sa.Column("changed_at", UTCDateTime, nullable=False),
    one_of("kind", "drafts reassigned", "annotator added", "drafts added"),
    sa.Index(None, "round"),
)

round_dimensions = sa.Table(
    "round_dimensions",
    metadata,
    to("round", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)

round_annotators = sa.Table(
    "round_annotators",
    metadata,
    to("round", key=True),
    to("person", key=True),
    sa.Column("position", sa.Integer, nullable=False),
    # What the person had delivered when the round was closed; null while it is open, and counted then.
    *(sa.Column(name, sa.Integer) for name in ("saved", "skipped", "waiting", "practice")),
    sa.Column("seconds", sa.Float),
)

round_drafts = sa.Table(
    "round_drafts",
    metadata,
    to("round", key=True),
    to("draft", key=True),
    sa.Column("is_practice", sa.Boolean, nullable=False),
    sa.Index(None, "draft"),
)

assignments = sa.Table(
    "assignments",
    metadata,
    id_(),
    to("round"),
    to("draft"),
    to("person"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("is_practice", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),  # saves and skips so far: a form drawn at another is stale
    sa.Column("skip_reason", sa.Text),
    sa.Column("seconds", sa.Float, nullable=False),  # time spent, pauses over IDLE counted as IDLE (workflow.labelling)
    sa.Column("seen_at", UTCDateTime),
    sa.Column("delivered_at", UTCDateTime),
    sa.UniqueConstraint("round", "person", "position"),
    sa.UniqueConstraint("round", "draft", "person"),
    sa.Index(None, "round", "person", "state", "position"),
    sa.Index(None, "round", "person", "delivered_at", "position"),
    sa.Index(None, "person", "round"),
    sa.Index(None, "draft"),
    one_of("state", "waiting", "saved", "skipped"),
)
