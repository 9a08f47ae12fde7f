"""Close a round and count its labels; take a closing back that was a mistake, while nobody has read what the round kept back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from db.engine import counting, read_by_nobody, reading
from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import counts as stored_counts
from db.store import rounds as stored
from db.store.closing import by_draft as stored_slices
from db.store.closing import cells as stored_cells
from db.store.closing import closings as stored_closings
from db.store.closing.cells import Counted
from db.store.counts import StoredCounts
from db.store.projects import enter
from touchstone.data.counts import Counts, pattern_of, pattern_text
from touchstone.data.gold import AGREED, SINGLE
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow import clock, text
from workflow.agreement.label_rows import table_of_round
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import Round, found_round, progress_of, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of, scales_of
from workflow.subgroups.size import is_large

if TYPE_CHECKING:
    from workflow.subgroups.in_numbers import RoundInNumbers


@verb
def close_round(person: Person, engine: sa.Engine, name: str, *, early: str | None = None) -> Round:
    """Close a round and count its labels. Refuses while someone owes labels, naming who and how many, unless `early`
    gives a reason, which the report then says. A skip counts as delivered."""
    early = text.fit(early or "", "reason") or None
    with recorded(person, engine, "close round", round=name) as connection:
        row = row_of(connection, name, lock=True)
        if row.closed_at is not None:
            raise Refused(f"{row.name} was closed on {day(row.closed_at)} already")
        progress = progress_of(connection, row.id)
        owed = [f"{one.name} has {many(one.waiting, 'draft')} left" for one in progress if one.waiting]
        if owed and not early:
            raise Refused(f"{row.name} cannot be closed yet: {listed(owed)}. Wait, or close it early with a reason")
        # The counts behind every later figure, made once, while the labels are in hand. Nobody is shown any of them.
        with read_by_nobody(connection):
            why = early if owed else None
            stored_closings.close(connection, row.id, progress, person=person.id, at=clock.now(), early_reason=why)
            keep_counts(counting(connection), row, rubrics.rubric_of(connection, row.rubric_version), clock.now())
        return found_round(connection, name)


@verb
def reopen_round(person: Person, engine: sa.Engine, name: str) -> Round:
    """Take a closing back: labelling goes on where it was, blind, and the round is closed again later. What the closing stored is
    deleted; that it was taken back stays on record.

    Raises Refused for a round that is open, for anyone but who closed it, and once anything that the round kept back was read.
    """
    with recorded(person, engine, "reopen round", round=name) as connection:
        row = row_of(connection, name, lock=True)
        if row.closed_at is None:
            raise Refused(f"{row.name} is open already")
        if row.first_read_at is not None:
            raise Refused(
                f"{row.name} stays closed: its labels were first read on {day(row.first_read_at)} at "
                f"{row.first_read_at:%H:%M} UTC, so nobody could go on labelling blind in it. Open another round for what is "
                "left to label"
            )
        if row.closed_by != person.id:
            raise Refused(f"{row.name} can be reopened only by the person who closed it")
        stored_closings.reopen(connection, row.id, person=person.id, at=clock.now())
        return found_round(connection, name)


class Reopening(NamedTuple):
    """A closing that was taken back before anybody had read the round's labels."""

    closed_at: datetime
    reopened_at: datetime
    by: str


@verb
def reopenings_of(engine: sa.Engine, name: str) -> list[Reopening]:
    """The closings of a round that were taken back, the earliest first."""
    with reading(engine) as connection:
        return [Reopening(*row) for row in stored_closings.taken_back(connection, row_of(connection, name).id)]


def keep_counts(connection: sa.Connection, row: sa.Row, rubric: Rubric, at: datetime) -> None:
    """Keep what every later figure and list of a closed round is made of: its label patterns, counted, and its cells."""
    numbers = None
    if row.kind == DOUBLE and is_large(stored.drafts_in(connection, row.id)):
        from workflow.subgroups import large  # brings numpy: not for the label page

        numbers = large.numbers_of(connection, row.id, rubric)
        large.keep(connection, row.id, rubric, numbers)
    by_dimension = count_round(connection, row, rubric, numbers)
    for key, counted in by_dimension.items():
        stored_counts.add_counts(connection, key, counted, at, round_=row.id)
    keep_cells(connection, row, rubric, by_dimension)


