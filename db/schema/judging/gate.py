"""The gate of a project: its policies, which is in use and how, who may ask it, what it said, and what people said against it."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

# A version of a policy never changes: its file as it was, and the rubric version that it scores by.
gate_policies = sa.Table(
    "gate_policies",
    metadata,
    id_(),
    to("project"),
    to("person"),
    to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source", sa.LargeBinary, nullable=False),
    sa.Column("published_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("project", "name", "version"),
)

# Append-only: the latest of a project says which policy its gate goes by, and in which mode.
gate_switches = sa.Table(
    "gate_switches",
    metadata,
    id_(),
    to("project"),
    to("person"),
    to("policy", "gate_policies"),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("switched_at", UTCDateTime, nullable=False),
    one_of("mode", "off", "shadow", "enforce"),
    sa.Index(None, "project", "id"),
)

# Who may ask the gate of a project over HTTP: a program, by a token of which only the digest is kept.
gate_tokens = sa.Table(
    "gate_tokens",
    metadata,
    id_(),
    to("project"),
    to("person"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("token_digest", sa.Text, nullable=False, unique=True),
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.Column("ended_at", UTCDateTime),
    to("ended_by", "people", optional=True),
    sa.Index(None, "project"),
)

# What the gate said of each draft it was asked about, and of the draft only a digest. `reasons`: their keys, a line each.
gate_decisions = sa.Table(
    "gate_decisions",
    metadata,
    id_(),
    to("project"),
    to("policy", "gate_policies"),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("enforced", sa.Text, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("text_digest", sa.Text),  # null where what came was no text
    sa.Column("decided_at", UTCDateTime, nullable=False),
    one_of("decision", "pass", "review", "block"),
    sa.Index(None, "policy", "decided_at"),
    sa.Index(None, "project", "text_digest"),
)

# Append-only: what a person said of a draft instead, and why; the draft is one of the project from then on.
gate_overrides = sa.Table(
    "gate_overrides",
    metadata,
    id_(),
    to("decision", "gate_decisions"),
    to("person"),
    to("draft"),
    sa.Column("given", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_at", UTCDateTime, nullable=False),
    one_of("given", "pass", "review", "block"),
    sa.Index(None, "decision"),
    sa.Index(None, "draft"),
)
