"""What comes of a meeting: discussions, notes, the next version while it is written, and why one was published."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, to

# What the meeting on a round said of one of its disagreements: a decision on the rubric's words, or "" where it was only talked
# of. Either marks the draft, and every draft of its task, as discussed; `withdrawn` takes a mark back that was a mistake.
discussions = sa.Table(
    "discussions",
    metadata,
    id_(),
    to("round"),
    to("draft"),
    to("person"),
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
    id_(),
    to("round"),
    to("person"),
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
    id_(),
    to("rubric_version"),
    to("person"),
    to("round", optional=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("recorded_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("rubric_version"),
)

published_decisions = sa.Table("published_decisions", metadata, to("publication", key=True), to("discussion", key=True))

# A rubric version being written in the browser: mutable, one person's own, and no version until it is a file.
unfinished_versions = sa.Table(
    "unfinished_versions",
    metadata,
    to("person", key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("kept_at", UTCDateTime, nullable=False),
    sa.Column("taken_from", sa.Text),  # the digest of the file it was taken from, which it may replace
)
