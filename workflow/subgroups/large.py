"""A large closed round's slices and halves: kept when it is closed, for they never change, and read without reading a label.

What is held back from a reader is taken off: of slices by counting the clusters it is in with and without it; halves have another
middle without it, and are counted anew. So is what was not kept: a round of before, a further field of the tasks or drafts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.store import rounds as stored_rounds
from db.store.closing import by_draft, withheld
from touchstone.rubric.model import Rubric
from workflow.rounds.rounds import Round
from workflow.subgroups.counted import CountedSlice, CountedSlices, Half, halves_in, slices_in
from workflow.subgroups.in_numbers import RoundInNumbers, round_in_numbers
from workflow.subgroups.places import BY, place_of
from workflow.subgroups.written import half_row, read_half, read_slice, slice_row

MOST_KINDS = 20_000  # of a field, over its slices; where there are more, nothing that is held back is taken off, all is counted
MOST_SLICES = 500  # of a field: of more, such as an author for each draft, nothing is kept
MOST_TAKEN_OFF = 50_000  # drafts of clusters of which some is held back


def in_numbers(connection: sa.Connection, found: Round, rubric: Rubric, ids: Sequence[int] | None = None) -> RoundInNumbers:
    return round_in_numbers(connection, found.id, rubric, found.dimensions, _people(connection, found.id), ids)


def _people(connection: sa.Connection, round_: int) -> list[int]:
    return [each.id for each in stored_rounds.annotators_of(connection, round_)]


def slices_by(connection: sa.Connection, found: Round, rubric: Rubric, by: str) -> CountedSlices:
    """The slices of a large round by a field of BY, or by ALL."""
    made = _kept_slices(connection, found, rubric, by)
    if made is None:
        made = _named(rubric, by, in_numbers(connection, found, rubric))
    return _in_order(found, rubric, made)


def slices_by_values(
    connection: sa.Connection, found: Round, rubric: Rubric, by: str, given: Mapping[int, str | None]
) -> CountedSlices:
    """The slices by a further field: its value by draft (id)."""
    numbers = in_numbers(connection, found, rubric)
    names: dict[str, int] = {}
    of = [names.setdefault(given[each] or "", len(names)) for each in numbers.ids.tolist()]
    return _in_order(found, rubric, _named(rubric, by, numbers, (list(names), of)))


Named = dict[tuple[Any, ...], CountedSlice]  # slices by their places


def _in_order(found: Round, rubric: Rubric, made: Named) -> CountedSlices:
    return CountedSlices(found, rubric, {place[-1]: made[place] for place in sorted(made)})


def _named(rubric: Rubric, by: str, numbers: RoundInNumbers, further: tuple[Sequence[str], Sequence[int]] | None = None) -> Named:
    """Slices by place: two values of one name are one slice, at the first of their places. `further`: the values of a further
    field, and a number among them for each draft."""
    values, of = further or numbers.values_of(by)
    places = [place_of(rubric, by, value) for value in values]
    first: dict[str, tuple[Any, ...]] = {}
    for place in sorted(places):
        first.setdefault(place[-1], place)
    at = {name: number for number, name in enumerate(first)}
    number = np.array([at[place[-1]] for place in places], dtype=np.int64)[np.asarray(of, dtype=np.int64)]
    return {first[name]: each for name, each in slices_in(numbers, list(first), number).items()}


def halves_of(connection: sa.Connection, found: Round, rubric: Rubric) -> list[Half]:
    """The halves of a large round, as `halves_in` makes them."""
    kept = by_draft.halves_kept(connection, found.id)
    return [read_half(row, len(found.annotators)) for row in kept] if kept else halves_in(in_numbers(connection, found, rubric))


ALL = ""  # by what all drafts are in one slice
CUTS = (ALL, *BY)


def numbers_of(connection: sa.Connection, round_: int, rubric: Rubric) -> RoundInNumbers:
    """All of a closed round, for keeping."""
    keys = stored_rounds.dimensions_of(connection, round_)
    return round_in_numbers(connection, round_, rubric, keys, _people(connection, round_))


def keep(connection: sa.Connection, round_: int, rubric: Rubric, numbers: RoundInNumbers | None = None) -> bool:
    """Keep what is not kept yet of a closed round that is large: the slices by each of CUTS, and the halves. Whether any was.
    `numbers`: the round as it was read already."""
    there = by_draft.cuts_kept(connection, round_)
    lacking = [by for by in CUTS if by not in there]
    if lacking:
        slices, halves = rows_to_keep(numbers or numbers_of(connection, round_, rubric), rubric, lacking)
        by_draft.keep(connection, round_, slices, [] if by_draft.halves_kept(connection, round_) else halves)
        return bool(slices)
    return False


def differing(connection: sa.Connection, round_: int, name: str, rubric: Rubric) -> list[str]:
    """What is kept of a closed round's slices and halves and is not that of its labels, in words; nothing where none is kept."""
    if not by_draft.are_kept(connection, round_):
        return []
    there = by_draft.cuts_kept(connection, round_)
    again = rows_to_keep(numbers_of(connection, round_, rubric), rubric, [by for by in CUTS if by in there])
    kept = by_draft.slices_kept(connection, round_, *there), by_draft.halves_kept(connection, round_)
    return [
        f"the kept {what} of {name} do not match its labels"
        for what, rows, counted in zip(("slices", "halves"), kept, again, strict=True)
        if sorted(map(repr, counted)) != sorted(repr(dict(row._mapping)) for row in rows)
    ]


