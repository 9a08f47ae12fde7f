"""Who is here and what this browser tab is in the middle of: the only user of st.session_state and Streamlit's caches.

The sign-in cookie holds a random token; what it stands for is in the store, so it survives a restart and ends with Sign
out. Tests put a person here by replacing `token_of_browser`.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa
import streamlit as st

from db.engine import migrate, open_engine, schema_state, store_url
from touchstone.errors import Problem, Refused, in_short
from workflow.gold.gold import Tally, last_decision, tally_of_round
from workflow.kept import Kept
from workflow.labelling import labelling, next_draft
from workflow.labelling.next_draft import Desk
from workflow.people import people
from workflow.people.people import Person
from workflow.rounds.rounds import Round

COOKIE = "touchstone"
log = logging.getLogger("touchstone")
REFUSAL_COOKIE = "touchstone_refusal"  # lives for seconds: why the sign-in route sent this browser back
BUSY = (
    "The store does not answer: another process may hold it, or its disk be full. Your last step was not kept; "
    "try again in a moment."
)
NOTHING_HELD = ("", None, 0)  # round, assignment, revision
STAYS_SIGNED_IN = int(people.SIGNED_IN_FOR.total_seconds())  # the cookie's Max-Age


@st.cache_resource(show_spinner=False)
def open_store(url: str) -> sa.Engine:
    """The store at `url`; a new one gets its tables. Raises Refused for a store of another schema."""
    engine = open_engine(url)
    state = schema_state(engine)
    if state == "new":
        migrate(engine)
    elif state != "present":
        raise Refused(
            f"the store's schema is {state} than this program's; "
            + ("run: python manage.py migrate" if state == "older" else "update Touchstone")
        )
    return engine


def engine() -> sa.Engine:
    """The store. One engine per process, opened at the first use."""
    return open_store(store_url())


@st.cache_data(show_spinner=False)
def _flagged(url: str, round_name: str, closed_at: str) -> list[str]:
    from workflow.agreement.reports import agreement_of_rounds  # brings statsmodels: not for the label page

    report = agreement_of_rounds(None, engine(), [round_name], opinion=False)
    return [report.rubric.dimension(each.dimension).title for each in report.flagged]


def flagged_in(found: Round) -> list[str]:
    """Titles of a closed round's flagged dimensions. Computed once: a closed round does not change."""
    return _flagged(store_url(), found.name, str(found.closed_at))


@st.cache_data(show_spinner=False, max_entries=512)
def _tally(url: str, _found: Round, closed_at: str, decided: int | None, round_name: str) -> Tally:
    return tally_of_round(engine(), _found)


def tally_of(found: Round) -> Tally:
    """How many cells of a closed round wait and are settled. Counted again after another decision."""
    return _tally(store_url(), found, str(found.closed_at), last_decision(engine(), found), found.name)


@st.cache_data(show_spinner=False)
def _for_the_meeting(url: str, round_name: str, closed_at: str) -> list[tuple[str, bool]]:
    from workflow.rubric.meetings import dimensions_of_meeting  # brings statsmodels too

    return dimensions_of_meeting(None, engine(), round_name)


def for_the_meeting(found: Round) -> list[tuple[str, bool]]:
    """A closed round's dimensions, the worst first, each with whether it is flagged. Computed once."""
    return _for_the_meeting(store_url(), found.name, str(found.closed_at))


@st.cache_resource(show_spinner=False, max_entries=1)
def _held_drafts(url: str, state: str) -> Any:
    from workflow.scorer.held_drafts import Held  # RE2: not for the label page

    return Held(engine())


def held_drafts() -> Any:
    """The drafts that may be scored, with what is known of them (a Held of workflow.scorer.held_drafts): made anew when drafts
    come in, and when rounds open or close."""
    from workflow.scorer.held_drafts import state_of

    return _held_drafts(store_url(), state_of(engine()))


@st.cache_resource(show_spinner=False)
def _kept_scores(url: str) -> Kept:
    return Kept(4)


def kept_scores() -> Kept:
    """What scorers gave the drafts of the rounds looked at last: a page is drawn several times."""
    return _kept_scores(store_url())


def start_session(person: int) -> str:
    """A new random token for this person's browser. Raises Refused for an unknown person."""
    return people.sign_in(engine(), person)


def end_session(token: str) -> None:
    if token:
        people.sign_out(engine(), token)


def cookie(name: str) -> str:
    """A cookie as the browser sent it when this tab connected; "" without one. The only reader of cookies."""
    value = st.context.cookies.get(name, "")
    return value if isinstance(value, str) else ""  # under AppTest the cookies are a mock that answers anything


