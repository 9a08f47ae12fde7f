"""How far two judges accept the same candidates by the same criteria: shares, the table of pairs, and their difference.

Shares of different candidates say nothing of the judges; so only candidates that both judged are counted.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from touchstone.agreement.estimation.intervals import share
from touchstone.agreement.figure import Figure, undefined

Z = 1.959963984540054  # the normal distribution's 97.5 % point


class PairedAcceptance(NamedTuple):
    """Two judges on the same n candidates. `only_a`: accepted by a alone. `p_value`: McNemar's exact test, two-sided; None where
    they differ on none."""

    a: str
    b: str
    n: int
    both: int
    only_a: int
    only_b: int
    neither: int
    share_a: Figure
    share_b: Figure
    difference: Figure
    p_value: float | None

    def as_json(self) -> dict[str, Any]:
        return {
            "a": self.a,
            "b": self.b,
            "n": self.n,
            "table": [[self.both, self.only_a], [self.only_b, self.neither]],
            "share_a": self.share_a.as_json(),
            "share_b": self.share_b.as_json(),
            "difference": self.difference.as_json(),
            "p_value": self.p_value,
        }


def paired(a: str, of_a: Mapping[int, bool], b: str, of_b: Mapping[int, bool]) -> PairedAcceptance:
    """Verdicts by candidate (accepted or not) of two judges, compared on the candidates that both judged.

    The interval of the difference a - b is the adjusted Wald interval of Bonett and Price (2012, J. Educ. Behav. Stat. 37:
    479-488) for paired proportions; the test is McNemar's, exact: a sum of binomial(b + c, 1/2).
    """
    common = of_a.keys() & of_b.keys()
    n = len(common)
    both = sum(of_a[each] and of_b[each] for each in common)
    only_a = sum(of_a[each] and not of_b[each] for each in common)
    only_b = sum(of_b[each] and not of_a[each] for each in common)
    nothing = "no candidate was judged by both"
    return PairedAcceptance(
        a,
        b,
        n,
        both,
        only_a,
        only_b,
        n - both - only_a - only_b,
        share(both + only_a, n, nothing),
        share(both + only_b, n, nothing),
        _difference(n, only_a, only_b) if n else undefined(nothing),
        _exact(only_a, only_b),
    )


def _difference(n: int, only_a: int, only_b: int) -> Figure:
    a, b = (only_a + 1) / (n + 2), (only_b + 1) / (n + 2)
    half = Z * math.sqrt((a + b - (a - b) ** 2) / (n + 2))
    value = (only_a - only_b) / n
    return Figure(value, min(value, max(-1.0, a - b - half)), max(value, min(1.0, a - b + half)), n, None)


def _exact(only_a: int, only_b: int) -> float | None:
    differing = only_a + only_b
    if not differing:
        return None
    tail = sum(math.comb(differing, each) for each in range(min(only_a, only_b) + 1)) / 2**differing
    return float(min(1.0, 2 * tail))


def in_words(pair: PairedAcceptance) -> str:
    """Two judges in one sentence, with the table behind it."""
    if pair.share_a.value is None or pair.share_b.value is None or pair.difference.value is None:
        return f"{pair.a} and {pair.b}: {pair.share_a.reason}"
    ends = f"95 % interval {pair.difference.low:+.0%} to {pair.difference.high:+.0%}"
    test = "they differ on none" if pair.p_value is None else f"McNemar's exact p {pair.p_value:.3g}"
    return (
        f"on the same {pair.n:,}: {pair.a} accepts {pair.share_a.value:.0%}, {pair.b} {pair.share_b.value:.0%}; difference "
        f"{pair.difference.value:+.0%} ({ends}; {test}; {pair.only_a:,} by the first alone, {pair.only_b:,} by the second alone)"
    )
