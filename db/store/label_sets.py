"""Label sets: labels made elsewhere; no label of a unit that is held back from the reader (`closing.withheld`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import sqlalchemy as sa

from db.schema import label_sets, projects, rubric_versions, set_labels
from db.store import AT_ONCE, CHUNK
from db.store.closing.withheld import told_units
from db.store.projects import in_project


def add_label_set(connection: sa.Connection, values: Mapping, rows: Iterable[Mapping]) -> int:
    """Store a set with its labels, of which some thousands are in hand at a time; its id."""
    made = connection.execute(sa.insert(label_sets).values(**values).returning(label_sets.c.id)).scalar_one()
    each = iter(rows)
    while part := list(islice(each, CHUNK)):
        connection.execute(sa.insert(set_labels), [{**row, "label_set": made} for row in part])
    return made


def _label_sets(connection: sa.Connection) -> sa.Select:
    return (
        sa.select(
            label_sets,
            rubric_versions.c.name.label("rubric"),
            rubric_versions.c.digest.label("rubric_digest"),
            projects.c.is_sample,
            projects.c.name.label("project_name"),
            projects.c.rubric.label("project_rubric"),
        )
        .join(rubric_versions, rubric_versions.c.id == label_sets.c.rubric_version)
        .join(projects, projects.c.id == label_sets.c.project)
        .where(in_project(connection, label_sets.c.project))
        .order_by(label_sets.c.id.desc())
    )


def by_folded(connection: sa.Connection, folded: str) -> Sequence[sa.Row]:
    """The label sets of that name, one in a project, each with its rubric's name and digest and its project's name."""
    return connection.execute(_label_sets(connection).where(label_sets.c.folded == folded)).all()


def all_label_sets(connection: sa.Connection) -> Sequence[sa.Row]:
    return connection.execute(_label_sets(connection)).all()


def names(connection: sa.Connection) -> list[str]:
    """The names of the label sets, the newest first."""
    query = sa.select(label_sets.c.name).where(in_project(connection, label_sets.c.project)).order_by(label_sets.c.id.desc())
    return list(connection.scalars(query))


def labels_of_set(connection: sa.Connection, label_set: int) -> Sequence[sa.Row]:
    """unit, annotator, dimension and value of every label of the set."""
    return connection.execute(
        sa.select(set_labels.c.unit, set_labels.c.annotator, set_labels.c.dimension, set_labels.c.value)
        .where(set_labels.c.label_set == label_set, told_units(connection, label_set))
        .order_by(set_labels.c.id)
    ).all()


def stream_of_set(connection: sa.Connection, label_set: int) -> Iterator[Sequence[tuple[str, str, str, str]]]:
    """unit, annotator, dimension and value of every label of the set, in no order, some thousands at a time."""
    return (
        connection.execution_options(yield_per=AT_ONCE)
        .execute(
            sa.select(set_labels.c.unit, set_labels.c.annotator, set_labels.c.dimension, set_labels.c.value).where(
                set_labels.c.label_set == label_set, told_units(connection, label_set)
            )
        )
        .partitions()
    )
