"""Check the store: whether all in it holds together."""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import zip_longest
from typing import NamedTuple

import sqlalchemy as sa

from db.chain.changes import Tell
from db.engine import counting, reading, seen_by
from db.store import adjudications as stored_adjudications
from db.store import counts as stored_counts
from db.store import label_sets as stored_label_sets
from db.store import rounds as stored_rounds
from db.store import upkeep as stored
from db.store.closing import cells as stored_cells
from db.store.closing import closings as stored_closings
from db.store.counts import StoredCounts
from db.store.preferences import comparisons as stored_comparisons
from db.store.projects import enter
from db.store.record import schema_check
from touchstone.data.task import Draft, Task
from touchstone.english import day, listed
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.recount import recount_round, recount_set
from workflow.maintenance.record_check import wrong_in_record
from workflow.names import rubric_name
from workflow.people.verbs import verb
from workflow.rounds.closing import count_round
from workflow.rounds.kinds import DOUBLE
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, scales_of

# What reading may run into where another hand wrote.
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    sa.exc.SQLAlchemyError,
    Refused,
)


@verb
def check_store(engine: sa.Engine, *, tell: Tell = lambda rows: None) -> list[str]:
    """What is wrong in the store, a sentence each; empty when all holds together.

    Looks at the schema, the database's own integrity, the chain of events and whether every row is as they say; the digests of
    rubric versions (stored bytes and file), tasks and drafts, whether each project has one rubric (the sample may have several),
    at labels that do not fit their assignment and decisions no level has, at rounds closed or reopened by another hand; and
    counts every closed round and label set again, by another way than they were first counted (agreement/recount.py): the stored
    counts must match. A label set is counted with the clusters of today's tasks, so clusters that came in after it are not a
    fault. `tell` is called with how many more rows were held against the record, or against their digest.
    """
    with reading(engine) as connection:
        counting(seen_by(connection, None))
        schema = schema_check.differences(connection)
        if any(" is gone" in each and each.startswith(("the table", "the column")) for each in schema):
            return [*schema, "nothing else was checked: without these the rest cannot be read. Restore a backup"]
        # Before the rest: on PostgreSQL what cannot be read ends the transaction.
        record = _told("the record", partial(wrong_in_record, connection, tell))
        found = schema + _told("the database", partial(stored.damage, connection))
        found += _told("the store", partial(_wrong_in_content, connection, tell))
    found += _told("rubric_versions/", partial(_changed_files, engine))
    return [*found, *record]


def _told(about: str, look: Callable[[], Iterable[str]]) -> list[str]:
    """What a look finds wrong; that it could not be taken where something there cannot be read."""
    found: list[str] = []
    try:
        found.extend(look())
    except UNREADABLE as wrong:
        said = str(wrong).splitlines()
        found.append(f"{about} holds what cannot be read: {said[0][:200] if said else type(wrong).__name__}")
    return found


def _changed_files(engine: sa.Engine) -> Iterator[str]:
    for each in rubrics.rubric_files(engine):
        if each.is_changed:
            yield f"{each.name}.yml is no longer what was published; restore the old file"


def _wrong_in_content(connection: sa.Connection, tell: Tell) -> Iterator[str]:
    """What does not fit together in what the tables hold, each told as it is found."""
    for row in stored.labels_out_of_place(connection):
        yield f"label {row.id} does not fit its assignment"
    for row in stored_comparisons.choices_out_of_place(connection):
        yield f"{row.what} {row.id} of a comparison round does not fit what it belongs to"
    for changed in _changed(connection, tell):
        yield f"{changed.kind} {changed.id} is no longer what was imported"
    readable: dict[int, Rubric] = {}
    for row in stored.rubric_sources(connection):
        if hashlib.sha256(row.source).hexdigest() != row.digest:
            where = (
                f"rubric_versions/{row.name}.yml has them: keep it, and restore a backup"
                if rubrics.file_has(row.name, row.digest)
                else "no file in rubric_versions/ has them: restore a backup"
            )
            yield f"the stored bytes of rubric {row.name} do not match its digest {row.digest[:12]}, and {where}"
        elif (rubric := rubrics.read_source(row.source, f"{row.name}.yml")[0]) is None:
            yield f"the stored rubric {row.name} cannot be read by this program"
        else:
            readable[row.id] = rubric
    every_round, every_set = stored_rounds.all_rounds(connection), stored_label_sets.all_label_sets(connection)
    for row in (*every_round, *every_set):
        if not row.is_sample and rubric_name(row.rubric) != row.project_rubric:
            theirs = f"{row.project_name}, its project, by the rubric {row.project_rubric}"
            yield f"{row.name} is labelled under {row.rubric}, and {theirs}"
    on_record = stored_closings.standing(connection)
    for row in every_round:
        yield from _wrong_closing(connection, row, on_record.get(row.id))
        if row.closed_at is not None and row.rubric_version in readable:
            enter(connection, row.project)
            yield from _told(row.name, partial(_wrong_in_round, connection, row, readable[row.rubric_version]))
    for row in every_set:
        if row.rubric_version in readable:
            enter(connection, row.project)
            yield from _told(row.name, partial(_wrong_in_set, connection, row, readable[row.rubric_version]))


