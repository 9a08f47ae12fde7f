"""Projects: every task, draft, import, round and label set belongs to one; names are unique within it.

What a store held before is shared out by docs/decisions/0014-projects.md:
- the sample's tasks and rounds become the project Sample;
- other rounds, and label sets, become one project for each rubric name, its versions together; a label set under the sample's
  rubric becomes the sample's where more of its units are drafts or tasks of the sample than others';
- a task belongs to the project of the round that was opened first of those that hold one of its drafts, else to the project to
  which most tasks of its import went, else to the only project that is not the sample, else to one named LEFT. Its drafts and
  its import go with it. Rounds of other projects keep the drafts they have.

Revision: 0007, after 0006
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SAMPLE, LEFT = "Sample", "Imported before projects"
OWNED = ("imports", "tasks", "drafts", "rounds", "label_sets")
UNIQUE = {"tasks": "task_id", "drafts": "draft_id", "rounds": "folded", "label_sets": "folded"}
CHECKS = {
    "rounds": {
        "ck_rounds_feedback": "feedback IN ('each', 'end')",
        "ck_rounds_kind": "kind IN ('double', 'retest', 'calibration')",
    },
    "label_sets": {"ck_label_sets_made_by": "made_by IN ('person-blind', 'person-not-blind', 'program', 'model', 'copy')"},
}


def upgrade() -> None:
    _new_tables()
    for table in OWNED:
        op.add_column(table, sa.Column("project", sa.Integer(), nullable=True))
    _share_out(op.get_bind())
    for table in OWNED:
        # SQLite makes the table anew, and forgets checks that it is not told of.
        checks = [sa.CheckConstraint(words, name=op.f(name)) for name, words in CHECKS.get(table, {}).items()]
        with op.batch_alter_table(table, table_args=checks if op.get_bind().dialect.name == "sqlite" else ()) as batch:
            batch.alter_column("project", existing_type=sa.Integer(), nullable=False)
            batch.create_foreign_key(op.f(f"fk_{table}_project"), "projects", ["project"], ["id"])
            if table in UNIQUE:
                batch.drop_constraint(op.f(f"uq_{table}_{UNIQUE[table]}"), type_="unique")
                columns = ["project", "folded"] if UNIQUE[table] == "folded" else [UNIQUE[table], "project"]
                batch.create_unique_constraint(op.f(f"uq_{table}_{'_'.join(columns)}"), columns)
            if table in ("tasks", "rounds"):
                batch.drop_column("is_sample")


def _new_tables() -> None:
    def to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
        return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))

    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        to("projects", "created_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("folded", name=op.f("uq_projects_folded")),
    )
    op.create_table(
        "last_projects",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        to("last_projects", "person", "people"),
        to("last_projects", "project", "projects"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_last_projects")),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verb IN ('renamed', 'archived', 'brought back', 'deleted')", name=op.f("ck_changes_verb")),
        to("changes", "person", "people"),
        to("changes", "project", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )


def _share_out(connection: sa.Connection) -> None:
    def run(statement: str, **values: object) -> sa.CursorResult:
        return connection.execute(sa.text(statement), values)

    under = "SELECT rubric_versions.name FROM {0} JOIN rubric_versions ON rubric_versions.id = {0}.rubric_version WHERE {1}"
    if run("SELECT EXISTS (SELECT 1 FROM tasks WHERE is_sample) OR EXISTS (SELECT 1 FROM rounds WHERE is_sample)").scalar():
        first = run(under.format("rounds", "rounds.is_sample") + " ORDER BY rounds.opened_at, rounds.id LIMIT 1").scalar()
        sample = _add(connection, SAMPLE, first and _rubric(first), is_sample=True)
        for table in ("tasks", "rounds"):
            run(f"UPDATE {table} SET project = :sample WHERE is_sample", sample=sample)
        for number in _sets_of_the_sample(connection, first and _rubric(first)):
            run("UPDATE label_sets SET project = :sample WHERE id = :number", sample=sample, number=number)
    versions: dict[str, list[int]] = {}
    for number, name in run("SELECT id, name FROM rubric_versions ORDER BY id").all():
        versions.setdefault(_rubric(name), []).append(number)
    for rubric, numbers in versions.items():
        those = f"project IS NULL AND rubric_version IN ({', '.join(map(str, numbers))})"
        tables = ("rounds", "label_sets")
        if any(run(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {those})").scalar() for table in tables):
            project = _add(connection, rubric, rubric)
            for table in tables:
                run(f"UPDATE {table} SET project = :project WHERE {those}", project=project)
    run(
        "UPDATE tasks SET project = (SELECT rounds.project FROM drafts JOIN round_drafts ON round_drafts.draft = drafts.id "
        "JOIN rounds ON rounds.id = round_drafts.round WHERE drafts.task = tasks.id "
        "ORDER BY rounds.opened_at, rounds.id LIMIT 1) WHERE project IS NULL"
    )
    most = _most_tasks(connection)
    for which in run('SELECT DISTINCT "import" FROM tasks WHERE project IS NULL').scalars().all():
        project = most.get(which)
        run('UPDATE tasks SET project = :project WHERE project IS NULL AND "import" = :which', project=project, which=which)
    if run("SELECT EXISTS (SELECT 1 FROM tasks WHERE project IS NULL)").scalar():
        run("UPDATE tasks SET project = :project WHERE project IS NULL", project=_left(connection))
    run("UPDATE drafts SET project = (SELECT tasks.project FROM tasks WHERE tasks.id = drafts.task)")
    for which, project in _most_tasks(connection).items():
        run("UPDATE imports SET project = :project WHERE id = :which", project=project, which=which)
    run(
        'UPDATE imports SET project = (SELECT min(drafts.project) FROM drafts WHERE drafts."import" = imports.id) '
        "WHERE project IS NULL"
    )
    if run("SELECT EXISTS (SELECT 1 FROM imports WHERE project IS NULL)").scalar():
        run("UPDATE imports SET project = :project WHERE project IS NULL", project=_left(connection))


def _sets_of_the_sample(connection: sa.Connection, rubric: str | None) -> list[int]:
    """The label sets under a rubric of which more units are drafts or tasks of the sample than of anyone else's."""
    known = (
        "SELECT drafts.draft_id AS unit, tasks.is_sample AS of_sample FROM drafts JOIN tasks ON tasks.id = drafts.task "
        "UNION SELECT task_id, is_sample FROM tasks"
    )
    counted = connection.execute(
        sa.text(
            "SELECT label_sets.id, rubric_versions.name, sum(CASE WHEN known.of_sample THEN 1 ELSE -1 END) AS more "
            "FROM label_sets JOIN rubric_versions ON rubric_versions.id = label_sets.rubric_version "
            "JOIN (SELECT DISTINCT label_set, unit FROM set_labels) AS units ON units.label_set = label_sets.id "
            f"JOIN ({known}) AS known ON known.unit = units.unit GROUP BY label_sets.id, rubric_versions.name"
        )
    )
    return [row.id for row in counted if _rubric(row.name) == rubric and row.more > 0]


