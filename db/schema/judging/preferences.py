"""Comparison rounds: pairs of drafts of a task, on which side each annotator sees which, and what they chose."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

comparison_rounds = sa.Table(
    "comparison_rounds",
    metadata,
    id_(),
    to("project"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("per_task", sa.Integer),  # pairs of a task at most; null: all
    sa.Column("repeats", sa.Float, nullable=False),  # the share of pairs that come twice
    sa.Column("opened_at", UTCDateTime, nullable=False),
    to("opened_by", "people"),
    sa.Column("closed_at", UTCDateTime),
    to("closed_by", "people", optional=True),
    sa.Column("early_reason", sa.Text),
    sa.UniqueConstraint("project", "folded"),
)

# What is asked of every pair, in the order of the form: dimensions of a rubric version, and which draft is better overall.
compared_dimensions = sa.Table(
    "compared_dimensions",
    metadata,
    id_(),
    to("comparison", "comparison_rounds"),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("dimension", sa.Text, nullable=False),  # its key, or overall
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    to("rubric_version", optional=True),  # null: overall, which is no rubric's
    sa.UniqueConstraint("comparison", "dimension"),
)

compared_pairs = sa.Table(
    "compared_pairs",
    metadata,
    id_(),
    to("comparison", "comparison_rounds"),
    to("task"),
    to("draft_a", "drafts"),
    to("draft_b", "drafts"),
    sa.UniqueConstraint("comparison", "draft_a", "draft_b"),
    sa.Index(None, "draft_a"),
    sa.Index(None, "draft_b"),
)

# A pair in an annotator's own order; a repeat is the same pair with its sides swapped.
shown_pairs = sa.Table(
    "shown_pairs",
    metadata,
    id_(),
    to("pair", "compared_pairs"),
    to("person"),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("is_swapped", sa.Boolean, nullable=False),  # draft_b is left
    sa.Column("is_repeat", sa.Boolean, nullable=False),
    sa.UniqueConstraint("pair", "person", "is_repeat"),
    sa.Index(None, "person", "pair"),
)

# What was saved of a pair at once. Only ever added: a correction names the choice it supersedes.
pair_choices = sa.Table(
    "pair_choices",
    metadata,
    id_(),
    to("shown", "shown_pairs"),
    sa.Column("note", sa.Text),
    to("supersedes", "pair_choices", optional=True),
    sa.Column("chosen_at", UTCDateTime, nullable=False),
    sa.Index(None, "shown"),
    sa.UniqueConstraint("supersedes"),
)

# Which side was taken on each dimension of the comparison round.
dimension_choices = sa.Table(
    "dimension_choices",
    metadata,
    to("choice", "pair_choices", key=True),
    to("dimension", "compared_dimensions", key=True),
    sa.Column("taken", sa.Text, nullable=False),
    sa.Index(None, "dimension"),
    one_of("taken", "left", "tie", "right"),
)
