"""The tables, as SQLAlchemy Core. The words are those of docs/glossary.md.

A column named for another table (`round`, `draft`, `person`) is the foreign key to its `id`; `task_id` and `draft_id`
are the names a task and a draft have in the files they came from. Times are UTC. Nothing cascades: labels, saves and
adjudications are only ever added, a correction names the row it supersedes.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(sa.TypeDecorator):
    """A moment in UTC: aware going in, aware coming out, on databases that know zones and on those that do not."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} names no time zone")
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer, primary_key=True)


def _to(column: str, table: str | None = None, *, optional: bool = False, key: bool = False) -> sa.Column:
    return sa.Column(column, sa.ForeignKey(f"{table or _plural(column)}.id"), nullable=optional, primary_key=key)


def _plural(column: str) -> str:
    return {"person": "people", "query": "queries"}.get(column, column + "s")


def _one_of(column: str, *words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


people = sa.Table(
    "people",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),  # the name as compared: case and spaces aside
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("is_sample", sa.Boolean, nullable=False),
    sa.Column("added_at", UTCDateTime, nullable=False),
    _one_of("kind", "person", "program"),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    _id(),
    _to("person"),
    sa.Column("token_digest", sa.Text, nullable=False, unique=True),  # SHA-256: the token itself is only in the cookie
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("ended_at", UTCDateTime),
)

imports = sa.Table(
    "imports",
    metadata,
    _id(),
    _to("person"),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("tasks_added", sa.Integer, nullable=False),
    sa.Column("drafts_added", sa.Integer, nullable=False),
    sa.Column("imported_at", UTCDateTime, nullable=False),
)

