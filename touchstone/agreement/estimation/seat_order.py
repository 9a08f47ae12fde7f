"""The order in which annotators are computed: by their labels, not by their names or by who comes first in a file.

The draws of an interval belong to patterns, and a pattern belongs to annotators in an order: in another one, the same labels
would have other draws, and other ends by Monte Carlo noise. So before anything is drawn annotators (columns) are put in an order
that depends on nothing but the table of patterns: shuffling, renaming or listing them otherwise changes nothing.

Two annotators: the order whose table, read row by row, is the lesser. More: colours are refined (Weisfeiler and Leman 1968,
Nauchno-Technicheskaya Informatsia 2(9): 12-16). A row's colour is made of what the annotators of each colour gave; an
annotator's of which rows they gave what; repeated until no two more are told apart. Annotators left with one colour are either
alike label by label, and then their order changes nothing; or each of them is tried as the first, and the one is taken after
whom the colours of all are the least. Trying one each is polynomial, and there are tables (of strongly regular graphs) in which
two whom it does not tell apart are still not interchangeable: there, and where two colours are the same by chance (one in
2^64), the order of the input decides, and the ends may differ by Monte Carlo noise.

P patterns, m annotators.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from touchstone.data.label import Pattern

Codes = NDArray[np.int64]
Colours = NDArray[np.uint64]

FIRST = np.uint64(0x9E3779B97F4A7C15)  # what marks the annotator who is tried as the first: any odd number


def seats_by_labels(histogram: Mapping[Pattern, int], seats: Sequence[int]) -> tuple[int, ...]:
    """The `seats` of a histogram of patterns in their own order; seats alike in every pattern stay as they come."""
    seats = tuple(seats)
    seen = [(pattern, int(n)) for pattern, n in histogram.items() if n]
    if len(seats) < 2 or not seen:
        return seats
    rows = [tuple(-1 if (code := pattern[seat]) is None else int(code) for seat in seats) for pattern, _ in seen]
    if len(seats) == 2:
        return seats if _is_in_order(rows, [n for _, n in seen]) else seats[::-1]
    order = columns_in_order(np.array(rows, dtype=np.int64), np.array([n for _, n in seen], dtype=np.uint64))
    return tuple(seats[column] for column in order)


def columns_in_order(
    codes: Codes, counts: Colours | None = None, groups: Sequence[int] | None = None, alike: Colours | None = None
) -> list[int]:
    """The columns of `codes` (P, m) in their own order. `counts` (P,): how often each row is there, once when None. `groups`
    (m,): columns of one group come before those of the next, and are only told apart within it; None, all are one. `alike` (P,):
    for how many equal rows each stands; the order is that of all of them one by one."""
    size, m = codes.shape
    times = np.ones(size, dtype=np.uint64) if counts is None else counts
    group = np.zeros(m, dtype=np.uint64) if groups is None else np.asarray(groups, dtype=np.uint64)
    cells = _mixed(codes.astype(np.uint64))
    rows = times if alike is None else times * alike
    colours = _refined(cells, times, rows, _mixed(group))
    same = _alike(codes, group) if len(np.unique(colours)) < m else np.arange(m)
    while (tied := _first_tie(colours, same)) is not None:
        tries = [_refined(cells, times, rows, np.where(same == each, _mixed(colours ^ FIRST), colours)) for each in tied]
        colours = min(tries, key=lambda colours: tuple(np.sort(colours).tolist()))
    return sorted(range(m), key=lambda column: (int(group[column]), int(colours[column])))


def ratings_by_labels(ratings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratings (U, m), nan where there is none, with annotators and units in their own order."""
    if not ratings.size:
        return ratings
    there = ~np.isnan(ratings)
    codes = np.full(ratings.shape, -1, dtype=np.int64)
    codes[there] = np.unique(ratings[there], return_inverse=True)[1].ravel()
    order = columns_in_order(codes)
    rows = np.lexsort(codes[:, order[::-1]].T)
    in_order: NDArray[np.float64] = ratings[rows][:, order]
    return in_order


def _is_in_order(rows: Sequence[tuple[int, ...]], counts: Sequence[int]) -> bool:
    """Whether the table of two annotators is, read row by row, no greater than with the annotators exchanged."""
    table: dict[tuple[int, ...], int] = {}
    for row, n in zip(rows, counts, strict=True):
        table[row] = table.get(row, 0) + n
    for row in sorted({*table, *(row[::-1] for row in table)}):
        if (here := table.get(row, 0)) != (there := table.get(row[::-1], 0)):
            return here < there
    return True


def _alike(codes: Codes, group: Colours) -> Codes:
    """(m,): one number for columns of a group with the same labels throughout."""
    _, kinds = np.unique(np.vstack([group.astype(np.int64), codes]), axis=1, return_inverse=True)
    return kinds.ravel().astype(np.int64)


def _first_tie(colours: Colours, alike: Codes) -> list[int] | None:
    """Of the least colour that columns of other labels share, those columns, one of each kind; None where no colour is shared."""
    for colour in np.unique(colours):
        kinds = np.unique(alike[colours == colour])
        if len(kinds) > 1:
            return [int(kind) for kind in kinds]
    return None


def _refined(cells: Colours, times: Colours, rows: Colours, colours: Colours) -> Colours:
    """The colours (m,) when rows tell no more columns apart; at least one round. `times` is part of what a row says, `rows` how
    often it is said."""
    number = 0
    while (told_apart := len(np.unique(colours))) > number:
        number = told_apart
        of_rows = _mixed(_mixed(cells + colours[None, :]).sum(axis=1, dtype=np.uint64) + _mixed(times))
        of_columns = (_mixed(cells + of_rows[:, None]) * rows[:, None]).sum(axis=0, dtype=np.uint64)
        colours = _mixed(colours + _mixed(of_columns))
    return colours


def _mixed(numbers: Colours) -> Colours:
    """Numbers that look drawn at random, the same for the same (the finalizer of splitmix64; Steele, Lea and Flood 2014)."""
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Colours = z ^ (z >> np.uint64(31))
    return mixed
