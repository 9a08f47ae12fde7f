"""Links with which somebody sets their password: the first by an invitation, another by a reset. Each is used and shown once."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import people as stored_people
from db.store.team import accounts, identities
from touchstone.english import listed
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import fold
from workflow.people import roles
from workflow.people.accounts import passwords, signing_in
from workflow.people.accounts.signing_in import NOWHERE, Browser
from workflow.people.people import COMMAND_LINE, Person, digest, fit_person_name
from workflow.people.public_url import public_url
from workflow.people.standing import forget
from workflow.people.team_mode import SETTING
from workflow.people.verbs import verb
from workflow.projects.settling import project_named

HOLDS = {"invitation": timedelta(days=7), "reset": timedelta(hours=24)}
NONE_SUCH = "This link cannot be used: it was used already, has ended, or another was made after it. Ask an admin for a new one."


class Link(NamedTuple):
    """A link as it is shown once, to whoever made it."""

    address: str
    name: str
    kind: str  # "invitation" or "reset"
    ends_at: datetime


class Invited(NamedTuple):
    """What a link that can be used says."""

    name: str
    kind: str
    role: str
    project: str


class Account(NamedTuple):
    """How somebody on the list of people signs in. `waiting`: the kind of a link that was made for them and can still be used."""

    name: str
    has_password: bool
    has_provider: bool
    waiting: str
    waits_until: datetime | None
    last_seen: datetime | None


@verb
def invite(person: Person | None, engine: sa.Engine, name: str, role: str, project: str) -> Link:
    """Invite somebody as "annotator" or "lead" of a project, or as "admin" of the server (then of no project). They are on the
    list of people from then on. Raises Refused where they have a password already: then a role is changed, or a reset made."""
    _refuse_local_mode()
    if role not in (*roles.ROLES, "admin"):
        raise Refused(f"there is no role “{role}”; use {listed([*roles.ROLES, 'admin'], 'or')}")
    with recorded(person, engine, "invite person") as connection:
        row = _person(connection, name)
        if role == "admin":
            roles.admit_admin(connection, row.id)
            where = None
        else:
            where = project_named(connection, project).id
            roles.give_role(connection, row.id, role, where)
        link = _made(connection, person, row, "invitation", role=role, project=where)
    forget(engine)
    return link


@verb
def create_admin(person: Person | None, engine: sa.Engine, name: str) -> Link:
    """The same for the first admin, whom nobody could invite."""
    return invite(person, engine, name, "admin", "")


@verb
def reset_link(person: Person | None, engine: sa.Engine, name: str) -> Link:
    """A link with which somebody who has a password sets another. Raises Refused for somebody who has none."""
    _refuse_local_mode()
    with recorded(person, engine, "make reset link") as connection:
        row = accounts.account(connection, signing_in.folded_name(name))
        if row is None:
            raise Refused(f"nobody is named “{name.strip()}”")
        if row.hash is None:
            raise Refused(f"{row.name} has no password yet: invite them")
        return _made(connection, person, row, "reset")


@verb
def accounts_of(person: Person, engine: sa.Engine) -> list[Account]:
    """How everybody on the list of people signs in, the samples' left out."""
    with reading(engine, person) as connection:
        have, seen = accounts.have_passwords(connection), accounts.last_seen(connection)
        linked = identities.have_identities(connection)
        waiting = {row.person: row for row in accounts.waiting_invitations(connection, clock.now())}
        return [
            Account(
                row.name,
                row.id in have,
                row.id in linked,
                waiting[row.id].kind if row.id in waiting else "",
                waiting[row.id].ends_at if row.id in waiting else None,
                seen.get(row.id),
            )
            for row in stored_people.everyone(connection)
            if not row.is_sample
        ]


@verb
def opened(engine: sa.Engine, token: str) -> Invited:
    """What the link with this token says; it is not used by that. Raises Refused for one that cannot be used (any more)."""
    with reading(engine) as connection:
        row = usable(connection, digest(token))
    return Invited(row.name, row.kind, row.role or "", row.project_name or "")


@verb
def redeem(engine: sa.Engine, token: str, password: str, again: str, browser: Browser = NOWHERE) -> str:
    """Set the password with the link, which is used by that, end every sign-in of the person, and begin one: its token."""
    with reading(engine) as connection:
        link = usable(connection, digest(token))
    hashed = passwords.hashed(passwords.fit_password(link.name, password, again))
    with recorded(link.person, engine, "set password") as connection:
        row = usable(connection, digest(token))
        if not accounts.use_invitation(connection, row.id, clock.now()):
            raise Refused(NONE_SUCH)
        accounts.set_password(connection, person=row.person, hash=hashed, at=clock.now())
        if row.kind == "reset":  # whoever had the account before may have linked another
            identities.unlink(connection, row.person)
        stored_people.end_all_sign_ins(connection, row.person, clock.now(), by=row.person)
        return signing_in.begin(connection, row.person, browser)


def _refuse_local_mode() -> None:
    if public_url() is None:
        raise Refused(
            f"accounts are for team mode: set {SETTING} to the address at which people reach this Touchstone, "
            "here as for the server"
        )


def _person(connection: sa.Connection, name: str) -> sa.Row:
    """The person to invite, added where there is none of that name."""
    shown = fit_person_name(name)
    added = stored_people.add(connection, name=shown, folded=fold(shown), kind="person", is_sample=False, at=clock.now())
    row = accounts.account(connection, added.folded)
    if row is None:
        raise Refused(f"“{shown}” is a program; invite a person")
    if row.hash is not None:
        raise Refused(f"{row.name} has a password already: change their role, or make a link to set a new password")
    if row.deactivated_at is not None:
        raise Refused(f"{row.name} was deactivated; let them in again first")
    return row


def _made(
    connection: sa.Connection, maker: Person | None, row: sa.Row, kind: str, role: str | None = None, project: int | None = None
) -> Link:
    address = public_url()
    assert address is not None
    token, now = secrets.token_urlsafe(32), clock.now()
    made_by = maker.id if maker else _command_line(connection)
    accounts.add_invitation(
        connection,
        token_digest=digest(token),
        person=row.id,
        kind=kind,
        role=role,
        project=project,
        made_by=made_by,
        made_at=now,
        ends_at=now + HOLDS[kind],
    )
    return Link(address.link(f"/invitation/{token}"), row.name, kind, now + HOLDS[kind])


def _command_line(connection: sa.Connection) -> int:
    added = stored_people.add(connection, name=COMMAND_LINE, folded=COMMAND_LINE, kind="program", is_sample=False, at=clock.now())
    return added.id


def usable(connection: sa.Connection, token_digest: str) -> sa.Row:
    """The link whose token has that digest. Raises Refused for one that cannot be used (any more)."""
    row = accounts.invitation(connection, token_digest)
    if row is None or row.used_at is not None or row.ends_at <= clock.now() or row.deactivated_at is not None:
        raise Refused(NONE_SUCH)
    return row