tasks = sa.Table(
    "tasks",
    metadata,
    _id(),
    _to("import", "imports"),
    sa.Column("task_id", sa.Text, nullable=False, unique=True),
    sa.Column("partition", sa.Text),
    sa.Column("dimension", sa.Text),  # the dimension the task was written to test
    sa.Column("source_mode", sa.Text),
    sa.Column("difficulty", sa.Text),
    sa.Column("cluster", sa.Text, nullable=False),
    sa.Column("input", sa.JSON, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("is_sample", sa.Boolean, nullable=False),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _id(),
    _to("task"),
    _to("import", "imports"),
    sa.Column("draft_id", sa.Text, nullable=False, unique=True),
    sa.Column("author", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Index(None, "task"),
)

rubric_versions = sa.Table(
    "rubric_versions",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source", sa.LargeBinary, nullable=False),  # the bytes, so that a lost file loses no label its meaning
    sa.Column("published_at", UTCDateTime),
    _to("published_by", "people", optional=True),
    sa.UniqueConstraint("name", "digest"),
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
    _id(),
    _to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("per_draft", sa.Integer),  # null with overlap: once, and a share twice
    sa.Column("overlap", sa.Float),
    sa.Column("strata", sa.JSON, nullable=False),
    sa.Column("is_sample", sa.Boolean, nullable=False),
    sa.Column("opened_at", UTCDateTime, nullable=False),
    _to("opened_by", "people"),
    sa.Column("closed_at", UTCDateTime),
    _to("closed_by", "people", optional=True),
    sa.Column("early_reason", sa.Text),
    _to("of_round", "rounds", optional=True),
    _to("continues_round", "rounds", optional=True),
    sa.Column("forced", sa.Boolean),  # of a retest: opened before the gap had passed; null for other kinds
    sa.Column("feedback", sa.Text),  # of a calibration: when its annotators are shown the key; null for other kinds
    _one_of("feedback", "each", "end"),
    _one_of("kind", "double", "retest", "calibration"),
)

round_dimensions = sa.Table(
    "round_dimensions",
    metadata,
    _to("round", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)

round_annotators = sa.Table(
    "round_annotators",
    metadata,
    _to("round", key=True),
    _to("person", key=True),
    sa.Column("position", sa.Integer, nullable=False),
    # What the person had delivered when the round was closed; null while it is open, and counted then.
    *(sa.Column(name, sa.Integer) for name in ("saved", "skipped", "waiting", "practice")),
    sa.Column("seconds", sa.Float),
)

round_drafts = sa.Table(
    "round_drafts",
    metadata,
    _to("round", key=True),
    _to("draft", key=True),
    sa.Column("is_practice", sa.Boolean, nullable=False),
    sa.Index(None, "draft"),
)

assignments = sa.Table(
    "assignments",
    metadata,
    _id(),
    _to("round"),
    _to("draft"),
    _to("person"),
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
    sa.Index(None, "person", "round"),
    sa.Index(None, "draft"),
    _one_of("state", "waiting", "saved", "skipped"),
)

pending_choices = sa.Table(
    "pending_choices",
    metadata,
    _to("assignment", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("chosen_at", UTCDateTime, nullable=False),
)

pending_notes = sa.Table(
    "pending_notes",
    metadata,
    _to("assignment", key=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("kept_at", UTCDateTime, nullable=False),
)

queries = sa.Table(
    "queries",
    metadata,
    _id(),
    _to("assignment"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("asked_at", UTCDateTime, nullable=False),
    sa.Index(None, "assignment"),
)

saves = sa.Table(
    "saves",
    metadata,
    _id(),
    _to("assignment"),
    sa.Column("token", sa.Text, nullable=False, unique=True),  # one press of Save, however often it arrives
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("saved_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("assignment", "revision"),
)

labels = sa.Table(
    "labels",
    metadata,
    _id(),
    _to("save"),
    _to("assignment"),
    _to("person"),
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
    _id(),
    _to("round"),
    _to("draft"),
    _to("person"),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("also_labelled", sa.Boolean, nullable=False),
    sa.Column("decided_at", UTCDateTime, nullable=False),
    sa.Column("supersedes", sa.ForeignKey("adjudications.id"), unique=True),
    _one_of("cause", "rubric unclear", "slip", "missing context", "true ambiguity"),
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

adjudicated_labels = sa.Table("adjudicated_labels", metadata, _to("adjudication", key=True), _to("label", key=True))

# What a calibration round is held against: settled cells of the round it names, as they were when it was opened.
gold_keys = sa.Table(
    "gold_keys",
    metadata,
    _to("round", key=True),
    _to("draft", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    _to("adjudication", optional=True),  # the decision the value came from; null where the annotators agreed
)

# What the meeting on a round said of one of its disagreements: a decision on the rubric's words, or "" where it was only talked
# of. Either marks the draft, and every draft of its task, as discussed; `withdrawn` takes a mark back that was a mistake.
discussions = sa.Table(
    "discussions",
    metadata,
    _id(),
    _to("round"),
    _to("draft"),
    _to("person"),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("discussed_at", UTCDateTime, nullable=False),
    sa.Column("supersedes", sa.ForeignKey("discussions.id"), unique=True),
    sa.Index(None, "draft"),
)
sa.Index(
    "uq_discussions_first",
    discussions.c.round,
    discussions.c.draft,
    discussions.c.dimension,
    unique=True,
    sqlite_where=discussions.c.supersedes.is_(None),
    postgresql_where=discussions.c.supersedes.is_(None),
)

meeting_notes = sa.Table(
    "meeting_notes",
    metadata,
    _id(),
    _to("round"),
    _to("person"),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("noted_at", UTCDateTime, nullable=False),
    sa.Column("supersedes", sa.ForeignKey("meeting_notes.id"), unique=True),
)
sa.Index(
    "uq_meeting_notes_first",
    meeting_notes.c.round,
    meeting_notes.c.dimension,
    unique=True,
    sqlite_where=meeting_notes.c.supersedes.is_(None),
    postgresql_where=meeting_notes.c.supersedes.is_(None),
)

# Why a rubric version was published: by whom, after which round's meeting, on which of its decisions.
publications = sa.Table(
    "publications",
    metadata,
    _id(),
    _to("rubric_version"),
    _to("person"),
    _to("round", optional=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("recorded_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("rubric_version"),
)

published_decisions = sa.Table("published_decisions", metadata, _to("publication", key=True), _to("discussion", key=True))

# A rubric version being written in the browser: mutable, one person's own, and no version until it is a file.
unfinished_versions = sa.Table(
    "unfinished_versions",
    metadata,
    _to("person", key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("kept_at", UTCDateTime, nullable=False),
)

label_sets = sa.Table(
    "label_sets",
    metadata,
    _id(),
    _to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # [{name, digest, annotator}] in the order given
    sa.Column("annotators", sa.JSON, nullable=False),
    sa.Column("left_out", sa.JSON, nullable=False),  # columns that are no dimension, by file
    sa.Column("imported_at", UTCDateTime, nullable=False),
    _to("imported_by", "people"),
    sa.Column("read_as", sa.JSON),  # {formats, words, reverse, passed_over, remarks}; null of sets from before 0004, as below
    sa.Column("suspicions", sa.JSON),  # sentences
    sa.Column("tasks", sa.JSON),  # the task of a unit, where the file said it
    sa.Column("slots_are_people", sa.Boolean),  # false: figures per pair of its annotators are refused
    _one_of("made_by", "person-blind", "person-not-blind", "program", "model", "copy"),
)

set_labels = sa.Table(
    "set_labels",
    metadata,
    _id(),
    _to("label_set"),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("annotator", sa.Text, nullable=False),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.UniqueConstraint("label_set", "dimension", "unit", "annotator"),
)

counts = sa.Table(
    "counts",
    metadata,
    _id(),
    _to("round", optional=True),
    _to("label_set", optional=True),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("clusters", sa.Integer, nullable=False),
    sa.Column("skipped", sa.Integer, nullable=False),
    sa.Column("missing", sa.Integer, nullable=False),
    sa.Column("counted_at", UTCDateTime, nullable=False),
    sa.CheckConstraint("(round IS NULL) <> (label_set IS NULL)", name="one_owner"),
    sa.UniqueConstraint("round", "dimension"),
    sa.UniqueConstraint("label_set", "dimension"),
)

pattern_counts = sa.Table(
    "pattern_counts",
    metadata,
    _to("counted", "counts", key=True),
    sa.Column("pattern", sa.Text, primary_key=True),  # one code per annotator: touchstone.data.counts.pattern_text
    sa.Column("units", sa.Integer, nullable=False),
)
