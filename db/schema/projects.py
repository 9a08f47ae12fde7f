"""Projects, which of them a person has in hand, and names that were mended."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

projects = sa.Table(
    "projects",
    metadata,
    id_(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),
    sa.Column("rubric", sa.Text),  # the rubric's name without its version; null until the first round or label set says
    sa.Column("is_sample", sa.Boolean, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    to("created_by", "people", optional=True),  # null where a migration made it of what was there
    sa.Column("archived_at", UTCDateTime),
)

# Who may do what in a project, in team mode. Nobody's row stands for no role; seats in rounds, not roles, decide who labels.
memberships = sa.Table(
    "memberships",
    metadata,
    to("person", key=True),
    to("project", key=True),
    sa.Column("role", sa.Text, nullable=False),
    one_of("role", "annotator", "lead"),
    sa.Index(None, "project"),
)

# The project a person had in hand last: a new tab, and the next day, begin with it.
last_projects = sa.Table("last_projects", metadata, to("person", key=True), to("project"))

# What was renamed, archived, brought back or deleted; it outlives the project, whose name is in `what`.
changes = sa.Table(
    "changes",
    metadata,
    id_(),
    to("person"),
    to("project", optional=True),  # null for people, and once it is deleted
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("what", sa.JSON, nullable=False),  # {kind, name, to, project}: `to` the new name of what was renamed
    sa.Column("changed_at", UTCDateTime, nullable=False),
    one_of("verb", "renamed", "archived", "brought back", "deleted"),
)
