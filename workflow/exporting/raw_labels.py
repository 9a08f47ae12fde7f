"""The raw labels of a closed round, a row each (long), or a row a draft (wide); row by row, whatever the round's size."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from db.store import closed_rounds as stored_closed_rounds
from db.store import repeats as stored_repeats
from db.store import rounds as stored_rounds
from db.store.data import fields as stored_fields
from touchstone.files.writing.delimited import Value
from touchstone.rubric.model import Rubric
from workflow.agreement.pseudonyms import Pseudonyms, pseudonyms_for
from workflow.data.fields import MOST_COLUMNS, own_values
from workflow.rounds.kinds import CALIBRATION, RETEST, compared_names
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of

CURRENT, SUPERSEDED, SKIPPED, MISSING = STATES = ("current", "superseded", "skipped", "missing")


class RawLabel(NamedTuple):
    """One row: a label, or what stands in for one. Its fields are the columns of the long form, described in `MEANINGS`."""

    round: str
    draft_id: str
    task_id: str
    cluster: str
    annotator: str
    dimension: str | None
    value: int | str | None
    counts: str
    state: str
    practice: str
    note: str | None
    skip: str | None
    query: str | None
    labelled_at: str | None
    delivered_at: str | None
    seconds: float | None
    position: int | None
    label_id: int | None
    supersedes: int | None


MEANINGS: Mapping[str, str] = {
    "round": "the round the label was given in; of a retest and a calibration the round it goes back to, too",
    "draft_id": "the draft",
    "task_id": "its task",
    "cluster": "the cluster of its task; drafts of one cluster are not independent",
    "annotator": "who gave the label, under the name it is compared by in the report",
    "dimension": "the dimension; empty where the draft was skipped or never handed in",
    "value": "the level, as the rubric declares it; empty as above",
    "counts": "yes: the report counts this row; no: it does not, and agreement, import-labels and label pass it over",
    "state": "current; superseded (by a later label); skipped; missing (never handed in)",
    "practice": "yes: of a practice draft, whose labels do not count",
    "note": "what the annotator noted on the draft, the same on all its rows; of a superseded label, what was noted then",
    "skip": "why the annotator skipped the draft",
    "query": "what the annotator asked someone to look at",
    "labelled_at": "when this level was given (UTC)",
    "delivered_at": "when the draft was last saved or skipped (UTC)",
    "seconds": "the annotator's time on the draft, once for all its dimensions; pauses above two minutes count as two",
    "position": "the draft's place in the annotator's own order, from 1",
    "label_id": "the label, as gold.csv names it",
    "supersedes": "the label it took the place of",
}
FIELD = (
    "a field of the draft's or its task's own, as its file had it, empty on practice drafts; never shown to who labels unless on "
    "purpose: not for anybody who is still to label these drafts"
)
BESIDE = ("note", "skip", "query", "seconds", "delivered_at")  # of a wide row, once an annotator


@dataclass
class RawTable:
    """A table of raw labels, read while `rows` is gone through. `seen`: how many rows there were, by state, "practice" for those
    of practice drafts; `drafts` those that count."""

    found: Round
    rubric: Rubric
    codes: Pseudonyms
    columns: Sequence[str]
    meanings: Mapping[str, str]
    rows: Iterator[Sequence[Value]]
    seen: Counter[str] = field(default_factory=Counter)
    drafts: set[str] = field(default_factory=set)

    @cached_property
    def annotators(self) -> tuple[str, ...]:
        return compared_names(self.found.kind, [self.codes.of(name) for name in self.found.annotators])


def long_table(connection: sa.Connection, found: Round, *, codes: bool) -> RawTable:
    """A row a label, superseded ones too, and a row for each draft that an annotator skipped or never handed in. By annotator, so
    that a reader of the file meets them in the round's own order. Raises NotYourTurn for an open round."""
    table = _table(connection, found, codes, RawLabel._fields, MEANINGS)
    fields = _fields(connection, table)
    labels = _counted(table, _labels(connection, table, by_draft=False))
    table.rows = ((*each, *fields.of(each.draft_id)) for each in labels) if fields.columns else labels
    return _with_fields(table, fields)


