"""How often agreement was looked at, what that does to the error of the verdict, and boundaries planned beforehand.

Rounds that continue one another are reported together each time one is closed, and labelling may stop at the first verdict. At
the threshold itself every verdict is wrong, and each look is a further chance of one. The looks at n_1 < n_2 < .. drafts are
taken as those of a sum of independent parts: Z_k = S_k / sqrt(n_k), S_k - S_(k - 1) normal with variance n_k - n_(k - 1).

Unplanned: the chance that |Z_k| >= 1.96 at some look (`error_of_looking`); .05 at one, .14 at five of equal steps (Armitage,
McPherson and Rowe 1969, J. R. Stat. Soc. A 132: 235-244).

Planned: the error is spent as the drafts come (Lan and DeMets 1983, Biometrika 70: 659-663). At the share t of the planned
drafts 2 (1 - Phi(2.24 / sqrt(t))) may have been spent on either side, their function of O'Brien and Fleming's kind (2.24 is the
point of half the side's .025): next to nothing early, all at the end. `boundaries` gives the z of each look that spends exactly
that; the number and times of looks need not be kept to.

A look with under a thousandth more drafts than the one before is no further look: the grid would not see it.

Both come from the density of S_k among what crossed no boundary before, carried from look to look on a grid (Armitage and
others, as above) by Simpson's rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import numpy as np

from touchstone.agreement.estimation.intervals import ENDS, Array
from touchstone.data.look_plan import LookPlan
from touchstone.english import listed, many

NORMAL = NormalDist()
ALPHA = 2 * ENDS[0]
Z = NORMAL.inv_cdf(ENDS[1])
SPENT_AT = NORMAL.inv_cdf(1 - ENDS[0] / 2)
MORE = 1.001
NEARLY_ALL = 0.9999
HIGHEST = 8.0  # a boundary that nothing crosses
GRID = 801  # points, odd for Simpson's rule


@dataclass(frozen=True)
class Looks:
    """`sizes`: the drafts with two labels at each look, this one the last. `left_out`: the rounds that the plan is about too and
    that are not among these labels, by name."""

    sizes: tuple[int, ...]
    plan: LookPlan | None = None
    left_out: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return len(self.sizes)

    @property
    def error(self) -> float:
        """The chance of a wrong verdict at some look, at the threshold: so far with every interval at 95 %, or as planned."""
        return ALPHA if self.plan else error_of_looking(self.sizes)

    @property
    def has_ended(self) -> bool:
        """Whether an earlier look was the plan's last: nothing is left to be spent."""
        return self.plan is not None and any(size >= self.plan.drafts for size in self.sizes[:-1])

    @property
    def withheld(self) -> str:
        """Why the plan gives these labels no verdict; "" where it gives one."""
        if self.plan is None:
            return ""
        if self.left_out:
            is_or_are = "is" if self.plan.looks == 1 else "are"
            others = f"those of {listed(self.left_out)}: report them together"
            return f"the planned {self.plan.in_words()} {is_or_are} of these labels and {others}"
        if self.plan.looks == 1 and self.sizes[-1] < self.plan.drafts:
            return f"one look at {many(self.plan.drafts, 'draft')} is planned, and {self.sizes[-1]} have two labels"
        if self.has_ended:
            return f"the planned {self.plan.in_words()} ended at an earlier look"
        return ""

    @property
    def stretch(self) -> float:
        """How many times as long the verdict's interval is as one of 95 %."""
        if self.plan is None or self.withheld or self.plan.looks == 1:
            return 1.0
        shares = [size / self.plan.drafts for size in self.sizes]
        return max(1.0, boundaries(shares)[-1] / Z)

    def as_json(self) -> dict[str, object]:
        plan = {"looks": self.plan.looks, "drafts": self.plan.drafts} if self.plan else None
        return {
            "number": self.number,
            "sizes": list(self.sizes),
            "error": self.error,
            "plan": plan,
            "stretch": self.stretch,
            "left_out": list(self.left_out),
        }

    def in_words(self) -> str:
        """What is to be said of them beside the verdict; "" of one look without a plan."""
        if self.plan is None:
            return self._unplanned() if self.number > 1 else ""
        if self.left_out:
            return f"{self.withheld}; these labels alone have no verdict"
        said = f"{self.plan.in_words()} planned beforehand"
        if self.withheld or self.stretch == 1.0:
            return said
        level = 2 * NORMAL.cdf(self.stretch * Z) - 1
        told = _share(level) if level < NEARLY_ALL else f"over {_share(NEARLY_ALL)}"
        return f"{said}: at look {self.number}, {many(self.sizes[-1], 'draft')}, the verdict takes intervals of {told}"

    def _unplanned(self) -> str:
        sizes = [f"{size:,}" for size in self.sizes]
        return (
            f"these labels are looked at for the {_ordinal(self.number)} time ({listed(sizes)} drafts): whoever stops at the "
            f"first verdict is wrong {_share(self.error)} of the time if the true value is at the threshold, with one look "
            f"{_share(ALPHA)}; plan the looks when a round is opened"
        )


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")


