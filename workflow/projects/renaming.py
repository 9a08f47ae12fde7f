"""Mend a name: of a project, a person, a round. What is renamed stays the same, and the change is on record."""

import sqlalchemy as sa

from db.store import people as stored_people
from db.store import projects as stored
from db.store import rounds as stored_rounds
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import fit_name, fold
from workflow.people.people import Person, fit_person_name
from workflow.people.verbs import may_act_in, verb
from workflow.projects.settling import project_named
from workflow.rounds.rounds import row_of


@verb
def rename_project(person: Person, engine: sa.Engine, name: str, to: str) -> str:
    """Give a project another name; the name as it is shown. Raises Refused for a name another project has."""
    shown = fit_name(to, "project")
    with recorded(person, engine, "rename project") as connection:
        row = project_named(connection, name, may_act_in(engine))
        other = stored.by_folded(connection, fold(shown))
        _refuse_taken("project", shown, other is not None and other.id != row.id)
        _renamed(connection, person, "project", row, shown, row.id, row.name)
    return shown


@verb
def rename_person(person: Person, engine: sa.Engine, name: str, to: str) -> str:
    """Give a person another name, on all their labels too. Raises Refused for a name another person has."""
    shown = fit_person_name(to)
    with recorded(person, engine, "rename person") as connection:
        row = stored_people.by_folded(connection, fold(name))
        if row is None or row.kind != "person":
            raise Refused(f"nobody is named “{name.strip()}”; see the names under People")
        other = stored_people.by_folded(connection, fold(shown))
        _refuse_taken("person", shown, other is not None and other.id != row.id)
        _renamed(connection, person, "person", row, shown, None, "")
    return shown


@verb
def rename_round(person: Person, engine: sa.Engine, name: str, to: str) -> str:
    """Give a round another name. What was exported under the old one keeps it. Raises Refused for a name another round has."""
    shown = fit_name(to, "round")
    with recorded(person, engine, "rename round") as connection:
        row = row_of(connection, name)
        other = stored_rounds.by_folded(connection, fold(shown))
        _refuse_taken("round", shown, any(each.id != row.id for each in other))
        _renamed(connection, person, "round", row, shown, row.project, row.project_name)
    return shown


def _refuse_taken(kind: str, name: str, is_taken: bool) -> None:
    if is_taken:
        raise Refused(f"there is a {kind} named “{name}” already; choose another name")


def _renamed(
    connection: sa.Connection, person: Person, kind: str, row: sa.Row, shown: str, project: int | None, project_name: str
) -> None:
    if shown == row.name:
        raise Refused(f"the {kind} is named “{shown}” already")
    stored.rename(connection, kind, row.id, name=shown, folded=fold(shown))
    what = {"kind": kind, "name": row.name, "to": shown} | ({"project": project_name} if project_name else {})
    stored.add_change(connection, person=person.id, project=project, verb="renamed", what=what, at=clock.now())
