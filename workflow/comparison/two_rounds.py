"""Two closed rounds side by side, before and after a revision: every dimension, not only those that were flagged.

Counts and figures only, no draft's text. This module reaches numpy and statsmodels; the label page does not reach it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from touchstone.agreement.report import DimensionReport
from touchstone.comparison.two_rounds import Comparison, Labelled, compare, difference_in_words, direction
from touchstone.data.counts import LabelRow, labels_by_unit
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from touchstone.rubric.reading import Rubric
from workflow.agreement.reports import Report, agreement_of_rounds
from workflow.people.people import Person
from workflow.rounds.rounds import Round, closed_round
from workflow.rubric import rubrics


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
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        found = self.in_both
        if not found:
            return f"{self.before.name} and {self.after.name} have no dimension in common."
        by_direction = {
            each: [one for one in found if direction(one.compared.judged) == each] for each in ("rose", "fell", "undecided", None)
        }
        moved = [
            f"{listed([f'{one.title} {difference_in_words(one.compared.judged)}' for one in some])} {which}"
            for which in ("rose", "fell")
            if (some := by_direction[which])
        ]
        rest = [f"{number} cannot be told from no change" for number in (len(by_direction["undecided"]),) if number]
        rest += [
            f"{number} {'has' if number == 1 else 'have'} no difference to give"
            for number in (len(by_direction[None]),)
            if number
        ]
        return (
            f"Of {many(len(found), 'dimension')} in both rounds, "
            + (listed(moved) if moved else "none rose or fell beyond its interval")
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
            "sentence": self.sentence,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


def compare_rounds(person: Person, engine: sa.Engine, before: str, after: str) -> ComparedRounds:
    """Every dimension of two closed rounds, matched by key. Raises NotYourTurn for an open round, Refused for one whose
    labels are not of people labelling the same drafts apart (a retest, a calibration). A round against itself differs by 0.
    """
    with reading(engine) as connection:
        rounds = tuple(closed_round(connection, name) for name in (before, after))
        for each in rounds:
            if each.kind != "double":
                raise Refused(
                    f"{each.name} is a {each.kind} round, and its agreement is of another kind; compare two rounds "
                    "in which people labelled the same drafts (kind double)"
                )
        read = tuple(rubrics.of_round(connection, each.id) for each in rounds)
        cells = [{row.draft_id: row.task_id for row in stored_labels.cells_of_round(connection, each.id)} for each in rounds]
        labelled = [_labelled(connection, each, rubric) for each, rubric in zip(rounds, read, strict=True)]
    if rounds[0].id == rounds[1].id:
        labelled[1] = labelled[0]  # the same labels, not equal ones: see touchstone.comparison
    reports = tuple(agreement_of_rounds(person, engine, [each.name]) for each in rounds)
    dimensions = []
    for key in dict.fromkeys((*read[1].keys, *read[0].keys)):
        sides = [each.dimensions.get(key) for each in reports]
        if any(sides):
            title = (read[1].dimension(key) or read[0].dimension(key)).title
            made = compare(labelled[0][key], labelled[1][key], (rounds[0].name, rounds[1].name)) if all(sides) else None
            dimensions.append(DimensionChange(key, title, *sides, made))
    tasks = set(cells[0].values())
    made = ComparedRounds(
        *reports,
        len(cells[0].keys() & cells[1].keys()),
        len(tasks & set(cells[1].values())),
        sum(task in tasks for task in cells[1].values()),
        {each.person for each in rounds[0].progress} == {each.person for each in rounds[1].progress},
        tuple(dimensions),
        (),
    )
    notes = (
        _notes(made, rounds)
        if rounds[0].id != rounds[1].id
        else (f"{rounds[0].name} is compared with itself: nothing can differ",)
    )
    return ComparedRounds(**{**vars(made), "notes": tuple(notes)})


def _labelled(connection: sa.Connection, found: Round, rubric: Rubric) -> Mapping[str, Labelled]:
    """The round's labels draft by draft, by dimension."""
    rows: dict[str, list[LabelRow]] = {key: [] for key in found.dimensions}
    for row in stored_labels.of_closed_round(connection, found.id):
        value = rubric.dimension(row.dimension).parse(row.value)
        rows[row.dimension].append(LabelRow(row.draft_id, row.annotator, row.dimension, value))
    made = {}
    for key, some in rows.items():
        dimension = rubric.dimension(key)
        made[key] = Labelled(
            found.annotators, dimension.values, dimension.agreement, labels_by_unit(some, dimension, found.annotators)
        )
    return made


def _notes(made: ComparedRounds, rounds: tuple[Round, Round]) -> Iterator[str]:
    """What must be read beside the differences, the gravest first."""
    before, after = rounds
    flagged = [each.title for each in made.dimensions if each.before and each.before.flagged]
    left_out = [each.title for each in made.dimensions if each.where == "before"]
    if flagged or left_out:
        why = [f"{listed(flagged)} {'was' if len(flagged) == 1 else 'were'} flagged in {before.name}"] if flagged else []
        why += [f"{after.name} leaves out {listed(left_out)}"] if left_out else []
        yield (
            f"{'; '.join(why)}. Regression to the mean: a figure picked out because it was low is higher on average when it "
            "is measured again with nothing changed, and the interval does not know that it was picked. Measure every "
            "dimension again, read them all, and do not take a rise of the lowest alone for the work of a revision."
        )
    if made.discussable:
        same = f", {made.drafts_in_common} of them the same drafts" if made.drafts_in_common else ""
        yield (
            f"{made.discussable} of {many(after.drafts, 'draft')} of {after.name} belong to tasks whose drafts were in "
            f"{before.name}{same}: where those were discussed for the revision, agreement on them is no evidence for the "
            "new rubric. Measure on drafts of tasks that were not discussed."
        )
    if made.before.rubric.digest == made.after.rubric.digest:
        yield (
            f"Both rounds were labelled under {after.rubric} ({after.rubric_digest[:12]}): no rubric was revised between "
            "them, so a difference comes from the drafts, the people or chance."
        )
    if not made.same_annotators:
        yield (
            f"The annotators are not the same people ({listed(before.annotators)}; then {listed(after.annotators)}): a "
            "difference may be theirs and not the rubric's, and the intervals are for these people only."
        )
    if after.opened_at < before.opened_at:
        yield (
            f"{after.name}, which stands for after, was opened on {day(after.opened_at)}, before {before.name} "
            f"({day(before.opened_at)}): name them the other way round if that was not meant."
        )
    for one, where in (("before", before.name), ("after", after.name)):
        only = [each.title for each in made.dimensions if each.where == one]
        if only:
            yield f"Only in {where}, so with nothing to compare: {listed(only)}."
    for each in made.in_both:
        yield from (f"{each.title}: {note}." for note in each.compared.notes)
    told = sum(each.compared.judged.difference.value is not None for each in made.in_both)
    if told > 1:
        yield (
            f"With {told} intervals of 95 %, one at least leaves out 0 in {100 * (1 - 0.95**told):.0f} % of comparisons "
            "in which nothing changed, if the dimensions have nothing to do with each other."
        )
    yield from (f"{each.name}: {note}." for each in (made.before, made.after) for note in each.notes)
