"""Whether a gate holds up more or less than it did: shares by week, and the last seven days against the four weeks before."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from touchstone.agreement.estimation.intervals import share
from touchstone.agreement.figure import Figure
from touchstone.english import many

WEEK = timedelta(days=7)
WEEKS = 8  # shown
BEFORE = 4  # weeks that the last one is held against
FEWEST = 10  # decisions on either side, or nothing is said
NONE_DECIDED = "no draft was decided on"

Days = Mapping[date, tuple[int, int]]  # by day: drafts decided on, and how many of them were not passed


class WeekOfDecisions(NamedTuple):
    """Seven days, the last of them `until`: drafts decided on, held up (review or block), and the share of these."""

    until: date
    decided: int
    held: int
    share: Figure


class Drift(NamedTuple):
    """Weeks, the latest first, back to the first with a decision; `moved`: whether the last differs from the four before it, None
    where there are too few decisions to say."""

    weeks: tuple[WeekOfDecisions, ...]
    moved: bool | None
    sentence: str


def drift_of(days: Days, today: date) -> Drift:
    """The drift up to today (UTC). The difference of the two shares has Newcombe's interval (1998, Stat. Med. 17: 873-890, method
    10: from Wilson's intervals of both) at 95 %; it moved where that leaves 0 out.

    >>> steady = {date(2026, 3, day): (40, 4) for day in range(1, 29)}
    >>> drift_of(steady, date(2026, 3, 28)).sentence
    'Steady: 10 % held up in the last seven days, 10 % in the four weeks before.'
    >>> drift_of(steady | {date(2026, 3, 27): (40, 30)}, date(2026, 3, 28)).moved
    True
    """
    weeks = tuple(_week(days, today - place * WEEK) for place in range(WEEKS))
    while weeks and not weeks[-1].decided:
        weeks = weeks[:-1]
    now = weeks[:1]
    decided = [sum(each.decided for each in part) for part in (now, weeks[1 : 1 + BEFORE])]
    held = [sum(each.held for each in part) for part in (now, weeks[1 : 1 + BEFORE])]
    if min(decided, default=0) < FEWEST:
        told = f"{many(decided[0], 'decision')} in the last seven days, {decided[1]:,} in the four weeks before"
        return Drift(weeks, None, f"Too few to say whether it moved: {told}; it takes {FEWEST} of each.")
    recent, before = (share(number, of, NONE_DECIDED) for number, of in zip(held, decided, strict=True))
    low, high = difference(recent, before)
    moved = low > 0 or high < 0
    told = f"{_percent(recent.value)} held up in the last seven days, {_percent(before.value)} in the four weeks before"
    if not moved:
        return Drift(weeks, False, f"Steady: {told}.")
    points = f"{100 * low:+.0f} to {100 * high:+.0f} percentage points"
    return Drift(weeks, True, f"It moved: {told} ({points}). The drafts changed, or what writes them; look at the reasons.")


def difference(a: Figure, b: Figure) -> tuple[float, float]:
    """The ends of the interval of a less b, of two shares that have one each."""
    ends = [float(each) for figure in (a, b) for each in (figure.value, figure.low, figure.high) if each is not None]
    p, low_p, high_p, q, low_q, high_q = ends
    return p - q - math.hypot(p - low_p, high_q - q), p - q + math.hypot(high_p - p, q - low_q)


def _week(days: Days, until: date) -> WeekOfDecisions:
    within = [found for day, found in days.items() if until - WEEK < day <= until]
    decided, held = sum(each[0] for each in within), sum(each[1] for each in within)
    return WeekOfDecisions(until, decided, held, share(held, decided, NONE_DECIDED))


def _percent(value: float | None) -> str:
    return f"{100 * (value or 0):.0f} %"
