"""The meeting on a closed round: one dimension's disagreements, what was decided on the rubric's words, what was discussed.

A draft with a decision, or marked as discussed, is marked for good with every draft of its task: its later agreement is no
evidence for a new version. This module reaches numpy and statsmodels; the label page does not reach this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import adjudications as stored_adjudications
from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import revisions as stored
from db.store import tasks as stored_intake
from db.store.closing import cells as stored_cells
from db.store.closing import withheld
from touchstone.data.gold import CellDecision
from touchstone.english import listed, many
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Dimension, Rubric
from workflow import clock, text
from workflow.agreement.disagreements import Disagreement, Judged, disagreements_of
from workflow.agreement.reports import agreement_of_rounds
from workflow.bounded_cache import BoundedCache
from workflow.events.recording import recorded
from workflow.gold.cells import round_with_cells
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import level_of, scales_of


class Said(NamedTuple):
    """What stands of one disagreement, or the note: words ("" for a draft only discussed), by whom and when. `withdrawn`: the
    mark was taken back."""

    id: int
    words: str
    by: str
    at: datetime
    withdrawn: bool = False


class Point(NamedTuple):
    """One disagreement on the table. `of_discussed_task`: not itself discussed here, but its draft on another dimension was, or
    another draft of its task, in this meeting or another."""

    draft_id: str
    task_id: str
    labels: tuple[Judged, ...]
    adjudication: CellDecision | None
    said: Said | None
    of_discussed_task: bool

    @property
    def is_discussed(self) -> bool:
        return self.said is not None and not self.said.withdrawn

    @property
    def is_decided(self) -> bool:
        return self.said is not None and self.is_discussed and bool(self.said.words)


class Group(NamedTuple):
    """Disagreements between the same levels: `many`, of which some may be here alone, the first of them after `before`."""

    levels: tuple[int | str, ...]
    points: tuple[Point, ...]
    many: int
    before: int = 0

    @property
    def title(self) -> str:
        """ "1 against 2"; three and more levels "1, 2 and 3"."""
        words = [str(each) for each in self.levels]
        return " against ".join(words) if len(words) == 2 else listed(words)


@dataclass(frozen=True)
class Meeting:
    """One dimension of a closed round before its meeting; the larger groups first. `discussed` counts this round's drafts that
    are marked, on any dimension; `with_them` all drafts of their tasks. Of drafts that are held back from the reader
    (`round.held_back` of them) nothing is in it, marks included."""

    round: Round
    rubric: Rubric
    dimension: Dimension
    groups: tuple[Group, ...]
    note: Said | None
    discussed: int
    with_them: int
    decided: int
    only_discussed: int

    @property
    def many(self) -> int:
        """How many disagreements there are, those that are not here too."""
        return sum(group.many for group in self.groups)

    @property
    def points(self) -> list[Point]:
        return [point for group in self.groups for point in group.points]

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        if not self.groups:
            if self.round.held_back:
                return f"{self.dimension.title}: no disagreement on the {many(self.round.told, 'draft')} that you may see now."
            return f"{self.dimension.title}: no draft's labels differ."
        told = [
            f"{self.decided} decided" if self.decided else "none decided yet",
            *([f"{self.only_discussed} discussed without a decision"] if self.only_discussed else []),
        ]
        return f"{self.dimension.title}: {many(self.many, 'disagreement')}, {listed(told)}."


@verb
def dimensions_of_meeting(
    person: Person, engine: sa.Engine, round_name: str, kept: BoundedCache | None = None
) -> list[tuple[str, bool]]:
    """The dimensions of a closed round, each with whether it is flagged: the one farthest under its threshold first. `kept`: as
    in `agreement_of_rounds`."""
    with reading(engine, person) as connection:
        found = round_with_cells(connection, round_name)
    report = agreement_of_rounds(person, engine, [found.name], opinion=False, kept=kept)

    def over(key: str) -> float:
        each = report.dimensions.get(key)
        return (
            float("inf")
            if each is None or each.judged is None or each.judged.value is None or each.threshold is None
            else each.judged.value - each.threshold
        )

    return [
        (key, bool(key in report.dimensions and report.dimensions[key].flagged)) for key in sorted(found.dimensions, key=over)
    ]


@verb
def meeting(
    person: Person, engine: sa.Engine, round_name: str, dimension: str, *, most: int | None = None, near: str = ""
) -> Meeting:
    """What lies on the table: every disagreement of a closed round on one dimension, by the levels that stand against each
    other. `most`: of each group some alone where there are more, and `near`, a draft's id, among them. Drafts the person labels
    in an open round are held back, as everywhere. Raises NotYourTurn for an open round."""
    with reading(engine, person) as connection:
        found = round_with_cells(connection, round_name)
        rubric = rubrics.of_round(connection, found.id)
        dimension_met = _declared(found, rubric, dimension)
        key = dimension_met.key
        rows = stored.discussions_of(connection, found.id)
        tasks = stored.discussed_tasks(connection)
        adjudicated = _adjudicated(connection, found, dimension_met)
        note = stored.note_of(connection, found.id, key)
        with_them = stored.drafts_of_discussed_tasks(connection, found.id)
        said = {row.draft_id: _said(row) for row in rows if row.dimension == key}
        parts = _parts(connection, found, rubric, dimension_met, most, near)
    of_draft = lambda each: _point(each, adjudicated.get(each.unit), said.get(each.unit), each.task_id in tasks)  # noqa: E731
    stand = [each for each in said.values() if not each.withdrawn]
    decided = sum(bool(each.words) for each in stand)
    return Meeting(
        found,
        rubric,
        dimension_met,
        tuple(Group(part.levels, tuple(map(of_draft, part.differing)), part.many, part.before) for part in parts),
        Said(note.id, note.note, note.noted_by, note.noted_at) if note else None,
        len({row.draft_id for row in rows if not row.withdrawn}),
        with_them,
        decided,
        len(stand) - decided,
    )


def _adjudicated(connection: sa.Connection, found: Round, dimension: Dimension) -> dict[str, CellDecision]:
    """The decisions in force on one dimension, by draft."""
    return {
        row.draft_id: CellDecision(
            row.id, level_of(dimension, row.value), row.reason, row.cause, row.adjudicator, row.also_labelled, row.decided_at
        )
        for row in stored_adjudications.adjudications_of(connection, found.id)
        if row.dimension == dimension.key
    }


def _point(differing: Disagreement, adjudication: CellDecision | None, said: Said | None, task_is_discussed: bool) -> Point:
    by_another = task_is_discussed and (said is None or said.withdrawn)
    return Point(differing.unit, differing.task_id or "", differing.labels, adjudication, said, by_another)


class _Part(NamedTuple):
    """Of a group of disagreements what is here."""

    levels: tuple[int | str, ...]
    differing: list[Disagreement]
    many: int
    before: int


def _parts(
    connection: sa.Connection, found: Round, rubric: Rubric, dimension: Dimension, most: int | None, near: str
) -> list[_Part]:
    """The disagreements on a dimension by the levels that stand against each other, the largest group first."""
    key = dimension.key
    waiting = stored_cells.waiting_of(connection, found.id, scales_of(rubric, found.dimensions))
    sizes = stored_cells.groups_differing(connection, waiting, key)
    places = {bits: [place for place in range(len(dimension.values)) if bits >> place & 1] for bits in sizes}
    whole = most is None or sum(sizes.values()) <= most
    share = 0 if most is None else max(2, most // max(1, len(sizes)))  # the one in hand, and the next
    at = None if whole or not near else stored_cells.place_in_group(connection, waiting, key, near)
    begin: dict[int, int] = {}
    ids: dict[int, Sequence[int]] = {}
    for bits, size in sizes.items():
        begin[bits] = 0 if at is None or at[0] != bits else max(0, at[1] - share // 4)
        limit = size if whole else share
        ids[bits] = stored_cells.group_differing(connection, waiting, key, bits, limit=limit, offset=begin[bits])
    every = [each for mine in ids.values() for each in mine]
    of_levels: dict[tuple[int | str, ...], list[Disagreement]] = {}
    for each in disagreements_of(connection, row_of(connection, found.name), dimension, every):
        given = {label.value for label in each.labels}
        of_levels.setdefault(tuple(value for value in dimension.values if value in given), []).append(each)
    made = []
    for bits in sorted(sizes, key=lambda bits: (-sizes[bits], places[bits])):
        levels = tuple(dimension.values[place] for place in places[bits])
        made.append(_Part(levels, sorted(of_levels.get(levels, ()), key=lambda one: one.unit), sizes[bits], begin[bits]))
    return made


def _said(row: sa.Row) -> Said:
    return Said(row.id, row.decision, row.said_by, row.discussed_at, row.withdrawn)


def _declared(found: Round, rubric: Rubric, dimension: str) -> Dimension:
    declared = rubric.dimension(dimension)
    if declared is None or declared.key not in found.dimensions:
        raise Refused(f"{found.name} has no dimension {dimension}; it has {listed(found.dimensions)}")
    return declared


class _Held(NamedTuple):
    """A disagreement in the hand of someone who says something of it."""

    round: int
    draft: int
    dimension: str
    cell: str
    last: sa.Row | None


def _held(
    connection: sa.Connection,
    person: Person,
    round_name: str,
    draft_id: str,
    dimension: str,
    revising: int | None,
    wanted: tuple[str, bool],
) -> _Held:
    found = round_with_cells(connection, round_name)
    key = _declared(found, rubrics.of_round(connection, found.id), dimension).key
    if draft_id in stored_assignments.in_open_rounds(connection, person.id):
        raise NotYourTurn(f"you are labelling {draft_id} in an open round; its labels are held back until that is closed")
    labels = stored_closed_rounds.of_closed_round(connection, found.id, draft_id=draft_id, dimension=key)
    cell = f"{draft_id} / {key}"
    if len({row.value for row in labels}) < 2:
        raise Refused(f"{found.name} has no disagreement {cell}; pick one from the list")
    draft = stored_intake.draft(connection, draft_id).id
    if not withheld.may_write_on(connection, draft):
        raise NotYourTurn(f"{draft_id} is sealed: what is said of it is written by who labels it, until its keeper opens it")
    history = stored.history_of_discussion(connection, found.id, draft, key)
    last = history[-1] if history else None
    stands = last is not None and (last.decision, last.withdrawn) == wanted  # the same said twice is said once
    if last is not None and last.id != revising and not stands:
        what = f"wrote “{last.decision}”" if last.decision else "removed the mark" if last.withdrawn else "marked it as discussed"
        raise Refused(f"{cell} was changed meanwhile: {last.said_by} {what}. Look at it again to change that")
    return _Held(found.id, draft, key, cell, last)


def _say(connection: sa.Connection, person: Person, held: _Held, decision: str, *, withdrawn: bool = False) -> None:
    stored.add_discussion(
        connection,
        {
            "round": held.round,
            "draft": held.draft,
            "dimension": held.dimension,
            "person": person.id,
            "decision": decision,
            "withdrawn": withdrawn,
            "discussed_at": clock.now(),
            "supersedes": held.last.id if held.last is not None else None,
        },
    )


@verb
def decide(
    person: Person,
    engine: sa.Engine,
    round_name: str,
    draft_id: str,
    dimension: str,
    decision: str,
    *,
    revising: int | None = None,
) -> None:
    """Keep what the meeting decided on one disagreement: this marks its draft as discussed. `revising` is what stood there
    when the person began (a `Said`'s id); both are kept. Emptied, a decision leaves the mark. Raises Refused for no words at
    all, a draft whose labels agree, and what was changed meanwhile."""
    words = text.fit(decision, "decision")
    with recorded(person, engine, "decide in meeting", round=round_name) as connection:
        held = _held(connection, person, round_name, draft_id, dimension, revising, (words, False))
        if held.last is None and not words:
            raise Refused(f"the decision on {held.cell} is empty; write a few words, or only mark the draft as discussed")
        if held.last is None or (held.last.decision, held.last.withdrawn) != (words, False):
            _say(connection, person, held, words)


@verb
def mark_discussed(
    person: Person, engine: sa.Engine, round_name: str, draft_id: str, dimension: str, *, revising: int | None = None
) -> None:
    """Mark a draft as discussed where nothing was decided. What is marked stays so."""
    with recorded(person, engine, "mark discussed", round=round_name) as connection:
        held = _held(connection, person, round_name, draft_id, dimension, revising, ("", False))
        if held.last is None or held.last.withdrawn:
            _say(connection, person, held, "")


def mark_taken(connection: sa.Connection, person: Person, round_name: str, draft_id: str, dimension: str) -> None:
    """Within another verb's transaction: the draft's text goes into the rubric, which is a discussion too. What was decided of it
    stands; a mark that was taken back is set again."""
    found = round_with_cells(connection, round_name)
    key = _declared(found, rubrics.of_round(connection, found.id), dimension).key
    said = next(
        (row for row in stored.discussions_of(connection, found.id) if (row.draft_id, row.dimension) == (draft_id, key)), None
    )
    held = _held(connection, person, found.name, draft_id, key, said.id if said is not None else None, ("", False))
    if held.last is None or held.last.withdrawn:
        _say(connection, person, held, "")


@verb
def take_mark_back(
    person: Person, engine: sa.Engine, round_name: str, draft_id: str, dimension: str, *, revising: int | None = None
) -> None:
    """Take back a mark that was a mistake. Raises Refused where a decision says that the draft was discussed."""
    with recorded(person, engine, "take mark back", round=round_name) as connection:
        held = _held(connection, person, round_name, draft_id, dimension, revising, ("", True))
        if held.last is not None and held.last.decision:
            raise Refused(f"the decision on {held.cell} says that it was discussed; empty the decision first")
        if held.last is not None and not held.last.withdrawn:
            _say(connection, person, held, "", withdrawn=True)


@verb
def keep_note(
    person: Person, engine: sa.Engine, round_name: str, dimension: str, note: str, *, revising: int | None = None
) -> None:
    """Keep the meeting's note on a dimension. `revising` is the note that stood there when the person began; both are kept."""
    words = text.fit(note, "note")
    with recorded(person, engine, "note in meeting", round=round_name) as connection:
        found = round_with_cells(connection, round_name)
        key = _declared(found, rubrics.of_round(connection, found.id), dimension).key
        if not withheld.may_write_on_round(connection, found.id):
            raise NotYourTurn(f"drafts of {found.name} are sealed: the note is written by who labels them, until they are open")
        last = stored.note_of(connection, found.id, key)
        if last is not None and last.id != revising and last.note != words:
            raise Refused(
                f"the note on {key} was changed meanwhile by {last.noted_by}: “{last.note}”. Look at it again to change that"
            )
        if (last.note if last is not None else "") != words:
            stored.add_note(
                connection,
                {
                    "round": found.id,
                    "person": person.id,
                    "dimension": key,
                    "note": words,
                    "noted_at": clock.now(),
                    "supersedes": last.id if last is not None else None,
                },
            )