def rows_to_keep(
    numbers: RoundInNumbers, rubric: Rubric, cuts: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of both tables for a closed round: slices by each of `cuts`, and halves."""
    slices = [row for by in cuts for row in _slice_rows(rubric, by, numbers)]
    return slices, [half_row(seat, half) for seat, half in enumerate(halves_in(numbers))]


def _slice_rows(rubric: Rubric, by: str, numbers: RoundInNumbers) -> list[dict[str, Any]]:
    """The only slice has no histograms of its own: they are those of all drafts. Kinds are for comparing slices."""
    values = numbers.values_of(by)[0]
    if len(values) > MOST_SLICES:
        return []
    value_at: dict[tuple[Any, ...], str] = {}
    for value in sorted(values):
        value_at.setdefault(place_of(rubric, by, value), value)
    made = _named(rubric, by, numbers)
    is_cut, kinds = len(made) > 1, sum(len(each.kinds or ()) for each in made.values())
    return [
        slice_row(by, value_at[place], each, with_clusters=is_cut or by == ALL, with_kinds=is_cut and kinds <= MOST_KINDS)
        for place, each in sorted(made.items())
    ]


def _kept_slices(connection: sa.Connection, found: Round, rubric: Rubric, by: str) -> Named | None:
    """The slices by a field as they were kept, less what is held back from the reader; None where they were not, and where it is
    quicker to count anew."""
    rows = by_draft.slices_kept(connection, found.id, ALL, by)
    whole, own = ([row for row in rows if row.cut_by == cut] for cut in (ALL, by))
    if not whole or not own or (len(own) > 1 and any(row.kinds is None for row in own)):
        return None
    only = whole[0].histograms
    made = {place_of(rubric, by, row.value): read_slice(row, only, len(found.annotators)) for row in own}
    held = withheld.drafts_of(connection, found.id)
    if not held:
        return made
    affected = by_draft.drafts_of_clusters(connection, found.id, held)
    if len(affected) > MOST_TAKEN_OFF:
        return None
    before = in_numbers(connection, found, rubric, affected)
    off, back = (_by_name(_named(rubric, by, each)) for each in (before, before.some(~np.isin(before.ids, held))))
    nothing = CountedSlice(0, {}, {})
    without = {place: each.less(off.get(place[-1], nothing)).and_(back.get(place[-1], nothing)) for place, each in made.items()}
    return {place: each for place, each in without.items() if each.drafts}


def _by_name(made: Named) -> dict[str, CountedSlice]:
    return {place[-1]: each for place, each in made.items()}
