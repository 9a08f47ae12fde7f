"""Two closed rounds counted: from what was kept when each was closed, and, of the drafts that are in both, by the database from
their labels. No label is fetched."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from db.store.closing import withheld
from db.store.comparison import both_rounds
from db.store.comparison.both_rounds import InCommon
from touchstone.comparison.alike import Both, InBoth, sides_of
from touchstone.comparison.two_rounds import Comparison, Labelled, compare
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.rubric.model import Rubric
from workflow.agreement.counts_behind import counts_of_round
from workflow.bounded_cache import BoundedCache
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, scales_of


class CountedRounds(NamedTuple):
    """What two rounds have in common, and the comparison of each dimension that both have."""

    in_common: InCommon
    compared: Mapping[str, Comparison]


def count_rounds(connection: sa.Connection, before: Round, after: Round, kept: BoundedCache | None = None) -> CountedRounds:
    """Two closed rounds of kind double compared, or a round with itself. `kept` has what was counted before: it stands for as
    long as both are closed and the same drafts are held back."""
    state = tuple((each.id, each.name, each.closed_at, *withheld.drafts_of(connection, each.id)) for each in (before, after))
    return (kept or BoundedCache(1)).get(("two rounds", state), lambda: _counted(connection, before, after))


def labels_in_both(connection: sa.Connection, before: Round, after: Round, at_once: int) -> int:
    """How many labels have to be counted for what drafts were given in both rounds; where they are more than `at_once`, how many
    they may be at most."""
    if before.id == after.id:
        return 0
    of_a_draft = sum(len(each.dimensions) * len(each.annotators) for each in (before, after))
    in_both = both_rounds.many_in_both(connection, before.id, after.id, at_once // of_a_draft + 1)
    if in_both * of_a_draft <= at_once:
        return in_both * of_a_draft
    return min(before.told, after.told) * of_a_draft


def _counted(connection: sa.Connection, before: Round, after: Round) -> CountedRounds:
    rubric, other = (rubrics.of_round(connection, each.id) for each in (before, after))
    was = counts_of_round(connection, before, rubric)
    now = was if after.id == before.id else counts_of_round(connection, after, other)
    keys, names = [key for key in was if key in now], (before.name, after.name)
    in_common = both_rounds.in_common(connection, before.id, after.id)
    if after.id == before.id:
        # The same labels, not equal ones: see touchstone.comparison.
        own = {key: _labelled(rubric, was[key], *_of_one(was[key])) for key in keys}
        return CountedRounds(in_common, {key: compare(own[key], own[key], names) for key in keys})
    found = _given_in_both(connection, (before, rubric), (after, other), keys) if in_common.drafts else {}
    compared = {}
    for key in keys:
        patterns, theirs, many = sides_of(found.get(key, {}), was[key].patterns, now[key].patterns)
        sides = _labelled(rubric, was[key], patterns, many), _labelled(other, now[key], theirs, many)
        compared[key] = compare(*sides, names)
    return CountedRounds(in_common, compared)


def _of_one(counts: Counts) -> tuple[dict[str, Pattern], dict[str, int]]:
    patterns, _, many = sides_of({}, counts.patterns, {})
    return patterns, many


def _labelled(rubric: Rubric, counts: Counts, patterns: Mapping[str, Pattern], many: Mapping[str, int]) -> Labelled:
    rule = declared(rubric, counts.dimension).agreement
    return Labelled(counts.annotators, counts.levels, rule, patterns, counts.scale, counts.by, many)


def _given_in_both(
    connection: sa.Connection, before: tuple[Round, Rubric], after: tuple[Round, Rubric], keys: list[str]
) -> dict[str, InBoth]:
    """By dimension: how many drafts of both rounds were given what in each."""
    seats = [{str(each.person): seat for seat, each in enumerate(found.progress)} for found, _ in (before, after)]
    asked = [(found.id, scales_of(rubric, keys)) for found, rubric in (before, after)]
    counted: dict[str, Counter[Both]] = {}
    for each in both_rounds.given_in_both(connection, asked[0], asked[1]):
        counted.setdefault(each.dimension, Counter())[_read(each.given, seats)] += each.drafts
    return dict(counted)


def _read(given: str, seats: list[dict[str, int]]) -> Both:
    """What `GivenInBoth.given` says. Raises ValueError for a label that is no level."""
    patterns: list[list[int | None]] = [[None] * len(each) for each in seats]
    for label in given.split(both_rounds.BETWEEN):
        side, place, person = label.split(" ")
        if place == "-1":
            raise ValueError(f"a label of person {person} is no level of its dimension")
        patterns[int(side)][seats[int(side)][person]] = int(place)
    was, now = (tuple(each) if any(code is not None for code in each) else None for each in patterns)
    return was, now
