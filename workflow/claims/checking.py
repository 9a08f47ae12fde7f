"""Published figures checked: by themselves, or held against the labels of a label set or a closed round.

Labels are read through the counts of reports and the one query that refuses an open round. Published figures are of all units, so
they are held against labels of all of them or not at all: who labels one in an open round is refused.
"""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from touchstone.claims.claim import CheckedClaim
from touchstone.claims.document.checked import CheckedFile
from touchstone.claims.document.checking import check_file
from touchstone.claims.typed_claim import check_claim, levels_of
from touchstone.claims.verification import DimensionLabels, ReferenceLabels
from touchstone.errors import NotYourTurn, Refused
from workflow.agreement.counts_behind import counts_behind, set_named
from workflow.agreement.label_rows import LabelTable, table_of_round, table_of_set
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.kinds import CALIBRATION
from workflow.rounds.rounds import row_of
from workflow.rubric.levels import declared


def check_figures(n: int | None, **figures: Any) -> CheckedClaim:
    """Figures as they are typed (see `touchstone.claims.typed_claim.check_claim`): can they occur together? Needs no store."""
    return check_claim(n, **figures)


@verb
def labels_behind(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> ReferenceLabels:
    """The labels of a closed round or of a label set, to hold published figures against. Refuses an open round, one of which the
    person labels a draft in an open one, and a calibration: its annotators are held against gold, not against each other."""
    if bool(round_name) == bool(label_set):
        raise Refused("name one round or one label set to compare the figures with")
    counted = counts_behind(person, engine, round_name=round_name, label_set=label_set)
    if counted.kind == CALIBRATION:
        raise Refused(
            f"{counted.name} is a calibration, each annotator against gold; compare published figures with a round in "
            "which people label the same drafts, or a label set"
        )
    if counted.left_out:
        raise NotYourTurn(
            f"{counted.name} cannot be compared with published figures, which are of all of it, until a round is closed: "
            + counted.left_out
        )
    with reading(engine, person) as connection:
        if label_set:
            table = table_of_set(connection, set_named(connection, label_set))
            by_task: dict[str, str] = {}
        else:
            table = table_of_round(connection, row_of(connection, round_name))
            by_task = _only_draft_of_task(table)
    dimensions = {}
    for key, counts in counted.dimensions.items():
        dimension = declared(table.rubric, key)
        dimensions[key] = DimensionLabels(key, (key, *dimension.aliases, dimension.title), counts, table.by_unit(key))
    made_by = counted.made_by + (", sample" if counted.is_sample else "")
    return ReferenceLabels(counted.name, made_by, table.annotators, dimensions, frozenset(), by_task)


def _only_draft_of_task(table: LabelTable) -> dict[str, str]:
    """The draft of each task that has just one labelled draft: a published table may name its units by task."""
    labelled = {row.unit: table.task_of[row.unit] for row in table.rows}
    drafts_of = Counter(labelled.values())
    return {task: draft for draft, task in labelled.items() if drafts_of[task] == 1}


@verb
def check_published(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    name: str,
    *,
    n: int | None = None,
    levels: str = "",
    by: str = "position",
    round_name: str = "",
    label_set: str = "",
) -> CheckedFile:
    """A published file, each figure held against the labels named. Nothing is stored."""
    labels = labels_behind(person, engine, round_name=round_name, label_set=label_set)
    return check_file(source, name, n=n, levels=levels_of(levels, by), labels=labels)


def check_alone(source: bytes, name: str, *, n: int | None = None, levels: str = "") -> CheckedFile:
    """A published file without any labels: can its figures occur? Needs no store, and no person."""
    return check_file(source, name, n=n, levels=levels_of(levels))
