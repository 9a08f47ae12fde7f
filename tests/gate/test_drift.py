"""Drift by day: a day that moved is found, and days that did not are rarely taken for one."""

from datetime import date, timedelta

import numpy as np

from touchstone.agreement.estimation.intervals import share
from touchstone.gate.drift import DAYS, _wider, drift_of

TODAY = date(2026, 3, 28)


def days(held: dict[int, int], each: int = 40, usual: int = 4) -> dict[date, tuple[int, int]]:
    """Thirty days up to today with so many drafts each; `held`: how many were held up so many days ago, where not as usual."""
    return {TODAY - timedelta(days=ago): (each, held.get(ago, usual)) for ago in range(30)}


def test_a_day_that_moved_is_named_and_days_that_cannot_say_are_not_counted():
    found = drift_of(days({3: 30}), TODAY)
    assert [each.day for each in found.moved_on] == [date(2026, 3, 25)]
    assert found.by_day == "It moved on 25 March 2026: 75 % held up, 10 % in the seven days before."
    assert len(found.days) == DAYS and found.days[0].day == TODAY
    few = drift_of(days({3: 8}, each=8, usual=1), TODAY)
    assert few.by_day.startswith("By day nothing can be said") and not few.moved_on
    steady = drift_of(days({}), TODAY)
    assert steady.by_day == "No day differs from the seven before it, of 14 days with 10 decisions or more."
    assert drift_of(days({0: 36, 1: 36}), TODAY).by_day.endswith("; and on 1 later day.")
    assert drift_of({}, TODAY).days == ()


def test_of_gates_that_never_move_at_most_one_in_twenty_shows_a_day_that_did():
    rng = np.random.default_rng(11)
    drawn = rng.binomial(60, 0.2, (400, 30))
    told = [drift_of({TODAY - timedelta(days=ago): (60, int(n)) for ago, n in enumerate(row)}, TODAY).moved_on for row in drawn]
    assert sum(map(bool, told)) <= 0.05 * len(told) + 2 * (0.05 * 0.95 * len(told)) ** 0.5


def test_the_wider_interval_is_wilsons_too():
    ordinary, wide = share(9, 40, ""), _wider(9, 40)
    assert wide.value == ordinary.value and wide.low < ordinary.low and wide.high > ordinary.high
