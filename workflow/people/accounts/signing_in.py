"""Sign in to an account, by name and password."""

import secrets
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import people as stored_people
from db.store.team import accounts, throttles
from touchstone.english import many
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import fold, holds_invisible
from workflow.people.accounts import passwords
from workflow.people.people import digest
from workflow.people.verbs import verb

# After so many tries that came to nothing each further one has to wait longer, by account and by address.
FREE_TRIES, FREE_TRIES_OF_ADDRESS = 5, 50
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 80, 160, 320, 640, 900))
FORGOTTEN = timedelta(days=1)
LONGEST_AGENT = 200
WRONG = "The name or the password is not right. Try again, or ask an admin for a link to set a new password."


class Browser(NamedTuple):
    """Where a sign-in comes from."""

    address: str = ""
    agent: str = ""


NOWHERE = Browser()


class TooManyTries(Refused):
    """No further try before `seconds` have passed."""

    def __init__(self, seconds: int):
        super().__init__(
            f"There were too many tries for this name or from this address. Wait {_in_words(seconds)} and try again."
        )
        self.seconds = seconds


def _in_words(seconds: int) -> str:
    return many(seconds, "second") if seconds < 90 else many(-(-seconds // 60), "minute")


@verb
def sign_in_with_password(engine: sa.Engine, name: str, password: str, browser: Browser = NOWHERE) -> str:
    """Begin a sign-in; returns the token that the browser keeps in its cookie. Raises Refused, in the same words and after the
    same work for a name that is nobody's, a wrong password and an account that was closed; TooManyTries before any of it."""
    folded = folded_name(name)
    account, address = _key("account", folded), _key("address", _network(browser.address))
    _take_try(engine, account, address)
    with reading(engine) as connection:
        row = accounts.account(connection, folded)
    if not passwords.is_right(row.hash if row else None, password) or row is None:
        raise Refused(WRONG)
    new_hash = passwords.hashed(password) if passwords.is_outdated(row.hash) else row.hash
    with recorded(row.id, engine, "sign in") as connection:
        again = accounts.account(connection, folded)
        if again is None or again.hash != row.hash or again.deactivated_at is not None:
            raise Refused(WRONG)
        if new_hash != row.hash:
            accounts.set_password(connection, person=row.id, hash=new_hash, at=clock.now())
        throttles.forget(connection, account)
        throttles.give_back(connection, address)
        throttles.forget_before(connection, clock.now() - FORGOTTEN)
        return begin(connection, row.id, browser)


def folded_name(name: str) -> str:
    """The name as it is looked up; one with what no name may hold, and PostgreSQL takes nowhere, is nobody's."""
    return "" if holds_invisible(name) else fold(name)


def begin(connection: sa.Connection, person: int, browser: Browser, how: str = "password") -> str:
    """A new sign-in of the person; returns its token."""
    token = secrets.token_urlsafe(32)
    stored_people.start_sign_in(
        connection,
        person=person,
        token_digest=digest(token),
        at=clock.now(),
        how=how,
        address=browser.address or None,
        agent=browser.agent[:LONGEST_AGENT] or None,
    )
    return token


def _take_try(engine: sa.Engine, account: str, address: str) -> None:
    """Count the try before it is made, so that many at once are no way round the count."""
    now = clock.now()
    with writing(engine) as connection:
        for key, free in ((address, FREE_TRIES_OF_ADDRESS), (account, FREE_TRIES)):
            until = throttles.take_try(connection, key, at=now, waits=WAITS, free=free, forgotten=FORGOTTEN)
            if until is not None:
                raise TooManyTries(_seconds(until - now))


def _seconds(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds() * 1000) // 1000))


def _key(kind: str, of: str) -> str:
    """A digest: what is typed as a name may be anything, a password too."""
    return f"{kind}:{sha256(of.encode()).hexdigest()[:32]}"


def _network(address: str) -> str:
    """The address, of IPv6 the network: one machine has all of it."""
    try:
        number = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((number, 64), strict=False)) if number.version == 6 else address
