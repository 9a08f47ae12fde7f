"""Tokens with which programs ask a project's gate: a lead makes one, which is shown once, and ends it."""

import secrets
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import projects as stored_projects
from db.store.gate import policies as stored
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.gate.policies import NO_PROJECT
from workflow.names import fit_name
from workflow.people.people import Person, digest
from workflow.people.verbs import verb
from workflow.projects.settling import refuse_archived, settle

BEGINS = "tsg_"
MOST = 100  # that stand, of a project


class GateToken(NamedTuple):
    """A token as it is known afterwards."""

    id: int
    name: str
    made_at: datetime
    ended_at: datetime | None
    person: str


@verb
def make_token(person: Person, engine: sa.Engine, name: str) -> str:
    """Make a token for the gate of the project in hand: `name` says for which program. The token itself, which is kept nowhere.
    Raises Refused where one of that name stands."""
    shown = fit_name(name, "token")
    token = BEGINS + secrets.token_urlsafe(32)
    with recorded(person, engine, "make gate token") as connection:
        project = settle(connection)
        if project is None:
            raise Refused(NO_PROJECT)
        refuse_archived(project)
        stored_projects.hold_names(connection, project.id)
        standing = [each.name for each in stored.all_tokens(connection) if each.ended_at is None]
        if shown in standing:
            raise Refused(f"there is a token named “{shown}” already; end it first, or give the new one another name")
        if len(standing) >= MOST:
            raise Refused(f"the project has {MOST} tokens; end one that no program uses")
        values = {"project": project.id, "person": person.id, "name": shown, "token_digest": digest(token)}
        stored.add_token(connection, {**values, "made_at": clock.now()})
    return token


@verb
def end_token(person: Person, engine: sa.Engine, name: str) -> None:
    """End the token of that name: the next call with it is refused. Raises Refused where none of that name stands."""
    with recorded(person, engine, "end gate token") as connection:
        settle(connection)
        found = next((each for each in stored.all_tokens(connection) if each.name == name and each.ended_at is None), None)
        if found is None or not stored.end_token(connection, found.id, person=person.id, at=clock.now()):
            raise Refused(f"no token named “{name}” stands; look at the list again")


@verb
def tokens_of(person: Person, engine: sa.Engine) -> list[GateToken]:
    """The tokens of the project in hand, those that stand first, without the tokens themselves."""
    with reading(engine, person) as connection:
        if settle(connection) is None:
            return []
        return [GateToken(*row) for row in stored.all_tokens(connection)]
