"""The verdict on a judge: whether it may stand in for a person.

Non-inferiority decides. A judge f may stand in for a person where the lower end of the 95 % interval of

    mean over h of  kappa(f, mode of the others than h) - kappa(h, the same mode)

is at or over -margin (.10 unless said otherwise), and f beats the controls, paired: the whole interval of kappa(f) -
kappa(control) is over 0, for the control with the highest kappa and for those made of f itself, and f gives another level than
that control on LEAST_APART units or more: what rests on a few units is no difference of two judges. It may not where the upper
end of the first is under -margin, where that of the second is at or under 0, and where it gives one level throughout. Else there
are not enough labels, and the verdict says how many more it would take if they went on as they do: an interval shrinks as
1 / sqrt n.

Four things must hold besides, or nobody is told that a judge may:

    units      LEAST_UNITS with two labels of people, of clusters worth twelve of equal size (`estimation.clusters`)
    controls   those that look at length and layout could be tried (`controls`)
    floor      people agree among themselves: the lower ends of their alpha and of a person's mean kappa are over 0, and neither
               the figure that the rubric judges the dimension by nor that kappa is under the rubric's threshold. A bar that
               people set who do not agree is no bar.
    no one     without any one of three people or more the lower end is at or over -margin, too: nobody's labels alone carry it

There is no verdict on a judge whose levels are one of the people's own (`twins`).
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from touchstone.agreement.estimation.clusters import too_few_clusters
from touchstone.agreement.figure import Figure, in_words, short, signed
from touchstone.agreement.verdict import LEAST_UNITS
from touchstone.english import many
from touchstone.judging.controls import Untried
from touchstone.judging.held import HeldLabels
from touchstone.judging.twins import Twin

MAY, MAY_NOT, MORE, NONE = "may stand in", "may not", "not enough labels", "no verdict"
LEAST_APART = 12  # units
MOST = 100_000  # more units than this are not worth promising


class BestControl(NamedTuple):
    """The control that is hardest to beat, of the one with the highest kappa and those made of the judge; `over`: the judge's
    kappa less its, paired; `apart`: units on which the two give different levels, None for one by definition."""

    name: str
    value: float
    over: Figure
    apart: int | None = None

    @property
    def is_apart(self) -> bool:
        return self.apart is None or self.apart >= LEAST_APART

    @property
    def is_beaten(self) -> bool:
        return self.is_apart and self.over.low is not None and self.over.low > 0

    @property
    def more(self) -> int | None:
        """Units more until it may be beaten, as things stand."""
        if self.is_apart or not self.apart:
            return _more(*self.over.ends, 0.0, self.over.n)
        return max(10, -(-math.ceil(self.over.n * (LEAST_APART / self.apart - 1)) // 10) * 10)

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "value": self.value}


class StandIn(NamedTuple):
    """A verdict of MAY, MAY_NOT, MORE or NONE, with its reason in words; `more` units that MORE asks for, None where no number
    would decide or it is over MOST; `way`: what else would."""

    verdict: str
    why: str
    more: int | None = None
    way: str = ""


class Floor(NamedTuple):
    """How people agree: `figure` is the one that the rubric judges the dimension by, `called` in words, and `threshold` its own;
    None without a rubric."""

    alpha: Figure
    person: Figure
    figure: Figure
    called: str
    threshold: float | None

    @property
    def fault(self) -> str:
        """What is under the floor, in words; nothing where it holds."""
        for name, each in (("alpha among the people", self.alpha), ("a person’s kappa with the others", self.person)):
            if each.low is not None and each.low <= 0:
                return f"{name} is {in_words(each)}, which chance alone can give"
        for name, each in ((f"{self.called} among the people", self.figure), ("a person’s kappa with the others", self.person)):
            if self.threshold is not None and each.value is not None and each.value < self.threshold:
                return f"{name} is {short(each.value)}, under the rubric’s threshold of {short(self.threshold)}"
        return ""


class Grounds(NamedTuple):
    """What a verdict rests on besides the labels: see above. `without`: the difference without each person, by name."""

    difference: Figure
    best: BestControl | None
    margin: float
    untried: Untried | None = None
    floor: Floor | None = None
    without: Mapping[str, Figure] = {}
    twin: Twin | None = None


class Caution(NamedTuple):
    """Why nothing is decided, and how many more units it takes at least."""

    why: str
    least: int


def stand_in(held: HeldLabels, grounds: Grounds) -> StandIn:
    """The verdict (see above)."""
    difference, best, margin = grounds.difference, grounds.best, grounds.margin
    if len(held.units) and held.is_constant:
        return StandIn(MAY_NOT, "it gives one level throughout")
    if grounds.twin:
        return StandIn(NONE, f"its levels are {grounds.twin.in_words}", None, "name a judge that is none of the people")
    if difference.value is None or best is None:
        return StandIn(MORE, in_words(difference))
    if caution := _too_few(held):
        return StandIn(MORE, caution.why, caution.least)
    if difference.ends.high < -margin:
        return StandIn(MAY_NOT, f"it agrees less than a person does by more than the margin of {short(margin)}")
    if best.over.ends.high <= 0:
        return StandIn(MAY_NOT, f"it agrees no more than the control {best.name}")
    if grounds.floor and (fault := grounds.floor.fault):
        return StandIn(NONE, fault, None, "let people agree first: there is nothing yet to hold a judge against")
    return _within(grounds, difference, best)


def _within(grounds: Grounds, difference: Figure, best: BestControl) -> StandIn:
    """The verdict where nothing speaks against the judge, nor against the people."""
    margin, (value, low, high) = grounds.margin, difference.ends
    if low >= -margin and best.is_beaten:
        if grounds.untried:
            return StandIn(MORE, *grounds.untried)
        return _carried(grounds) or StandIn(MAY, f"within the margin of {short(margin)}, and over the control {best.name}")
    wanted = []
    if low < -margin:
        wanted.append(_more(value, low, high, -margin, difference.n))
    if not best.is_beaten:
        wanted.append(best.more)
    left_open = f"is within the margin of {short(margin)}" if low < -margin else f"beats the control {best.name}"
    sure = [each for each in wanted if each is not None]
    return StandIn(MORE, f"they do not show whether it {left_open}", max(sure) if len(sure) == len(wanted) else None)


def _carried(grounds: Grounds) -> StandIn | None:
    """Where it holds with one of the people alone: who that is, the worst of several."""
    lows = {name: each.low for name, each in grounds.without.items() if each.low is not None}
    name = min(lows, key=lambda each: lows[each], default="")
    if not name or lows[name] >= -grounds.margin:
        return None
    without = grounds.without[name]
    told = f"{name} alone carries it: without their labels the difference is {signed(without)}"
    value, low, high = without.ends
    more = _more(value, low, high, -grounds.margin, without.n) if value > -grounds.margin else None
    return StandIn(MORE, told, more, "" if more else f"look at the labels of {name}, or have more people label")


def _too_few(held: HeldLabels) -> Caution | None:
    two = held.counts.sum(axis=1) >= 2
    units = int(two.sum())
    if units < LEAST_UNITS:
        told = f"{many(units, 'unit')} with two labels of people {'is' if units == 1 else 'are'} too few"
        return Caution(f"{told}, a verdict needs {LEAST_UNITS}", LEAST_UNITS - units)
    sizes = Counter(held.cluster[two].tolist())
    few = too_few_clusters([{(0, 0): size} for size in sizes.values()])
    return Caution(few.why, few.least) if few else None


def _more(value: float, low: float, high: float, line: float, n: int) -> int | None:
    """Units more until the interval is on the side of the line that its point is on, in whole tens; None where the point is on
    the line, and over MOST."""
    away, half = abs(value - line), value - low if value > line else high - value
    if away <= half / math.sqrt(1 + MOST / max(n, 1)):
        return None
    needed = n * (half / away) ** 2 - n
    return max(10, -(-math.ceil(needed) // 10) * 10)
