"""Any two sources of labels side by side: an annotator of a closed round, a round's gold, an annotator of a label set, a set.

    round:NAME/ANNOTATOR   gold:NAME   set:NAME/ANNOTATOR   set:NAME

A label set named whole counts with the labels that all of its annotators gave alike. Nothing of an open round is read, and
units that the reader labels in an open round are left out of each source before anything is counted. Where a side is no person
the figures are never called inter-rater."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import label_sets as stored_label_sets
from db.store import tasks as stored_tasks
from db.store.closing import withheld as stored_withheld
from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import PairReport, in_words
from touchstone.agreement.report import dimension_report
from touchstone.comparison.joining import Joining, LabelSource, join, rows_of
from touchstone.data.counts import count_labels, have_same_levels
from touchstone.english import listed, many, there_are
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.counts_behind import left_out_of_set
from workflow.agreement.label_rows import LabelTable, table_of_round, table_of_set
from workflow.gold.cells import cells_of, round_with_cells
from workflow.importing.origins import MADE_BY, origin_of, suspicious
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import the_one
from workflow.rounds.kinds import RETEST
from workflow.rounds.rounds import all_rounds as every_round
from workflow.rounds.rounds import closed_round, found_round, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared

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
class Source:
    """One side. `made_by`: a key of CALLED; `who`: the annotator, "" where several or the gold; `origin`: the round or set."""

    name: str
    made_by: str
    who: str
    origin: str
    rubric: Rubric
    side: LabelSource
    notes: tuple[str, ...] = ()
    is_sample: bool = False
    held_back: int = 0  # drafts of its round, or units of its set, that are held back from the reader

    @property
    def is_people(self) -> bool:
        return self.made_by in (PERSON, GOLD, "person-not-blind")


class SourceDimension(NamedTuple):
    """One dimension of both sides; `pair` None with a reason where there is nothing to compare."""

    key: str
    title: str
    pair: PairReport | None
    reason: str | None

    @property
    def n(self) -> int:
        return self.pair.n if self.pair else 0

    def as_json(self) -> dict[str, Any]:
        by = {"by": self.pair.by} if self.pair else {}
        return {"n": self.n, "reason": self.reason, **by, **(self.pair.as_json() if self.pair else {"table": None})}


@dataclass(frozen=True)
class ComparedSources:
    """Two sources, dimension by dimension. `relation`: what the figures are figures of."""

    a: Source
    b: Source
    relation: str
    dimensions: tuple[SourceDimension, ...]
    joining: Joining
    held_back: int
    notes: tuple[str, ...]

    @property
    def is_sample(self) -> bool:
        return self.a.is_sample or self.b.is_sample

    @property
    def mark(self) -> str:
        """What must stand at every figure: which sides no people made, or not blind; else ""."""
        told = [f"{each.name} made by {MADE_BY[each.made_by]}" for each in (self.a, self.b) if each.made_by not in (PERSON, GOLD)]
        return "; ".join(told)

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        kappas = [(each.title, each.pair.figures[KAPPA]) for each in self.dimensions if each.pair]
        defined = [(kappa.value, title, kappa) for title, kappa in kappas if kappa.value is not None]
        if not self.joining.pairs:
            return f"{self.a.name} and {self.b.name} have no unit in common, so there is nothing to compare."
        if not defined:
            return "No dimension's unweighted kappa is defined: the table says why."
        _, lowest, kappa = min(defined, key=lambda each: each[0])
        return (
            f"{self.relation[:1].upper()}{self.relation[1:]}. On {many(len(self.joining.pairs), 'unit')} of both it is "
            f"lowest in {lowest}: {KAPPA.kind_first} {in_words(kappa)}."
        )

    @property
    def joined_in_words(self) -> str:
        told = [
            f"{many(len(self.joining.pairs), 'unit')} in both"
            + (f", {self.joining.by_task} of them by the task" if self.joining.by_task else "")
        ]
        told += [
            f"{number:,} only in {name}"
            for number, name in ((self.joining.only_first, self.a.name), (self.joining.only_second, self.b.name))
            if number
        ]
        return "; ".join(told)

    def as_json(self) -> dict[str, Any]:
        """The document of `compare-sources --json`."""
        return {
            "a": as_json_of(self.a),
            "b": as_json_of(self.b),
            "relation": self.relation,
            "sample": self.is_sample,
            "joined": len(self.joining.pairs),
            "joined_by_task": self.joining.by_task,
            "unclear": self.joining.unclear,
            "only_a": self.joining.only_first,
            "only_b": self.joining.only_second,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


@verb
def compare_sources(person: Person, engine: sa.Engine, a: str, b: str) -> ComparedSources:
    """Every dimension of two sources on the units both labelled. Raises NotYourTurn for an open round, Refused for a source
    that is not there, and for one against itself. Nothing in common, one level, one side without labels: words with a
    reason."""
    first, second = sources_of(person, engine, (a, b))
    joining = join(first.side, second.side)
    keys = [key for key in first.rubric.keys if second.rubric.dimension(key)]
    dimensions = tuple(made for key in keys if (made := _dimension(first, second, key, joining)))
    back = max(first.held_back, second.held_back)
    notes = tuple(_notes(first, second, joining, dimensions))
    return ComparedSources(first, second, _relation(first, second), dimensions, joining, back, notes)


@verb
def sources_of(person: Person, engine: sa.Engine, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources of these names in their order, with the task of each unit. Raises NotYourTurn for an open round, Refused for
    a source that is not there, and for two that are one or share labels."""
    with reading(engine, person) as connection:
        found = [_source(connection, name) for name in names]
        found = [_with_tasks(connection, each) for each in found]
    for first, second in combinations(found, 2):
        if first.name == second.name:
            raise Refused(f"{first.name} cannot be compared with itself: name {'two' if len(names) == 2 else 'three'} sources")
        if overlaps(first.name, second.name):
            raise Refused(f"{first.name} and {second.name} share labels, so they agree by themselves; name two annotators")
    return tuple(found)


