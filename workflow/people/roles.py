"""Who is annotator or lead of which project, who is admin, who was deactivated: told, given and taken in team mode."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from db.engine import actor_of, reading
from db.store import people as stored_people
from db.store import projects as stored_projects
from db.store.team import accounts as stored_accounts
from db.store.team import memberships as stored
from touchstone.english import listed
from touchstone.errors import Refused, command
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.standing import forget
from workflow.people.team_mode import is_team
from workflow.people.verbs import standing, verb
from workflow.projects.settling import project_named, settle

ROLES = ("annotator", "lead")
NO_ROLE = "none"


@dataclass(frozen=True)
class Member:
    """Somebody on the list of people: `roles` by the project's name."""

    id: int
    name: str
    is_sample: bool
    is_admin: bool
    is_active: bool
    roles: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """The person in the document of `people --json`."""
        return {
            "name": self.name,
            "sample": self.is_sample,
            "admin": self.is_admin,
            "active": self.is_active,
            "roles": self.roles,
        }

    @property
    def in_words(self) -> str:
        """ "admin; lead of Support; annotator of Mails"."""
        said = ["admin"] if self.is_admin else []
        for role in reversed(ROLES):
            if held := [project for project, mine in self.roles.items() if mine == role]:
                said.append(f"{role} of {listed(held)}")
        return "; ".join(said) or "no role"


@verb
def role_of(person: Person, engine: sa.Engine) -> str:
    """What the person may act as in the project in hand: "admin", "lead", "annotator" or "" for none; in local mode "admin"."""
    found = standing(engine)
    if not found.is_active:
        return ""
    return "admin" if found.is_admin else found.role


@verb
def people_here(person: Person | None, engine: sa.Engine) -> list[Member]:
    """Everybody with their roles, who is active before who was deactivated, the team's own before the sample's."""
    with reading(engine, person) as connection:
        held: dict[int, dict[str, str]] = {}
        for row in stored.every(connection):
            held.setdefault(row.person, {})[row.project_name] = row.role
        members = [
            Member(row.id, row.name, row.is_sample, row.is_admin, row.deactivated_at is None, held.get(row.id, {}))
            for row in stored_people.everyone(connection)
        ]
    return sorted(members, key=lambda each: not each.is_active)


@verb
def set_role(person: Person | None, engine: sa.Engine, name: str, role: str, project: str = "") -> str:
    """Give somebody a role in a project in place of the one they had, "none" to take it; what they are there now, in words.
    Without a `project` named it is the one in hand, or the only one. Seats they have in rounds stay theirs. Raises Refused for a
    role, person or project that is none."""
    _refuse_role(role)
    with recorded(person, engine, "set role") as connection:
        row = _person_named(connection, name)
        there = project_named(connection, project) if project else settle(connection)
        if there is None:
            raise Refused("there is no project yet, so there is no role in one; make a project first")
        give_role(connection, row.id, role, there.id)
    forget(engine)
    return f"{row.name} is {f'{_a(role)} of' if role != NO_ROLE else 'neither lead nor annotator of'} {there.name} now"


def give_role(connection: sa.Connection, person: int, role: str, project: int) -> None:
    """The same within a transaction, by ids, for what makes a person and a role at once. Raises Refused for one that is none."""
    _refuse_role(role)
    stored.set_role(connection, person=person, project=project, role=None if role == NO_ROLE else role)


def _refuse_role(role: str) -> None:
    if role not in (*ROLES, NO_ROLE):
        raise Refused(f"there is no role “{role}”; use {listed([*ROLES, NO_ROLE], 'or')}")


@verb
def make_admin(person: Person | None, engine: sa.Engine, name: str) -> str:
    """Make somebody an admin. With the first one roles begin to bind: everybody then has those that follow from what they did."""
    with recorded(person, engine, "make admin") as connection:
        row = _person_named(connection, name)
        admit_admin(connection, row.id)
    forget(engine)
    return f"{row.name} is an admin now"


