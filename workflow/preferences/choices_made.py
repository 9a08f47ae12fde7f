"""What everybody chose in a closed comparison round, with the notes: for its figures, for reading pair by pair, and as a file."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store.preferences import comparisons as stored
from touchstone.data.task_input import fields_of
from touchstone.errors import Refused
from touchstone.files.writing.delimited import delimited
from touchstone.preferences.choices import TIE, A, B, PairOfDrafts, Preferences, SideChoice
from workflow.events.recording import note_event
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.preferences.comparisons import Comparison, comparison_of, row_of

COLUMNS = (
    *("pair_id", "task_id", "dimension", "annotator", "left", "right", "choice", "draft_a", "draft_b"),
    *("left_author", "right_author", "left_length", "right_length", "note"),
)


class NotedChoice(NamedTuple):
    """One choice with the note that was saved with it, "" for none."""

    dimension: str
    choice: SideChoice
    note: str


class ReadChoices(NamedTuple):
    """Everybody's choices in a closed round, `given` by dimension; `noted`: all of them, in each annotator's order; `held_back`:
    pairs of which the reader labels or compares a draft now."""

    comparison: Comparison
    given: Mapping[str, Preferences]
    noted: tuple[NotedChoice, ...]
    held_back: int


class Said(NamedTuple):
    """What an annotator took of a pair: a draft's id, "" for as good as each other; `again`: its repeat with sides swapped."""

    annotator: str
    taken: str
    note: str
    again: bool


class ReadPair(NamedTuple):
    """A pair on which annotators differ, or on which one of them noted something, on one dimension."""

    pair: PairOfDrafts
    differ: bool
    said: tuple[Said, ...]


@verb
def choices_in(person: Person, engine: sa.Engine, name: str) -> ReadChoices:
    """What everybody chose in a closed comparison round, for its figures. Raises NotYourTurn for an open one."""
    with reading(engine, person) as connection:
        row = row_of(connection, name)
        rows = stored.of_closed(connection, row.id)
        pairs = {str(each.pair): _pair(each) for each in rows}
        first = {(each.pair, each.annotator) for each in rows if not each.is_repeat}
        noted = tuple(
            NotedChoice(
                each.dimension,
                SideChoice(str(each.pair), each.annotator, each.b if each.is_swapped else each.a, each.taken, each.is_repeat),
                each.note or "",
            )
            for each in rows
            if not each.is_repeat or (each.pair, each.annotator) in first
        )
        made = comparison_of(connection, row)
        given = {
            asked.key: Preferences(pairs, tuple(each.choice for each in noted if each.dimension == asked.key))
            for asked in made.dimensions
        }
        return ReadChoices(made, given, noted, stored.held_back(connection, row.id))


def _pair(row: sa.Row) -> PairOfDrafts:
    authors = row.author_a or "", row.author_b or ""
    return PairOfDrafts(str(row.pair), row.task_id, row.a, row.b, *authors, row.length_a, row.length_b)


def pairs_to_read(read: ReadChoices, dimension: str) -> list[ReadPair]:
    """The pairs on which annotators differ on a dimension, those first where one took each draft; then those with a note on
    which they do not."""
    given = read.given[dimension]
    of_pair: dict[str, list[NotedChoice]] = defaultdict(list)
    for each in read.noted:
        if each.dimension == dimension:
            of_pair[each.choice.pair].append(each)
    ranked = []
    for key, own in of_pair.items():
        levels = {given.level(each.choice) for each in own if not each.choice.is_repeat}
        if len(levels) > 1 or any(each.note for each in own):
            pair = given.pairs[key]
            rank = 2 if len(levels) < 2 else 1 if TIE in levels and len(levels) == 2 else 0
            ranked.append((rank, pair.task, key, ReadPair(pair, rank < 2, tuple(_said(given, each) for each in own))))
    return [each[-1] for each in sorted(ranked, key=lambda each: each[:-1])]


def _said(given: Preferences, each: NotedChoice) -> Said:
    level, pair = given.level(each.choice), given.pairs[each.choice.pair]
    return Said(each.choice.annotator, {A: pair.a, B: pair.b}.get(level, ""), each.note, each.choice.is_repeat)


class PairDrafts(NamedTuple):
    """A pair to read: the task's fields, and the two texts."""

    fields: tuple[tuple[str, str], ...]
    a: str
    b: str


@verb
def pair_drafts(person: Person, engine: sa.Engine, name: str, pair: str) -> PairDrafts:
    """The drafts of a pair of a closed comparison round. Raises NotYourTurn for an open one, Refused for a pair it
    does not have."""
    with reading(engine, person) as connection:
        row = row_of(connection, name)
        found = stored.texts_of(connection, row.id, int(pair)) if pair.isdecimal() and len(pair) < 12 else None
        if found is None:
            raise Refused(f"{row.name} has no pair {pair[:20]} that you may read")
        return PairDrafts(fields_of(found.input), found.text_a, found.text_b)


class ChoicesFile(NamedTuple):
    """The choices of a closed round as CSV, as `preferences FILE` reads it. `choices`: its rows; `held_back`: see ReadChoices."""

    content: bytes
    choices: int
    held_back: int


@verb
def choices_as_csv(person: Person, engine: sa.Engine, name: str) -> ChoicesFile:
    """Every choice of a closed comparison round, with notes, a row each. Raises NotYourTurn for an open one."""
    read = choices_in(person, leaving(engine), name)
    rows = list(_rows(read))
    made = ChoicesFile(delimited(COLUMNS, rows), len(rows), read.held_back)
    note_event(person, engine, "export comparison", comparison=read.comparison.name, choices=len(rows))
    return made


def _rows(read: ReadChoices) -> Iterator[tuple[str | int | None, ...]]:
    for each in read.noted:
        choice, pair = each.choice, read.given[each.dimension].pairs[each.choice.pair]
        sides = ((pair.a, pair.author_a, pair.length_a), (pair.b, pair.author_b, pair.length_b))
        left, right = sides if choice.left == pair.a else sides[::-1]
        shown = (left[0], right[0], choice.taken, pair.a, pair.b)
        yield (choice.pair, pair.task, each.dimension, choice.annotator, *shown, left[1], right[1], left[2], right[2], each.note)
