"""Models as judges: their files as they were used, runs, answers, and which answers a run's labels are made of."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, to

# A judge's file as it was when it was used first; from then on nothing else is used under its name.
judges = sa.Table(
    "judges",
    metadata,
    id_(),
    to("project"),
    to("person"),
    to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("used_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("name", "project"),
)

# A run of a judge. `drafts`: in words, of which drafts; `label_set`: what it came to, null while it goes on, and
# where it broke off.
judge_runs = sa.Table(
    "judge_runs",
    metadata,
    id_(),
    to("judge"),
    to("person"),
    to("label_set", optional=True),
    sa.Column("drafts", sa.Text, nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("ended_at", UTCDateTime),
    sa.Index(None, "judge"),
)

# What a model answered on one draft and dimension: a level with its reason, or what kind of error it was; append-only. `key`: the
# digest of all that was asked; an answer with a level is never asked for again under its key. Never an API key.
judge_answers = sa.Table(
    "judge_answers",
    metadata,
    id_(),
    to("run", "judge_runs"),
    to("draft"),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("repeat", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("level", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("ms", sa.Integer, nullable=False),
    sa.Column("tokens_in", sa.Integer, nullable=False),
    sa.Column("tokens_out", sa.Integer, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("answered_at", UTCDateTime, nullable=False),
    sa.CheckConstraint("(level IS NULL) <> (error IS NULL)", name="level_or_error"),
    sa.Index(None, "key"),
    sa.Index(None, "run"),
    sa.Index(None, "draft"),
)

# How likely the model had each level where its answer has one, in the order of the levels: where the server told
# log-probabilities there.
judge_chances = sa.Table(
    "judge_chances", metadata, to("answer", "judge_answers", key=True), sa.Column("chances", sa.JSON, nullable=False)
)

# The answers that the labels of a run are made of, also those of earlier runs.
judged_labels = sa.Table("judged_labels", metadata, to("run", "judge_runs", key=True), to("answer", "judge_answers", key=True))
