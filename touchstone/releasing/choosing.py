"""What is counted of the choices of a release while they go by, whoever lets them go by: the writer, or who verifies."""

from collections import Counter
from collections.abc import Sequence

from touchstone.data.label import LabelRow
from touchstone.preferences.agreement import PREFERENCE, AgreementOnChoices, agreement_on_choices
from touchstone.preferences.choices import LEFT, RIGHT, TIE, A, B
from touchstone.releasing.counting import to_nine
from touchstone.releasing.manifest import ChoiceCounts, Terms
from touchstone.releasing.tables import PreferenceRow


def preferred(shown_left: str, taken: str) -> str:
    """a, tie or b, by which draft was on the left and what was taken."""
    if taken == TIE:
        return TIE
    return A if (shown_left == A) == (taken == LEFT) else B


class ChoiceTally:
    """The choices by comparison round."""

    def __init__(self, terms: Terms) -> None:
        self._annotators = {each.name: each.annotators for each in terms.comparisons}
        self._rows: dict[str, list[LabelRow]] = {name: [] for name in self._annotators}
        self._task_of: dict[str, dict[str, str]] = {name: {} for name in self._annotators}
        self._taken: dict[str, Counter[str]] = {name: Counter() for name in self._annotators}
        self._repeats = Counter[str]()

    def add(self, row: PreferenceRow) -> None:
        """Count a choice. Raises ValueError for a comparison round, or an annotator of one, that nobody named."""
        if row.annotator not in self._annotators.get(row.comparison, ()):
            raise ValueError(f"{row.annotator} has no seat in {row.comparison}")
        if row.repeat:
            self._repeats[row.comparison] += 1
            return
        pair = str(row.pair)
        self._rows[row.comparison].append(LabelRow(pair, row.annotator, PREFERENCE.key, row.preferred))
        self._task_of[row.comparison][pair] = row.task_id
        self._taken[row.comparison][row.taken] += 1

    def counts(self) -> dict[str, ChoiceCounts]:
        return {
            name: ChoiceCounts(
                pairs=len(self._task_of[name]),
                choices=len(rows),
                repeats=self._repeats[name],
                left=self._taken[name][LEFT],
                tie=self._taken[name][TIE],
                right=self._taken[name][RIGHT],
            )
            for name, rows in self._rows.items()
        }

    def document(self) -> dict[str, object]:
        """What agreement.json says of the choices, beside the labels; nothing where there are none."""
        if not self._rows:
            return {}
        return {"preferences": {name: to_nine(self._agreement(name, rows).report.as_json()) for name, rows in self._rows.items()}}

    def _agreement(self, name: str, rows: Sequence[LabelRow]) -> AgreementOnChoices:
        return agreement_on_choices(rows, self._annotators[name], self._task_of[name])
