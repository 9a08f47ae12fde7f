"""Which project a connection sees: the helper of every query that lists rows or finds them by a name."""

import sqlalchemy as sa

from db.schema import drafts, round_drafts, rounds, tasks


def project_in_hand(connection: sa.Connection) -> int | None:
    """The project (its id) that the connection sees alone; None when it sees all (`db.engine.within`)."""
    return connection.get_execution_options().get("project")


def enter(connection: sa.Connection, project: int) -> None:
    """From here on the connection sees this project alone."""
    connection.execution_options(project=project)


def in_project(connection: sa.Connection, column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a row is the project's in hand: `column` holds the row's project."""
    project = project_in_hand(connection)
    return sa.true() if project is None else column == project


def _is_of(draft: sa.FromClause, project: int) -> sa.ColumnElement[bool]:
    held, theirs = round_drafts.alias("held"), rounds.alias("theirs")
    used = sa.exists().where(held.c.draft == draft.c.id, theirs.c.id == held.c.round, theirs.c.project == project)
    return sa.or_(draft.c.project == project, used.correlate(draft))


def drafts_in_project(connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Whether a draft is of the project in hand: it belongs to it, or one of its rounds holds it (docs/decisions/0014)."""
    project = project_in_hand(connection)
    return sa.true() if project is None else _is_of(drafts, project)


def tasks_in_project(connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Whether a task is of the project in hand: it belongs to it, or one of its drafts is of the project."""
    project = project_in_hand(connection)
    if project is None:
        return sa.true()
    mine = drafts.alias("written")
    written = sa.exists().where(mine.c.task == tasks.c.id, _is_of(mine, project))
    return sa.or_(tasks.c.project == project, written.correlate(tasks))
