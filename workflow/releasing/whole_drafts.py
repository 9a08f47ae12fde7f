"""The drafts of closed rounds as a release has them, one after the other, each with its task, labels and decisions.

The one way by which a release reads drafts, labels and decisions: what is held back from the reader is left out by the queries
themselves, as everywhere (docs/decisions/0020).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from db.store import rounds as stored_rounds
from db.store.releasing import adjudications as stored_adjudications
from db.store.releasing import drafts as stored_drafts
from db.store.releasing import labels as stored_labels
from db.store.releasing import spot_checks as stored_spot_checks
from db.store.releasing.labels import LabelToRelease
from touchstone.releasing.making import WholeDraft
from touchstone.releasing.tables import CURRENT, SUPERSEDED, CheckRow, DecisionRow, DraftRow, Level, ReleasedLabel, TaskRow
from touchstone.rubric.model import Rubric
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.data.fields import own_values
from workflow.rounds.rounds import Round
from workflow.rubric.levels import declared, level_of

DraftRows = TypeVar("DraftRows")


def whole_drafts(connection: sa.Connection, rounds: Sequence[Round], rubric: Rubric, codes: Pseudonyms) -> Iterator[WholeDraft]:
    """Every draft of the rounds, in their order. Refuses an open round."""
    for each in rounds:
        yield from _of_round(connection, each, rubric, _Words(rubric, codes))


class _Words:
    """Levels and typed texts as a release has them, each worked out once."""

    def __init__(self, rubric: Rubric, codes: Pseudonyms) -> None:
        self._rubric, self.codes = rubric, codes
        self._levels: dict[tuple[str, str], Level] = {}
        self._last: tuple[str, str] = ("", "")
        self._moment: tuple[datetime | None, str] = (None, "")

    def level(self, dimension: str, text: str) -> Level:
        if (dimension, text) not in self._levels:
            self._levels[dimension, text] = level_of(declared(self._rubric, dimension), text)
        return self._levels[dimension, text]

    def moment(self, at: datetime) -> str:
        """When; the labels of one save have one moment."""
        if at != self._moment[0]:
            self._moment = (at, at.isoformat())
        return self._moment[1]

    def typed(self, text: str) -> str:
        """What somebody typed; the note of one save stands beside each of its labels."""
        if not self.codes.by_name:
            return text
        if text != self._last[0]:
            self._last = (text, self.codes.within(text))
        return self._last[1]


def _of_round(connection: sa.Connection, found: Round, rubric: Rubric, words: _Words) -> Iterator[WholeDraft]:
    labels = _in_turn(stored_labels.labels_to_release(connection, found.id), lambda row: row.draft_id)
    decisions = _in_turn(stored_adjudications.decisions_by_draft(connection, found.id), lambda row: row.draft_id)
    checks = _in_turn(stored_spot_checks.checked_by_draft(connection, found.id), lambda row: row.draft_id)
    called, seats = words.codes.within(found.name), _Seats.of(connection, found, words)
    for row in stored_drafts.drafts_to_release(connection, found.id):
        given = labels(row.draft_id)
        states = {each.person: each.state for each in given}
        of = (row.draft_id, row.task_id, row.partition or None, called)
        yield WholeDraft(
            DraftRow(
                *of,
                row.author or None,
                len(states),
                sum(state == "skipped" for state in states.values()),
                row.text,
                _json(own_values(row)),
            ),
            TaskRow(
                row.task_id,
                row.partition or None,
                row.cluster,
                row.source_mode or None,
                row.difficulty or None,
                row.target or None,
                _json(row.input),
            ),
            _labels(given, of, words, seats),
            [_decision(each, of, words) for each in decisions(row.draft_id)],
            [_check(each, of, words) for each in checks(row.draft_id)],
        )


class _Seats(NamedTuple):
    """By the annotators of a round (ids): their place and what the release calls them; by dimension its place in the rubric."""

    place: Mapping[int, int]
    name: Mapping[int, str]
    dimension: Mapping[str, int]

    @classmethod
    def of(cls, connection: sa.Connection, found: Round, words: _Words) -> "_Seats":
        seated = stored_rounds.annotators_of(connection, found.id)
        return cls(
            {each.id: place for place, each in enumerate(seated)},
            {each.id: words.codes.of(each.name) for each in seated},
            {key: place for place, key in enumerate(found.dimensions)},
        )


def _in_turn(rows: Iterator[DraftRows], draft_of: Callable[[DraftRows], str]) -> Callable[[str], list[DraftRows]]:
    """The rows of one draft after the other, asked for in the order they come in; none for a draft that has none."""
    groups = groupby(rows, draft_of)
    waiting: list[tuple[str, list[DraftRows]]] = []

    def of(draft_id: str) -> list[DraftRows]:
        if not waiting and (following := next(groups, None)):
            waiting.append((following[0], list(following[1])))
        return waiting.pop()[1] if waiting and waiting[0][0] == draft_id else []

    return of


def _labels(
    given: Sequence[LabelToRelease], of: tuple[str, str, str | None, str], words: _Words, seats: _Seats
) -> list[ReleasedLabel]:
    """The labels of one draft: by annotator, then in the rubric's order, the earlier first."""
    found = [row for row in given if row.label is not None]
    found.sort(key=lambda row: (seats.place[row.person], seats.dimension[row.dimension], row.label))  # type: ignore[index]
    replaced = {row.supersedes for row in found}
    made = []
    for _, person, _, note, note_then, label, dimension, value, labelled_at, supersedes in found:
        is_superseded = label in replaced
        typed = note_then if is_superseded else note
        made.append(
            ReleasedLabel(
                label,  # type: ignore[arg-type]
                *of,
                seats.name[person],
                dimension,  # type: ignore[arg-type]
                words.level(dimension, value),  # type: ignore[arg-type]
                SUPERSEDED if is_superseded else CURRENT,
                words.moment(labelled_at),  # type: ignore[arg-type]
                supersedes,
                words.typed(typed) if typed else None,
            )
        )
    return made


def _decision(row: sa.Row, of: tuple[str, str, str | None, str], words: _Words) -> DecisionRow:
    return DecisionRow(
        row.id,
        *of,
        row.dimension,
        words.level(row.dimension, row.value),
        words.typed(row.reason),
        row.cause,
        words.codes.of(row.adjudicator),
        row.also_labelled,
        row.decided_at.isoformat(),
    )


def _check(row: sa.Row, of: tuple[str, str, str | None, str], words: _Words) -> CheckRow:
    agreed, given = (words.level(row.dimension, text) for text in (row.agreed, row.value))
    checker, at = words.codes.of(row.checker), row.checked_at.isoformat()
    return CheckRow(row.spot_check, *of, row.dimension, agreed, given, checker, at)


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)
