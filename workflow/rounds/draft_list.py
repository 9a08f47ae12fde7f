"""The drafts of a round, searched, filtered and sorted, for the lead.

Of an open round nothing tells how a draft was labelled, whoever asks. A draft that the reader labels in any open round is held
back from them: they get its text and how far they are with it, and nothing of its author, its fields, the others, or what it was
given elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.closing import first_reading
from db.store.data import drafts_of_round as stored
from db.store.data import fields as stored_fields
from db.store.data.drafts_of_round import Asked
from touchstone.data.gold import ADJUDICATED, DISAGREEMENT, SINGLE, WAITING
from touchstone.english import many
from workflow.data.fields import OWN, FieldValues, further_fields, value_of
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, found_round
from workflow.rubric import rubrics

AT_ONCE = 50  # drafts on one page of the list

STATES = {
    "waiting": "nobody has labelled it yet",
    "in hand": "somebody has opened it",
    "some": "labelled by some",
    "all": "labelled by all",
    "skipped": "skipped by somebody",
    "queried": "with a query",
    "practice": "practice drafts",
}
OF_CELLS = {
    "agreed": "all its annotators agree",
    "disagreement": "they disagree",
    "undecided": "waiting for a decision",
    "adjudicated": "adjudicated",
    "gold": "settled: its gold is known",
}
SORTS = {"": "by id", "fewest": "least labelled first", "queries": "most queries first", "author": "by author"}
BY_CELLS = {"differing": "most disagreements first"}


@dataclass(frozen=True)
class DraftFilter:
    """What a list of drafts is narrowed to, as an address writes it. `by`: fields with the values asked for, any of them."""

    words: str = ""
    state: str = ""
    dimension: str = ""
    by: Mapping[str, Sequence[str]] | None = None
    sort: str = ""
    page: int = 1

    @property
    def is_any(self) -> bool:
        """Whether it narrows the list at all."""
        return bool(self.words.strip() or self.state or self.dimension or self.by)


class ListedDraft(NamedTuple):
    """A line of the list. Where it is `held_back`, `author` is "" and the counts are 0; `mine` is the reader's own state of it,
    "" where it is not theirs to label. `cells`: state by dimension, of a closed round alone; `differing` those dimensions on
    which its labels differ, decided or not."""

    draft_id: str
    text: str
    is_practice: bool
    held_back: bool
    mine: str
    author: str
    owed: int
    saved: int
    skipped: int
    begun: int
    queries: int
    cells: Mapping[str, str]
    differing: tuple[str, ...]

    @property
    def delivered(self) -> int:
        return self.saved + self.skipped


@dataclass(frozen=True)
class DraftList:
    """A page of the drafts of a round. `asked` is what they were narrowed to, without what cannot be asked of this round;
    `found` counts them all, `of` the round's; `held_back` how many of the round's are held back from the reader."""

    round: Round
    titles: Mapping[str, str]
    asked: DraftFilter
    drafts: tuple[ListedDraft, ...]
    found: int
    of: int
    held_back: int
    fields: Mapping[str, FieldValues]

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // AT_ONCE))

    @property
    def has_cells(self) -> bool:
        return has_cells(self.round)


def has_cells(found: Round) -> bool:
    """Whether the state of its cells may be told: it is closed, and its cells become gold."""
    return not found.is_open and found.has_gold


@verb
def drafts_of_round(person: Person, engine: sa.Engine, round_name: str, asked: DraftFilter) -> DraftList:
    """The drafts of a round, at most AT_ONCE of them. What cannot be asked of it (of an open round how its drafts were labelled,
    a dimension or a state there is not) narrows nothing. Raises Refused for an unknown round."""
    with reading(engine, person) as connection:
        found = found_round(connection, round_name)
        rubric = rubrics.of_round(connection, found.id)
        # Authors and fields are kept back from who labels, too: what the list tells now, no round may ask about again.
        (first_reading.note_read_elsewhere if found.is_open else first_reading.note_read)(connection, found.id)
        held = stored.held_of_round(connection, found.id, person.id)
        rows = [
            row
            for row in stored_fields.fields_of_round(connection, found.id, None if asked.by else stored_fields.LOOKED_AT)
            if row.id not in held
        ]
        fields = _fields(rows)
        asked = _that_can_be_asked(found, asked, fields)
        narrowed = Asked(asked.words, asked.state, asked.dimension, _ids(rows, asked.by), asked.sort)
        asked, many, ids = _page(connection, found, person, asked, narrowed)
        page = stored.drafts_listed(connection, found.id, person.id, ids)
        told = [row.id for row in page if not row.held]
        cells = stored.states_of_cells(connection, found.id, told) if has_cells(found) and told else ()
    titles = {each.key: each.title for each in rubric.dimensions if each.key in found.dimensions}
    return DraftList(found, titles, asked, tuple(_listed(row, cells) for row in page), many, found.drafts, len(held), fields)


def _page(
    connection: sa.Connection, found: Round, person: Person, asked: DraftFilter, narrowed: Asked
) -> tuple[DraftFilter, int, list[int]]:
    """The filter with a page there is, how many drafts the list has, and those (ids) of that page."""
    while True:
        ids, many = stored.page_of_drafts(
            connection, found.id, person.id, narrowed, limit=AT_ONCE, offset=AT_ONCE * (asked.page - 1)
        )
        if ids or asked.page == 1:
            return asked, many, ids
        asked = replace(asked, page=1)  # beyond the end: an old address, or a list that became shorter


def _fields(rows: Sequence[sa.Row]) -> dict[str, FieldValues]:
    """What the drafts that are not held back can be told apart by: fields of more than one value."""
    own = {field: sorted({value for row in rows if (value := value_of(row, field)) is not None}) for field in OWN}
    made = {field: FieldValues(OWN[field], tuple(values)) for field, values in own.items() if len(values) > 1}
    return made | {name: FieldValues(name, values) for name, values in further_fields(rows).items()}


def _that_can_be_asked(found: Round, asked: DraftFilter, fields: Mapping[str, FieldValues]) -> DraftFilter:
    cells = OF_CELLS if has_cells(found) else {}
    state = asked.state if asked.state in STATES | cells else ""
    dimension = asked.dimension if asked.dimension in found.dimensions and cells else ""
    if dimension and state not in cells:
        state = state or DISAGREEMENT
        dimension = dimension if state in cells else ""
    sorts = SORTS | (BY_CELLS if cells else {})
    by = {field: values for field, values in (asked.by or {}).items() if field in fields and values}
    return replace(asked, state=state, dimension=dimension, sort=asked.sort if asked.sort in sorts else "", by=by)


def _ids(rows: Sequence[sa.Row], by: Mapping[str, Sequence[str]] | None) -> list[int] | None:
    if not by:
        return None
    return [row.id for row in rows if all(value_of(row, field) in values for field, values in by.items())]


def _listed(row: sa.Row, cells: Sequence[sa.Row]) -> ListedDraft:
    mine = [each for each in cells if each.draft == row.id]
    return ListedDraft(
        row.draft_id,
        row.text,
        row.is_practice,
        bool(row.held),
        row.mine or "",
        row.author or "",
        row.owed or 0,
        row.saved or 0,
        row.skipped or 0,
        row.begun or 0,
        row.queries or 0,
        {each.dimension: each.state for each in mine},
        tuple(each.dimension for each in mine if each.differs),
    )


def cells_in_words(draft: ListedDraft, titles: Mapping[str, str]) -> str:
    """What is settled of a draft of a closed round: "agreed", or the dimensions that are not, by state."""
    if not draft.cells:
        return ""
    undecided = [titles[key] for key, state in draft.cells.items() if state in WAITING]
    decided = [titles[key] for key, state in draft.cells.items() if state == ADJUDICATED]
    all_of = len(draft.cells) if len(draft.cells) > 1 else 0
    every = f"all {many(all_of, 'dimension')}"
    parts = [
        f"{name}: {every if len(keys) == all_of else ', '.join(keys)}"
        for name, keys in (("to decide", undecided), ("adjudicated", decided))
        if keys
    ]
    return "; ".join(parts) or ("labelled once, as planned" if SINGLE in draft.cells.values() else "agreed")
