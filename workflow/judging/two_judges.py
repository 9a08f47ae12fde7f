"""An older judge against a newer one, beside the same people on the same drafts: by how much the newer agrees more, and which
drafts it has nearer to them or further off."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from db.engine import reading
from touchstone.agreement.figure import in_words, short, signed
from touchstone.data.counts import have_same_levels
from touchstone.data.label import Level
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.judging.held import hold
from touchstone.judging.two_judges import TwoJudges, distances, two_judges
from touchstone.rubric.model import Dimension
from workflow.bounded_cache import BoundedCache
from workflow.comparison.two_sources import sources_of
from workflow.judging.judge_levels import JudgeLevels, of_source, shared_dimensions
from workflow.judging.llm.judges import used_judges
from workflow.judging.llm.reasons import with_reasons
from workflow.judging.people_labels import PeopleLabels, people_labels
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric.levels import declared

HOW = (
    "name a judge that was run (otter-v1), or any source of labels: set:NAME, set:NAME/ANNOTATOR, round:NAME/ANNOTATOR, gold:NAME"
)


class ChangedLevel(NamedTuple):
    """A unit on which the two judges differ. `nearer`: how many levels the newer one is nearer to the people than the older."""

    unit: str
    old: Level
    new: Level
    because: str
    people: tuple[tuple[str, Level], ...]
    nearer: int

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "people": dict(self.people)}


@dataclass(frozen=True)
class ComparedDimension:
    """`report` None with a `reason` where the levels cannot be compared. `changed`: the spoiled units first, then the mended."""

    declared: Dimension
    reason: str
    report: TwoJudges | None
    changed: tuple[ChangedLevel, ...]

    @property
    def title(self) -> str:
        return self.declared.title

    @property
    def sentence(self) -> str:
        """The difference with its interval, and what is behind it, in one sentence."""
        report = self.report
        if report is None:
            return f"{self.title}: {self.reason}"
        if report.difference.value is None:
            return f"{self.title}: {in_words(report.difference)}"
        low, high = report.difference.ends[1:]
        said = "the newer agrees more" if low > 0 else "the newer agrees less" if high < 0 else "no difference is shown"
        kappas = f"kappa {short(report.old.ends.value)} before, {short(report.new.ends.value)} now"
        moved = (
            f"{many(report.differ, 'level')} of {report.n:,} changed, {report.mended:,} nearer, {report.spoiled:,} further off"
        )
        return f"{self.title}: {said}, {signed(report.difference)} ({kappas}; {moved})"

    def as_json(self) -> dict[str, Any]:
        if self.report is None:
            return {"n": 0, "reason": self.reason}
        return {**self.report.as_json(), "reason": None, "changed": [each.as_json() for each in self.changed[:20]]}


@dataclass(frozen=True)
class ComparedJudges:
    """An older judge and a newer one beside people, dimension by dimension."""

    old: str
    new: str
    people: str
    is_sample: bool
    dimensions: tuple[ComparedDimension, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `judge compare --json`."""
        return {
            "old": self.old,
            "new": self.new,
            "people": self.people,
            "sample": self.is_sample,
            "notes": list(self.notes),
            "dimensions": {each.declared.key: each.as_json() for each in self.dimensions},
        }


@verb
def compare_judges(
    person: Person, engine: sa.Engine, old: str, new: str, people: str, kept: BoundedCache | None = None
) -> ComparedJudges:
    """Two judges beside the same people, on the units that both have levels of. A judge that was run stands for the labels of its
    last run. Raises NotYourTurn for an open round, Refused for what is no source, and for two that share labels."""
    names = [_source_of(person, engine, each) for each in (old, new)]
    sources = sources_of(person, engine, names)
    with reading(engine, person) as connection:
        beside = people_labels(connection, people)
        found = []
        for source in sources:
            levels, beside = of_source(source, beside)
            found.append(with_reasons(connection, levels, source))
    older, newer = found
    keys = [each for each in shared_dimensions(beside, newer) if older.levels.get(each.key)]
    if not keys:
        raise Refused(f"{older.name} and {newer.name} have no dimension in common; name two judges of the same questions")
    cache = kept or BoundedCache(16)
    dimensions = tuple(_dimension(each, older, newer, beside, cache) for each in keys)
    notes = tuple(dict.fromkeys((*beside.notes, *older.notes, *newer.notes)))
    return ComparedJudges(older.name, newer.name, beside.name, beside.is_sample, dimensions, notes)


def _source_of(person: Person, engine: sa.Engine, name: str) -> str:
    if ":" in name:
        return name.strip()
    used = next((each for each in used_judges(person, engine) if each.judge.name == name.strip()), None)
    if used is None or not used.newest_set:
        raise Refused(f"{name.strip() or 'a blank'} is no judge that was run to its end; {HOW}")
    return f"set:{used.newest_set}"


def _dimension(
    dimension: Dimension, older: JudgeLevels, newer: JudgeLevels, people: PeopleLabels, kept: BoundedCache
) -> ComparedDimension:
    key = dimension.key
    if not all(have_same_levels(dimension, declared(each.rubric, key)) for each in (older, newer)):
        return ComparedDimension(dimension, "its levels differ between the rubric versions", None, ())
    both = {unit: level for unit, level in newer.levels[key].items() if unit in older.levels[key]}
    held = hold(
        both,
        people.by_dimension[key],
        dimension.values,
        scale=dimension.scale,
        weights=dimension.agreement.weights,
        by=dimension.agreement.by,
        cluster_of=people.cluster_of,
    )
    if not held.units:
        return ComparedDimension(dimension, "no unit has a level of both and a label of people", None, ())
    old = np.array([dimension.values.index(older.levels[key][unit]) for unit in held.units], dtype=np.int64)
    told = (held.units, held.people, held.levels, held.weights, held.by, held.scale)
    arrays = tuple(each.tobytes() for each in (held.judge, old, held.cluster, held.unit, held.person, held.level))
    report = kept.get(("two judges", told, arrays), lambda: two_judges(held, old))
    nearer = distances(held, old) - distances(held, held.judge)
    given: dict[int, list[tuple[str, Level]]] = {}
    for unit, who, level in zip(held.unit.tolist(), held.person.tolist(), held.level.tolist(), strict=True):
        given.setdefault(unit, []).append((held.people[who], held.levels[level]))
    changed = [
        ChangedLevel(
            held.units[at],
            held.levels[old[at]],
            held.levels[held.judge[at]],
            newer.because.get(key, {}).get(held.units[at], ""),
            tuple(given[at]),
            int(nearer[at]),
        )
        for at in np.flatnonzero(old != held.judge).tolist()
    ]
    return ComparedDimension(dimension, "", report, tuple(sorted(changed, key=lambda each: (each.nearer, each.unit))))
