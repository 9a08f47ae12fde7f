"""Looks at the same labels: the error they add up to, and boundaries of looks planned beforehand."""

from collections import Counter

import numpy as np
import pytest

from touchstone.agreement.looks import HIGHEST, Looks, boundaries, error_of_looking
from touchstone.agreement.report import dimension_report
from touchstone.agreement.verdict import judgement_in_words
from touchstone.data.counts import Counts
from touchstone.data.look_plan import LookPlan


class Rule:
    statistic, weights, threshold = "kappa", "unweighted", 0.6


def test_the_error_of_equal_looks_is_the_published_one():
    # Armitage, McPherson and Rowe 1969, table 2 (5 % at each look): 1, 2, 3, 4, 5 and 10 looks.
    published = {1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193}
    for number, error in published.items():
        assert error_of_looking([30 * look for look in range(1, number + 1)]) == pytest.approx(error, abs=5e-4)


def test_looks_without_further_drafts_are_no_further_looks():
    assert error_of_looking([0, 30, 30]) == pytest.approx(0.05)
    assert error_of_looking([30, 30, 60]) == pytest.approx(error_of_looking([30, 60]))
    assert 0.05 < error_of_looking([100_000, 101_000]) < 0.07


def test_boundaries_are_the_published_ones():
    # Two-sided .05, O'Brien-Fleming spending of Lan and DeMets, equal looks (Reboussin et al. 2000, Control. Clin. Trials 21).
    assert boundaries([0.2, 0.4, 0.6, 0.8, 1]) == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)
    assert boundaries([0.5, 1]) == pytest.approx([2.9626, 1.9686], abs=2e-4)
    assert boundaries([1]) == pytest.approx([1.95996], abs=1e-4)


def test_a_look_far_too_early_or_without_further_drafts_crosses_nothing():
    assert boundaries([0.01, 0.5, 0.5, 1]) == pytest.approx([HIGHEST, 2.9626, HIGHEST, 1.9686], abs=1e-3)


def test_more_drafts_than_planned_at_the_last_look_spend_no_more():
    """Looks at 50 and 100 of 60 planned: 200,000 simulated sums of independent parts, three standard errors."""
    rng = np.random.default_rng(2)
    steps = rng.standard_normal((200_000, 2)) * np.sqrt([50, 50])
    crossed = np.abs(steps.cumsum(axis=1) / np.sqrt([50, 100])) >= boundaries([50 / 60, 100 / 60])
    assert crossed.any(axis=1).mean() == pytest.approx(0.05, abs=0.0015)


def test_all_looks_of_a_plan_together_spend_five_per_cent():
    """Simulated sums of independent parts: 40,000 paths of looks at uneven sizes, three standard errors."""
    rng, shares = np.random.default_rng(1), np.array([0.15, 0.4, 0.55, 0.9, 1])
    steps = rng.standard_normal((40_000, 5)) * np.sqrt(np.diff(shares, prepend=0))
    crossed = np.abs(steps.cumsum(axis=1) / np.sqrt(shares)) >= boundaries(shares.tolist())
    assert crossed.any(axis=1).mean() == pytest.approx(0.05, abs=0.0033)


def report_at(units, looks):
    agree = round(0.9 * units)
    patterns = Counter({(0, 0): agree // 2, (1, 1): agree - agree // 2, (0, 1): units - agree})
    return dimension_report(Counts("d", "nominal", (0, 1), ("a", "b"), patterns, units), Rule(), looks=looks)


def test_an_early_look_of_a_plan_takes_a_longer_interval_and_a_late_one_nearly_the_ordinary():
    plan = LookPlan(4, 200)
    plain, early, late = (report_at(100, each) for each in (None, Looks((50, 100), plan), Looks((50, 100, 200), plan)))
    assert plain.verdict == "meets" and early.verdict == "undecided" and early.further.most in (100, 1000)
    value, low, high = early.judged.ends
    stretch = boundaries([0.25, 0.5])[1] / 1.959964
    told = early.as_json()
    assert told["verdict_interval"]["low"] == pytest.approx(value - stretch * (value - low))
    assert told["verdict_interval"]["high"] == pytest.approx(min(1, value + stretch * (high - value)))
    assert told["looks"]["number"] == 2 and told["looks"]["plan"] == {"looks": 4, "drafts": 200}
    assert 1 < late.judgement.looks.stretch < 1.05
    assert "(interval for look 2 of the plan [" in judgement_in_words(early.judgement)


def test_one_planned_look_gives_a_verdict_there_and_nowhere_else():
    plan = LookPlan(1, 100)
    before, there, after = (report_at(n, Looks(sizes, plan)) for n, sizes in ((50, (50,)), (100, (50, 100)), (150, (100, 150))))
    assert (before.verdict, there.verdict, after.verdict) == ("undecided", "meets", "undecided")
    assert before.further.start >= 50
    assert before.as_json()["verdict_reason"] == "one look at 100 drafts is planned, and 50 have two labels"
    assert after.further is None and after.as_json()["looks"]["error"] == 0.05
    assert after.as_json()["verdict_reason"] == "the planned one look at 100 drafts ended at an earlier look"


def test_unplanned_looks_change_no_verdict_and_say_what_they_cost():
    looks = Looks((30, 60, 90))
    assert looks.stretch == 1 and looks.withheld == "" and looks.as_json()["error"] == pytest.approx(0.107, abs=5e-4)
    assert looks.in_words() == (
        "these labels are looked at for the third time (30, 60 and 90 drafts): whoever stops at the first verdict is wrong "
        "10.7 % of the time if the true value is at the threshold, with one look 5 %; plan the looks when a round is opened"
    )
    assert Looks((30,)).in_words() == ""
