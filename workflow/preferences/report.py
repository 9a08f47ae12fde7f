"""The figures of a closed comparison round."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from touchstone.english import many
from touchstone.preferences.report import PreferenceReport, preference_report
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.preferences.comparisons import Comparison, choices_in


@dataclass(frozen=True)
class ComparisonReport:
    """`held_back`: pairs that the reader labels or compares in an open round, which are in no figure."""

    comparison: Comparison
    report: PreferenceReport
    held_back: int

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
            "question": self.comparison.question,
            "seed": self.comparison.seed,
            "held_back": self.held_back,
            "notes": list(self.notes),
            **self.report.as_json(),
        }


@verb
def preferences_in(person: Person, engine: sa.Engine, name: str) -> ComparisonReport:
    """The figures of a closed comparison round, as this person may know them. Raises NotYourTurn for an open one."""
    found = choices_in(person, engine, name)
    return ComparisonReport(found.comparison, preference_report(found.given), found.held_back)
