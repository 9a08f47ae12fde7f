"""A source of labels: an annotator of a closed round, a round's gold, an annotator of a label set, a set.

    round:NAME/ANNOTATOR   gold:NAME   set:NAME/ANNOTATOR   set:NAME

A label set named whole counts with the labels that all of its annotators gave alike. Nothing of an open round is read, and
units that the reader labels in an open round are left out of each source before anything is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sqlalchemy as sa

from db.store import label_sets as stored_label_sets
from db.store import tasks as stored_tasks
from db.store.closing import withheld as stored_withheld
from db.store.comparison import sides
from touchstone.comparison.joining import LabelSource
from touchstone.data.gold import ADJUDICATED, AGREED, SINGLE
from touchstone.english import many, there_are
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.counts_behind import left_out_of_set
from workflow.agreement.label_rows import LabelTable, table_of_round, table_of_set
from workflow.gold.cells import cells_of, counted_cells, round_with_cells
from workflow.importing.origins import MADE_BY, origin_of, suspicious
from workflow.names import fold
from workflow.projects.settling import the_one
from workflow.rounds.kinds import RETEST
from workflow.rounds.rounds import Round, closed_round, found_round, row_of
from workflow.rubric import rubrics

HOW = "a source is round:NAME/ANNOTATOR, gold:NAME, set:NAME/ANNOTATOR or set:NAME"
PERSON, GOLD = "person-blind", "gold"
CALLED = {
    PERSON: "labels of a person, blind",
    GOLD: "gold",
    "person-not-blind": "labels of a person who was not blind",
    "program": "labels of a program",
    "model": "labels of a model",
    "copy": "copied labels",
}


@dataclass(frozen=True)
class NamedSource:
    """One side before its labels are read. `made_by`: a key of CALLED; `who`: the annotator, "" where several or the gold;
    `origin`: the round or set by name, `round` or `label_set` (its id) itself; `chosen`: the annotators of a set whose labels
    count; `has_tasks`: whether its file says of which task its units are. Nothing in it was given to a draft."""

    name: str
    made_by: str
    who: str
    origin: str
    rubric: Rubric
    round: Round | None
    label_set: int | None
    notes: tuple[str, ...] = ()
    is_sample: bool = False
    held_back: int = 0  # drafts of its round, or units of its set, that are held back from the reader
    chosen: tuple[str, ...] = ()
    has_tasks: bool = False

    @property
    def is_people(self) -> bool:
        return self.made_by in (PERSON, GOLD, "person-not-blind")


@dataclass(frozen=True)
class Source(NamedSource):
    """One side with its labels."""

    side: LabelSource = LabelSource({}, {})


def refuse_together(names: Sequence[str]) -> None:
    """Raises Refused for two of these sources that are one or share labels."""
    for first, second in combinations(names, 2):
        if first == second:
            raise Refused(f"{first} cannot be compared with itself: name {'two' if len(names) == 2 else 'three'} sources")
        if overlaps(first, second):
            raise Refused(f"{first} and {second} share labels, so they agree by themselves; name two annotators")


def overlaps(a: str, b: str) -> bool:
    """Whether one is a whole label set and the other an annotator of it: such figures would be about nothing."""
    short, long = sorted((a, b), key=len)
    return short.startswith("set:") and long.startswith(f"{short}/")


def named_source(connection: sa.Connection, text: str) -> NamedSource:
    """Raises Refused for what is no source, naming those there are; NotYourTurn for an open round."""
    kind, _, name = text.strip().partition(":")
    read = {"round": _annotator_of_round, "gold": _gold_of_round, "set": _of_set}.get(kind.strip().casefold())
    if read is None or not name.strip():
        raise Refused(f"{text.strip() or 'a blank'} is not a source: {HOW}")
    return read(connection, name.strip())


def _annotator_of_round(connection: sa.Connection, text: str) -> NamedSource:
    name, _, who = text.rpartition("/")
    if not name:
        found = found_round(connection, who)
        raise Refused(f"a round has several annotators; name one: round:{found.name}/{found.annotators[0]}")
    found = closed_round(connection, name)
    mine = next((each for each in found.progress if fold(each.name) == fold(who)), None)
    if mine is None:
        raise Refused(f"{who} is not among the annotators of {found.name} ({', '.join(found.annotators)})")
    rubric, called = rubrics.of_round(connection, found.id), f"round:{found.name}/{mine.name}"
    return NamedSource(
        called, PERSON, mine.name, found.name, rubric, found, None, is_sample=found.is_sample, held_back=found.held_back
    )


def _gold_of_round(connection: sa.Connection, name: str) -> NamedSource:
    found = round_with_cells(connection, name)
    rubric = rubrics.of_round(connection, found.id)
    settled = (AGREED, ADJUDICATED, SINGLE)
    states = [each.by_state for each in counted_cells(connection, found, rubric).standings]
    waiting = sum(cells for by_state in states for state, cells in by_state.items() if state not in settled)
    notes = (f"{many(waiting, 'cell')} of {found.name} {'is' if waiting == 1 else 'are'} not settled yet, so not gold",)
    return NamedSource(
        f"gold:{found.name}",
        GOLD,
        "",
        found.name,
        rubric,
        found,
        None,
        notes if waiting else (),
        found.is_sample,
        found.held_back,
    )


def _of_set(connection: sa.Connection, text: str) -> NamedSource:
    row, who = set_and_annotator(connection, text)
    chosen = chosen_of(row, who)
    notes = [f"suspicious in {row.name}: {sentence}" for sentence in suspicious(row, left_out_of_set(connection, row))]
    if len(chosen) > 1:
        differ = sides.cells_that_differ(connection, row.id, chosen)
        notes.insert(
            0,
            f"{row.name} is taken as the labels that all of {', '.join(row.annotators)} agree on; {many(differ, 'cell')} in "
            f"which they differ {'is' if differ == 1 else 'are'} left out",
        )
    return NamedSource(
        f"set:{row.name}" + (f"/{chosen[0]}" if who else ""),
        origin_of(row, chosen),
        chosen[0] if len(chosen) == 1 and row.slots_are_people is not False else "",
        row.name,
        rubrics.rubric_of(connection, row.rubric_version),
        None,
        row.id,
        tuple(notes),
        held_back=stored_withheld.units_held_back(connection, row.id),
        chosen=tuple(chosen),
        has_tasks=bool(row.tasks),
    )


def set_and_annotator(connection: sa.Connection, text: str) -> tuple[sa.Row, str]:
    """The label set of "NAME" or "NAME/ANNOTATOR", and the annotator, "" for none: a set's own name may hold a slash."""
    if row := the_one(connection, stored_label_sets.by_folded(connection, fold(text)), "label set"):
        return row, ""
    name, slash, who = text.rpartition("/")
    row = the_one(connection, stored_label_sets.by_folded(connection, fold(name)), "label set") if slash else None
    if row is None:
        known = [each.name for each in stored_label_sets.all_label_sets(connection)]
        raise Refused(f"there is no label set “{text}”; " + there_are(known, "there is none yet: import one with import-labels"))
    return row, who