class _Changed(NamedTuple):
    kind: str
    id: str


def _changed(connection: sa.Connection, tell: Tell) -> Iterator[_Changed]:
    """Tasks and drafts whose content is no longer that of their digest."""
    for row in stored.all_tasks(connection):
        tell(1)
        said = (row.partition, row.dimension, row.source_mode, row.difficulty)
        task = Task(row.task_id, row.input, *said, row.cluster, row.extra, typed=row.document)
        if task.digest != row.digest:
            yield _Changed("task", row.task_id)
    for row in stored.all_drafts(connection):
        tell(1)
        if Draft(row.draft_id, row.task_id, row.text, row.author, row.extra).digest != row.digest:
            yield _Changed("draft", row.draft_id)


def _wrong_in_round(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> list[str]:
    wrong = [
        f"adjudication {each.id} decides {each.dimension} at {each.value}, which is not a level"
        for each in stored_adjudications.adjudications_of(connection, row.id)
        if declared(rubric, each.dimension).parse(each.value) is None
    ]
    if _unlike(stored_rounds.delivered(connection, row.id), stored_rounds.delivered_by_now(connection, row.id)):
        wrong.append(f"the stored progress of each annotator of {row.name} does not match its assignments")
    kept = stored_counts.counts_of(connection, round_=row.id)
    if not kept:
        return [*wrong, f"{row.name} is closed and has no counts"]
    try:
        again = (recount_round if row.kind == DOUBLE else count_round)(connection, row, rubric)
    except ValueError as fault:
        return [*wrong, f"{row.name} holds a label that cannot be counted: {fault}"]
    wrong += _differing(row.name, kept, again)
    if row.kind == DOUBLE:
        from workflow.subgroups import large  # brings numpy: not for other commands

        wrong += _wrong_cells(connection, row, rubric) + large.differing(connection, row.id, row.name, rubric)
    return wrong


def _wrong_cells(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> list[str]:
    """Cells that were kept at closing and are not those of the labels; nothing of a round closed before they were kept."""
    if not stored_cells.are_kept(connection, row.id):
        is_empty = not any(stored_cells.rows_in_order(connection, row.id))
        return [] if is_empty else [f"{row.name} has waiting cells, and all its cells are not counted"]
    scales = scales_of(rubric, stored_rounds.dimensions_of(connection, row.id))
    counted = (stored_cells.counts_of_cells(connection, row.id, scales, anew=anew) for anew in (False, True))
    listed_cells = (stored_cells.rows_in_order(connection, row.id, scales if anew else None) for anew in (False, True))
    wrong = [] if next(counted) == next(counted) else [f"the counted cells of {row.name} do not match its labels"]
    if any(one != other for one, other in zip_longest(*listed_cells)):
        wrong.append(f"the waiting cells of {row.name} do not match its labels")
    return wrong


def _wrong_closing(connection: sa.Connection, row: sa.Row, on_record: datetime | None) -> list[str]:
    """A round is closed or open past the program's verbs. `on_record`: its closing that was not taken back."""
    if row.closed_at is not None:
        is_right = row.closed_at == on_record
        return [] if is_right else [f"{row.name} is closed, and its closing on {day(row.closed_at)} is not on record"]
    if on_record is not None:
        return [f"{row.name} is open, and its closing on {day(on_record)} was not taken back: it was reopened by another hand"]
    left = stored_closings.left_of_closing(connection, row.id)
    return [f"{row.name} is open and still has {listed(left)}, as only a closed round has"] if left else []


def _unlike(kept: Sequence[sa.Row], by_now: Sequence[sa.Row]) -> bool:
    """Seconds may differ in the last digits: another database adds them in another order."""
    return any(
        tuple(one[:-1]) != tuple(other[:-1]) or not math.isclose(one.seconds, other.seconds, abs_tol=0.01)
        for one, other in zip(kept, by_now, strict=True)
    )


def _wrong_in_set(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> list[str]:
    try:
        again = recount_set(connection, row, rubric)
    except ValueError as fault:
        return [f"{row.name} holds a label that cannot be counted: {fault}"]
    kept = stored_counts.counts_of(connection, label_set=row.id)
    return _differing(
        row.name, kept, {key: each._replace(clusters=kept[key].clusters if key in kept else 0) for key, each in again.items()}
    )


def _differing(name: str, kept: Mapping[str, StoredCounts], again: Mapping[str, StoredCounts]) -> list[str]:
    return [
        f"the stored counts of {name} / {key} do not match its labels"
        for key in sorted(kept.keys() | again.keys())
        if key not in kept or key not in again or kept[key] != again[key]
    ]
