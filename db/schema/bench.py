"""How tasks of a benchmark came to be: typed tasks, runs of models, candidates, and what was said of each."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

_METHODS = ("written", "space", "drafts", "synthesis", "adversarial", "imported")

# The typed task that a task renders. `method`: how it was made, as the verb that made it knows; of a file it is always imported,
# whatever the document in it says.
typed_tasks = sa.Table(
    "typed_tasks",
    metadata,
    to("task", key=True),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
    one_of("method", *_METHODS),
)

# Parameter spaces that tasks were made of: the file as it was, once for each digest.
task_spaces = sa.Table(
    "task_spaces",
    metadata,
    id_(),
    to("project"),
    to("person"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("added_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("digest", "project"),
)

# Tasks asked of models: which models, and the words that they were asked with. Never a key.
synthesis_runs = sa.Table(
    "synthesis_runs",
    metadata,
    id_(),
    to("project"),
    to("person"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("name", "project"),
)

# What may become a task, and waits for somebody's word: a failed draft's task under other names, a task that a model wrote, a
# draft that fools the scorer. `about` is what its method needs to know.
candidates = sa.Table(
    "candidates",
    metadata,
    id_(),
    to("project"),
    to("person"),
    to("run", "synthesis_runs", optional=True),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("draft", sa.Text),
    sa.Column("about", sa.JSON, nullable=False),
    sa.Column("proposed_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("task_id", "project"),
    sa.Index(None, "run"),
    one_of("method", "drafts", "synthesis", "adversarial"),
)

# What was said of a candidate, by a person or by a model (`judge`); append-only.
candidate_verdicts = sa.Table(
    "candidate_verdicts",
    metadata,
    id_(),
    to("candidate"),
    to("person", optional=True),
    sa.Column("judge", sa.Text),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("about", sa.JSON, nullable=False),
    sa.Column("given_at", UTCDateTime, nullable=False),
    sa.Index(None, "candidate"),
    one_of("verdict", "accepted", "rejected"),
)
