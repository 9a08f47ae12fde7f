"""The store behind the pages, opened once a process, and what is computed from it once: the only user of Streamlit's caches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
import streamlit as st

from db.engine import NOT_RESPONDING as NOT_RESPONDING
from db.engine import (
    acting,
    by_sign_in,
    counting,
    migrate,
    open_engine,
    schema_state,
    seen_by,
    store_url,
    there_is_a_store,
    within,
)
from touchstone.errors import Refused
from ui.base.session import tab
from ui.rubric.titles import title_of
from workflow.bounded_cache import BoundedCache
from workflow.gold.gold import Tally, last_decision, tally_of_round
from workflow.people.people import Person
from workflow.people.team_mode import is_team
from workflow.rounds.rounds import Round, held_back_from

if TYPE_CHECKING:
    from workflow.scorer.drafts_to_score import ScorableDrafts
    from workflow.subgroups.annotators import Annotators
    from workflow.subgroups.slices import Slices


PROGRAMS_WAIT = 2  # seconds


@st.cache_resource(show_spinner=False)
def engine_at(url: str) -> sa.Engine:
    """An engine on the store at `url`, whatever its schema is."""
    return open_engine(url)


@st.cache_resource(show_spinner=False)
def open_store(url: str) -> sa.Engine:
    """The store at `url`; a new one gets its tables, in local mode. Raises Refused for a store of another schema."""
    if is_team() and not there_is_a_store():  # a team's store does not come into being because its address was mistyped
        raise Refused("there is no store where TOUCHSTONE_DATABASE_URL says; to make one run: python manage.py migrate")
    engine = engine_at(url)
    state = schema_state(engine)
    if state == "new" and is_team():
        raise Refused("the store is new and has no tables yet; run: python manage.py migrate")
    if state == "new":
        migrate(engine)
    elif state != "present":
        raise Refused(
            f"the store's schema is {state} than this program's; "
            + ("run: python manage.py migrate" if state == "older" else "update Touchstone")
        )
    return engine


def whole() -> sa.Engine:
    """The store with all its projects as the program itself uses it, before anybody is signed in. One engine per process, opened
    at the first use."""
    return open_store(store_url())


@st.cache_resource(show_spinner=False)
def _waiting_briefly(url: str) -> sa.Engine:
    return open_engine(url, wait=PROGRAMS_WAIT)


def for_programs() -> sa.Engine:
    """The whole store for a program that asks and waits for an answer: what another process holds is waited for briefly."""
    whole()  # a store of another schema is refused there
    return _waiting_briefly(store_url())


def schema() -> str:
    """What the store's schema is now, whatever it was at the start: "present", or "new", "older", "newer" than this program's.
    Raises what a store raises that does not respond, and Refused for one that is no store any more."""
    return schema_state(engine_at(store_url()))


def let_go() -> None:
    """Close the connections to the store, as the process ends: SQLite then has all of it in the one file, where no other process
    has that open."""
    engine_at(store_url()).dispose()
    _waiting_briefly(store_url()).dispose()


def connections_in_use() -> int:
    """How many connections to the store this process uses at this moment. The store is not asked."""
    pool = engine_at(store_url()).pool
    return pool.checkedout() if isinstance(pool, sa.QueuePool) else 0


def across() -> sa.Engine:
    """The store with all its projects as the person of this tab uses it: in team mode their role decides what they may do."""
    store = by_sign_in(whole(), *tab.state().get("sign_in", (None, "")))
    return acting(store, tab.state().get("person", 0)) if is_team() else store


def used_by(person: Person) -> sa.Engine:
    """The store with all its projects as this person uses it, for what is asked outside a tab."""
    return acting(whole(), person.id) if is_team() else whole()


def engine() -> sa.Engine:
    """The store of a tab (`across`) as seen from inside the project that this tab has in hand, by who is signed in there."""
    reader = tab.state().get("reader")
    inside = within(across(), tab.state().get("project"))
    return inside if reader is None else seen_by(inside, reader)


def read_for(person: Person | None, sign_in: int | None = None, address: str = "") -> None:
    """From here on the tab's store is seen by this person, who is there by that sign-in and from that address."""
    tab.state()["reader"], tab.state()["sign_in"] = person, (sign_in, address)


@st.cache_data(show_spinner=False, max_entries=512)
def _flagged(url: str, round_: int, closed_at: str, held: str, _person: Person, round_name: str) -> list[str] | None:
    from workflow.agreement.reports import agreement_of_rounds  # brings statsmodels: not for the label page

    report = agreement_of_rounds(_person, counting(engine()), [round_name], opinion=False, kept=kept_reports())
    if not any(each.judged and each.judged.value is not None for each in report.dimensions.values()):
        return None
    return [title_of(report.rubric, flagged.dimension) for flagged in report.flagged]


