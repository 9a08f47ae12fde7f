"""Partitions held apart. Sealed ones: what their tasks and drafts say is kept here and stands nowhere else in the store
(decisions/0032). Lists of a held task's nearest train tasks, read and signed by somebody."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

# `keeper`: who may open it. `until`: the day it is meant to stay sealed until, a policy that nothing enforces. `root`, `canary`:
# as the public manifest has them.
seals = sa.Table(
    "seals",
    metadata,
    id_(),
    to("project"),
    to("person"),
    to("keeper", "people"),
    sa.Column("partition", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("tasks", sa.Integer, nullable=False),
    sa.Column("drafts", sa.Integer, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("canary", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("sealed_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("partition", "project"),
)

seal_openings = sa.Table(
    "seal_openings",
    metadata,
    to("seal", key=True),
    to("person"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("opened_at", UTCDateTime, nullable=False),
)

# A task of a partition that is or was sealed: its salt and commitment. `content`: the columns of its rows as they were, and will
# be again once it is opened; null from then on. `input` is what who is seated reads.
sealed_tasks = sa.Table(
    "sealed_tasks",
    metadata,
    to("task", key=True),
    to("seal"),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("input", sa.JSON(none_as_null=True)),
    sa.Column("content", sa.JSON(none_as_null=True)),
    sa.Index(None, "seal"),
)

sealed_drafts = sa.Table(
    "sealed_drafts",
    metadata,
    to("draft", key=True),
    to("seal"),
    sa.Column("text", sa.Text),
    sa.Column("content", sa.JSON(none_as_null=True)),
    sa.Index(None, "seal"),
)

# Somebody read the train tasks (`listed`: their ids, the nearest first) that are nearest to a held task. Only ever added: who
# looks again signs again.
leak_signatures = sa.Table(
    "leak_signatures",
    metadata,
    id_(),
    to("held", "tasks"),
    to("person"),
    sa.Column("listed", sa.JSON, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("signed_at", UTCDateTime, nullable=False),
    one_of("verdict", "leak", "no leak"),
    sa.Index(None, "held"),
)
