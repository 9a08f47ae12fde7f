"""Who is here and what this browser tab is in the middle of: the only user of st.session_state and Streamlit's caches.

The sign-in cookie holds a random token; what it stands for is in the store, so it survives a restart and ends with Sign
out. Tests put a person here by replacing `token_of_browser`.
"""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa
import streamlit as st

from db.engine import migrate, open_engine, schema_state, store_url
from touchstone.errors import Problem, Refused
from workflow import labelling, people
from workflow.people import Person
from workflow.rounds import Round

COOKIE = "touchstone"
REFUSAL_COOKIE = "touchstone_refusal"  # lives for seconds: why the sign-in route sent this browser back
STAYS_SIGNED_IN = int(people.SIGNED_IN_FOR.total_seconds())  # the cookie's Max-Age


@st.cache_resource(show_spinner=False)
def open_store(url: str) -> sa.Engine:
    """The store at `url`; a new one gets its tables. Raises Refused for a store of another schema."""
    engine = open_engine(url)
    state = schema_state(engine)
    if state == "new":
        migrate(engine)
    elif state != "present":
        raise Refused(f"the store's schema is {state} than this program's; "
                      + ("run: python manage.py migrate" if state == "older" else "update Touchstone"))
    return engine


def engine() -> sa.Engine:
    """The store. One engine per process, opened at the first use."""
    return open_store(store_url())


@st.cache_data(show_spinner=False)
def _flagged(url: str, round_name: str, closed_at: str) -> list[str]:
    from workflow.reports import agreement_of_rounds  # brings statsmodels: not for the label page

    report = agreement_of_rounds(None, engine(), [round_name])
    return [report.rubric.dimension(each.dimension).title for each in report.flagged]


def flagged_in(found: Round) -> list[str]:
    """Titles of a closed round's flagged dimensions. Computed once: a closed round does not change."""
    return _flagged(store_url(), found.name, str(found.closed_at))


def start_session(person: int) -> str:
    """A new random token for this person's browser. Raises Refused for an unknown person."""
    return people.sign_in(engine(), person)


def end_session(token: str) -> None:
    if token:
        people.sign_out(engine(), token)


def token_of_browser() -> str:
    """The sign-in cookie as the browser sent it when this tab connected; "" without one."""
    return st.context.cookies.get(COOKIE, "")


def refused_sign_in() -> str:
    """The sentence with which the sign-in route sent this browser back; "" when it did not."""
    return unquote(st.context.cookies.get(REFUSAL_COOKIE, ""))


def current_person() -> Person | None:
    """Asked of the store at every rerun: signing out in one tab ends the others at their next click."""
    token = token_of_browser()
    return people.signed_in(engine(), token) if token else None


def require_person() -> Person:
    """For pages: the shell has let nobody else in. Nobody here means the page was run without its shell."""
    person = current_person()
    if person is None:
        st.stop()
    return person


def attempt(verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a workflow verb from a button. What it refuses is kept for the page, and None comes back."""
    try:
        return verb(*args, **kwargs)
    except Refused as refusal:
        say(refusal.sentence, refusal.problems)
        return None


def say(sentence: str, problems: tuple[Problem, ...] = ()) -> None:
    """Keep a refusal for the page that is about to be drawn."""
    st.session_state["said"] = (sentence, tuple(str(each) for each in problems))
    st.session_state["said_times"] = said_times() + 1


def said_times() -> int:
    """Counts the refusals, so that the page's script can tell a second one from a redraw of the first."""
    return st.session_state.get("said_times", 0)


def said() -> tuple[str, tuple[str, ...]]:
    """The refusal kept by `say`, once: its sentence ("" for none) and the problems behind it."""
    return st.session_state.pop("said", ("", ()))


def tell(sentence: str) -> None:
    """Keep what was done for the page that is about to be drawn."""
    st.session_state["told"] = sentence


def told() -> str:
    """The sentence kept by `tell`, once."""
    return st.session_state.pop("told", "")


def announce(sentence: str) -> None:
    """Keep a sentence for screen readers only: spoken once by the page's live region."""
    st.session_state["announced"] = sentence


def announced() -> str:
    return st.session_state.get("announced", "")


def desk(person: Person, round_name: str, asked_for: int | None) -> labelling.Desk | None:
    """The draft in hand: the one asked for, else the one this tab is at, else the next of the round. None: nothing left.

    A tab stays at its draft until it saves or skips it, also when another tab has saved it meanwhile: that is said, and
    what is stored is shown, so that no digit meant for one draft lands on the next.
    """
    held, revision = st.session_state.get("held", (None, 0))
    here = asked_for if asked_for is not None else held
    found = attempt(labelling.next_assignment, person, engine(), round_name, here)
    if found is None and here is not None:
        if asked_for is None:
            said()  # the tab was at a draft of another round: nothing the person did
        found = attempt(labelling.next_assignment, person, engine(), round_name)
    if found is not None and found.assignment == held and found.revision != revision:
        say("This draft was saved in another window after you opened it here. What is stored now is shown, with what you "
            "chose last: save again only if you want to correct it, or reload the page for the next draft.")
    st.session_state["held"] = (found.assignment, found.revision) if found else (None, 0)
    return found


def let_go(assignment: int) -> None:
    """The draft is saved or skipped: the next drawing may show another."""
    if st.session_state.get("held", (None, 0))[0] == assignment:
        st.session_state["held"] = (None, 0)


def once(name: str) -> str:
    """A token that stays the same for every click on one drawn form, so that six clicks are one save."""
    return st.session_state.setdefault(f"token-{name}", secrets.token_hex(16))


def start_with(key: str, value: Any) -> None:
    """Give a widget its stored value before it is first drawn; what the person has changed since stays."""
    if value is not None and key not in st.session_state:
        st.session_state[key] = value


def value_of(key: str) -> Any:
    return st.session_state.get(key)


def put(key: str, value: Any) -> None:
    """Set a widget's value from a callback: None empties it."""
    st.session_state[key] = value


def counter(name: str) -> int:
    """How often `count` was called for `name` in this tab: part of a widget's key, so that counting empties it."""
    return st.session_state.get(f"counter-{name}", 0)


def count(name: str) -> None:
    st.session_state[f"counter-{name}"] = counter(name) + 1


def explain(error: Exception) -> bool:
    """What the person reads instead of a traceback. Streamlit has logged the traceback already.

    Returns True: the error has been dealt with, as `st.App(on_script_error=...)` wants it.
    """
    if isinstance(error, Refused):
        st.error(error.sentence)
    else:
        st.error("Something went wrong in Touchstone itself, not in what you did. What you had chosen is kept. "
                 "Reload the page; if it happens again, show the log to whoever runs this program.")
    return True
