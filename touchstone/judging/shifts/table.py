"""Shifts as lines of a table, the same in a terminal and in docs/benchmarks.md."""

from collections.abc import Iterator, Sequence

from touchstone.agreement.figure import in_words, short
from touchstone.english import many
from touchstone.judging.shifts.score_shifts import ShiftBesidePeople, places

HEADER = (
    "shift of the mean [95 %]",
    "p",
    "higher, equal, lower",
    "highest score throughout",
    "correlation",
    "apart: new, best constant",
    "in people's order: new, old",
)
UNDER = 0.0001  # of a p that is said as such


def shift_lines(made: Sequence[ShiftBesidePeople]) -> Iterator[str]:
    """Of each shift its name, and each figure under its heading."""
    for each in made:
        yield f"{each.shift.name}: {many(each.shift.n, 'text')} of {many(each.shift.clusters, 'task')}"
        for heading, cell in zip(HEADER, cells(each), strict=True):
            yield f"  {heading:28} {cell}"


def cells(made: ShiftBesidePeople) -> tuple[str, ...]:
    """The figures in the order of the header."""
    shift = made.shift
    return (
        places(shift.mean),
        "too few tasks" if shift.p is None else f"under {UNDER:.4f}" if shift.p < UNDER else f"{shift.p:.4f}",
        f"{shift.higher}, {shift.equal}, {shift.lower}",
        f"higher in {shift.constant_higher} of {shift.n}",
        "one is constant" if shift.correlation is None else short(shift.correlation),
        f"{shift.apart:.3f}, {shift.constant_apart:.3f}",
        made.new_order.reason or f"{in_words(made.new_order)}, {in_words(made.old_order)}",
    )