def _dimension(first: Source, second: Source, key: str, joining: Joining) -> SourceDimension | None:
    """None for a dimension that one side has no label of."""
    mine, theirs = (declared(each.rubric, key) for each in (first, second))
    if not all(any(key in labels for labels in each.side.labels.values()) for each in (first, second)):
        return None
    if not have_same_levels(mine, theirs):
        return SourceDimension(key, mine.title, None, "its levels differ between the two rubric versions")
    names = (first.name, second.name)
    counted = count_labels(rows_of(first.side, second.side, joining.pairs, names, mine), mine, names, by=mine.agreement.by)
    made = dimension_report(counted, None)
    return SourceDimension(
        key, mine.title, made.pairs[0] if made.pairs else None, None if made.pairs else "no unit that both labelled"
    )


def _relation(first: Source, second: Source) -> str:
    kinds = {first.made_by, second.made_by}
    words = f"agreement of {CALLED[first.made_by]} with {CALLED[second.made_by]}"
    if kinds == {PERSON} and first.who and second.who:
        if fold(first.who) == fold(second.who):
            return f"{words}, the same name on both sides: not inter-rater"
        return "inter-rater agreement of two people who labelled blind"
    return words if GOLD in kinds else f"{words}: not inter-rater"


def _notes(first: Source, second: Source, joining: Joining, dimensions: Sequence[SourceDimension]) -> Iterator[str]:
    yield from notes_on_each((first, second))
    yield from settled_from(first, second)
    if joining.unclear:
        yield (
            f"{many(joining.unclear, 'unit')} could not be joined: the task has several drafts on the other side, and its id "
            "does not say which was meant"
        )
    if first.rubric.digest != second.rubric.digest:
        yield f"the rubric versions differ ({first.rubric.name}, {second.rubric.name}): the same level need not mean the same"
    shown = {each.key for each in dimensions}
    for one, other in ((first, second), (second, first)):
        labelled = {key for labels in one.side.labels.values() for key in labels}
        if lonely := [declared(one.rubric, key).title for key in one.rubric.keys if key in labelled - shown]:
            yield f"only in {one.name}, so not compared: {listed(lonely)} (not in {other.name})"


def notes_on_each(sources: Sequence[Source]) -> Iterator[str]:
    """What must be read of each source alone."""
    for each in sources:
        if not each.is_people:
            yield f"{each.name} was made by {MADE_BY[each.made_by]}: no figure here measures agreement between people"
        if each.held_back:
            yield f"{each.name}: {many(each.held_back, 'unit')} held back: you are labelling the drafts in an open round"
        yield from each.notes


def settled_from(first: Source, second: Source) -> Iterator[str]:
    """A caution where one is the gold of the other's round."""
    if GOLD in (first.made_by, second.made_by) and first.origin == second.origin:
        yield f"the gold of {first.origin} was settled from these labels too, so they agree with it more than others would"


def as_json_of(source: Source) -> dict[str, Any]:
    """A source in the document of `compare-sources --json`."""
    return {
        "source": source.name,
        "made_by": source.made_by,
        "annotator": source.who or None,
        "rubric": source.rubric.name,
        "rubric_digest": source.rubric.digest,
    }


def _source(connection: sa.Connection, text: str) -> Source:
    """Raises Refused for what is no source, naming those there are; NotYourTurn for an open round."""
    kind, _, name = text.strip().partition(":")
    read = {"round": _annotator_of_round, "gold": _gold_of_round, "set": _of_set}.get(kind.strip().casefold())
    if read is None or not name.strip():
        raise Refused(f"{text.strip() or 'a blank'} is not a source: {HOW}")
    return read(connection, name.strip())