def _keep_slices(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> bool:
    """Keep what is not kept yet of the slices and halves of a large closed round of kind double. Whether any was."""
    if row.kind != DOUBLE or not is_large(stored.drafts_in(connection, row.id)):
        return False
    from workflow.subgroups import large  # brings numpy: not for the label page

    return large.keep(connection, row.id, rubric)


def count_slices_again(connection: sa.Connection, tasks: Sequence[int]) -> None:
    """The slices that are kept of closed rounds, after something by which these tasks (ids) or their drafts are told apart has
    changed: their partition, and all of it where they were sealed and are opened. Nobody is shown any."""
    with read_by_nobody(counting(connection)):
        for each in stored_slices.forget_slices_of(connection, tasks):
            row = stored.by_id(connection, each)
            _keep_slices(connection, row, rubrics.rubric_of(connection, row.rubric_version))


def keep_cells(connection: sa.Connection, row: sa.Row, rubric: Rubric, by_dimension: Mapping[str, StoredCounts]) -> None:
    """Keep the cells of a closed round of kind double that wait, and all of them counted; the counts are those of its labels."""
    if row.kind != DOUBLE:
        return
    waiting = stored_cells.keep(connection, row.id, scales_of(rubric, by_dimension))
    drafts = stored_cells.drafts_owed(connection, row.id)
    stored_cells.keep_counts(connection, row.id, waiting | settled_by_labels(rubric, by_dimension, waiting, drafts))


@verb
def keep_for_earlier(engine: sa.Engine) -> int:
    """Keep the cells and slices of rounds that were closed before these were kept; of how many rounds. Nobody is shown any."""
    kept = 0
    with recorded(None, engine, "keep cells") as connection, read_by_nobody(counting(connection)):
        for row in stored.all_rounds(connection):
            is_new = not stored_cells.are_kept(connection, row.id)
            if row.closed_at is None or row.kind != DOUBLE or not (is_new or is_large(stored.drafts_in(connection, row.id))):
                continue
            enter(connection, row.project)
            rubric = rubrics.rubric_of(connection, row.rubric_version)
            if is_new:
                keep_cells(connection, row, rubric, stored_counts.counts_of(connection, round_=row.id))
            kept += _keep_slices(connection, row, rubric) or is_new
    return kept


def settled_by_labels(rubric: Rubric, by_dimension: Mapping[str, StoredCounts], waiting: Counted, drafts: int) -> Counted:
    """The cells that their labels alone settle, counted from the label patterns: agreed ones by value, and those labelled once,
    as planned, which are what is left of all `drafts`."""
    counted: Counted = {}
    for key, of_key in by_dimension.items():
        values = declared(rubric, key).values
        for pattern, units in of_key.patterns.items():
            given = [code for code in pattern_of(pattern) if code is not None]
            if len(given) > 1 and len(set(given)) == 1:
                agreed = (key, AGREED, str(values[given[0]]))
                counted[agreed] = counted.get(agreed, 0) + units
        others = sum(cells for (other, *_), cells in (*counted.items(), *waiting.items()) if other == key)
        if others < drafts:
            counted[key, SINGLE, ""] = drafts - others
    return counted


def count_round(
    connection: sa.Connection, row: sa.Row, rubric: Rubric, numbers: "RoundInNumbers | None" = None
) -> dict[str, StoredCounts]:
    """The counts of a closed round by dimension, from its labels (`numbers`: as they were read already). Raises ValueError for a
    label no level has."""
    if row.kind == DOUBLE:
        return _counted_by_the_database(connection, row, rubric, numbers)
    table = table_of_round(connection, row)
    by_dimension = {}
    for key in stored.dimensions_of(connection, row.id):
        by_dimension[key] = as_stored(table.counts(key), table.skipped, table.missing)
    return by_dimension


def as_stored(counts: Counts, skipped: int = 0, missing: int = 0) -> StoredCounts:
    """The counts of one dimension as the store keeps them."""
    patterns = {pattern_text(pattern): units for pattern, units in counts.patterns.items()}
    return StoredCounts(counts.clusters, skipped, missing, patterns)


def _counted_by_the_database(
    connection: sa.Connection, row: sa.Row, rubric: Rubric, numbers: "RoundInNumbers | None"
) -> dict[str, StoredCounts]:
    """`count_round` without fetching the labels: the audit (agreement/recount.py) fetches them all, and must come to the same."""
    annotators = [each.id for each in stored.annotators_of(connection, row.id)]
    clusters = numbers.clusters() if numbers else stored_closed_rounds.clusters_in_closed_round(connection, row.id)
    states = stored_assignments.states_in_round(connection, row.id)
    by_dimension = {
        key: StoredCounts(clusters.get(key, 0), states.get("skipped", 0), states.get("waiting", 0), {})
        for key in stored.dimensions_of(connection, row.id)
    }
    if numbers:
        for key, many_of in numbers.counted().items():
            by_dimension[key].patterns.update({pattern_text(each): units for each, units in many_of.items()})
        return by_dimension
    for given in stored_closed_rounds.patterns_of_closed_round(connection, row.id, annotators):
        dimension = declared(rubric, given.dimension)
        places = (None if value is None else dimension.values.index(level_of(dimension, value)) for value in given.values)
        pattern, patterns = pattern_text(tuple(places)), by_dimension[given.dimension].patterns
        patterns[pattern] = patterns.get(pattern, 0) + given.units
    return by_dimension
