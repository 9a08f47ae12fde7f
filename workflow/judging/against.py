"""A judge held against people, dimension by dimension: the figures, the verdict, what is known of the population, and where they
disagree (touchstone/judging has every formula)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_tasks
from db.store.judging import answers as stored_answers
from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.comparison.classification import below, cuts_of, usual_cut
from touchstone.data.counts import have_same_levels
from touchstone.data.label import Level
from touchstone.embedding import is_installed
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.judging.alt_test import EPSILONS
from touchstone.judging.controls import Controls, controls_of
from touchstone.judging.held import HeldLabels, hold
from touchstone.judging.population import CorrectedShare, PopulationMean, population_mean, rogan_gladen
from touchstone.judging.report import MARGIN, JudgeReport, a_fifth, judge_report, verdict_in_words
from touchstone.judging.standing_in import MAY, MAY_NOT, MORE, NONE
from touchstone.rubric.model import Dimension
from workflow.bounded_cache import BoundedCache
from workflow.comparison.two_sources import all_sources, sources_of
from workflow.judging import judge_levels
from workflow.judging.judge_levels import BY_MEANING, MOST, TRAINED, TRAINED_JUDGES, JudgeLevels, Tell
from workflow.judging.llm.reasons import with_reasons
from workflow.judging.people_labels import PeopleLabels, people_labels
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import all_rounds
from workflow.rubric.levels import declared
from workflow.scorer.scoring import versions_to_score_by

DEV = "dev"


class Differs(NamedTuple):
    """One unit on which the judge gives what is no mode of the people's levels. `labels`: person, level and note; `apart`: from
    the nearest mode, in levels (1 on a nominal scale); `because`: why the judge gave it, where it says so; `is_draft`: whether
    its text can be shown."""

    unit: str
    judge: Level
    because: str
    labels: tuple[tuple[str, Level, str], ...]
    apart: int
    is_draft: bool

    def as_json(self) -> dict[str, Any]:
        given = {who: level for who, level, _ in self.labels}
        return {"unit": self.unit, "judge": self.judge, "because": self.because or None, "people": given, "apart": self.apart}


@dataclass(frozen=True)
class JudgedDimension:
    """`report` None with a `reason` where the levels cannot be compared. `population`: by what is averaged ("passing", "level"),
    none where the judge has no unit of its own; `corrected`: the share that passes by Rogan and Gladen, beside it."""

    declared: Dimension
    reason: str
    report: JudgeReport | None
    differs: tuple[Differs, ...]
    population: Mapping[str, PopulationMean]
    corrected: CorrectedShare | None = None

    @property
    def key(self) -> str:
        return self.declared.key

    @property
    def title(self) -> str:
        return self.declared.title

    def as_json(self) -> dict[str, Any]:
        if self.report is None:
            return {"n": 0, "verdict": None, "reason": self.reason}
        most = [each.as_json() for each in self.differs[:20]]
        return {
            **self.report.as_json(),
            "disagreements": {"units": len(self.differs), "widest": most},
            "population": {what: each.as_json() for what, each in self.population.items()} or None,
            "rogan_gladen": self.corrected.as_json() if self.corrected else None,
        }


@dataclass(frozen=True)
class JudgedAgainst:
    """A judge against people. `epsilon` with `people_are`: of the alt-test."""

    judge: str
    people: PeopleLabels
    people_are: str
    dimensions: tuple[JudgedDimension, ...]
    held_back: int
    notes: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """The verdict on each dimension, in a sentence."""
        return [verdict_in_words(each.title, self.judge, each.report) for each in self.dimensions if each.report]

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        told = [(each.title, each.report.stand_in.verdict) for each in self.dimensions if each.report]
        may, may_not, more, none = ([title for title, each in told if each == wanted] for wanted in (MAY, MAY_NOT, MORE, NONE))
        if not told:
            return f"{self.judge} has no dimension that can be compared."
        if not may and not may_not:
            if not none:
                return (
                    f"There are not enough labels to say whether {self.judge} may stand in for a person on {listed(more, 'or')}."
                )
            rest = f", and not enough labels on {listed(more)}" if more else ""
            return f"There is no verdict on {self.judge} on {listed(none)}{rest}."
        parts = [f"may stand in for a person on {listed(may)}"] if may else []
        parts += [f"may not{'' if may else ' stand in for a person'} on {listed(may_not)}"] if may_not else []
        left = [f"on {listed(more)} there are not enough labels to say"] if more else []
        left += [f"on {listed(none)} there is no verdict"] if none else []
        return f"{self.judge} {listed(parts)}" + (f"; {listed(left)}." if left else ".")

    def as_json(self) -> dict[str, Any]:
        """The document of `judge against --json`."""
        return {
            "judge": self.judge,
            "people": self.people.name,
            "people_are": self.people_are,
            "sample": self.people.is_sample,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


@verb
def judge_against(
    person: Person,
    engine: sa.Engine,
    judge: str,
    people: str,
    *,
    margin: float = MARGIN,
    people_are: str = "expert",
    cut: str = "",
    kept: BoundedCache | None = None,
    tell: Tell | None = None,
) -> JudgedAgainst:
    """A judge (`judge_levels.HOW`) against people (`people_labels.HOW`), for the lead. `margin`: how much less it may agree than
    a person does, in kappa; `people_are`: expert, skilled or crowd, for the alt-test; `cut`: a level as it is written, from which
    on a unit passes, the usual one when left out. `kept` holds figures made before of the same labels; `tell` hears how far it is
    with those that are not, and may raise to stop.

    Raises NotYourTurn for an open round, Refused for a source that is not there, for people that are none, and for options
    outside what they take."""
    if not 0 < margin < 1:
        raise Refused(f"the margin is between 0 and 1, not {margin:g}; .1 is usual", way=("margin .1",))
    if people_are not in EPSILONS:
        raise Refused(f"people are one of {listed([*EPSILONS])}, not {people_are or 'blank'}", way=("people-are skilled",))
    with reading(engine, person) as connection:
        held_against = people_labels(connection, people)
        units = list(held_against.side.labels)
        rows = stored_tasks.drafts_of_units(connection, units) if len(units) <= MOST else {}
        being = stored_tasks.drafts_in_open_rounds(connection)
    cuts, kept = _cuts(held_against, cut), kept or BoundedCache(64)
    heard = tell or (lambda share, words: None)
    found, held_against = _judge(person, engine, judge.strip(), held_against, _Drafts(rows, being), cuts, kept, heard)
    texts = {unit: row.text for unit, row in rows.items()}
    with reading(engine, person) as connection:
        strange = sorted({unit for given in found.alone.values() for unit in given})
        clusters = {**stored_tasks.clusters_of_units(connection, strange), **held_against.cluster_of}
    asked = _Asked(held_against, found, cuts, margin, people_are, texts, clusters, kept, heard)
    dev = frozenset(unit for unit, row in rows.items() if (row.partition or "").casefold() == DEV)
    shared = judge_levels.shared_dimensions(held_against, found)
    dimensions = tuple(_dimension(asked, each, dev, at / len(shared)) for at, each in enumerate(shared))
    back = max(held_against.held_back, found.held_back)
    return JudgedAgainst(found.name, held_against, people_are, dimensions, back, tuple(_notes(asked, dimensions)))


class _Drafts(NamedTuple):
    """The people's drafts by unit, and those (ids) that an open round holds."""

    rows: Mapping[str, sa.Row]
    being: set[int]

    @property
    def free(self) -> dict[str, sa.Row]:
        return {unit: row for unit, row in self.rows.items() if row.id not in self.being}


