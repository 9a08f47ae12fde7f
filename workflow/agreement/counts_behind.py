"""The stored counts of closed rounds and label sets: what every figure of a report is computed from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import assignments as stored_assignments
from db.store import counts as stored_counts
from db.store import label_sets as stored_label_sets
from db.store.counts import StoredCounts
from touchstone.data.counts import Counts, pattern_of
from touchstone.english import many, there_are
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.importing.origins import made_by_in_words
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import the_one
from workflow.rounds.kinds import CALIBRATION, DOUBLE, RETEST
from workflow.rounds.rounds import Round, closed_round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared

FEW = 5  # figures over fewer drafts tell what single ones were given
MADE = {DOUBLE: "people, blind", RETEST: "one person twice, blind", CALIBRATION: "people, blind, against the gold"}
NAMED = Pseudonyms()  # changes no name


class CountsBehind(NamedTuple):
    """The counts of a closed round or a label set by dimension, and where they came from. `kind`: of the round; None of a
    set. `are_people` False: a set whose annotators are places in a file."""

    name: str
    kind: str | None
    made_by: str
    rubric: Rubric
    dimensions: Mapping[str, Counts]
    is_sample: bool
    round: int | None
    are_people: bool = True


@verb
def counts_behind(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> CountsBehind:
    """The counts from which a report would be made. Refuses an open round."""
    with reading(engine) as connection:
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
            )
        found = closed_round(connection, round_name)
        refuse_too_few(connection, person, [found])
        rubric = rubrics.of_round(connection, found.id)
        return CountsBehind(
            found.name,
            found.kind,
            MADE[found.kind],
            rubric,
            counts_of_round(connection, found, rubric),
            found.is_sample,
            found.id,
        )


def refuse_too_few(connection: sa.Connection, person: Person | None, found: Sequence[Round]) -> None:
    """Figures over very few drafts tell what single ones were given: not to someone who labels one of them in an open round."""
    if person is None:
        return
    for each in found:
        if each.drafts < FEW and stored_assignments.in_open_rounds(connection, person.id).keys() & {
            row.draft_id for row in stored_assignments.cells_of_round(connection, each.id)
        }:
            raise NotYourTurn(
                f"{each.name} has {many(each.drafts, 'draft')}, some of which you are labelling in an open round: its figures "
                "would reveal their labels; they are held back until that is closed"
            )


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
    """The stored counts of a closed round by dimension, in no order; `names` are put for those it compares."""
    return _counts(rubric, map(names.of, found.compared), stored_counts.counts_of(connection, round_=found.id))


def counts_of_set(connection: sa.Connection, row: sa.Row, rubric: Rubric, names: Pseudonyms = NAMED) -> dict[str, Counts]:
    """The stored counts of a label set by dimension, in the rubric's order."""
    counts = _counts(rubric, map(names.of, row.annotators), stored_counts.counts_of(connection, label_set=row.id))
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
