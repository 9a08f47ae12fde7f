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
from workflow.events.recording import note_refusal, recorded
from workflow.names import fold, holds_invisible
from workflow.people.accounts import passwords
from workflow.people.people import digest
from workflow.people.verbs import verb

# After so many tries that came to nothing each further one has to wait longer: for a name from one network, for a network
# whatever the names, and for a name wherever from. The last does not hold where its person signed in before: a stranger
# elsewhere locks nobody out of their own place.
FREE_TRIES, FREE_TRIES_OF_ADDRESS, FREE_TRIES_OF_NAME = 5, 50, 100
KNOWN_PLACE = timedelta(days=90)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 80, 160, 320, 640, 900))
FORGOTTEN = timedelta(days=1)
LONGEST_AGENT, LONGEST_ADDRESS = 200, 60
WRONG = "The name or the password is not right. Try again, or ask an admin for a link to set a new password."


class Browser(NamedTuple):
    """Where a sign-in comes from: the address as the server has it, which a proxy may have named, and what the browser calls
    itself."""

    address: str = ""
    agent: str = ""

    @property
    def place(self) -> str:
        """The address, fit to keep: what is none is cut short."""
        return address_of(self.address)


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
    tries = _take_try(engine, folded, browser)
    with reading(engine) as connection:
        row = accounts.account(connection, folded)
    if not passwords.is_right(row.hash if row else None, password) or row is None:
        raise _wrong(engine, row.id if row else None, tries, browser)
    new_hash = passwords.hashed(password) if passwords.is_outdated(row.hash) else row.hash
    with recorded(row.id, engine, "sign in") as connection:
        again = accounts.account(connection, folded)
        if again is None or again.hash != row.hash or again.deactivated_at is not None:
            raise Refused(WRONG)  # a try that was counted
        if new_hash != row.hash:
            accounts.set_password(connection, person=row.id, hash=new_hash, at=clock.now())
        tries.came_to_something(connection)
        return begin(connection, row.id, browser)


def _wrong(engine: sa.Engine, person: int | None, tries: "Tries", browser: Browser) -> Refused:
    """The refusal. An event tells of the tries once, as the waiting begins; of nobody's name as well, by the same statements."""
    why = Refused(WRONG)
    if tries.begun:
        told = engine.execution_options(address=browser.place or None)
        note_refusal(why, person, told, "sign in", tries=tries.number, of=tries.begun)
    return why


def folded_name(name: str) -> str:
    """The name as it is looked up; one with what no name may hold, and PostgreSQL takes nowhere, is nobody's."""
    return "" if holds_invisible(name) else fold(name)


def begin(connection: sa.Connection, person: int, browser: Browser, how: str = "password") -> str:
    """A new sign-in of the person; returns its token."""
    token = secrets.token_urlsafe(32)
    number = stored_people.start_sign_in(
        connection,
        person=person,
        token_digest=digest(token),
        at=clock.now(),
        how=how,
        address=browser.place or None,
        agent=browser.agent[:LONGEST_AGENT] or None,
    )
    connection.execution_options(sign_in=number, address=browser.place or None)  # for the event
    return token


class Tries(NamedTuple):
    """The keys under which one try was counted; `begun`: for which of them the waiting begins with it, in words, and after how
    many."""

    pair: str
    others: tuple[str, ...]
    begun: str
    number: int

    def came_to_something(self, connection: sa.Connection) -> None:
        throttles.forget(connection, self.pair)
        for key in self.others:
            throttles.give_back(connection, key)


def _take_try(engine: sa.Engine, folded: str, browser: Browser) -> Tries:
    """Count the try before it is made, so that many at once are no way round the count."""
    now, network = clock.now(), _network(browser.place)
    pair, begun, number = _key("pair", f"{network} {folded}"), "", 0
    with writing(engine) as connection:
        known = {_network(each) for each in accounts.addresses_of(connection, folded, now - KNOWN_PLACE)}
        counted = [(_key("address", network), FREE_TRIES_OF_ADDRESS, "address"), (pair, FREE_TRIES, "name and address")]
        if network not in known:
            counted.append((_key("name", folded), FREE_TRIES_OF_NAME, "name"))
        for key, free, what in counted:
            tries, until = throttles.take_try(connection, key, at=now, waits=WAITS, free=free, forgotten=FORGOTTEN)
            if until is not None:
                raise TooManyTries(_seconds(until - now))
            if tries == free:
                begun, number = what, tries
        throttles.forget_before(connection, now - FORGOTTEN)
    return Tries(pair, tuple(key for key, *_ in counted if key != pair), begun, number)


def take_place(connection: sa.Connection, kind: str, browser: Browser) -> None:
    """Count one more of what a stranger may do a few times from one network. Raises TooManyTries."""
    now, key = clock.now(), _key(kind, _network(browser.place))
    _, until = throttles.take_try(connection, key, at=now, waits=WAITS, free=FREE_TRIES_OF_ADDRESS, forgotten=FORGOTTEN)
    if until is not None:
        raise TooManyTries(_seconds(until - now))
    throttles.forget_before(connection, now - FORGOTTEN)


def give_back(connection: sa.Connection, kind: str, browser: Browser) -> None:
    """What was counted by `take_place` came to something."""
    throttles.give_back(connection, _key(kind, _network(browser.place)))


def _seconds(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds() * 1000) // 1000))


def _key(kind: str, of: str) -> str:
    """A digest: what is typed as a name may be anything, a password too."""
    return f"{kind}:{sha256(of.encode()).hexdigest()[:32]}"


def address_of(said: str) -> str:
    """An address as it is kept: the short form of one, of anything else the beginning, without what nobody sees."""
    try:
        number = ip_address(said)
    except ValueError:
        return "".join(each for each in said if each.isprintable())[:LONGEST_ADDRESS]
    return str(getattr(number, "ipv4_mapped", None) or number)[:LONGEST_ADDRESS]


def _network(address: str) -> str:
    """The address, of IPv6 the network: one machine has all of it."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip_network((number, 64), strict=False)) if number.version == 6 else address
