"""People, and the tasks and drafts they brought in."""

import sqlalchemy as sa

from db.schema.columns import UTCDateTime, id_, metadata, one_of, to

people = sa.Table(
    "people",
    metadata,
    id_(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),  # the name as compared: case and spaces aside
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("is_sample", sa.Boolean, nullable=False),
    sa.Column("added_at", UTCDateTime, nullable=False),
    # In team mode (docs/decisions/0022): who runs the server's people and projects, and who is not let in any more.
    sa.Column("is_admin", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("deactivated_at", UTCDateTime),
    one_of("kind", "person", "program"),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    id_(),
    to("person"),
    sa.Column("token_digest", sa.Text, nullable=False, unique=True),  # SHA-256: the token itself is only in the cookie
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("ended_at", UTCDateTime),
    # In local mode a name is taken at its word; such a sign-in is none in team mode.
    sa.Column("how", sa.Text, nullable=False, server_default="name"),
    sa.Column("address", sa.Text),
    sa.Column("agent", sa.Text),  # the browser, as it calls itself
    sa.Column("seen_at", UTCDateTime),  # to within minutes
    to("ended_by", "people", optional=True),
    one_of("how", "name", "password", "provider"),
    sa.Index(None, "person"),
)

imports = sa.Table(
    "imports",
    metadata,
    id_(),
    to("project"),
    to("person"),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("tasks_added", sa.Integer, nullable=False),
    sa.Column("drafts_added", sa.Integer, nullable=False),
    sa.Column("imported_at", UTCDateTime, nullable=False),
    sa.Column("mapping", sa.JSON(none_as_null=True)),  # of a table: which column was what; null of other files
)

# Imports whose tasks and drafts were removed again.
undone_imports = sa.Table(
    "undone_imports",
    metadata,
    to("import", "imports", key=True),
    to("person"),
    sa.Column("undone_at", UTCDateTime, nullable=False),
)

tasks = sa.Table(
    "tasks",
    metadata,
    id_(),
    to("project"),
    to("import", "imports"),
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("partition", sa.Text),
    sa.Column("dimension", sa.Text),  # the dimension the task was written to test
    sa.Column("source_mode", sa.Text),
    sa.Column("difficulty", sa.Text),
    sa.Column("cluster", sa.Text, nullable=False),
    sa.Column("input", sa.JSON, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.UniqueConstraint("task_id", "project"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    id_(),
    to("project"),
    to("task"),
    to("import", "imports"),
    sa.Column("draft_id", sa.Text, nullable=False),
    sa.Column("author", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.UniqueConstraint("draft_id", "project"),
    sa.Index(None, "task"),
)
