"""The counts of closed rounds and label sets, of which every figure of a report is computed: as they are stored, or, where drafts
are held back from the reader, counted anew without them (docs/decisions/0020)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import counts as stored_counts
from db.store import label_sets as stored_label_sets
from db.store.closing import withheld as stored_withheld
from db.store.counts import StoredCounts
from touchstone.data.counts import Counts, pattern_of
from touchstone.english import many, there_are
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.label_rows import table_of_set
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.importing.origins import made_by_in_words
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import the_one
from workflow.rounds.closing import as_stored, count_round
from workflow.rounds.kinds import CALIBRATION, DOUBLE, RETEST
from workflow.rounds.rounds import Round, closed_round, refuse_all_held_back, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared

MADE = {DOUBLE: "people, blind", RETEST: "one person twice, blind", CALIBRATION: "people, blind, against the gold"}
NAMED = Pseudonyms()  # changes no name


class CountsBehind(NamedTuple):
    """The counts of a closed round or a label set by dimension, and where they came from. `kind`: of the round; None of a
    set. `are_people` False: a set whose annotators are places in a file. `left_out`: what is held back from the reader, in a
    sentence; "" for nothing."""

    name: str
    kind: str | None
    made_by: str
    rubric: Rubric
    dimensions: Mapping[str, Counts]
    is_sample: bool
    round: int | None
    are_people: bool = True
    left_out: str = ""


@verb
def counts_behind(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> CountsBehind:
    """The counts from which a report would be made. Refuses an open round."""
    with reading(engine, person) as connection:
        if label_set:
            row = set_named(connection, label_set)
            rubric = rubrics.rubric_of(connection, row.rubric_version)
            return CountsBehind(
                row.name,
                None,
                made_by_in_words(row),
                rubric,
                counts_of_set(connection, row, rubric),
                False,
                None,
                row.slots_are_people is not False,
                left_out_of_set(connection, row),
            )
        found = closed_round(connection, round_name)
        refuse_all_held_back(found)
        rubric = rubrics.of_round(connection, found.id)
        return CountsBehind(
            found.name,
            found.kind,
            MADE[found.kind],
            rubric,
            counts_of_round(connection, found, rubric),
            found.is_sample,
            found.id,
            left_out=found.left_out,
        )


def left_out_of_set(connection: sa.Connection, row: sa.Row) -> str:
    """That units of a label set are held back from the reader, in a sentence; "" where none is."""
    number = stored_withheld.units_held_back(connection, row.id)
    are, them = ("is", "it") if number == 1 else ("are", "them")
    return f"{many(number, 'unit')} {are} left out: you are labelling {them} in an open round" if number else ""


def set_named(connection: sa.Connection, name: str) -> sa.Row:
    """The label set of that name; its project is in hand from here on. Raises Refused when there is none, naming those there are,
    and when there are several."""
    row = the_one(connection, stored_label_sets.by_folded(connection, fold(name)), "label set")
    if row is None:
        known = [each.name for each in stored_label_sets.all_label_sets(connection)]
        raise Refused(
            f"there is no label set “{name.strip()}”; " + there_are(known, "there is none yet: import one with import-labels")
        )
    return row


def counts_of_round(connection: sa.Connection, found: Round, rubric: Rubric, names: Pseudonyms = NAMED) -> dict[str, Counts]:
    """The counts of a closed round by dimension, in no order; `names` are put for those it compares."""
    return _counts(rubric, map(names.of, found.compared), stored_or_counted(connection, found, rubric))


def stored_or_counted(connection: sa.Connection, found: Round, rubric: Rubric) -> dict[str, StoredCounts]:
    """The counts of a closed round as they were stored; counted anew without the drafts that are held back, where any is."""
    if stored_withheld.holds_back(connection, found.id):
        return count_round(connection, row_of(connection, found.name), rubric)
    return stored_counts.counts_of(connection, round_=found.id)


def counts_of_set(connection: sa.Connection, row: sa.Row, rubric: Rubric, names: Pseudonyms = NAMED) -> dict[str, Counts]:
    """The counts of a label set by dimension, in the rubric's order. Raises NotYourTurn where every unit is held back from the
    reader."""
    if stored_withheld.units_held_back(connection, row.id):
        table = table_of_set(connection, row)
        labelled = {each.dimension for each in table.rows}
        if not labelled:
            raise NotYourTurn(
                f"you are labelling every draft of {row.name} in an open round; its labels are held back until that is closed"
            )
        kept = {key: as_stored(table.counts(key)) for key in rubric.keys if key in labelled}
    else:
        kept = stored_counts.counts_of(connection, label_set=row.id)
    counts = _counts(rubric, map(names.of, row.annotators), kept)
    return {key: counts[key] for key in rubric.keys if key in counts}


def _counts(rubric: Rubric, annotators: Iterable[str], kept: Mapping[str, StoredCounts]) -> dict[str, Counts]:
    compared = tuple(annotators)
    counts = {}
    for key, stored in kept.items():
        dimension = declared(rubric, key)
        by_pattern = {pattern_of(text): units for text, units in stored.patterns.items()}
        counts[key] = Counts(
            key, dimension.scale, dimension.values, compared, by_pattern, stored.clusters, stored.skipped, dimension.agreement.by
        )
    return counts
