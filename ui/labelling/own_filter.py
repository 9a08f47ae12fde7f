"""What the list of one's own labels is narrowed to."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from touchstone.english import many
from ui.base import narrowing
from workflow.labelling.own_labels import Delivered

OF, AT_ONCE = "mine", 50
EMPTY: narrowing.Asked = {"search": "", "state": "", "sort": ""}
STATES: Mapping[str, tuple[str, Callable[[Delivered], bool]]] = {
    "": ("any", lambda row: True),
    "saved": ("labelled", lambda row: row.state == "saved"),
    "corrected": ("corrected", lambda row: row.is_corrected),
    "skipped": ("skipped", lambda row: row.state == "skipped"),
    "queried": ("with a query of yours", lambda row: bool(row.queries)),
    "practice": ("practice", lambda row: row.is_practice),
}
SORTS: Mapping[str, tuple[str, Callable[[Delivered], float]]] = {
    "": ("latest first", lambda row: -row.delivered_at.timestamp()),
    "draft": ("in your order", lambda row: row.position - 10**9 * row.is_practice),
    "time": ("longest time first", lambda row: -row.seconds),
}


class Narrowed(NamedTuple):
    """The rows of one part of the list, of `found` in all; `is_any`: whether the list is narrowed."""

    rows: Sequence[Delivered]
    found: int
    part: int
    is_any: bool

    @property
    def last(self) -> int:
        return max(1, -(-self.found // AT_ONCE))


def narrowed(name: str, rows: Sequence[Delivered]) -> Narrowed:
    """The boxes, and the rows that are as they say."""
    asked, part = narrowing.asked_for(OF, name, EMPTY)
    asked["state"] = asked["state"] if asked["state"] in STATES else ""
    asked["sort"] = asked["sort"] if asked["sort"] in SORTS else ""
    words = asked["search"].strip().casefold()
    of_state, key = STATES[asked["state"]][1], SORTS[asked["sort"]][1]
    asks = bool(asked["state"]) and asked["state"] != "practice"  # about what somebody gave, which may be held back
    found = sorted(
        (row for row in rows if of_state(row) and not (asks and row.held_back) and words in row.text.casefold()), key=key
    )
    part = part if part <= -(-len(found) // AT_ONCE) else 1
    narrowing.keep(OF, name, asked, part)
    left, middle, right = st.columns([4, 3, 3], vertical_alignment="bottom")
    with left:
        st.text_input("Search", key=narrowing.key(OF, "search"), placeholder="In the texts")
    narrowing.one_of(middle, OF, "state", "State", {state: title for state, (title, _) in STATES.items()})
    narrowing.one_of(right, OF, "sort", "Order", {sort: title for sort, (title, _) in SORTS.items()})
    shown = found[AT_ONCE * (part - 1) : AT_ONCE * part]
    return Narrowed(shown, len(found), part, bool(words or asked["state"]))


def parts(made: Narrowed) -> None:
    """The way to the rows before and after."""
    first = AT_ONCE * (made.part - 1) + 1
    narrowing.parts(OF, made.part, made.last, f"{first:,} to {first + len(made.rows) - 1:,} of {many(made.found, 'draft')}")
