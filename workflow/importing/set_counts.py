"""The counts of a label set, from its labels in hand."""

from collections.abc import Sequence

import sqlalchemy as sa

from db.store import tasks as stored_tasks
from db.store.counts import StoredCounts
from touchstone.data.counts import count_labels
from touchstone.data.label import LabelRow
from touchstone.rubric.model import Rubric
from workflow.rounds.closing import as_stored
from workflow.rubric.levels import declared


def count(
    connection: sa.Connection, rubric: Rubric, annotators: Sequence[str], rows: Sequence[LabelRow]
) -> dict[str, StoredCounts]:
    """The counts of a label set by dimension. Raises ValueError for a label no level has."""
    clusters = stored_tasks.clusters_of_units(connection, sorted({row.unit for row in rows}))
    made = {
        key: count_labels(rows, declared(rubric, key), annotators, clusters)
        for key in rubric.keys
        if any(row.dimension == key for row in rows)
    }
    return {key: as_stored(each) for key, each in made.items()}
