"""What is counted of the choices of a release while they go by, whoever lets them go by: the writer, or who verifies."""

from collections import Counter
from collections.abc import Sequence

from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import count_labels
from touchstone.data.label import LabelRow
from touchstone.preferences.agreement import PREFERENCE
from touchstone.preferences.choices import LEFT, RIGHT, TIE, A, B
from touchstone.releasing.counting import to_nine
from touchstone.releasing.manifest import ChoiceCounts, Terms
from touchstone.releasing.tables import PreferenceRow


def preferred(shown_left: str, taken: str) -> str:
    """a, tie or b, by which draft was on the left and what was taken."""
    if taken == TIE:
        return TIE
    return A if (shown_left == A) == (taken == LEFT) else B


class _OfDimension:
    """The choices on one dimension of a comparison round."""

    def __init__(self) -> None:
        self.rows: list[LabelRow] = []
        self.task_of: dict[str, str] = {}
        self.taken = Counter[str]()
        self.repeats = 0

    def counts(self) -> ChoiceCounts:
        return ChoiceCounts(
            pairs=len(self.task_of),
            choices=len(self.rows),
            repeats=self.repeats,
            left=self.taken[LEFT],
            tie=self.taken[TIE],
            right=self.taken[RIGHT],
        )

    def agreement(self, annotators: Sequence[str]) -> DimensionReport:
        """Its intervals take pairs as independent; where a task has several, a caution says so."""
        return dimension_report(count_labels(self.rows, PREFERENCE, tuple(annotators), self.task_of), None)


class ChoiceTally:
    """The choices by comparison round and dimension."""

    def __init__(self, terms: Terms) -> None:
        self._annotators = {each.name: each.annotators for each in terms.comparisons}
        self._of = {each.name: {asked.key: _OfDimension() for asked in each.dimensions} for each in terms.comparisons}

    def add(self, row: PreferenceRow) -> None:
        """Count a choice. Raises ValueError for a comparison round, or an annotator or a dimension of one, that nobody named."""
        if row.annotator not in self._annotators.get(row.comparison, ()):
            raise ValueError(f"{row.annotator} has no seat in {row.comparison}")
        if row.dimension not in self._of[row.comparison]:
            raise ValueError(f"{row.comparison} does not ask about {row.dimension}")
        of = self._of[row.comparison][row.dimension]
        if row.repeat:
            of.repeats += 1
            return
        pair = str(row.pair)
        of.rows.append(LabelRow(pair, row.annotator, PREFERENCE.key, row.preferred))
        of.task_of[pair] = row.task_id
        of.taken[row.taken] += 1

    def counts(self) -> dict[str, dict[str, ChoiceCounts]]:
        """By comparison round and dimension."""
        return {name: {key: each.counts() for key, each in of.items()} for name, of in self._of.items()}

    def document(self) -> dict[str, object]:
        """What agreement.json says of the choices, beside the labels; nothing where there are none."""
        if not self._of:
            return {}
        return {
            "preferences": {
                name: {key: to_nine(each.agreement(self._annotators[name]).as_json()) for key, each in of.items()}
                for name, of in self._of.items()
            }
        }
