"""Who is here: the only reader of cookies.

The sign-in cookie holds a random token; what it stands for is in the store, so it survives a restart and ends with Sign
out. Tests put a person here by replacing `token_of_browser`.
"""

from urllib.parse import unquote

import streamlit as st

from ui.base.session import store
from workflow.people import people
from workflow.people.accounts.signing_in import address_of
from workflow.people.people import Person
from workflow.people.public_url import public_url

COOKIE = "touchstone"
REFUSAL_COOKIE = "touchstone_refusal"  # lives for seconds: why the sign-in route sent this browser back
STAYS_SIGNED_IN = int(people.SIGNED_IN_FOR.total_seconds())  # the cookie's Max-Age


def cookie_name() -> str:
    """What the sign-in cookie is called: by its name a browser holds to what is asked of it, https and no other host or path."""
    public = public_url()
    if public is None or not public.is_secure:
        return COOKIE
    return f"{'__Secure' if public.prefix else '__Host'}-{COOKIE}"


def start_session(person: int) -> str:
    """A new random token for this person's browser. Raises Refused for an unknown person."""
    return people.sign_in(store.whole(), person)


def end_session(token: str) -> None:
    if token:
        people.sign_out(store.whole(), token)


def person_behind(token: str) -> Person | None:
    """Whose token this is; None when nobody is signed in by it."""
    return people.signed_in(store.whole(), token)


def saw(token: str) -> None:
    """The sign-in was used just now."""
    people.saw(store.whole(), token)


def cookie(name: str) -> str:
    """A cookie as the browser sent it when this tab connected; "" without one."""
    value = st.context.cookies.get(name, "")
    return value if isinstance(value, str) else ""  # under AppTest the cookies are a mock that answers anything


def token_of_browser() -> str:
    """The sign-in token of this browser; "" without one."""
    return cookie(cookie_name())


def refused_sign_in() -> str:
    """The sentence with which the sign-in route sent this browser back; "" when it did not."""
    return unquote(cookie(REFUSAL_COOKIE))


def current_person() -> Person | None:
    """Asked of the store at every rerun: signing out in one tab ends the others at their next click."""
    token = token_of_browser()
    found = people.sign_in_behind(store.whole(), token) if token else None
    if found is None:
        store.read_for(None)
        return None
    store.read_for(found.person, found.number, address_of_tab() or found.address)
    return found.person


def address_of_tab() -> str:
    """From where this tab is connected; "" from the machine itself, or where that is not known."""
    said = st.context.ip_address
    return address_of(said) if isinstance(said, str) else ""  # under AppTest it is a mock


def require_person() -> Person:
    """For pages: the shell has let nobody else in. Nobody here means the page was run without its shell."""
    person = current_person()
    if person is None:
        st.stop()
    return person
