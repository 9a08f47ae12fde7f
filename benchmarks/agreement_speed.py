"""How fast labels are counted and figures made, each as a ratio to scikit-learn's within one run.

Counting: 10 million pairs of byte codes by `bulk_counts.table_of` against one `cohen_kappa_score` on int64 labels, and
the memory that counting takes beside the codes. Intervals: every coefficient of a table of a million pairs with its interval
(`agreement.figures`) against 4,000 calls of `cohen_kappa_score` on a million resampled pairs, which is measured on a few calls
and extrapolated. Report: 200 drafts, two people, five dimensions, from the rows of labels to verdict and `more`, without the
second opinion. Many: one dimension of 6 units labelled by 100 people, by `touchstone.agreement` without its pairs, and what the
pairs of 30 people take when they are asked for. All in processor time, which other programs on the machine lengthen less; reports
by the clock as well.
"""

import time
import tracemalloc
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import cohen_kappa_score

from benchmarks.machine import aim, machine
from touchstone.agreement.coefficient import ALPHAS, KAPPAS, on_level
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import patterns_of
from touchstone.agreement.estimation.intervals import DRAWS
from touchstone.agreement.estimation.pairs import OF_BOTH
from touchstone.agreement.label_table import agreement
from touchstone.agreement.report import dimension_report
from touchstone.data.bulk_counts import patterns_of_codes, table_of
from touchstone.data.counts import count_labels
from touchstone.data.label import LabelRow

PAIRS, A_MILLION, LEVELS = 10_000_000, 1_000_000, 4
FASTER, MEGABYTES, INTERVALS, REPORT, MANY = 25, 40, 1_000, 150, 5


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


class Dimension(NamedTuple):
    key: str
    scale: str = "ordinal"
    values: tuple[int, ...] = tuple(range(LEVELS))


def taken(call: Callable[[], Any], times: int, clock: Callable[[], float] = time.process_time) -> float:
    """Median seconds of the processor."""
    found = []
    for _ in range(times):
        began = clock()
        call()
        found.append(clock() - began)
    return median(found)


def codes(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Invented: two annotators, the second another level than the first on about one in seven."""
    rng = np.random.default_rng(7)
    first = rng.integers(0, LEVELS, number, dtype=np.uint8)
    return first, np.where(rng.random(number) < 0.2, rng.integers(0, LEVELS, number, dtype=np.uint8), first).astype(np.uint8)


def counting() -> None:
    first, second = codes(PAIRS)
    ours = taken(lambda: table_of(first, second, LEVELS), 7)
    tracemalloc.start()
    table = table_of(first, second, LEVELS)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    wide = first.astype(np.int64), second.astype(np.int64)
    theirs = taken(lambda: cohen_kappa_score(*wide), 3)
    assert table.sum() == PAIRS
    print(f"counting {PAIRS:,} pairs: {1000 * ours:.0f} ms; scikit-learn's kappa on int64 labels: {theirs:.2f} s")
    print(aim(f"{theirs / ours:.0f} times faster", f"{FASTER} times", theirs >= FASTER * ours))
    print(aim(f"memory beside the codes: {peak:.1f} MB", f"under {MEGABYTES} MB", peak < MEGABYTES))


def intervals() -> None:
    first, second = codes(A_MILLION)
    histogram = patterns_of_codes(np.column_stack([first, second]), LEVELS)
    names = (*OF_BOTH, *KAPPAS, *ALPHAS, *map(on_level, range(LEVELS)))
    ours = taken(lambda: figures(patterns_of(histogram, (0, 1), range(LEVELS)), names), 15)
    rng = np.random.default_rng(8)

    def again() -> None:
        drawn = rng.integers(0, A_MILLION, A_MILLION)
        cohen_kappa_score(first[drawn].astype(np.int64), second[drawn].astype(np.int64))

    theirs = DRAWS * taken(again, 5)
    print(
        f"{len(names)} figures of a table of {A_MILLION:,} with their intervals: {1000 * ours:.1f} ms; {DRAWS:,} resamples by "
        f"scikit-learn, of kappa alone: {theirs:.0f} s (extrapolated from 5)"
    )
    print(aim(f"{theirs / ours:,.0f} times faster", f"{INTERVALS:,} times", theirs >= INTERVALS * ours))


def report() -> None:
    first, second = (each.tolist() for each in codes(1_000))
    dimensions = [Dimension(f"d{place}") for place in range(5)]
    rows = [
        LabelRow(f"u{at % 200}", who, dimensions[at // 200].key, value)
        for who, values in (("ana", first), ("ben", second))
        for at, value in enumerate(values)
    ]
    made = []

    def whole() -> None:
        made[:] = [dimension_report(count_labels(rows, each, ["ana", "ben"]), Rule()) for each in dimensions]

    took, wall = taken(whole, 15), taken(whole, 15, time.perf_counter)
    assert all(each.units_with_two == 200 for each in made)
    print(
        f"report of 200 drafts x 2 people x 5 dimensions: {sum(each.further is not None for each in made)} of 5 undecided, for "
        "which `more` is worked out too"
    )
    print(
        aim(
            f"{1000 * took:.0f} ms of processor time, {1000 * wall:.0f} ms by the clock",
            f"under {REPORT} ms",
            1000 * took < REPORT,
        )
    )


def many() -> None:
    rng = np.random.default_rng(9)

    def rows(annotators: int) -> list[tuple[str, str, str, int]]:
        levels = rng.integers(0, LEVELS, (6, annotators)).tolist()
        return [(f"u{unit}", f"r{who:03}", "d", level) for unit, own in enumerate(levels) for who, level in enumerate(own)]

    hundred, thirty = rows(100), rows(30)
    wall = taken(lambda: agreement(hundred, levels=range(LEVELS)), 3, time.perf_counter)
    asked = taken(lambda: agreement(thirty, levels=range(LEVELS), pairs=True), 1, time.perf_counter)
    print(f"6 units labelled by 100 people, pairs left out; for comparison, 30 people with their 435 pairs: {asked:.1f} s")
    print(aim(f"{wall:.2f} s by the clock", f"under {MANY} s", wall < MANY))


def main() -> None:
    print(machine())
    counting()
    intervals()
    report()
    many()


if __name__ == "__main__":
    main()
