"""The agreement report as it is shown, printed and written: of closed rounds or of a label set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from touchstone.agreement.figure import AgreementRule, Figure, PlainRule, in_words
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.second_opinion import MOST_UNITS, Opinion
from touchstone.english import listed, many
from touchstone.rubric.model import Rubric
from workflow.agreement.provenance import Source
from workflow.importing.origins import MADE_BY
from workflow.rounds.kinds import DOUBLE, RETEST
from workflow.rubric.levels import declared


@dataclass(frozen=True)
class Report:
    """Agreement per dimension, and all that must stand beside a figure: where the labels came from, and cautions.

    Of a calibration, `by_annotator` has a report for each annotator, of the gold and them; `dimensions` then lists those
    pairs, and has figures over all only where there is one annotator. Of a retest there is no threshold and no verdict.
    """

    name: str
    rounds: tuple[str, ...]
    label_set: str | None
    made_by: str
    rubric: Rubric
    annotators: tuple[str, ...]
    units: int
    units_with_two: int
    closed_at: datetime | None
    is_sample: bool
    dimensions: Mapping[str, DimensionReport]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    kind: str = DOUBLE
    by_annotator: Mapping[str, "Report"] = field(default_factory=dict)
    second_opinion: Mapping[str, Opinion] = field(default_factory=dict)
    are_people: bool = True

    @property
    def mark(self) -> str:
        """What must stand at every figure: who made the labels, where those are not people who labelled blind; else ""."""
        return f"labels made by {self.made_by}" if self.label_set and self.made_by != MADE_BY["person-blind"] else ""

    def rule(self, key: str) -> AgreementRule:
        """The rule a dimension is judged by: the rubric's, with alpha for its statistic where no people stand behind names."""
        rule = declared(self.rubric, key).agreement
        return rule if self.are_people else PlainRule("alpha", rule.weights, rule.threshold)

    def no_pairs(self, dimension: DimensionReport) -> str:
        """Why a dimension has no pair of annotators to show."""
        if not self.are_people:
            return "Figures per pair are not given: the annotators are slots in a file, not people."
        if dimension.pairs_left_out:
            return f"Figures per pair are left out: there are {many(dimension.pairs_left_out, 'pair')}."
        return "No two annotators labelled the same draft."

    @property
    def flagged(self) -> list[DimensionReport]:
        return [each for each in self.dimensions.values() if each.flagged]

    def as_json(self) -> dict[str, Any]:
        """The document of `report --json`."""
        each = (
            {
                "annotators": {
                    name: {key: made.as_json() for key, made in report.dimensions.items()}
                    for name, report in self.by_annotator.items()
                }
            }
            if self.by_annotator
            else {}
        )
        return {
            "name": self.name,
            "rounds": list(self.rounds),
            "label_set": self.label_set,
            "made_by": self.made_by,
            "kind": self.kind,
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "sample": self.is_sample,
            "notes": list(self.notes),
            "sources": [each.as_json() for each in self.sources],
            "second_opinion": {key: made.as_json() for key, made in self.second_opinion.items()},
            "dimensions": {key: self._marked(made.as_json()) for key, made in self.dimensions.items()},
            **each,
        }

    def _marked(self, dimension: dict[str, Any]) -> dict[str, Any]:
        """A dimension taken out of the document still says who made its labels: first among its warnings."""
        return {**dimension, "warnings": [self.mark, *dimension["warnings"]]} if self.mark else dimension

    @property
    def opinion_in_words(self) -> str:
        """What the libraries say of all figures, in one sentence; "" where they were not asked."""
        opinions = list(self.second_opinion.values())
        if not opinions:
            return ""
        if faults := sum(len(each.faults) for each in opinions):
            return (
                f"Second opinion: {many(faults, 'figure')} {'differs' if faults == 1 else 'differ'} from a library's. "
                "This is a bug in this program: do not use the figures named under the dimension."
            )
        if any(each.left_out for each in opinions):
            return f"Second opinion: none over {MOST_UNITS:,} units."
        agreeing = dict.fromkeys(library for each in opinions for library in each.agreeing)
        return f"Second opinion: {listed(list(agreeing))} agree{'s' if len(agreeing) == 1 else ''}." if agreeing else ""

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        if self.by_annotator:
            return " ".join(f"{name} against the gold: {own.sentence}" for name, own in self.by_annotator.items())
        if not self._judged:
            return "No dimension's statistic is defined: the table says why."
        if self.kind == RETEST:
            return self._sentence_of_retest
        at = many(self.units_with_two, "draft") + ("" if self.units_with_two == self.units else " with two labels")
        undecided = sum(each.judgement is not None and not each.judgement.is_decided for _, _, each in self._judged)
        if not undecided:
            return f"{self._flagged_in_words}, and at {at} every verdict is decided."
        which = "none is" if undecided == len(self.dimensions) else ("1 is not" if undecided == 1 else f"{undecided} are not")
        return f"{self._flagged_in_words}; at {at} {which} decided.{self._next_in_words}"

    @property
    def _judged(self) -> list[tuple[float, Figure, DimensionReport]]:
        """The value and the figure of each dimension whose statistic is defined."""
        return [
            (each.judged.value, each.judged, each)
            for each in self.dimensions.values()
            if each.judged is not None and each.judged.value is not None
        ]

    @property
    def _flagged_in_words(self) -> str:
        number, undefined = len(self.flagged), len(self.dimensions) - len(self._judged)
        flagged = (
            f"{number} of {many(len(self.dimensions), 'dimension')} {'is' if number == 1 else 'are'} flagged"
            if number
            else f"No dimension of {len(self.dimensions)} is flagged"
        )
        return flagged + (f", {undefined} undefined" if undefined else "")

    @property
    def _next_in_words(self) -> str:
        """How many drafts more to label for the flagged dimension farthest under its threshold; "" where none can be told."""
        under = [
            (each.threshold - value, each.dimension, each.further)
            for value, _, each in self._judged
            if each.flagged and each.threshold is not None and each.further and each.further.start is not None
        ]
        if not under:
            return ""
        _, key, further = max(under, key=lambda one: one[0])
        return f" {declared(self.rubric, key).title}: label {further.in_words()}."

    @property
    def _sentence_of_retest(self) -> str:
        low, high = (pick(self._judged, key=lambda one: one[0]) for pick in (min, max))
        ends = [
            f"{in_words(figure).split()[0]} ({declared(self.rubric, each.dimension).title})" for _, figure, each in (low, high)
        ]
        names = {f"{each.weights} {each.statistic}" for _, _, each in self._judged}
        called = names.pop() if len(names) == 1 else "the figure of each dimension"
        return (
            f"One person twice, {many(self.units_with_two, 'draft')}: {called} is "
            + (f"{ends[0]}" if len(self._judged) == 1 else f"from {ends[0]} to {ends[1]}")
            + "; no threshold applies."
        )
