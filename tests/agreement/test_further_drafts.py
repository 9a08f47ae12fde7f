"""How many more drafts until it is decided."""

from typing import NamedTuple

import numpy as np
import pytest

from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.estimates import figures
from touchstone.agreement.formulas import patterns_of
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


def test_more_labels_are_promised_only_away_from_the_threshold():
    far, near = report_of(LOW), report_of(MIDDLE)
    assert 0 < far.further.start < far.further.end <= 100
    told = near.as_json()["more"]
    assert (told["from"], told["to"]) == (None, None)
    assert told["sentence"] == "at the threshold: more labels will not settle it"
    assert 300 < told["half_width_05"] < 600


def test_nothing_more_is_asked_for_once_decided():
    decided = report_of(np.array(LOW) * 20)
    assert (decided.verdict, decided.further) == ("below", None)


def test_the_range_is_said_in_whole_tens_outwards():
    assert FurtherDrafts(37, 83).in_words() == "30 to 90 more"
    assert FurtherDrafts(4, 20).in_words() == "up to 20 more"


def test_the_nearer_the_threshold_the_more_labels():
    patterns = table_of(GOOD)
    ends = [further_drafts(patterns, KAPPA, threshold) for threshold in (0.65, 0.7, 0.75, 0.78)]
    assert [m.start for m in ends] == sorted(m.start for m in ends)
    assert [m.end for m in ends] == sorted(m.end for m in ends)


@pytest.mark.whole_run("the range is held on given tables in the short run")
def test_about_a_quarter_of_rounds_is_decided_at_the_start_of_the_range_and_three_at_its_end():
    """1,200 rounds gave .315 and .713 here; the bounds leave three standard errors of 400 rounds."""
    table, threshold, name = np.array([[45, 5], [5, 45]]), 0.7, KAPPA
    promised = further_drafts(table_of(table), name, threshold)
    rng = np.random.default_rng(3)
    for added, least, most in ((promised.start, 0.24, 0.39), (promised.end, 0.64, 0.79)):
        rounds = table + rng.multinomial(added, table.ravel() / 100, size=400).reshape(-1, 2, 2)
        decided = [verdict(figures(table_of(r), [name])[name], threshold) != "undecided" for r in rounds]
        assert least < np.mean(decided) < most