def token_of_browser() -> str:
    """The sign-in token of this browser; "" without one."""
    return cookie(COOKIE)


def refused_sign_in() -> str:
    """The sentence with which the sign-in route sent this browser back; "" when it did not."""
    return unquote(cookie(REFUSAL_COOKIE))


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


def _mine() -> dict[str, Any]:
    """This tab's own small state, reached without a yield point.

    `st.session_state[...]` is one: when the next key press has arrived, Streamlit ends a callback there and forgets it
    (three quick clicks on callbacks of 0.15 s: the first two never got past that line). `to_dict` is none. So
    callbacks reach state only through this module.
    """
    mine = st.session_state.to_dict().get("touchstone")
    if mine is None:
        mine = st.session_state["touchstone"] = {}
    return mine


def value_of(key: str) -> Any:
    """A widget's value by its key; None when it has none. No yield point: see `_mine`."""
    return st.session_state.to_dict().get(key)


def start_with(key: str, value: Any) -> None:
    """Give a widget its stored value before it is first drawn; what the person has changed since stays."""
    if value is not None and key not in st.session_state:
        st.session_state[key] = value


def put(key: str, value: Any) -> None:
    """Set a widget's value from a callback, after the verb it follows."""
    st.session_state[key] = value


def attempt(verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a workflow verb from a button: what it returns. What it refuses is kept for the page, and None comes back.

    A callback runs with the person of the drawing before it: one who has signed out since, or come back under another
    name, does nothing more here.
    """
    fall_silent()
    _mine()["step"] = verb.__name__
    acting = next((each for each in args if isinstance(each, Person)), None)
    if acting is not None and acting != current_person():
        say("You have signed out in another window, so nothing was done here.")
        return None
    try:
        return verb(*args, **kwargs)
    except Refused as refusal:
        say(refusal.sentence, refusal.problems)
    except sa.exc.OperationalError:
        log.exception("the store did not answer")
        say(BUSY)
    return None


def say(sentence: str, problems: tuple[Problem, ...] = ()) -> None:
    """Keep a refusal for the page that is about to be drawn, equal problems as one."""
    mine = _mine()
    mine["said"] = (sentence, tuple(in_short(problems)))
    mine["said_times"] = said_times() + 1


def said() -> tuple[str, tuple[str, ...]]:
    """The refusal kept by `say`: its sentence ("" for none) and the problems behind it.

    It stays until the next `attempt` or another page, not for one drawing: Streamlit may end a drawing half way to begin
    the next, and a sentence taken out by the first would never be seen.
    """
    return _mine().get("said", ("", ()))


def step() -> str:
    """The name of the verb that was attempted last: a page with several forms shows its refusal at the right one."""
    return _mine().get("step", "")


def say_too(more: str) -> None:
    """Add to the refusal that was just kept."""
    sentence, problems = said()
    _mine()["said"] = (f"{sentence}; {more}", problems)


def said_times() -> int:
    """Counts the refusals, so that ui/labelling/keys.js can tell a second one from a redraw of the first."""
    return _mine().get("said_times", 0)


def tell(sentence: str) -> None:
    """Keep what was done for the page that is about to be drawn."""
    _mine()["told"] = sentence


def told() -> str:
    """The sentence kept by `tell`; it stays as long as `said` does."""
    return _mine().get("told", "")


def fall_silent(page: str = "") -> None:
    """Forget what was said and told; with a page, only when it is another one than before."""
    mine = _mine()
    if page and mine.get("page") == page:
        return
    mine["page"] = page or mine.get("page")
    mine.pop("said", None)
    mine.pop("told", None)


def announce(sentence: str) -> None:
    """Keep a sentence on what was done, for the label page's live region: shown for a while, and spoken."""
    mine = _mine()
    mine["announced"] = sentence
    mine["announced_times"] = announced_times() + 1


def announced() -> str:
    return _mine().get("announced", "")


def announced_times() -> int:
    return _mine().get("announced_times", 0)


def desk(person: Person, round_name: str, address: str) -> Desk | None:
    """The draft in hand: the one the address asks for, else the one this tab is at, else the next. None: nothing left.

    A tab stays at its draft until it saves or skips it, also when another tab has saved it meanwhile: that is said, and
    what is stored is shown, so that no digit meant for one draft lands on the next.
    """
    mine = _mine()
    asked_for = int(address) if address.isdecimal() and len(address) < 12 else None
    if asked_for is not None and asked_for == mine.get("left"):
        asked_for = None
        st.query_params.pop("assignment", None)
    held_round, held, revision = mine.get("held", NOTHING_HELD)
    if held_round != round_name:
        held, revision = None, 0
    found = _draft(person, round_name, held if asked_for is None else asked_for)
    if found is not None and found.assignment == held and found.revision != revision:
        say(
            "This draft was saved in another window after you opened it here. What is stored now is shown, with what "
            "you chose last: save again only to correct it, or reload the page for the next draft."
        )
    mine["held"] = (round_name, found.assignment, found.revision) if found else NOTHING_HELD
    mine["left"], mine["round"] = None, round_name
    return found


def _draft(person: Person, round_name: str, assignment: int | None) -> Desk | None:
    try:
        return next_draft.next_assignment(person, engine(), round_name, assignment)
    except Refused as refusal:
        say(refusal.sentence)
        return None if assignment is None else _draft(person, round_name, None)


def holds(desk: Desk) -> bool:
    """Whether this tab is still at that draft as it was drawn: a late callback of a draft already left is for nothing."""
    return _mine().get("held", NOTHING_HELD)[1:] == (desk.assignment, desk.revision)


def round_here() -> str:
    """The round this tab last labelled in; "" for none."""
    return _mine().get("round", "")


def dropped(desk: Desk, chosen: Mapping[str, int | str], note: str) -> list[tuple]:
    """The verbs, each with what it takes after the assignment, that keep choices and a note which are on the form and not
    in the store because Streamlit dropped their callback: a new session's first run, a reconnect, a run ended by the next
    key. What another window changed since this one was drawn is not among them."""
    mine = _mine()
    drawn, known, known_note = mine.get("known", (None, {}, ""))
    fresh = drawn != (desk.assignment, desk.revision)
    lost = {
        key: value
        for key, value in chosen.items()
        if desk.choices.get(key) != value and (fresh or desk.choices.get(key) == known.get(key))
    }
    lost_note = bool(note) and note != desk.note and (fresh or desk.note == known_note)
    # What the store held, not what is about to be kept: should that be cut off too, the next drawing tries again.
    mine["known"] = ((desk.assignment, desk.revision), dict(desk.choices), desk.note)
    return [(labelling.choose, key, value) for key, value in lost.items()] + ([(labelling.keep_note, note)] if lost_note else [])


def drawings() -> int:
    """Part of the form's keys: a form refused for being out of date is drawn afresh with what is stored."""
    return _mine().get("drawings", 0)


def draw_afresh() -> None:
    mine = _mine()
    mine["drawings"] = drawings() + 1
    mine.pop("known", None)


def leave(desk: Desk, what_happened: str) -> None:
    """The draft is saved or skipped: the next drawing shows another, whatever the address asks for."""
    mine = _mine()
    mine["left"] = desk.assignment
    if what_happened == "Saved" and desk.gives_feedback:
        mine["feedback"] = desk.assignment
    if mine.get("held", NOTHING_HELD)[1] == desk.assignment:
        mine["held"] = NOTHING_HELD
    announce(f"{what_happened}, draft {desk.position} of {desk.total}.")


def feedback_due() -> int:
    """The assignment whose feedback this tab has not read yet; 0 for none. The address has it too, for a page loaded anew."""
    mine = _mine()
    asked = st.query_params.get("feedback", "")
    if asked.isdecimal() and len(asked) < 12 and int(asked) != mine.get("feedback_read"):
        mine.setdefault("feedback", int(asked))
    found = mine.get("feedback") or 0
    if found and asked != str(found):
        st.query_params["feedback"] = str(found)
    elif asked and not found:
        st.query_params.pop("feedback", None)
    return found


def feedback_read(assignment: int) -> None:
    """The feedback on that draft is read, or there is none."""
    mine = _mine()
    if mine.get("feedback") == assignment:
        mine.pop("feedback")
        mine["feedback_read"] = assignment


def save_token(desk: Desk) -> str:
    """The same for every click on one drawn form, so that six clicks are one save."""
    return _mine().setdefault(f"token-{desk.assignment}-{desk.revision}", secrets.token_hex(16))


def counter(name: str) -> int:
    """How often `count` was called for `name` in this tab: part of a widget's key, so that counting empties it."""
    return _mine().get(f"counter-{name}", 0)


def count(name: str) -> None:
    _mine()[f"counter-{name}"] = counter(name) + 1


def explain(error: Exception) -> bool:
    """What the person reads instead of a traceback. Streamlit has logged the traceback already.

    Returns True: the error has been dealt with, as `st.App(on_script_error=...)` wants it.
    """
    if isinstance(error, Refused):
        st.error(error.sentence)
    elif isinstance(error, sa.exc.OperationalError):
        st.error(BUSY)
    else:
        st.error(
            "Something went wrong in Touchstone itself, not in what you did; your last step may not have been kept. "
            "Reload the page; if it happens again, show the log to whoever runs this program."
        )
    return True
