"""Who takes part: add a person, sign in, sign out. Local mode: a name is taken at its word."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import actor_of, by_sign_in, reading, writing
from db.store import people as stored
from db.store.projects import project_in_hand
from db.store.team import accounts, memberships
from touchstone.english import many
from touchstone.errors import Refused, command
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import fold, holds_invisible, shown_name
from workflow.people.standing import standing_of
from workflow.people.team_mode import is_team
from workflow.people.verbs import verb

LONGEST_NAME = 60
SIGNED_IN_FOR = timedelta(days=30)
UNSEEN_FOR = timedelta(hours=12)  # after which a sign-in to an account has ended
SEEN_TO_WITHIN = timedelta(minutes=5)
COMMAND_LINE = "command line"  # who acts when a command names nobody


class Person(NamedTuple):
    """Someone (or, for commands that name nobody, the command line) who does something."""

    id: int
    name: str
    is_sample: bool


class SignIn(NamedTuple):
    """A sign-in that stands: whose, its number, and from where it was begun ("" where that is not known)."""

    person: Person
    number: int
    address: str


def _person(row: sa.Row) -> Person:
    return Person(row.id, row.name, row.is_sample)


@verb
def add_person(actor: Person | None, engine: sa.Engine, name: str, *, is_sample: bool = False) -> Person:
    """Add a person, or return the one of that name (case and spaces aside). Raises Refused for a name unfit to show."""
    shown = fit_person_name(name)
    with recorded(actor, engine, "add person") as connection:
        row = stored.add(connection, name=shown, folded=fold(shown), kind="person", is_sample=is_sample, at=clock.now())
    return _person(row)


def fit_person_name(name: str) -> str:
    """The name as it will be shown. Raises Refused for one unfit to show."""
    shown = shown_name(name)
    if not shown:
        raise Refused("a person needs a name; it is empty")
    if len(shown) > LONGEST_NAME:
        raise Refused(f"the name has {many(len(shown), 'character')}; use at most {LONGEST_NAME}")
    if "," in shown or holds_invisible(shown):
        raise Refused("a name may not contain commas or invisible characters: lists of annotators are split at commas")
    if fold(shown) == COMMAND_LINE:
        raise Refused(f"“{COMMAND_LINE}” is the name the program uses for commands without a person; choose another")
    return shown


@verb
def command_line(engine: sa.Engine, *, reads: bool = False) -> Person:
    """The actor of commands that name nobody: a program in the store's books, never an annotator. It is put into them with the
    first command that changes something; one that only `reads` writes nothing."""
    with reading(engine) as connection:
        row = stored.by_folded(connection, COMMAND_LINE)
    if row is not None:
        return _person(row)
    if reads:
        return Person(0, COMMAND_LINE, False)
    with recorded(None, engine, "add person") as connection:
        row = stored.add(connection, name=COMMAND_LINE, folded=COMMAND_LINE, kind="program", is_sample=False, at=clock.now())
    return _person(row)


@verb
def person_named(engine: sa.Engine, name: str) -> Person:
    """The person of that name, of those `everyone` gives. Raises Refused when there is none, naming those there are."""
    seen = _seen(engine)
    row, known = next((each for each in seen if each.folded == fold(name)), None), [each.name for each in seen]
    if row is None:
        there_are = f"there are {', '.join(known)}" if known else "there is nobody yet"
        raise Refused(
            f"nobody is named “{name.strip()}” ({there_are}); add them under People",
            way=(command(f"add-person {name.strip()!r}"),),
        )
    return _person(row)


@verb
def everyone(engine: sa.Engine) -> list[Person]:
    """All people, the team's own before the sample's. In team mode, to who is no admin: those of the project in hand, with a role
    or a seat there; without one in hand of all projects of their own."""
    return [_person(row) for row in _seen(engine)]


def _seen(engine: sa.Engine) -> Sequence[sa.Row]:
    actor, here = actor_of(engine), project_in_hand(engine)
    sees_all = actor is None or standing_of(engine, actor).is_admin
    with reading(engine) as connection:
        rows = stored.everyone(connection)
        if sees_all or actor is None:
            return rows
        theirs = memberships.people_of(connection, memberships.projects_of(connection, actor) if here is None else [here])
    return [row for row in rows if row.id in theirs or row.id == actor]


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@verb
def sign_in(engine: sa.Engine, person: int) -> str:
    """Begin a sign-in of the person with this id, at their word; returns the token the browser keeps in its cookie."""
    token = secrets.token_urlsafe(32)
    with recorded(person, engine, "sign in") as connection:
        row = stored.by_id(connection, person)
        if row is None or row.kind != "person":
            raise Refused("that person is not in the store; pick a name from the list")
        if row.deactivated_at is not None:
            raise Refused(f"{row.name} was deactivated; ask an admin to change that")
        number = stored.start_sign_in(connection, person=person, token_digest=digest(token), at=clock.now())
        connection.execution_options(sign_in=number)  # for the event
    return token


@verb
def signed_in(engine: sa.Engine, token: str) -> Person | None:
    """Whose token this is; None for one of no sign-in that stands."""
    found = sign_in_behind(engine, token)
    return found.person if found else None


@verb
def sign_in_behind(engine: sa.Engine, token: str) -> SignIn | None:
    """The sign-in of this token; None when it is unknown, ended, or older than SIGNED_IN_FOR. In team mode also when it is of a
    name taken at its word, or was not seen for UNSEEN_FOR."""
    now = clock.now()
    seen_since = now - UNSEEN_FOR if is_team() else None
    with reading(engine) as connection:
        row = stored.signed_in(connection, digest(token), now - SIGNED_IN_FOR, seen_since=seen_since)
    return SignIn(_person(row), row.sign_in, row.address or "") if row else None


@verb
def saw(engine: sa.Engine, token: str) -> None:
    """The sign-in was used just now."""
    now = clock.now()
    with writing(engine) as connection:
        accounts.saw(connection, digest(token), at=now, before=now - SEEN_TO_WITHIN)


@verb
def sign_out(engine: sa.Engine, token: str) -> None:
    found = sign_in_behind(engine, token)
    if found is not None:
        engine = by_sign_in(engine, found.number, found.address)
    with recorded(found.person if found else None, engine, "sign out") as connection:
        stored.end_sign_in(connection, digest(token), clock.now())