def _judge(
    person: Person,
    engine: sa.Engine,
    judge: str,
    people: PeopleLabels,
    drafts: _Drafts,
    cuts: Mapping[str, Level | None],
    kept: BoundedCache,
    tell: Tell,
) -> tuple[JudgeLevels, PeopleLabels]:
    """The judge of that name, and the people without them where the judge is one."""
    kind, _, name = judge.partition(":")
    has_head = kind.casefold() == "head"
    if has_head or kind.casefold() in ("round", "gold", "set"):
        (source,) = sources_of(person, engine, [f"set:{name}" if has_head else judge])
        found, people = judge_levels.of_source(source, people)
        with reading(engine, person) as connection:
            found = with_reasons(connection, found, source, cuts)
        return judge_levels.with_head(found, people, cuts, kept, tell) if has_head else found, people
    left = len(drafts.rows) - len(drafts.free)
    if (trained := judge.casefold()) in TRAINED_JUDGES:
        judge_levels.refuse_many(trained, [*people.side.labels])
        texts = {unit: row.text for unit, row in drafts.free.items()}
        return judge_levels.trained(trained, people, texts, left, cuts, kept, tell), people
    if kind.casefold() == "scorer" and name.strip():
        judge_levels.refuse_many(judge, [*people.side.labels])
        with reading(engine, person) as connection:
            return judge_levels.scored(connection, name.strip(), people, drafts.free, left), people
    raise Refused(f"{judge or 'a blank'} is not a judge: {judge_levels.HOW}")


