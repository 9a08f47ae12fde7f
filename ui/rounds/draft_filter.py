"""What a list of drafts is narrowed to: boxes, which say the same as the address, so that a copied link shows the same list."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import tab
from workflow.rounds.draft_list import AT_ONCE, BY_CELLS, OF_CELLS, SORTS, STATES, DraftFilter, DraftList

EMPTY: Mapping[str, Any] = {"words": "", "state": "", "dimension": "", "by": [], "sort": ""}
AS_WRITTEN = {"words": "search"}  # in an address


def _key(box: str) -> str:
    return f"drafts-{box}"


def _by(pairs: Sequence[str]) -> dict[str, list[str]]:
    """ "difficulty=hard" as an address and a box write it, by field."""
    made: dict[str, list[str]] = {}
    for pair in pairs:
        field, _, value = pair.partition("=")
        made.setdefault(field, []).append(value)
    return made


def _pairs(asked: DraftFilter) -> list[str]:
    return [f"{field}={value}" for field, values in (asked.by or {}).items() for value in values]


def in_address(asked: DraftFilter) -> dict[str, str | list[str]]:
    """The filter as it goes into an address; what narrows nothing is left out."""
    values: dict[str, str | list[str]] = {
        "search": asked.words,
        "state": asked.state,
        "dimension": asked.dimension,
        "by": _pairs(asked),
        "sort": asked.sort,
        "part": str(asked.page) if asked.page > 1 else "",
    }
    return {key: value for key, value in values.items() if value}


def from_address() -> DraftFilter:
    page = st.query_params.get("part", "")
    return DraftFilter(
        **{box: st.query_params.get(AS_WRITTEN.get(box, box), "") for box in EMPTY if box != "by"},
        by=_by(st.query_params.get_all("by")),
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def asked(name: str) -> DraftFilter:
    """What the boxes say; what the address says where somebody has come by it, or went back to it, since it was last written. A
    list that is narrowed anew begins with its first page."""
    if _address() != tab.state().get("drafts-address") or name != tab.state().get("drafts-round"):
        return from_address()
    values = {box: tab.value_of(_key(box)) or empty for box, empty in EMPTY.items()}
    before = from_address()
    now = DraftFilter(**{**values, "by": _by(values["by"])}, page=tab.state().get("drafts-page", 1))
    return now if _narrowed(now) == _narrowed(before) else DraftFilter(**{**vars(now), "page": 1})


def _narrowed(asked: DraftFilter) -> dict[str, str | list[str]]:
    return {key: value for key, value in in_address(asked).items() if key != "part"}


def keep_in_address(made: DraftList) -> None:
    st.query_params.from_dict({"round": made.round.name, **in_address(made.asked)})
    tab.state()["drafts-address"], tab.state()["drafts-round"] = _address(), made.round.name
    tab.state()["drafts-page"] = made.asked.page


def boxes(made: DraftList) -> None:
    """Search, state, dimension of a closed round, fields, order; each as it was asked for, without what cannot be."""
    for box, value in {**{each: getattr(made.asked, each) for each in EMPTY}, "by": _pairs(made.asked)}.items():
        if tab.value_of(_key(box)) != value:
            tab.put(_key(box), value)
    places = iter(st.columns([4, 3, 3, 4, 3] if made.has_cells else [4, 3, 4, 3], vertical_alignment="bottom"))
    with next(places):
        st.text_input("Search", key=_key("words"), placeholder="In ids and texts")
    states = {"": "any", **STATES, **(OF_CELLS if made.has_cells else {})}
    _one_of(next(places), "State", "state", states)
    if made.has_cells:
        _one_of(next(places), "On the dimension", "dimension", {"": "any", **made.titles})
    pairs = {f"{field}={value}": f"{each.title}: {value}" for field, each in made.fields.items() for value in each.values}
    with next(places):
        st.multiselect(
            "Author and fields", list(pairs), key=_key("by"), format_func=lambda pair: pairs.get(pair, pair), placeholder="Any"
        )
    _one_of(next(places), "Order", "sort", SORTS | (BY_CELLS if made.has_cells else {}))


def _one_of(place, label: str, box: str, titles: Mapping[str, str]) -> None:
    with place:
        st.selectbox(label, list(titles), key=_key(box), format_func=lambda each: panels.sentence_case(titles.get(each, each)))


def pages(made: DraftList) -> None:
    """The way to the drafts before and after; nothing where all stand on one page."""
    if made.pages == 1:
        return
    first = AT_ONCE * (made.asked.page - 1) + 1
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        st.button("Earlier", on_click=_turn, args=(made.asked.page - 1,), disabled=made.asked.page == 1)
        st.button("Later", on_click=_turn, args=(made.asked.page + 1,), disabled=made.asked.page == made.pages)
        panels.text(f"{first:,} to {first + len(made.drafts) - 1:,} of {many(made.found, 'draft')}", quiet=True)


def _turn(page: int) -> None:
    tab.state()["drafts-page"] = page