def admit_admin(connection: sa.Connection, person: int) -> None:
    """The same within a transaction, by id."""
    if not stored.admins(connection, lock=True):
        stored.from_work(connection)
    stored.set_admin(connection, person, True)


@verb
def take_admin(person: Person | None, engine: sa.Engine, name: str) -> str:
    """Somebody is no admin any more. Raises Refused for the last one."""
    with recorded(person, engine, "take admin") as connection:
        row = _person_named(connection, name)
        _refuse_last(connection, row, "stay an admin")
        stored.set_admin(connection, row.id, False)
    forget(engine)
    return f"{row.name} is no admin any more"


@verb
def deactivate(person: Person | None, engine: sa.Engine, name: str) -> str:
    """Let somebody in no more: they are signed out everywhere. Their labels, decisions and roles stay. Raises Refused for the
    last admin, and for somebody who was deactivated already."""
    with recorded(person, engine, "deactivate person") as connection:
        row = _person_named(connection, name)
        if row.deactivated_at is not None:
            raise Refused(f"{row.name} was deactivated already")
        _refuse_last(connection, row, "stay active")
        stored.set_deactivated(connection, row.id, clock.now())
        stored_people.end_all_sign_ins(connection, row.id, clock.now())
        stored_accounts.take_back_links(connection, row.id)
    forget(engine)
    return f"{row.name} is deactivated and signed out; what they labelled stays"


@verb
def reactivate(person: Person | None, engine: sa.Engine, name: str) -> str:
    """Let somebody in again, with the roles they had. Raises Refused for somebody who is active."""
    with recorded(person, engine, "reactivate person") as connection:
        row = _person_named(connection, name)
        if row.deactivated_at is None:
            raise Refused(f"{row.name} is active already")
        stored.set_deactivated(connection, row.id, None)
    forget(engine)
    return f"{row.name} may sign in again"


def refuse_outsiders(connection: sa.Connection, people: Sequence[Person], project: int) -> None:
    """Raises Refused for somebody who cannot have a seat: deactivated, or, in team mode, without a role in the project;
    there commands on the server give no other seats than pages."""
    gone = stored.deactivated_among(connection, [each.id for each in people])
    if lost := [each.name for each in people if each.id in gone]:
        raise Refused(f"{listed(lost)} {'was' if len(lost) == 1 else 'were'} deactivated and can label nothing")
    by_command = actor_of(connection) is None
    here = stored_projects.by_id(connection, project)
    if by_command and (not is_team() or here.is_sample or not stored.admins(connection)):  # before the first admin no role binds
        return
    standings = {each.name: stored.standing(connection, each.id, project) for each in people}
    if out := [name for name, found in standings.items() if found is None or not (found.is_admin or found.role)]:
        raise Refused(
            f"{listed(out)} {'has' if len(out) == 1 else 'have'} no role in {here.name}, and so no seat in its rounds: "
            + ("give them one first" if by_command else "ask an admin to make them annotators there"),
            way=(command("set-role NAME", "role annotator", f"project {shlex.quote(here.name)}"),) if by_command else (),
        )


def may_lead(connection: sa.Connection, person: int, project: int) -> bool:
    """Whether somebody (their id) may read what leads of a project read; in local mode everyone."""
    found = None if actor_of(connection) is None else stored.standing(connection, person, project)
    return actor_of(connection) is None or (found is not None and (found.is_admin or found.role == "lead"))


def _refuse_last(connection: sa.Connection, row: sa.Row, must: str) -> None:
    admins = [each.id for each in stored.admins(connection, lock=True)]
    if admins == [row.id]:
        raise Refused(f"{row.name} is the only admin and has to {must}: make somebody else an admin first")


def _person_named(connection: sa.Connection, name: str) -> sa.Row:
    row = stored_people.by_folded(connection, fold(name))
    if row is None or row.kind != "person":
        raise Refused(f"nobody is named “{name.strip()}”: look for the name under People")
    return row


def _a(role: str) -> str:
    return {"annotator": "an annotator", "lead": "a lead"}[role]