class _Asked(NamedTuple):
    people: PeopleLabels
    judge: JudgeLevels
    cuts: Mapping[str, Level | None]
    margin: float
    people_are: str
    texts: Mapping[str, str]
    clusters: Mapping[str, str]
    kept: BoundedCache
    tell: Tell


def _cuts(people: PeopleLabels, cut: str) -> dict[str, Level | None]:
    """Where each dimension is cut: at the level asked for, where it can be, else at the usual one."""
    can = {key: cuts_of(declared(people.rubric, key)) for key in people.by_dimension}
    if cut and not any(cut in map(str, levels) for levels in can.values()):
        told = list(dict.fromkeys(str(each) for levels in can.values() for each in levels))
        raise Refused(f"no dimension can be cut at {cut}; choose from {listed(told, 'or') or 'none: no level has an order'}")
    found: dict[str, Level | None] = {}
    for key, levels in can.items():
        at = next((level for level in levels if cut and str(level) == cut), None)
        found[key] = usual_cut(declared(people.rubric, key)) if at is None else at
    return found


def _dimension(asked: _Asked, dimension: Dimension, dev: frozenset[str], done: float) -> JudgedDimension:
    """`done`: the share of the dimensions that are figured already."""
    key, people, judge = dimension.key, asked.people, asked.judge
    if not have_same_levels(dimension, declared(judge.rubric, key)):
        return JudgedDimension(dimension, "its levels differ between the two rubric versions", None, (), {})
    held = hold(
        judge.levels[key],
        people.by_dimension[key],
        dimension.values,
        scale=dimension.scale,
        weights=dimension.agreement.weights,
        by=dimension.agreement.by,
        cluster_of=people.cluster_of,
        passing=judge.passing.get(key),
    )
    if not held.units:
        return JudgedDimension(dimension, "no unit has a label of both", None, (), {})
    start = judge_levels.READ + (1 - judge_levels.READ) * done

    def controls_made() -> Controls:
        asked.tell(start, f"controls of {dimension.title}")
        return controls_of(held, asked.texts)

    controls = asked.kept.get(("controls", _digest(held, asked.texts), held.judge.tobytes()), controls_made)
    own_dev = np.array([unit in dev for unit in held.units])
    cut = asked.cuts.get(key)
    probable = None if held.passing is None else held.passing.tobytes()
    told = (asked.margin, asked.people_are, cut, own_dev.tobytes(), held.judge.tobytes(), probable, repr(dimension.agreement))

    def report_made() -> JudgeReport:
        asked.tell(start, f"intervals of {dimension.title}")
        own = own_dev if own_dev.any() and not own_dev.all() else a_fifth(held)
        epsilon, rule = EPSILONS[asked.people_are], dimension.agreement
        return judge_report(held, controls, margin=asked.margin, epsilon=epsilon, cut=cut, dev=own, rule=rule)

    report = asked.kept.get(("judged", _digest(held, asked.texts), told), report_made)
    return JudgedDimension(dimension, "", report, _differs(asked, held, key), *_population(asked, held, key, cut))


def _digest(held: HeldLabels, texts: Mapping[str, str]) -> bytes:
    """Of all that figures of people and controls depend on."""
    told = sha256(
        repr((held.levels, held.scale, held.weights, held.by, held.people, held.units)).encode("utf-8", "surrogatepass")
    )
    for array in (held.cluster, held.unit, held.person, held.level):
        told.update(array.tobytes())
    for unit in held.units:
        told.update(repr(texts.get(unit)).encode("utf-8", "surrogatepass"))
    return told.digest()


