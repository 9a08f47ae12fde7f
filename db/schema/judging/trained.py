"""Judges trained on gold: what they are made of, which drafts they were trained on, and whether they are on."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

# A trained judge never changes: another training is another version. `kept`: the head as bytes, which have no word of a draft,
# and `digest` is of them; `labels_digest`: of the drafts, texts and labels it was trained on. `figures`: how it stood against
# people when it was trained, and its learning curve. `cut`: the level from which on a draft passes, null where none can be.
trained_judges = sa.Table(
    "trained_judges",
    metadata,
    id_(),
    to("project"),
    to("person"),
    to("rubric_version"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("reads", sa.Text, nullable=False),
    sa.Column("cut", sa.Text),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("labels_digest", sa.Text, nullable=False),
    sa.Column("kept", sa.LargeBinary, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("trained_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("name", "project"),
    one_of("reads", "words", "meaning"),
)

trained_judge_rounds = sa.Table("trained_judge_rounds", metadata, to("judge", "trained_judges", key=True), to("round", key=True))

trained_judge_drafts = sa.Table(
    "trained_judge_drafts", metadata, to("judge", "trained_judges", key=True), to("draft", key=True), sa.Index(None, "draft")
)

# Append-only: the latest says whether the judge is on; without one it is off.
trained_judge_switches = sa.Table(
    "trained_judge_switches",
    metadata,
    id_(),
    to("judge", "trained_judges"),
    to("person"),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("switched_at", UTCDateTime, nullable=False),
    sa.Index(None, "judge"),
)
