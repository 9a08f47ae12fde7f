"""What of a round's cells becomes gold in a release, and why the others do not."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from touchstone.data.gold import ADJUDICATED, AGREED, MISSING, SINGLE, WAITING, Cell, CellDecision, CellLabel
from touchstone.releasing.tables import (
    CURRENT,
    FLAGGED,
    MAJORITY,
    OUTDATED,
    CheckRow,
    DecisionRow,
    DraftRow,
    GoldRow,
    LeftOutRow,
    Level,
    ReleasedLabel,
)

RULES = (AGREED, MAJORITY)
LEAST_FOR_MAJORITY = 3  # labels
NO_MOMENT = datetime.min.replace(tzinfo=UTC)  # no state of a cell depends on when


@dataclass(frozen=True)
class Policy:
    """`rule`: agreed (all labels equal, two or more), or majority (also a level that more than half of three labels or more
    have); a cell that was adjudicated has the level decided on under both. `with_single`: cells labelled once leave too, marked.
    `partial`: cells that wait are left out, else there is no release while any waits. `with_flagged`: dimensions whose agreement
    is below their threshold leave too, each row marked so."""

    rule: str = AGREED
    with_single: bool = False
    partial: bool = False
    with_flagged: bool = False

    def in_words(self) -> str:
        """The policy as a paragraph."""
        first = (
            f"A cell is gold if {LEAST_FOR_MAJORITY} or more annotators labelled it and more than half gave one level, if all of "
            "its two or more labels are equal, or if it was adjudicated."
            if self.rule == MAJORITY
            else "A cell is gold if two or more annotators labelled it and all gave the same level, or if it was adjudicated."
        )
        return " ".join(
            [
                first,
                f"Cells that one annotator labelled are {'in it, marked single' if self.with_single else 'left out'}.",
                f"Cells that wait for a decision are {'left out, each named' if self.partial else 'none'}.",
                "Dimensions whose agreement is below their threshold are "
                + ("in it, each row marked flagged." if self.with_flagged else "left out, each cell named."),
                "Labels under a wording that a later rubric version changed are left out, each cell named.",
            ]
        )


class Settled(NamedTuple):
    """The settled level and how it was settled; or "" and why it is left out."""

    value: Level | None
    source: str
    because: str = ""


def settled(cell: Cell, policy: Policy) -> Settled:
    """What a policy makes of a cell of a dimension that is neither outdated nor left out as flagged."""
    if cell.decision:
        return Settled(cell.decision.value, ADJUDICATED)
    state = cell.state
    if state == AGREED:
        return Settled(cell.labels[0].value, AGREED)
    if policy.rule == MAJORITY and len(cell.labels) >= LEAST_FOR_MAJORITY:
        value, number = Counter(label.value for label in cell.labels).most_common(1)[0]
        if 2 * number > len(cell.labels):
            return Settled(value, MAJORITY)
    if policy.with_single and (state == SINGLE or state == MISSING and cell.is_lone):
        return Settled(cell.labels[0].value, SINGLE)
    return Settled(None, "", state)


class DraftRows(NamedTuple):
    """What a draft gives a release."""

    gold: list[GoldRow]
    left_out: list[LeftOutRow]

    @property
    def waiting(self) -> int:
        return sum(row.because in WAITING for row in self.left_out)


class Dimensions(NamedTuple):
    """The dimensions of a release in the rubric's order by round; which are flagged, and which have outdated labels."""

    of_round: dict[str, tuple[str, ...]]
    flagged: Collection[str]
    outdated: Collection[str]


def gold_of_draft(
    draft: DraftRow,
    labels: Sequence[ReleasedLabel],
    decisions: Sequence[DecisionRow],
    checks: Sequence[CheckRow],
    dimensions: Dimensions,
    policy: Policy,
) -> DraftRows:
    """The gold of one draft, and its cells that are left out. `labels`: all of the draft, superseded ones too.
    `checks`: its cells that were checked; one that got another level waits until somebody decides."""
    made = DraftRows([], [])
    given: dict[str, list[CellLabel]] = {}
    for label in labels:
        if label.state == CURRENT:
            given.setdefault(label.dimension, []).append(
                CellLabel(label.label_id, 0, label.annotator, label.value, "", NO_MOMENT)
            )
    decided = {row.dimension: _decision(row) for row in decisions}
    skips = ("skipped",) * draft.skips
    contested = {row.dimension for row in checks if row.value != row.agreed}
    for key in dimensions.of_round[draft.round]:
        cell = Cell(
            draft.draft_id,
            draft.task_id,
            key,
            tuple(given.get(key, ())),
            draft.labels_owed,
            skips,
            decided.get(key),
            key in contested,
        )
        is_flagged = key in dimensions.flagged
        if key in dimensions.outdated:
            found = Settled(None, "", OUTDATED)
        elif is_flagged and not policy.with_flagged:
            found = Settled(None, "", FLAGGED)
        else:
            found = settled(cell, policy)
        of_cell = (draft.draft_id, draft.task_id, draft.partition, draft.round, key)
        if found.value is None:
            made.left_out.append(LeftOutRow(*of_cell, found.because))
            continue
        ids = " ".join(str(label) for label in cell.sources)
        decision = cell.decision.adjudication if cell.decision else None
        made.gold.append(GoldRow(*of_cell, found.value, found.source, is_flagged, len(cell.labels), ids, decision))
    return made


def _decision(row: DecisionRow) -> CellDecision:
    return CellDecision(row.adjudication_id, row.value, row.reason, row.cause, row.adjudicator, row.also_labelled, NO_MOMENT)
