"""A closed round's labels in hand, with what their drafts can be told apart by.

Who may lead is not decided here: in local mode everyone may. What is kept is blindness: open rounds are refused by the
queries themselves, which leave out drafts that the reader labels in an open round.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from db.store import closed_rounds as stored_closed_rounds
from touchstone.data.counts import Counts
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.label_rows import LabelTable, label_rows
from workflow.rounds.rounds import Round, closed_round, refuse_all_held_back
from workflow.rubric import rubrics


@dataclass(frozen=True)
class RoundLabels:
    """`rows`: each label with its draft's author, task and place, as `sliceable_of_closed_round` has them; `table`: the same
    labels as the one long table."""

    round: Round
    rows: Sequence[sa.Row]
    table: LabelTable

    @property
    def rubric(self) -> Rubric:
        return self.table.rubric

    def counts(self, key: str, units: Collection[str] | None = None) -> Counts:
        """The counts of one dimension, over these units alone where some are named."""
        if units is None:
            return self.table.counts(key)
        return replace(self.table, rows=[row for row in self.table.rows if row.unit in units]).counts(key)

    def second_label(self) -> dict[str, datetime]:
        """When each draft could first show agreement: its second label's first saving; its only label's, where it has one."""
        saved: dict[str, dict[str, datetime]] = {}
        for row in self.rows:
            saved.setdefault(row.draft_id, {})[row.annotator] = row.first_saved_at
        return {unit: sorted(by_whom.values())[:2][-1] for unit, by_whom in saved.items()}


def round_to_cut(connection: sa.Connection, round_name: str) -> Round:
    """Raises NotYourTurn for an open round, Refused for one that is not of several people who label the same drafts."""
    found = closed_round(connection, round_name)
    refuse_all_held_back(found)
    if found.purpose:
        raise Refused(
            f"{found.name} is a {found.purpose}; slices and annotators are for rounds that several people label: "
            "see it under Agreement"
        )
    return found


def labels_in_hand(connection: sa.Connection, round_name: str) -> RoundLabels:
    """Raises as `round_to_cut` does."""
    found = round_to_cut(connection, round_name)
    rubric = rubrics.of_round(connection, found.id)
    rows = stored_closed_rounds.sliceable_of_closed_round(connection, found.id)
    given = ((row.draft_id, row.annotator, row.dimension, row.value) for row in rows)
    clusters = {row.draft_id: row.cluster for row in rows}
    return RoundLabels(found, rows, LabelTable(rubric, found.compared, label_rows(rubric, given), clusters, {}))
