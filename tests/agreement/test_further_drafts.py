"""How many more drafts until it is decided."""

from typing import NamedTuple

import numpy as np
import pytest

from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import patterns_of
from touchstone.agreement.figure import VerdictInterval
from touchstone.agreement.report import dimension_report
from touchstone.agreement.verdict import FurtherDrafts, further_drafts, verdict
from touchstone.data.counts import Counts


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


# Invented: two annotators of 30 drafts, kappa .86, .77 and .69.
GOOD = [[4, 0, 0, 0], [1, 5, 0, 0], [0, 1, 8, 0], [0, 0, 1, 10]]
MIDDLE = [[5, 1, 0, 0], [0, 6, 1, 0], [0, 1, 9, 1], [0, 0, 1, 5]]
LOW = [[4, 2, 0, 0], [1, 6, 1, 0], [0, 2, 7, 1], [0, 0, 0, 6]]


def table_of(table):
    cells = {(i, j): int(n) for i, row in enumerate(table) for j, n in enumerate(row)}
    return patterns_of(cells, (0, 1), range(len(table)))


def report_of(table):
    cells = {(i, j): int(n) for i, row in enumerate(table) for j, n in enumerate(row) if n}
    return dimension_report(Counts("d", "ordinal", (0, 1, 2, 3), ("a", "b"), cells, 30), Rule())


def test_what_may_take_over_a_thousand_drafts_has_no_end_and_near_the_threshold_nothing_is_called_hopeless():
    far, near = report_of(LOW), report_of(MIDDLE)
    assert 0 < far.further.start < far.further.end <= 300
    told = near.as_json()["more"]
    assert 0 < told["from"] < 100 and told["to"] is None
    assert told["sentence"] == f"{told['from'] // 10 * 10} to over 1,000 more"
    assert 300 < told["half_width_05"] < 600


def test_no_further_draft_is_asked_for_a_half_width_that_is_there():
    """Kappa .8 at the threshold on 2,000 drafts: 1.96 sqrt(.9 * .1 / 2,000) / .5 = .026, half of .05 nearly."""
    cells = {(0, 0): 900, (0, 1): 100, (1, 0): 100, (1, 1): 900}
    at_it = dimension_report(Counts("d", "ordinal", (0, 1), ("a", "b"), cells, 2000), Rule())
    assert at_it.judged.high - at_it.judged.low == pytest.approx(2 * 0.026, abs=0.003)
    assert (at_it.verdict, at_it.further.start, at_it.further.half_width_05) == ("undecided", None, 0)


def test_nothing_more_is_asked_for_once_decided():
    decided = report_of(np.array(LOW) * 20)
    assert (decided.verdict, decided.further) == ("below", None)


def test_the_range_is_said_in_whole_tens_outwards():
    assert FurtherDrafts(37, 83).in_words() == "30 to 90 more"
    assert FurtherDrafts(4, 20).in_words() == "up to 20 more"
    assert FurtherDrafts(None, None, 400).in_words() == "not within 1,000 more drafts"


def test_the_nearer_the_threshold_the_more_labels():
    patterns = table_of(GOOD)
    ends = [further_drafts(patterns, KAPPA, threshold) for threshold in (0.65, 0.7, 0.75, 0.78)]
    assert [m.start for m in ends] == sorted(m.start for m in ends)
    assert [m.end for m in ends] == sorted(m.end for m in ends)


@pytest.mark.whole_run("the range is held on given tables in the short run")
def test_about_a_quarter_of_rounds_is_decided_at_the_start_of_the_range_and_three_quarters_at_its_end():
    """The rounds to come are drawn from what the pilot leaves plausible, Dirichlet(count + 1/4), each anew. 1,200 rounds gave
    .24 and .72 here; the bounds leave three standard errors of 400 rounds."""
    table, threshold, name = np.array([[45, 5], [5, 45]]), 0.7, KAPPA
    promised = further_drafts(table_of(table), name, threshold)
    rng = np.random.default_rng(3)
    for added, least, most in ((promised.start, 0.18, 0.32), (promised.end, 0.65, 0.82)):
        truths = rng.dirichlet(table.ravel() + 1 / 4, size=400)
        rounds = [table + rng.multinomial(added, truth).reshape(2, 2) for truth in truths]
        decided = [verdict(*figures(table_of(r), [name])[name].ends[1:], threshold) != "undecided" for r in rounds]
        assert least < np.mean(decided) < most


def test_by_clusters_it_takes_more_drafts_than_by_drafts():
    patterns = table_of(GOOD)
    figure = figures(patterns, [KAPPA])[KAPPA]
    wider = VerdictInterval("cluster", 15, 1 - 2 * (1 - figure.low), 1.0)
    plain, clustered = (further_drafts(patterns, KAPPA, 0.65, interval) for interval in (None, wider))
    assert plain.start < clustered.start and plain.end < clustered.end
