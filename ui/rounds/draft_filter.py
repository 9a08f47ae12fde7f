"""What a list of drafts is narrowed to: search, state, dimension, author and fields, order."""

from collections.abc import Sequence

import streamlit as st

from touchstone.english import many
from ui.base import narrowing
from workflow.rounds.draft_list import AT_ONCE, BY_CELLS, OF_CELLS, SORTS, STATES, DraftFilter, DraftList

OF = "drafts"
EMPTY: narrowing.Asked = {"search": "", "state": "", "dimension": "", "by": [], "sort": ""}


def _by(pairs: Sequence[str]) -> dict[str, list[str]]:
    """ "difficulty=hard" as an address and a box write it, by field."""
    made: dict[str, list[str]] = {}
    for pair in pairs:
        field, _, value = pair.partition("=")
        made.setdefault(field, []).append(value)
    return made


def _written(asked: DraftFilter) -> narrowing.Asked:
    pairs = [f"{field}={value}" for field, values in (asked.by or {}).items() for value in values]
    return {"search": asked.words, "state": asked.state, "dimension": asked.dimension, "by": pairs, "sort": asked.sort}


def in_address(asked: DraftFilter) -> dict[str, str | list[str]]:
    """The filter as it goes into an address."""
    return narrowing.in_address(_written(asked), asked.page)


def from_address() -> DraftFilter:
    """The filter that the address holds, also one of a draft that was opened from the list."""
    return _filter(*narrowing.from_address(EMPTY))


def asked(name: str) -> DraftFilter:
    """The filter of the list of that round."""
    return _filter(*narrowing.asked_for(OF, name, EMPTY))


def _filter(values: dict, part: int) -> DraftFilter:
    words, by = values["search"], _by(values["by"])
    return DraftFilter(words, values["state"], values["dimension"], by, values["sort"], part)


def boxes(made: DraftList) -> None:
    """Search, state, dimension of a closed round, fields, order; each as it was asked for, without what cannot be."""
    narrowing.keep(OF, made.round.name, _written(made.asked), made.asked.page)
    places = iter(st.columns([4, 3, 3, 4, 3] if made.has_cells else [4, 3, 4, 3], vertical_alignment="bottom"))
    with next(places):
        st.text_input("Search", key=narrowing.key(OF, "search"), placeholder="In ids and texts")
    states = {"": "any", **STATES, **(OF_CELLS if made.has_cells else {})}
    narrowing.one_of(next(places), OF, "state", "State", states)
    if made.has_cells:
        narrowing.one_of(next(places), OF, "dimension", "On the dimension", {"": "any", **made.titles})
    pairs = {f"{field}={value}": f"{each.title}: {value}" for field, each in made.fields.items() for value in each.values}
    with next(places):
        st.multiselect(
            "Author and fields",
            list(pairs),
            key=narrowing.key(OF, "by"),
            format_func=lambda pair: pairs.get(pair, pair),
            placeholder="Any",
        )
    narrowing.one_of(next(places), OF, "sort", "Order", SORTS | (BY_CELLS if made.has_cells else {}))


def parts(made: DraftList) -> None:
    """The way to the drafts before and after."""
    first = AT_ONCE * (made.asked.page - 1) + 1
    said = f"{first:,} to {first + len(made.drafts) - 1:,} of {many(made.found, 'draft')}"
    narrowing.parts(OF, made.asked.page, made.pages, said)