def _share(part: float) -> str:
    return f"{100 * part:.4g} %" if part > 0.999 else f"{100 * part:.3g} %"


def error_of_looking(sizes: Sequence[int], z: float = Z) -> float:
    """The chance that |Z_k| >= `z` at some of the looks at `sizes` (ascending). Looks at the same size are one; one at 0 is none.

    >>> round(error_of_looking([30]), 3), round(error_of_looking([30, 60, 90, 120, 150]), 3)
    (0.05, 0.142)
    """
    walk = _Walk()
    found = 0.0
    for share in (size / sizes[-1] for size in sizes if size > 0):
        if share > walk.share * MORE:
            found += walk.cross(share, z)
    return found


def boundaries(shares: Sequence[float]) -> list[float]:
    """The z of each look at the `shares` of the planned drafts, ascending; see the module. From a share of 1 on all may be spent.
    A look that may spend nothing (no new drafts, far too early, or all spent before) has a boundary that nothing crosses.

    >>> [round(z, 2) for z in boundaries([0.2, 0.4, 0.6, 0.8, 1.0])]
    [4.88, 3.36, 2.68, 2.29, 2.03]
    """
    walk, spent, found = _Walk(), 0.0, []
    for share in shares:
        may = 4 * (1 - NORMAL.cdf(SPENT_AT / min(share, 1.0) ** 0.5)) if share > 0 else 0.0
        if share <= walk.share * MORE or may - spent < 2 * (1 - NORMAL.cdf(HIGHEST)):
            found.append(HIGHEST)
            continue
        z = _root(partial(walk.crossing, share), may - spent)
        spent += walk.cross(share, z)
        found.append(z)
    return found


class _Walk:
    """S among what crossed no boundary so far: `density` at `points`, which carry Simpson's `weights`."""

    def __init__(self) -> None:
        self.share = 0.0
        self.points, self.weights, self.density = np.zeros(1), np.ones(1), np.ones(1)

    def crossing(self, share: float, z: float) -> float:
        """The chance to cross `z` at `share`, having crossed nothing before."""
        step, edge = (share - self.share) ** 0.5, z * share**0.5
        beyond = _tail((edge - self.points) / step) + _tail((edge + self.points) / step)
        return float((self.weights * self.density * beyond).sum())

    def cross(self, share: float, z: float) -> float:
        """The same, and go on with what did not cross."""
        crossed = self.crossing(share, z)
        step, edge = (share - self.share) ** 0.5, z * share**0.5
        points = np.linspace(-edge, edge, GRID)
        density = np.exp(-0.5 * ((points[:, None] - self.points) / step) ** 2) / (step * (2 * np.pi) ** 0.5)
        self.density = density @ (self.weights * self.density)
        self.points, self.weights, self.share = points, _simpson(GRID, points[1] - points[0]), share
        return crossed


def _simpson(number: int, width: float) -> Array:
    weights = np.ones(number)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return weights * width / 3


def _tail(x: Array) -> Array:
    """1 - Phi."""
    from scipy.special import ndtr

    tail: Array = ndtr(-x)
    return tail


def _root(crossing: Callable[[float], float], wanted: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda z: crossing(z) - wanted, 0.0, HIGHEST, xtol=1e-10))
