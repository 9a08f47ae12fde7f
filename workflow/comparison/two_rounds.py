"""Two closed rounds side by side, before and after a revision: every dimension, not only those that were flagged.

Counts and figures only, no draft's text. This module reaches numpy and statsmodels; the label page does not reach it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from touchstone.agreement.figure import with_hyphens
from touchstone.agreement.report import DimensionReport
from touchstone.comparison.two_rounds import Comparison, difference_in_words, direction
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from workflow.agreement.report import Report
from workflow.agreement.reports import agreement_of_rounds
from workflow.bounded_cache import BoundedCache
from workflow.comparison.counted_rounds import count_rounds, labels_in_both
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import Round, closed_round
from workflow.rubric.levels import declared


@dataclass(frozen=True)
class DimensionChange:
    """One dimension by its key. A round that did not label it has no report here; `compared` needs both."""

    key: str
    title: str
    before: DimensionReport | None
    after: DimensionReport | None
    compared: Comparison | None

    @property
    def where(self) -> str:
        return "both" if self.compared else "before" if self.before else "after"

    def as_json(self) -> dict[str, Any]:
        of_each = {"before": self.before, "after": self.after}
        made: dict[str, Any] = {
            "in": self.where,
            "flagged": {side: each and each.flagged for side, each in of_each.items()},
            "units_with_two": {side: each and each.units_with_two for side, each in of_each.items()},
        }
        if self.compared is None:
            return made
        judged = self.compared.judged
        return made | {
            "units_in_common": judged.difference.n,
            "method": self.compared.method,
            "statistic": str(judged.coefficient),
            "by": self.compared.by,
            **judged.as_json(),
            "percent": self.compared.percent.as_json(),
            "notes": list(self.compared.notes),
        }


@dataclass(frozen=True)
class ComparedRounds:
    """All dimensions of two rounds, and what must be read beside a difference. `drafts_in_common` and `tasks_in_common`
    count those in both rounds; `discussable` the drafts after whose task had a draft before."""

    before: Report
    after: Report
    drafts_in_common: int
    tasks_in_common: int
    discussable: int
    same_annotators: bool
    dimensions: tuple[DimensionChange, ...]
    notes: tuple[str, ...]

    @property
    def in_both(self) -> list[DimensionChange]:
        return [each for each in self.dimensions if each.compared]

    @property
    def is_sample(self) -> bool:
        return self.before.is_sample or self.after.is_sample

    @property
    def comparisons(self) -> list[tuple[str, Comparison]]:
        """Title and comparison of each dimension in both rounds."""
        return [(each.title, each.compared) for each in self.dimensions if each.compared]

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        both = self.comparisons
        if not both:
            return f"{self.before.name} and {self.after.name} have no dimension in common."
        went = [(title, compared.judged, direction(compared.judged)) for title, compared in both]
        moved = [
            f"{listed(some)} {which}"
            for which in ("rose", "fell")
            if (some := [f"{title} {difference_in_words(judged)}" for title, judged, way in went if way == which])
        ]
        rest = []
        if number := sum(way == "undecided" for _, _, way in went):
            rest.append(f"{number} inconclusive")
        if number := sum(way is None for _, _, way in went):
            rest.append(f"{number} without a defined difference")
        return (
            f"Of {many(len(both), 'dimension')} in both rounds, "
            + (listed(moved) if moved else "none clearly rose or fell")
            + "".join(f"; {each}" for each in rest)
            + "."
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `compare --json`; a figure has the shape it has in the report."""
        sides = {
            side: {
                "name": each.name,
                "rubric": each.rubric.name,
                "rubric_digest": each.rubric.digest,
                "annotators": list(each.annotators),
                "drafts": each.units,
                "closed_at": each.closed_at,
            }
            for side, each in (("before", self.before), ("after", self.after))
        }
        return {
            **sides,
            "sample": self.is_sample,
            "drafts_in_common": self.drafts_in_common,
            "tasks_in_common": self.tasks_in_common,
            "drafts_of_tasks_in_both": self.discussable,
            "same_annotators": self.same_annotators,
            "sentence": with_hyphens(self.sentence),
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


@verb
def compare_rounds(
    person: Person, engine: sa.Engine, before: str, after: str, *, kept: BoundedCache | None = None
) -> ComparedRounds:
    """Every dimension of two closed rounds, matched by key. Raises NotYourTurn for an open round, Refused for one whose
    labels are not of people labelling the same drafts apart (a retest, a calibration). A round against itself differs by 0.
    `kept` has what was made of labels before, for who asks often, as in `agreement_of_rounds`.
    """
    with reading(engine, person) as connection:
        first, second = (_round_to_compare(connection, name) for name in (before, after))
        counted = count_rounds(connection, first, second, kept)
    was, now = (agreement_of_rounds(person, engine, [each.name], opinion=False, kept=kept) for each in (first, second))
    compared = ComparedRounds(
        before=was,
        after=now,
        drafts_in_common=counted.in_common.drafts,
        tasks_in_common=counted.in_common.tasks,
        discussable=counted.in_common.discussable,
        same_annotators={each.person for each in first.progress} == {each.person for each in second.progress},
        dimensions=tuple(_changes((was, now), counted.compared)),
        notes=(f"{first.name} cannot be compared with itself: name two rounds",),
    )
    return compared if first.id == second.id else replace(compared, notes=tuple(_notes(compared, first, second)))


@verb
def labels_to_count(person: Person, engine: sa.Engine, before: str, after: str, at_once: int = 0) -> int:
    """How many labels `compare_rounds` counts for drafts that are in both rounds; where they are more than `at_once`, how many
    they may be at most. 0 where no draft is in both: what was kept when they were closed says it all. Raises as it does."""
    with reading(engine, person) as connection:
        first, second = (_round_to_compare(connection, name) for name in (before, after))
        return labels_in_both(connection, first, second, at_once)


def _round_to_compare(connection: sa.Connection, name: str) -> Round:
    found = closed_round(connection, name)
    if found.kind != DOUBLE:
        raise Refused(
            f"{found.name} is a {found.kind} round, and its agreement is of another kind; compare two rounds "
            "in which people labelled the same drafts (kind double)"
        )
    return found


def _changes(reports: tuple[Report, Report], compared: Mapping[str, Comparison]) -> Iterator[DimensionChange]:
    """Every dimension that one of the rounds labelled, in the order of the rubric after."""
    before, after = reports
    for key in dict.fromkeys((*after.rubric.keys, *before.rubric.keys)):
        was, now = before.dimensions.get(key), after.dimensions.get(key)
        if was is None and now is None:
            continue
        title = (after.rubric.dimension(key) or declared(before.rubric, key)).title
        yield DimensionChange(key, title, was, now, compared[key] if was and now else None)


def _notes(compared: ComparedRounds, before: Round, after: Round) -> Iterator[str]:
    """What must be read beside the differences, the gravest first."""
    yield from _on_choice(compared, before, after)
    yield from _on_rounds(compared, before, after)
    yield from _on_differences(compared, before, after)
    yield from (f"{report.name}: {note}." for report in (compared.before, compared.after) for note in report.notes)


def _on_choice(compared: ComparedRounds, before: Round, after: Round) -> Iterator[str]:
    """That what was measured again was picked: low dimensions, or drafts that people had discussed."""
    flagged = [each.title for each in compared.dimensions if each.before and each.before.flagged]
    left_out = [each.title for each in compared.dimensions if each.where == "before"]
    if flagged or left_out:
        why = [f"{listed(flagged)} {'was' if len(flagged) == 1 else 'were'} flagged in {before.name}"] if flagged else []
        why += [f"{after.name} leaves out {listed(left_out)}"] if left_out else []
        yield (
            f"{'; '.join(why)}. Regression to the mean: a figure selected for being low is higher on average when it "
            "is measured again with nothing changed, and the interval does not allow for the selection. Measure every "
            "dimension again, read them all, and do not credit the revision for a rise of the lowest alone."
        )
    if compared.discussable:
        same = f", {compared.drafts_in_common:,} of them the same drafts" if compared.drafts_in_common else ""
        yield (
            f"{compared.discussable:,} of {many(after.told, 'draft')} of {after.name} belong to tasks whose drafts were in "
            f"{before.name}{same}: where those were discussed for the revision, agreement on them is no evidence for the "
            "new rubric. Measure on drafts of tasks that were not discussed."
        )


def _on_rounds(compared: ComparedRounds, before: Round, after: Round) -> Iterator[str]:
    """What else than the rubric is or is not different between the rounds."""
    if compared.before.rubric.digest == compared.after.rubric.digest:
        yield (
            f"Both rounds were labelled under {after.rubric} ({after.rubric_digest[:12]}): no rubric was revised between "
            "them, so a difference comes from the drafts, the people or chance."
        )
    if not compared.same_annotators:
        yield (
            f"The annotators are not the same people ({listed(before.annotators)}; then {listed(after.annotators)}): a "
            "difference may come from the people, not the rubric, and the intervals are for these people only."
        )
    if after.opened_at < before.opened_at:
        yield (
            f"{after.name}, named as the later round, was opened on {day(after.opened_at)}, before {before.name} "
            f"({day(before.opened_at)}): swap them if that was not meant."
        )


def _on_differences(compared: ComparedRounds, before: Round, after: Round) -> Iterator[str]:
    for side, name in (("before", before.name), ("after", after.name)):
        only = [each.title for each in compared.dimensions if each.where == side]
        if only:
            yield f"Only in {name}, so not compared: {listed(only)}."
    for title, comparison in compared.comparisons:
        yield from (f"{title}: {note}." for note in comparison.notes)
    told = sum(comparison.judged.difference.value is not None for _, comparison in compared.comparisons)
    if told > 1:
        yield (
            f"With {told} 95 % intervals, at least one excludes 0 in {100 * (1 - 0.95**told):.0f} % of comparisons "
            "in which nothing changed, if the dimensions are independent."
        )