def _annotator_of_round(connection: sa.Connection, text: str) -> Source:
    name, _, who = text.rpartition("/")
    if not name:
        found = found_round(connection, who)
        raise Refused(f"a round has several annotators; name one: round:{found.name}/{found.annotators[0]}")
    found = closed_round(connection, name)
    mine = next((each for each in found.progress if fold(each.name) == fold(who)), None)
    if mine is None:
        raise Refused(f"{who} is not among the annotators of {found.name} ({', '.join(found.annotators)})")
    table = table_of_round(connection, row_of(connection, name))
    labels: dict[str, dict[str, int | str]] = {}
    compared_as = found.compared[1] if found.kind == RETEST else mine.name
    for row in table.rows:
        if row.annotator == compared_as:
            labels.setdefault(row.unit, {})[row.dimension] = row.value
    side = LabelSource(labels, {unit: table.task_of[unit] for unit in labels})
    return Source(
        f"round:{found.name}/{mine.name}",
        PERSON,
        mine.name,
        found.name,
        table.rubric,
        side,
        is_sample=found.is_sample,
        held_back=found.held_back,
    )


def _gold_of_round(connection: sa.Connection, name: str) -> Source:
    found = round_with_cells(connection, name)
    rubric = rubrics.of_round(connection, found.id)
    cells = cells_of(connection, found, rubric)
    labels: dict[str, dict[str, int | str]] = {}
    for cell in cells:
        if cell.value is not None and cell.state != "single":
            labels.setdefault(cell.draft_id, {})[cell.dimension] = cell.value
    waiting = sum(cell.value is None for cell in cells)
    notes = (f"{many(waiting, 'cell')} of {found.name} {'is' if waiting == 1 else 'are'} not settled yet, so not gold",)
    side = LabelSource(labels, {cell.draft_id: cell.task_id for cell in cells})
    return Source(
        f"gold:{found.name}", GOLD, "", found.name, rubric, side, notes if waiting else (), found.is_sample, found.held_back
    )


def _of_set(connection: sa.Connection, text: str) -> Source:
    row, who = set_and_annotator(connection, text)
    table = table_of_set(connection, row)
    chosen = chosen_of(row, who)
    labels, differ = _given_alike(table, chosen)
    notes = [f"suspicious in {row.name}: {sentence}" for sentence in suspicious(row, left_out_of_set(connection, row))]
    if len(chosen) > 1:
        notes.insert(
            0,
            f"{row.name} is taken as the labels that all of {', '.join(row.annotators)} agree on; {many(differ, 'cell')} in "
            f"which they differ {'is' if differ == 1 else 'are'} left out",
        )
    return Source(
        f"set:{row.name}" + (f"/{chosen[0]}" if who else ""),
        origin_of(row, chosen),
        chosen[0] if len(chosen) == 1 and row.slots_are_people is not False else "",
        row.name,
        table.rubric,
        LabelSource(labels, table.task_of),
        tuple(notes),
        held_back=stored_withheld.units_held_back(connection, row.id),
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


def _given_alike(table: LabelTable, annotators: Sequence[str]) -> tuple[dict[str, dict[str, int | str]], int]:
    """The labels that these annotators gave alike, by unit and dimension, and in how many cells they differ."""
    given: dict[tuple[str, str], set[int | str]] = {}
    for row in table.rows:
        if row.annotator in annotators:
            given.setdefault((row.unit, row.dimension), set()).add(row.value)
    labels: dict[str, dict[str, int | str]] = {}
    for (unit, key), values in given.items():
        if len(values) == 1:
            labels.setdefault(unit, {})[key] = next(iter(values))
    return labels, len(given) - sum(map(len, labels.values()))


def _with_tasks(connection: sa.Connection, source: Source) -> Source:
    """The source with the task of each unit that is a stored draft."""
    of_drafts = stored_tasks.tasks_of_drafts(connection, sorted(source.side.labels))
    return Source(**{**vars(source), "side": LabelSource(source.side.labels, {**source.side.task_of, **of_drafts})})


def overlaps(a: str, b: str) -> bool:
    """Whether one is a whole label set and the other an annotator of it: such figures would be about nothing."""
    short, long = sorted((a, b), key=len)
    return short.startswith("set:") and long.startswith(f"{short}/")


@verb
def all_sources(engine: sa.Engine) -> list[str]:
    """Every source there is, for choosing two: rounds that are closed, the newest first, then label sets."""
    found = []
    for each in every_round(engine):
        if not each.is_open:
            found += [f"gold:{each.name}"] if each.has_gold else []
            found += [f"round:{each.name}/{who}" for who in each.annotators]
    with reading(engine) as connection:
        for row in stored_label_sets.all_label_sets(connection):
            several = row.annotators if len(row.annotators) > 1 and row.slots_are_people is not False else []
            found += [*(f"set:{row.name}/{who}" for who in several), f"set:{row.name}"]
    return found