def wide_table(connection: sa.Connection, found: Round, *, codes: bool) -> RawTable:
    """A row a draft that counts, a column a dimension and annotator, and what an annotator left beside the labels. Raises
    NotYourTurn for an open round."""
    table = _table(connection, found, codes, (), {})
    levels = [(key, name) for key in found.dimensions for name in table.annotators]
    beside = [(what, name) for name in table.annotators for what in BESIDE]
    head, fields = ("draft_id", "task_id", "cluster"), _fields(connection, table)
    table.columns = (*head, *(f"{key} ({name})" for key, name in levels), *(f"{what} of {name}" for what, name in beside))
    table.meanings = {
        **{column: MEANINGS[column] for column in head},
        "DIMENSION (ANNOTATOR)": "the level that the annotator gave",
        **{f"{what} of ANNOTATOR": MEANINGS[what] for what in BESIDE},
    }

    def rows() -> Iterator[Sequence[Value]]:
        for draft_id, group in groupby(_labels(connection, table, by_draft=True), key=lambda each: each.draft_id):
            labels = list(_seen(table, group))
            if all(each.practice == "yes" for each in labels):
                continue
            value = {(each.dimension, each.annotator): each.value for each in labels if each.counts == "yes"}
            last = {each.annotator: each for each in labels if each.state != SUPERSEDED}
            yield (
                draft_id,
                labels[0].task_id,
                labels[0].cluster,
                *(value.get(cell) for cell in levels),
                *(getattr(last[name], what) if name in last else None for what, name in beside),
                *fields.of(draft_id),
            )

    table.rows = rows()
    return _with_fields(table, fields)


class _Fields(NamedTuple):
    """A project's own fields: their columns, and by draft_id the values in them, of the drafts that have any."""

    columns: tuple[str, ...]
    values: Mapping[str, Sequence[Value]]

    def of(self, draft_id: str) -> Sequence[Value]:
        return self.values.get(draft_id, (None,) * len(self.columns))


def _fields(connection: sa.Connection, table: RawTable) -> _Fields:
    """The fields of the drafts that count. Names in them are codes where the annotators' are."""
    found = {row.draft_id: own_values(row) for row in stored_fields.further_fields_of_round(connection, table.found.id)}
    names = list(dict.fromkeys(name for values in found.values() for name in values))[:MOST_COLUMNS]
    within = table.codes.within
    return _Fields(
        tuple(f"field: {within(name)}" for name in names),
        {
            draft: tuple(within(value) if isinstance(value, str) else value for value in map(values.get, names))
            for draft, values in found.items()
        },
    )


def _with_fields(table: RawTable, fields: _Fields) -> RawTable:
    if fields.columns:
        table.columns = (*table.columns, *fields.columns)
        table.meanings = {**table.meanings, "field: NAME": FIELD}
    return table


def _table(connection: sa.Connection, found: Round, codes: bool, columns: Sequence[str], meanings: Mapping[str, str]) -> RawTable:
    rubric = rubrics.of_round(connection, found.id)
    return RawTable(found, rubric, pseudonyms_for(found.annotators, codes), columns, meanings, iter(()))


def _counted(table: RawTable, labels: Iterator[RawLabel]) -> Iterator[RawLabel]:
    """The labels, with no id where names are codes: a gold export with names would tell by it who is who."""
    for each in _seen(table, labels):
        yield each._replace(label_id=None, supersedes=None) if table.codes.by_name else each


def _seen(table: RawTable, labels: Iterator[RawLabel]) -> Iterator[RawLabel]:
    for each in labels:
        table.seen["practice" if each.practice == "yes" else each.state] += 1
        if each.practice == "no":
            table.drafts.add(each.draft_id)
        yield each


