"""Labels from elsewhere, and the counts and cells that figures and lists are made of."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

label_sets = sa.Table(
    "label_sets",
    metadata,
    id_(),
    to("project"),
    to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # [{name, digest, annotator}] in the order given
    sa.Column("annotators", sa.JSON, nullable=False),
    sa.Column("left_out", sa.JSON, nullable=False),  # columns that are no dimension, by file
    sa.Column("imported_at", UTCDateTime, nullable=False),
    to("imported_by", "people"),
    sa.Column("read_as", sa.JSON),  # {formats, words, reverse, passed_over, remarks}; null of sets from before 0004, as below
    sa.Column("suspicions", sa.JSON),  # sentences
    sa.Column("tasks", sa.JSON),  # the task of a unit, where the file said it
    sa.Column("slots_are_people", sa.Boolean),  # false: figures per pair of its annotators are refused
    sa.UniqueConstraint("project", "folded"),
    one_of("made_by", "person-blind", "person-not-blind", "program", "model", "copy"),
)

set_labels = sa.Table(
    "set_labels",
    metadata,
    id_(),
    to("label_set"),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("annotator", sa.Text, nullable=False),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.UniqueConstraint("label_set", "dimension", "unit", "annotator"),
)

counts = sa.Table(
    "counts",
    metadata,
    id_(),
    to("round", optional=True),
    to("label_set", optional=True),
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
    to("counted", "counts", key=True),
    sa.Column("pattern", sa.Text, primary_key=True),  # one code per annotator: touchstone.data.counts.pattern_text
    sa.Column("units", sa.Integer, nullable=False),
)

# The cells of a closed round that wait, as its labels alone leave them: those whose labels differ, and those with fewer than two
# where two were owed. Decisions and spot checks change none of it. In the order in which they are decided.
waiting_cells = sa.Table(
    "waiting_cells",
    metadata,
    to("round", key=True),
    to("draft", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("spread", sa.Integer, nullable=False),  # how far its labels lie apart; -1 of fewer than two
    sa.Column(
        "levels", sa.BigInteger, nullable=False
    ),  # which levels its labels have: a bit each, the first declared one the lowest
    sa.UniqueConstraint("round", "place"),
    sa.Index(None, "round", "dimension", "place"),
    sa.Index(None, "round", "dimension", "levels", "place"),
    one_of("state", "disagreement", "skipped", "missing", "lone"),
)

# All cells of it, counted: by state, agreed ones by their value. A round without a row was closed before these were kept.
cell_counts = sa.Table(
    "cell_counts",
    metadata,
    to("round", key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),  # "" but for agreed ones
    sa.Column("cells", sa.Integer, nullable=False),
    one_of("state", "agreed", "single", "disagreement", "skipped", "missing", "lone"),
)

# The drafts of a large closed round, counted by what slices are cut by: the value of a column, the Monday of a week (2026-11-02),
# or, `cut_by` "", all of them. A row a slice.
slice_counts = sa.Table(
    "slice_counts",
    metadata,
    to("round", key=True),
    sa.Column("cut_by", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),  # "" for none given
    sa.Column("drafts", sa.Integer, nullable=False),
    # {what a draft was given on all dimensions: drafts}; null of the only slice, and where kinds are too many
    sa.Column("kinds", sa.JSON(none_as_null=True)),
    # {dimension: [patterns, [[clusters, place of a pattern, drafts, …]]]}; null of the only slice
    sa.Column("histograms", sa.JSON(none_as_null=True)),
)

# The label patterns of both halves of a large closed round, and the time it took: as cut by time (seat 0, the round as a whole),
# and by the order of each annotator (1 and on, in the order they were named).
half_counts = sa.Table(
    "half_counts",
    metadata,
    to("round", key=True),
    sa.Column("seat", sa.Integer, primary_key=True),
    sa.Column("first", sa.JSON, nullable=False),  # {dimension: {pattern: drafts}}
    sa.Column("second", sa.JSON, nullable=False),
    sa.Column("median", sa.Float),  # seconds; null where nothing was timed
    sa.Column("timed", sa.Integer, nullable=False),
    sa.Column("fast", sa.Integer, nullable=False),  # of those that were timed
)