def chosen_of(row: sa.Row, who: str) -> list[str]:
    """The annotators of a set whose labels count: the one named, or all."""
    chosen = [name for name in row.annotators if not who or fold(name) == fold(who)]
    if not chosen:
        raise Refused(f"{who} is not among the annotators of {row.name} ({', '.join(row.annotators)})")
    if who and row.slots_are_people is False:
        raise Refused(
            f"{who} of {row.name} is a slot in a file, not a person, so it cannot be compared; name the set "
            f"as a whole: set:{row.name}"
        )
    return chosen


def in_plain_words(name: str) -> str:
    """A source as a sentence names it: "ana, of the round pilot", "gold of pilot", "the label set march"."""
    kind, _, rest = name.partition(":")
    origin, _, who = rest.rpartition("/")
    if kind == "gold":
        return f"gold of {rest}"
    whole = {"round": "the round", "set": "the label set"}[kind]
    return f"{who}, of {whole} {origin}" if origin else f"{whole} {rest}"


def notes_on_each(sources: Sequence[NamedSource]) -> Iterator[str]:
    """What must be read of each source alone."""
    for each in sources:
        if not each.is_people:
            yield f"{each.name} was made by {MADE_BY[each.made_by]}: no figure here measures agreement between people"
        if each.held_back:
            yield f"{each.name}: {many(each.held_back, 'unit')} held back: you are labelling the drafts in an open round"
        yield from each.notes


def settled_from(first: NamedSource, second: NamedSource) -> Iterator[str]:
    """A caution where one is the gold of the other's round."""
    if GOLD in (first.made_by, second.made_by) and first.origin == second.origin:
        yield f"the gold of {first.origin} was settled from these labels too, so they agree with it more than others would"


def as_json_of(source: NamedSource) -> dict[str, Any]:
    """A source in the document of `compare-sources --json`."""
    return {
        "source": source.name,
        "made_by": source.made_by,
        "annotator": source.who or None,
        "rubric": source.rubric.name,
        "rubric_digest": source.rubric.digest,
    }


def with_labels(connection: sa.Connection, source: NamedSource) -> Source:
    """The source with every label it gave, and the task of each unit that is a stored draft or whose file said it."""
    if source.label_set is not None:
        table = table_of_set(connection, set_and_annotator(connection, source.origin)[0])
        side = LabelSource(_given_alike(table, source.chosen), table.task_of)
    elif source.round is not None:
        side = (_of_gold if source.made_by == GOLD else _of_annotator)(connection, source, source.round)
    of_drafts = stored_tasks.tasks_of_drafts(connection, sorted(side.labels))
    return Source(**vars(source), side=LabelSource(side.labels, {**side.task_of, **of_drafts}))


def _of_annotator(connection: sa.Connection, source: NamedSource, found: Round) -> LabelSource:
    table = table_of_round(connection, row_of(connection, found.name))
    labels: dict[str, dict[str, int | str]] = {}
    compared_as = found.compared[1] if found.kind == RETEST else source.who
    for row in table.rows:
        if row.annotator == compared_as:
            labels.setdefault(row.unit, {})[row.dimension] = row.value
    return LabelSource(labels, {unit: table.task_of[unit] for unit in labels})


def _of_gold(connection: sa.Connection, source: NamedSource, found: Round) -> LabelSource:
    cells = cells_of(connection, found, source.rubric)
    labels: dict[str, dict[str, int | str]] = {}
    for cell in cells:
        if cell.value is not None and cell.state != SINGLE:
            labels.setdefault(cell.draft_id, {})[cell.dimension] = cell.value
    return LabelSource(labels, {cell.draft_id: cell.task_id for cell in cells})


def _given_alike(table: LabelTable, annotators: Sequence[str]) -> dict[str, dict[str, int | str]]:
    """The labels that these annotators gave alike, by unit and dimension."""
    given: dict[tuple[str, str], set[int | str]] = {}
    for row in table.rows:
        if row.annotator in annotators:
            given.setdefault((row.unit, row.dimension), set()).add(row.value)
    labels: dict[str, dict[str, int | str]] = {}
    for (unit, key), values in given.items():
        if len(values) == 1:
            labels.setdefault(unit, {})[key] = next(iter(values))
    return labels