def _labels(connection: sa.Connection, table: RawTable, *, by_draft: bool) -> Iterator[RawLabel]:
    """Everybody's labels as the report compares them: of a retest with the labels repeated, of a calibration with the gold."""
    found, names = table.found, table.annotators
    own_names = dict(zip(found.annotators, names[-len(found.annotators) :], strict=True))
    own = _as_labels(connection, table, found.id, found.name, own_names, by_draft=by_draft)
    if found.kind not in (RETEST, CALIBRATION):
        return own
    before = _before(connection, table, names[0])
    if not by_draft:
        return iter([*before, *own])
    return iter(sorted([*before, *own], key=lambda each: each.draft_id))  # the drafts of one person, or of a key: few


def _before(connection: sa.Connection, table: RawTable, name: str) -> list[RawLabel]:
    """What a retest repeats, or the gold of a calibration, on the drafts and dimensions of the round."""
    found = table.found
    row = stored_rounds.by_id(connection, found.id)
    of_round = stored_rounds.by_id(connection, row.of_round).name
    tasks = {row.draft_id: row for row in stored_closed_rounds.raw_labels_of_closed_round(connection, found.id)}
    if found.kind == CALIBRATION:
        return [
            RawLabel(
                round=table.codes.within(of_round),
                draft_id=each.draft_id,
                task_id=tasks[each.draft_id].task_id,
                cluster=tasks[each.draft_id].cluster,
                annotator=name,
                dimension=each.dimension,
                value=level_of(declared(table.rubric, each.dimension), each.value),
                counts="yes",
                state=CURRENT,
                practice="no",
                note=table.codes.within(each.reason) if each.reason else None,
                **dict.fromkeys(
                    ("skip", "query", "labelled_at", "delivered_at", "seconds", "position", "label_id", "supersedes")
                ),
            )
            for each in stored_repeats.key_of(connection, found.id)
        ]
    (annotator,) = stored_rounds.annotators_of(connection, found.id)
    first = _as_labels(connection, table, row.of_round, of_round, {annotator.name: name}, person=annotator.id)
    return [each for each in first if each.draft_id in tasks and each.dimension in found.dimensions]


def _as_labels(
    connection: sa.Connection,
    table: RawTable,
    round_: int,
    round_name: str,
    names: Mapping[str, str],
    *,
    person: int | None = None,
    by_draft: bool = False,
) -> Iterator[RawLabel]:
    codes, levels = table.codes, dict[tuple[str, str], int | str]()
    queries = _queries(connection, round_)
    round_name = codes.within(round_name)

    def text(words: str | None) -> str | None:
        return codes.within(words) if words and codes.by_name else words or None

    for row in stored_closed_rounds.raw_labels_of_closed_round(connection, round_, person=person, by_draft=by_draft):
        state = CURRENT
        if row.label is None:
            state = SKIPPED if row.state == "skipped" else MISSING
        elif row.superseded:
            state = SUPERSEDED
        if row.label is not None and (row.dimension, row.value) not in levels:
            levels[row.dimension, row.value] = level_of(declared(table.rubric, row.dimension), row.value)
        yield RawLabel(
            round_name,
            row.draft_id,
            row.task_id,
            row.cluster,
            names[row.annotator],
            row.dimension,
            levels.get((row.dimension, row.value)),
            "yes" if state == CURRENT and not row.is_practice else "no",
            state,
            "yes" if row.is_practice else "no",
            text(row.note),
            text(row.skip_reason) if state == SKIPPED else None,
            text(queries.get((row.draft_id, row.annotator))),
            row.labelled_at and row.labelled_at.isoformat(),
            row.delivered_at and row.delivered_at.isoformat(),
            round(row.seconds, 3),
            row.position,
            row.label,
            row.supersedes,
        )


def _queries(connection: sa.Connection, round_: int) -> dict[tuple[str, str], str]:
    """What each annotator asked about each draft, several queries a line each."""
    found: dict[tuple[str, str], str] = {}
    for row in stored_rounds.queries_of(connection, round_):
        before = found.get((row.draft_id, row.name))
        found[row.draft_id, row.name] = f"{before}\n{row.note}" if before else row.note
    return found