def _most_tasks(connection: sa.Connection) -> dict[int, int]:
    """By import, the project to which most of its tasks went; of several that made first."""
    counted = connection.execute(
        sa.text('SELECT "import", project, count(*) FROM tasks WHERE project IS NOT NULL GROUP BY "import", project')
    )
    found: dict[int, tuple[int, int]] = {}
    for which, project, number in counted:
        found[which] = max(found.get(which, (0, 0)), (number, -project))
    return {which: -project for which, (_, project) in found.items()}


def _left(connection: sa.Connection) -> int:
    """The project of what no round and no import places: the only one that is not the sample, else one of its own."""
    own = connection.execute(sa.text("SELECT id FROM projects WHERE NOT is_sample")).scalars().all()
    return own[0] if len(own) == 1 else _add(connection, LEFT, None)


def _add(connection: sa.Connection, name: str, rubric: str | None, *, is_sample: bool = False) -> int:
    taken = set(connection.execute(sa.text("SELECT folded FROM projects")).scalars())
    shown, number = name, 2
    while (folded := " ".join(unicodedata.normalize("NFKC", shown).casefold().split())) in taken:
        shown, number = f"{name} ({number})", number + 1
    return connection.execute(
        sa.text(
            "INSERT INTO projects (name, folded, rubric, is_sample, created_at) "
            "VALUES (:name, :folded, :rubric, :is_sample, CURRENT_TIMESTAMP) RETURNING id"
        ),
        {"name": shown, "folded": folded, "rubric": rubric, "is_sample": is_sample},
    ).scalar_one()


def _rubric(version: str) -> str:
    """The rubric's name without its version: "replies-v2" is of replies."""
    rubric, _, number = version.rpartition("-v")
    return rubric if rubric and number.isdecimal() else version