def _differs(asked: _Asked, held: HeldLabels, key: str) -> tuple[Differs, ...]:
    """The widest apart first, then those on which most people are at one."""
    given: dict[int, list[tuple[str, Level, str]]] = {}
    wrong = np.flatnonzero(held.modes[np.arange(len(held.units)), held.judge] == 0)
    of_unit = set(wrong.tolist())
    for unit, person, level in zip(held.unit.tolist(), held.person.tolist(), held.level.tolist(), strict=True):
        if unit in of_unit:
            who, name = held.people[person], held.units[unit]
            given.setdefault(unit, []).append((who, held.levels[level], asked.people.notes_beside.get((name, who, key), "")))
    because = asked.judge.because.get(key, {})
    found = []
    for unit in wrong.tolist():
        modes = np.flatnonzero(held.modes[unit])
        apart = 1 if held.scale == "nominal" else int(np.abs(modes - held.judge[unit]).min())
        name = held.units[unit]
        level = held.levels[held.judge[unit]]
        found.append(Differs(name, level, because.get(name, ""), tuple(given[unit]), apart, name in asked.texts))
    return tuple(sorted(found, key=lambda each: (-each.apart, len({level for _, level, _ in each.labels}), each.unit)))


def _population(
    asked: _Asked, held: HeldLabels, key: str, cut: Level | None
) -> tuple[dict[str, PopulationMean], CorrectedShare | None]:
    """Of all units of the judge: the share that passes at the cut, also by Rogan and Gladen, the mean level where levels are
    numbers."""
    alone = asked.judge.alone.get(key, {})
    if not alone:
        return {}, None
    values: dict[str, dict[Level, float]] = {}
    dimension = declared(asked.people.rubric, key)
    if cut is not None:
        fails = below(dimension, cut)
        values["passing"] = {level: float(level not in fails) for level in held.levels}
    if are_numbers(held.levels) and held.scale == "ordinal":
        values["level"] = {level: float(level) for level in held.levels}
    numbers: dict[str, int] = {}
    own, other = (
        np.array([numbers.setdefault(asked.clusters.get(unit, f"\0{unit}"), len(numbers)) for unit in units], dtype=np.int64)
        for units in (held.units, alone)
    )
    made, corrected = {}, None
    for what, value_of in values.items():
        at = np.array([value_of[level] for level in held.levels])
        people = held.counts @ at / held.counts.sum(axis=1)
        judge, judge_alone = at[held.judge], np.array([value_of[each] for each in alone.values()])
        made[what] = population_mean(people, judge, judge_alone, own, other)
        if what == "passing":
            told = people != 0.5
            corrected = rogan_gladen(people[told] > 0.5, judge[told] > 0, judge_alone > 0, own[told], other)
    return made, corrected


def _notes(asked: _Asked, dimensions: Sequence[JudgedDimension]) -> Iterator[str]:
    """What must be read beside the figures."""
    yield from asked.people.notes
    yield from asked.judge.notes
    if asked.people.held_back:
        units = many(asked.people.held_back, "unit")
        yield f"{asked.people.name}: {units} held back: you are labelling the drafts in an open round"
    made = [each.report for each in dimensions if each.report]
    if whys := list(dict.fromkeys(each.untried for each in made if each.untried)):
        told = "; ".join(each.why for each in whys)
        yield f"the controls length and layout could not be tried, so no judge is approved here: {told}"
    for twin in dict.fromkeys(each.twin for each in made if each.twin):
        yield f"{twin.person} is left out of the people: the judge’s levels are {twin.in_words}"
    if any(each.compared < each.people for each in made):
        yield "people with fewer than 30 labels are in the mode of the others, and not held against the rest themselves"


@verb
def judges_and_people(engine: sa.Engine) -> tuple[list[str], list[str]]:
    """The judges and the people there are, for choosing: closed rounds and label sets, then the scorers and the judges that
    are trained: by meaning where the extra `embed` is installed."""
    sources = all_sources(engine)
    rounds = [f"round:{each.name}" for each in all_rounds(engine) if not each.is_open and each.has_gold]
    whole = [each for each in sources if each.startswith("set:") and not _is_annotator(each, sources)]
    judges = [
        *(each for each in sources if each.startswith("set:")),
        *(f"scorer:{each}" for each in versions_to_score_by(engine)),
    ]
    with reading(engine) as connection:
        judges += [f"head:{name}" for name in stored_answers.sets_with_chances(connection)]
    others = [each for each in sources if not each.startswith("set:")]
    trained = [TRAINED, *([BY_MEANING] if is_installed() else [])]
    return [*judges, *trained, *others], [*rounds, *whole, *(each for each in sources if each.startswith("gold:"))]


def _is_annotator(name: str, sources: Sequence[str]) -> bool:
    return any(name.startswith(f"{each}/") for each in sources if each != name)
