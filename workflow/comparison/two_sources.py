"""Any two sources of labels side by side (`workflow.comparison.source` says what a source is), each unit counted once.

Where a side is no person the figures are never called inter-rater."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import label_sets as stored_label_sets
from db.store.comparison.sides import Counted, Joined
from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import PairReport, in_words, short
from touchstone.agreement.report import dimension_report
from touchstone.data.counts import Counts, have_same_levels
from touchstone.data.label import Pattern
from touchstone.english import listed, many
from workflow.bounded_cache import BoundedCache
from workflow.comparison.counted_sources import count_sources, labels_of_both
from workflow.comparison.source import (
    CALLED,
    GOLD,
    PERSON,
    NamedSource,
    Source,
    as_json_of,
    in_plain_words,
    named_source,
    notes_on_each,
    refuse_together,
    settled_from,
    with_labels,
)
from workflow.importing.origins import MADE_BY
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import all_rounds as every_round
from workflow.rubric.levels import declared


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

    a: NamedSource
    b: NamedSource
    relation: str
    dimensions: tuple[SourceDimension, ...]
    joining: Joined
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
        if not self.joining.units:
            return f"{self.a.name} and {self.b.name} have no unit in common, so there is nothing to compare."
        if not defined:
            return "No dimension's unweighted kappa is defined: the table says why."
        value, lowest, kappa = min(defined, key=lambda each: each[0])
        told = f"it is lowest in {lowest}: {KAPPA.kind_first} {in_words(kappa)}"
        if len(defined) == 1:
            told = f"{KAPPA.kind_first} of {lowest} is {in_words(kappa)}"
        elif all(each == value for each, _, _ in defined):
            told = f"{KAPPA.kind_first} is {short(value)} in each of {many(len(defined), 'dimension')}"
        return f"{self.relation[:1].upper()}{self.relation[1:]}. On {many(self.joining.units, 'unit')} of both {told}."

    @property
    def joined_in_words(self) -> str:
        told = [
            f"{many(self.joining.units, 'unit')} in both"
            + (f", {self.joining.by_task} of them by the task" if self.joining.by_task else "")
        ]
        told += [
            f"{number:,} only from {in_plain_words(name)}"
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
            "joined": self.joining.units,
            "joined_by_task": self.joining.by_task,
            "unclear": self.joining.unclear,
            "only_a": self.joining.only_first,
            "only_b": self.joining.only_second,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


@verb
def compare_sources(
    person: Person, engine: sa.Engine, a: str, b: str, *, kept: BoundedCache[Counted] | None = None
) -> ComparedSources:
    """Every dimension of two sources on the units both labelled, counted by the database. `kept` holds what was counted before,
    for who asks again. Raises NotYourTurn for an open round, Refused for a source that is not there, and for one against
    itself. Nothing in common, one level, one side without labels: words with a reason."""
    with reading(engine, person) as connection:
        first, second = (named_source(connection, name) for name in (a, b))
        refuse_together((first.name, second.name))
        counted = count_sources(connection, first, second, kept)
    both = [key for key in first.rubric.keys if second.rubric.dimension(key)]
    dimensions = tuple(_dimension(first, second, key, counted) for key in both if all(key in keys for keys in counted.keys))
    back = max(first.held_back, second.held_back)
    notes = tuple(_notes(first, second, counted, dimensions))
    return ComparedSources(first, second, _relation(first, second), dimensions, counted.joined, back, notes)


@verb
def labels_to_count(person: Person, engine: sa.Engine, a: str, b: str) -> int:
    """How many labels `compare_sources` reads, at most; 0 where what was kept when their round was closed says it all. Raises as
    `compare_sources` does."""
    with reading(engine, person) as connection:
        first, second = (named_source(connection, name) for name in (a, b))
        refuse_together((first.name, second.name))
        return labels_of_both(connection, first, second)


@verb
def sources_of(person: Person, engine: sa.Engine, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources of these names in their order, with every label and the task of each unit. Raises NotYourTurn for an open
    round, Refused for a source that is not there, and for two that are one or share labels."""
    with reading(engine, person) as connection:
        found = tuple(with_labels(connection, named_source(connection, name)) for name in names)
    refuse_together([each.name for each in found])
    return found


def _dimension(first: NamedSource, second: NamedSource, key: str, counted: Counted) -> SourceDimension:
    mine, theirs = (declared(each.rubric, key) for each in (first, second))
    if not have_same_levels(mine, theirs):
        return SourceDimension(key, mine.title, None, "its levels differ between the two rubric versions")
    place = {str(level): number for number, level in enumerate(mine.values)}
    patterns: dict[Pattern, int] = {
        (place[one], place[other]): units for (one, other), units in counted.tables.get(key, {}).items()
    }
    names, values = (first.name, second.name), tuple(mine.values)
    counts = Counts(key, mine.scale, values, names, patterns, sum(patterns.values()), by=mine.agreement.by)
    made = dimension_report(counts, None)
    return SourceDimension(
        key, mine.title, made.pairs[0] if made.pairs else None, None if made.pairs else "no unit that both labelled"
    )


def _relation(first: NamedSource, second: NamedSource) -> str:
    kinds = {first.made_by, second.made_by}
    words = f"agreement of {CALLED[first.made_by]} with {CALLED[second.made_by]}"
    if kinds == {PERSON} and first.who and second.who:
        if fold(first.who) == fold(second.who):
            return f"{words}, the same name on both sides: not inter-rater"
        return "inter-rater agreement of two people who labelled blind"
    return words if GOLD in kinds else f"{words}: not inter-rater"


def _notes(first: NamedSource, second: NamedSource, counted: Counted, dimensions: Sequence[SourceDimension]) -> Iterator[str]:
    yield from notes_on_each((first, second))
    yield from settled_from(first, second)
    if counted.joined.unclear:
        yield (
            f"{many(counted.joined.unclear, 'unit')} could not be joined: the task has several drafts on the other side, and its "
            "id does not say which was meant"
        )
    if first.rubric.digest != second.rubric.digest:
        yield f"the rubric versions differ ({first.rubric.name}, {second.rubric.name}): the same level need not mean the same"
    shown = {each.key for each in dimensions}
    for one, other, labelled in ((first, second, counted.keys[0]), (second, first, counted.keys[1])):
        if lonely := [declared(one.rubric, key).title for key in one.rubric.keys if key in labelled - shown]:
            sides = in_plain_words(one.name), in_plain_words(other.name)
            yield f"only from {sides[0]}, so not compared: {listed(lonely)} (not from {sides[1]})"


@verb
def all_sources(engine: sa.Engine) -> list[str]:
    """Every source there is, for choosing two: rounds that are closed, the newest first, each with its people before its gold,
    which was settled from them; then label sets."""
    found = []
    for each in every_round(engine):
        if not each.is_open:
            found += [f"round:{each.name}/{who}" for who in each.annotators]
            found += [f"gold:{each.name}"] if each.has_gold else []
    with reading(engine) as connection:
        for row in stored_label_sets.all_label_sets(connection):
            several = row.annotators if len(row.annotators) > 1 and row.slots_are_people is not False else []
            found += [*(f"set:{row.name}/{who}" for who in several), f"set:{row.name}"]
    return found
