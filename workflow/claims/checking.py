"""Published figures checked: by themselves, or held against the labels of a label set or a closed round.

Labels are read through the counts of reports and the one query that refuses an open round; a unit that the reader labels in
an open round is counted, and what it was given is not told.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from db.store import reports as stored
from touchstone.claims.claim import Checked
from touchstone.claims.consistency import check
from touchstone.claims.document.checking import CheckedFile, check_file
from touchstone.claims.typed_claim import claim_of, how_read, levels_of
from touchstone.claims.verification import Held, Labels
from touchstone.data.counts import labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.errors import Refused
from workflow.agreement.compared_annotators import CALIBRATION, labels_of
from workflow.agreement.reports import counts_behind
from workflow.people.people import Person
from workflow.rounds.rounds import closed_round, fold, row_of


def check_figures(n: int | None, **figures: Any) -> Checked:
    """Figures as they are typed (see `touchstone.claims.typed_claim.claim_of`): can they occur together? Needs no store."""
    claim = claim_of(n, **figures)
    return replace(check(claim), read_as=how_read(claim))


def labels_behind(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> Labels:
    """The labels of a closed round or of a label set, to hold published figures against. Refuses an open round, and a
    calibration: its annotators are held against gold, not against each other."""
    if bool(round_name) == bool(label_set):
        raise Refused("name one round or one label set to hold the figures against")
    counted = counts_behind(person, engine, round_name=round_name, label_set=label_set)
    if counted.kind == CALIBRATION:
        raise Refused(
            f"{counted.name} is a calibration, each annotator against gold; hold published figures against a round in "
            "which people label the same drafts, or a label set"
        )
    with reading(engine) as connection:
        mine = stored_labels.in_open_rounds(connection, person.id)
        held, also = set(mine), {}
        if label_set:
            row = stored.label_set(connection, fold(label_set))
            held |= set(mine.values())  # a set's unit may be a task
            rows, annotators = [tuple(each) for each in stored.labels_of_set(connection, row.id)], tuple(row.annotators)
        else:
            found = closed_round(connection, round_name)
            seated = labels_of(connection, row_of(connection, round_name))
            rows, annotators = [(each.draft_id, each.seat, each.dimension, each.value) for each in seated], found.seats
            tasks = {each.draft_id: each.task_id for each in seated}
            once = Counter(tasks.values())
            also = {task: draft for draft, task in tasks.items() if once[task] == 1}
    dimensions = {}
    for key, counts in counted.dimensions.items():
        dimension = counted.rubric.dimension(key)
        labels = [LabelRow(unit, who, key, dimension.parse(value)) for unit, who, of, value in rows if of == key]
        dimensions[key] = Held(
            key, (key, *dimension.aliases, dimension.title), counts, labels_by_unit(labels, dimension, annotators)
        )
    made_by = counted.made_by + (", sample" if counted.is_sample else "")
    return Labels(counted.name, made_by, annotators, dimensions, frozenset(held), also)


def check_published(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    name: str,
    *,
    n: int | None = None,
    levels: str = "",
    round_name: str = "",
    label_set: str = "",
) -> CheckedFile:
    """A published file, each figure held against the labels named. Nothing is stored."""
    labels = labels_behind(person, engine, round_name=round_name, label_set=label_set)
    return check_file(source, name, n=n, levels=levels_of(levels), labels=labels)


def check_alone(source: bytes, name: str, *, n: int | None = None, levels: str = "") -> CheckedFile:
    """A published file without any labels: can its figures occur? Needs no store, and no person."""
    return check_file(source, name, n=n, levels=levels_of(levels))
