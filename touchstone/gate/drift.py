"""Whether a gate holds up more or less than it did: shares by week and by day, the last seven days against the four weeks before,
and each of the last fourteen days against the seven before it."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import NormalDist
from typing import NamedTuple

from touchstone.agreement.estimation.intervals import share
from touchstone.agreement.figure import Figure
from touchstone.english import day, many

WEEK = timedelta(days=7)
WEEKS = 8  # shown
BEFORE = 4  # weeks that the last one is held against
FEWEST = 10  # decisions on either side, or nothing is said
DAY = timedelta(days=1)
DAYS, DAYS_BEFORE = 14, 7  # shown; that each of them is held against
NONE_DECIDED = "no draft was decided on"

Days = Mapping[date, tuple[int, int]]  # by day: drafts decided on, and how many of them were not passed


class WeekOfDecisions(NamedTuple):
    """Seven days, the last of them `until`: drafts decided on, held up (review or block), and the share of these."""

    until: date
    decided: int
    held: int
    share: Figure


class DayOfDecisions(NamedTuple):
    """One day: drafts decided on, held up, and the share of these; `before`: that of the seven days before it. `moved`: whether
    the two differ, None where there are too few decisions to say."""

    day: date
    decided: int
    held: int
    share: Figure
    before: Figure
    moved: bool | None


class Drift(NamedTuple):
    """Weeks, the latest first, back to the first with a decision; `moved`: whether the last differs from the four before it, None
    where there are too few decisions to say. `days`: the last fourteen that have a decision, the latest first."""

    weeks: tuple[WeekOfDecisions, ...]
    moved: bool | None
    sentence: str
    days: tuple[DayOfDecisions, ...] = ()

    @property
    def moved_on(self) -> tuple[DayOfDecisions, ...]:
        """The days that differ from the seven before them, the earliest first."""
        return tuple(each for each in reversed(self.days) if each.moved)

    @property
    def by_day(self) -> str:
        """On which day it moved first, in a sentence."""
        said = sum(each.moved is not None for each in self.days)
        if not said:
            return f"By day nothing can be said: it takes {FEWEST} decisions on a day, and as many in the seven days before it."
        if not self.moved_on:
            return f"No day differs from the seven before it, of {many(said, 'day')} with {FEWEST} decisions or more."
        first = self.moved_on[0]
        more = len(self.moved_on) - 1
        told = f"{_percent(first.share.value)} held up, {_percent(first.before.value)} in the seven days before"
        return f"It moved on {day(first.day)}: {told}" + (f"; and on {many(more, 'later day')}." if more else ".")


def drift_of(days: Days, today: date) -> Drift:
    """The drift up to today (UTC). The difference of the two shares has Newcombe's interval (1998, Stat. Med. 17: 873-890, method
    10: from Wilson's intervals of both) at 95 %; it moved where that leaves 0 out.

    >>> steady = {date(2026, 3, day): (40, 4) for day in range(1, 29)}
    >>> drift_of(steady, date(2026, 3, 28)).sentence
    'Steady: 10 % held up in the last seven days, 10 % in the four weeks before.'
    >>> drift_of(steady | {date(2026, 3, 27): (40, 30)}, date(2026, 3, 28)).moved
    True
    """
    by_day = tuple(each for place in range(DAYS) if (each := _day(days, today - place * DAY)).decided)
    weeks = tuple(_week(days, today - place * WEEK) for place in range(WEEKS))
    while weeks and not weeks[-1].decided:
        weeks = weeks[:-1]
    now = weeks[:1]
    decided = [sum(each.decided for each in part) for part in (now, weeks[1 : 1 + BEFORE])]
    held = [sum(each.held for each in part) for part in (now, weeks[1 : 1 + BEFORE])]
    if min(decided, default=0) < FEWEST:
        told = f"{many(decided[0], 'decision')} in the last seven days, {decided[1]:,} in the four weeks before"
        return Drift(weeks, None, f"Too few to say whether it moved: {told}; it takes {FEWEST} of each.", by_day)
    recent, before = (share(number, of, NONE_DECIDED) for number, of in zip(held, decided, strict=True))
    low, high = difference(recent, before)
    moved = low > 0 or high < 0
    told = f"{_percent(recent.value)} held up in the last seven days, {_percent(before.value)} in the four weeks before"
    if not moved:
        return Drift(weeks, False, f"Steady: {told}.", by_day)
    points = f"{100 * low:+.0f} to {100 * high:+.0f} percentage points"
    said = f"It moved: {told} ({points}). The drafts changed, or what writes them; look at the reasons."
    return Drift(weeks, True, said, by_day)


def difference(a: Figure, b: Figure) -> tuple[float, float]:
    """The ends of the interval of a less b, of two shares that have one each."""
    ends = [float(each) for figure in (a, b) for each in (figure.value, figure.low, figure.high) if each is not None]
    p, low_p, high_p, q, low_q, high_q = ends
    return p - q - math.hypot(p - low_p, high_q - q), p - q + math.hypot(high_p - p, q - low_q)


def _week(days: Days, until: date) -> WeekOfDecisions:
    within = [found for day, found in days.items() if until - WEEK < day <= until]
    decided, held = sum(each[0] for each in within), sum(each[1] for each in within)
    return WeekOfDecisions(until, decided, held, share(held, decided, NONE_DECIDED))


def _day(days: Days, on: date) -> DayOfDecisions:
    """A day against the seven before it. Fourteen are looked at, so each at 1 - .05 / 14 (Bonferroni): by chance alone one in
    twenty gates would show a day that moved."""
    decided, held = days.get(on, (0, 0))
    of, of_held = (sum(days.get(on - place * DAY, (0, 0))[part] for place in range(1, DAYS_BEFORE + 1)) for part in (0, 1))
    own, before = share(held, decided, NONE_DECIDED), share(of_held, of, NONE_DECIDED)
    if min(decided, of) < FEWEST:
        return DayOfDecisions(on, decided, held, own, before, None)
    low, high = difference(_wider(held, decided), _wider(of_held, of))
    return DayOfDecisions(on, decided, held, own, before, low > 0 or high < 0)


def _wider(number: int, of: int) -> Figure:
    """A share with Wilson's interval at 1 - .05 / 14."""
    z, p = NormalDist().inv_cdf(1 - 0.025 / DAYS), number / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    shrunk = 1 + z * z / of
    return Figure(p, (middle - half) / shrunk, (middle + half) / shrunk, of, None)


def _percent(value: float | None) -> str:
    return f"{100 * (value or 0):.0f} %"
