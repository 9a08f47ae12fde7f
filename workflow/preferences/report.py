"""The figures of a closed comparison round, on each dimension it asked about."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from touchstone.english import many
from touchstone.preferences.choices import ComparedDimension
from touchstone.preferences.report import PreferenceReport, preference_report
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.preferences.choices_made import ReadChoices, choices_in
from workflow.preferences.comparisons import Comparison


class AskedReport(NamedTuple):
    """What was chosen on one dimension."""

    asked: ComparedDimension
    report: PreferenceReport

    def as_json(self) -> dict[str, Any]:
        """One of `dimensions` of `report-comparison --json`."""
        key, title, question = self.asked
        return {"dimension": key, "title": title, "question": question, **self.report.as_json()}


@dataclass(frozen=True)
class ComparisonReport:
    """`dimensions` in the order of the form; `read`: what it is made of, without the pairs that are held back from the reader."""

    dimensions: tuple[AskedReport, ...]
    read: ReadChoices

    @property
    def comparison(self) -> Comparison:
        return self.read.comparison

    @property
    def held_back(self) -> int:
        """Pairs that the reader labels or compares in an open round, which are in no figure."""
        return self.read.held_back

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence; on the first dimension, where there are several."""
        first = self.dimensions[0]
        if len(self.dimensions) == 1:
            return first.report.sentence
        return f"{many(len(self.dimensions), 'dimension')}. {first.asked.title}: {first.report.sentence}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be read beside the figures."""
        told = []
        if self.comparison.early_reason:
            told.append(f"It was closed early: {self.comparison.early_reason}")
        if self.held_back:
            told.append(f"{many(self.held_back, 'pair')} held back: an open round has drafts of them that you label or compare")
        return tuple(told)

    def as_json(self) -> dict[str, Any]:
        """The document of `report-comparison --json`."""
        return {
            "comparison": self.comparison.name,
            "seed": self.comparison.seed,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": [each.as_json() for each in self.dimensions],
        }


@verb
def preferences_in(person: Person, engine: sa.Engine, name: str) -> ComparisonReport:
    """The figures of a closed comparison round, as this person may know them. Raises NotYourTurn for an open one."""
    read = choices_in(person, engine, name)
    made = tuple(AskedReport(each, preference_report(read.given[each.key])) for each in read.comparison.dimensions)
    return ComparisonReport(made, read)