def flagged_in(person: Person, closed: Round) -> list[str] | None:
    """Titles of the flagged dimensions of a round whose labels were read, as this person may know it; None where no figure is
    defined. Computed once for all from whom the same drafts are held back: such a round does not change."""
    if closed.held_back and not closed.told:
        return None
    held = held_back_from(person, engine(), closed)
    return _flagged(store_url(), closed.id, str(closed.closed_at), held, person, closed.name)


@st.cache_data(show_spinner=False, max_entries=512)
def _tally(url: str, _closed: Round, closed_at: str, decided: int | None, round_: int, held: str, _person: Person) -> Tally:
    return tally_of_round(_person, counting(engine()), _closed)


def tally_of(person: Person, closed: Round) -> Tally:
    """How many cells of a closed round wait and are settled, as this person may know it. Counted again after another decision."""
    decided, held = last_decision(person, engine(), closed), held_back_from(person, engine(), closed)
    return _tally(store_url(), closed, str(closed.closed_at), decided, closed.id, held, person)


@st.cache_data(show_spinner=False, max_entries=512)
def _dimensions_for_meeting(
    url: str, round_: int, closed_at: str, held: str, _person: Person, round_name: str
) -> list[tuple[str, bool]]:
    from workflow.rubric.meetings import dimensions_of_meeting  # brings statsmodels too

    return dimensions_of_meeting(_person, engine(), round_name, kept_reports())


def dimensions_for_meeting(person: Person, closed: Round) -> list[tuple[str, bool]]:
    """A closed round's dimensions, the worst first, each with whether it is flagged. Computed once for all from whom the same
    drafts are held back."""
    held = held_back_from(person, engine(), closed)
    return _dimensions_for_meeting(store_url(), closed.id, str(closed.closed_at), held, person, closed.name)


def _as_closed(found: Round, closed: Sequence[Round]) -> str:
    """What figures of a closed round rest on besides its labels, and which rounds are closed: once another is, they are computed
    again, by which its first reading is put on record."""
    return repr((found, sorted((each.id, each.closed_at) for each in closed if each.closed_at)))


@st.cache_data(show_spinner=False, max_entries=64)
def _slices(url: str, state: str, held: str, by: str, _person: Person, round_name: str) -> "Slices":
    from workflow.subgroups.slices import slices  # brings numpy: not for the label page

    return slices(_person, engine(), round_name, by)


def slices_of(person: Person, found: Round, closed: Sequence[Round], by: str) -> "Slices":
    """The slices of a closed round; `closed`: all that are. Computed once for all from whom the same drafts are held back: every
    label is read for it. Raises as `slices` does."""
    held = held_back_from(person, engine(), found)
    return _slices(store_url(), _as_closed(found, closed), held, by, person, found.name)


@st.cache_data(show_spinner=False, max_entries=64)
def _annotators(url: str, state: str, held: str, _person: Person, round_name: str) -> "Annotators":
    from workflow.subgroups.annotators import annotators  # brings numpy: not for the label page

    return annotators(_person, engine(), round_name)


def annotators_of(person: Person, found: Round, closed: Sequence[Round]) -> "Annotators":
    """The annotators of a closed round, kept as `slices_of` are."""
    held = held_back_from(person, engine(), found)
    return _annotators(store_url(), _as_closed(found, closed), held, person, found.name)


@st.cache_resource(show_spinner=False, max_entries=1)
def _held_drafts(url: str, state: str) -> "ScorableDrafts":
    from workflow.scorer.drafts_to_score import ScorableDrafts  # RE2: not for the label page

    return ScorableDrafts(engine())


@st.cache_resource(show_spinner=False, max_entries=4)
def _drawn_drafts(url: str, state: str, sample: int) -> "ScorableDrafts":
    from workflow.scorer.drafts_to_score import ScorableDrafts

    return ScorableDrafts(engine(), sample)


def held_drafts(state: str, sample: int) -> "ScorableDrafts":
    """The drafts that may be scored, or a sample of so many, with what is known of them: made anew when drafts come in, and when
    rounds open or close, as `state` says (`drafts_to_score.state_of`)."""
    return _drawn_drafts(store_url(), state, sample) if sample else _held_drafts(store_url(), state)


@st.cache_resource(show_spinner=False)
def _kept_scores(url: str) -> BoundedCache:
    return BoundedCache(4)


def kept_scores() -> BoundedCache:
    """What scorers gave the drafts of the rounds looked at last: a page is drawn several times."""
    return _kept_scores(store_url())


@st.cache_resource(show_spinner=False)
def _kept_reports(url: str) -> BoundedCache:
    return BoundedCache(32)


def kept_reports() -> BoundedCache:
    """What reports made of the labels of the closed rounds looked at last."""
    return _kept_reports(store_url())


@st.cache_resource(show_spinner=False)
def _kept_pairs(url: str) -> BoundedCache:
    return BoundedCache(32)


def kept_pairs() -> BoundedCache:
    """What was counted of two sources at a time, those looked at last."""
    return _kept_pairs(store_url())
