"""Sign in with a provider: an attempt is one browser's and used once; who comes back is known by issuer and subject alone."""

from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import people as stored_people
from db.store.team import accounts, identities
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.people.accounts import invitations, signing_in
from workflow.people.accounts.signing_in import NOWHERE, Browser
from workflow.people.people import digest
from workflow.people.verbs import verb

TAKES_AT_MOST = timedelta(minutes=10)
MOST_AT_ONCE, LONGEST_ADDRESS = 5_000, 2_000  # attempts under way; characters of the address that opens then
ATTEMPT = "attempt"  # what is counted by network
BROKEN_OFF = "This sign-in was broken off, used already, or begun in another browser. Begin it again."


class Identity(NamedTuple):
    """Who somebody is to a provider. Never an e-mail address: those change hands."""

    issuer: str
    subject: str


class Attempt(NamedTuple):
    """What is kept of a sign-in while its person is away at the provider. `invitation`: the digest of a link's token, or ""."""

    session: dict[str, Any]
    wanted: str
    invitation: str


@verb
def begin_attempt(engine: sa.Engine, provider: str, state: str, browser: str, attempt: Attempt, where: Browser = NOWHERE) -> None:
    """Keep an attempt for whoever comes back with this `state` in this `browser`, both random tokens. Raises TooManyTries where
    many were begun from that network that came to nothing."""
    now = clock.now()
    with writing(engine) as connection:
        signing_in.take_place(connection, ATTEMPT, where)
        identities.forget_attempts(connection, now - TAKES_AT_MOST, MOST_AT_ONCE)
        identities.add_attempt(
            connection,
            state_digest=digest(state),
            browser_digest=digest(browser),
            provider=provider,
            session=attempt.session,
            wanted=attempt.wanted if len(attempt.wanted) <= LONGEST_ADDRESS else "/",
            invitation=attempt.invitation,
            started_at=now,
        )


@verb
def take_attempt(engine: sa.Engine, provider: str, state: str, browser: str) -> Attempt:
    """The attempt of that state, which is used by that. Raises Refused for one that is none (any more) in this browser."""
    with writing(engine) as connection:
        row = identities.take_attempt(connection, digest(state), digest(browser), provider)
    if row is None or row.started_at < clock.now() - TAKES_AT_MOST:
        raise Refused(BROKEN_OFF)
    return Attempt(row.session, row.wanted, row.invitation)


@verb
def sign_in_with_identity(engine: sa.Engine, found: Identity, invitation: str = "", browser: Browser = NOWHERE) -> str:
    """Begin a sign-in of the person with this identity; returns its token. With `invitation` (as an Attempt has it) the identity
    becomes that person's first, and the link is used. Raises Refused for an identity of nobody's."""
    if invitation:
        return _link_and_sign_in(engine, found, invitation, browser)
    with reading(engine) as connection:
        row = identities.person_of(connection, *found)
    if row is None or row.deactivated_at is not None:
        raise Refused("Nobody here has that account of the provider. Ask an admin for an invitation, and sign in from there.")
    with recorded(row.id, engine, "sign in") as connection:
        signing_in.give_back(connection, ATTEMPT, browser)
        return signing_in.begin(connection, row.id, browser, how="provider")


def _link_and_sign_in(engine: sa.Engine, found: Identity, invitation: str, browser: Browser) -> str:
    with reading(engine) as connection:
        whose = invitations.usable(connection, invitation).person
    with recorded(whose, engine, "link account") as connection:
        link = invitations.usable(connection, invitation)
        had = identities.person_of(connection, *found)
        if had is not None and had.id != link.person:
            raise Refused("That account of the provider is somebody else's here already; choose another there, or ask an admin.")
        if not accounts.use_invitation(connection, link.id, clock.now()):
            raise Refused(invitations.NONE_SUCH)
        if had is None:
            identities.link(connection, *found, person=link.person, at=clock.now())
        stored_people.end_all_sign_ins(connection, link.person, clock.now(), by=link.person)
        signing_in.give_back(connection, ATTEMPT, browser)
        return signing_in.begin(connection, link.person, browser, how="provider")
