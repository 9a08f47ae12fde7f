"""What the commands of a benchmark print."""

from collections.abc import Iterator

from touchstone.bench.leaks.report import LeakReport
from touchstone.english import many

MOST_CROSSINGS = 12


def leak_lines(found: LeakReport) -> Iterator[str]:
    """Every pair, held task by held task; what the order of the lists is; then what crosses, the most first."""
    for each in found.pairs:
        yield f"{each.held}  {each.layer}  {each.train}  {each.why}"
    if found.in_layers["list"]:
        yield found.order
    crossing = list(found.crossing.items())
    for what, number in crossing[:MOST_CROSSINGS]:
        yield f"{what}: {many(number, 'held task')} of {found.held:,} with a train task"
    if len(crossing) > MOST_CROSSINGS:
        yield f"and {many(len(crossing) - MOST_CROSSINGS, 'more kind')} of crossing"
