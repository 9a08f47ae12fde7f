"""Intervals by clusters: the ordinary interval where every unit is its own cluster, and longer where clusters are alike."""

from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, label_all, opened, people, stock
from touchstone.agreement.cluster_report import cluster_report
from touchstone.agreement.clusters import FEW, histograms_by_cluster
from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.report import dimension_report
from touchstone.data.counts import Counts
from workflow.agreement.clusters import by_clusters
from workflow.agreement.reports import agreement_of_rounds, agreement_of_set
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.rounds.closing import close_round


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


def counts_of(labels, annotators="ab", q=4):
    return Counts("d", "ordinal", tuple(range(q)), tuple(annotators), Counter(labels.values()), len(labels))


def drawn(units, annotators=2, seed=1, right=0.85):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, units)
    return {
        f"u{n}": tuple(int(truth[n] if rng.random() < right else rng.integers(4)) for _ in range(annotators))
        for n in range(units)
    }


def report_of(labels, cluster_of, annotators="ab"):
    return cluster_report(counts_of(labels, annotators), histograms_by_cluster(labels, cluster_of), Rule())


@pytest.mark.parametrize(("annotators", "statistic"), [("ab", "kappa"), ("abc", "alpha")])
def test_with_every_unit_its_own_cluster_the_interval_is_the_ordinary_one(annotators, statistic):
    labels = drawn(60, len(annotators))
    ordinary = dimension_report(counts_of(labels, annotators), Rule())
    found = report_of(labels, {}, annotators)
    assert (ordinary.statistic, found.clusters, found.largest) == (statistic, 60, 1)
    for mine, its in ((found.judged, ordinary.judged), (found.percent, ordinary.overall[PERCENT])):
        assert mine.value == its.value
        assert (mine.low, mine.high) == pytest.approx((its.low, its.high), abs=0.02), "two sets of 4,000 draws"
    assert found.warnings == ("Every draft is a cluster of its own, so the interval by clusters is close to the ordinary one.",)


def test_clusters_that_are_alike_inside_make_a_longer_interval_around_the_same_point():
    """Ten copies of each of 25 drafts tell what 25 drafts tell: the interval of the 25, not of the 250."""
    once = drawn(25)
    labels = {f"{unit}-{copy}": pattern for unit, pattern in once.items() for copy in range(10)}
    found = report_of(labels, {unit: unit.partition("-")[0] for unit in labels})
    few, all_of_them = (dimension_report(counts_of(each), Rule()).judged for each in (once, labels))
    assert found.judged.value == pytest.approx(few.value) == pytest.approx(all_of_them.value)
    length = found.judged.high - found.judged.low
    assert length > 2.2 * (all_of_them.high - all_of_them.low)
    assert length == pytest.approx(few.high - few.low, rel=0.25)
    assert (found.clusters, found.units, found.largest, found.warnings) == (25, 250, 10, ())


def test_clusters_that_are_not_alike_inside_change_little():
    labels = drawn(300)
    found = report_of(labels, {unit: str(n % 60) for n, unit in enumerate(labels)})
    ordinary = dimension_report(counts_of(labels), Rule()).judged
    assert found.judged.high - found.judged.low == pytest.approx(ordinary.high - ordinary.low, rel=0.3)


def test_few_clusters_are_warned_of():
    labels = drawn(60)
    (said,) = report_of(labels, {unit: str(n % 7) for n, unit in enumerate(labels)}).warnings
    assert said.startswith(f"There are 7 clusters: with fewer than {FEW} ")
    assert report_of(labels, {unit: str(n % FEW) for n, unit in enumerate(labels)}).warnings == ()


@pytest.mark.parametrize(
    ("labels", "clusters", "reason"),
    [
        ({}, {}, "no data"),
        ({"u1": (1, None), "u2": (0, None)}, {}, "one annotator"),
        ({"u1": (1, None), "u2": (None, 0)}, {}, "no overlap"),
        ({"u1": (1, 1), "u2": (1, 1)}, {}, "single level"),
        ({"u1": (1, 1), "u2": (1, 0), "u3": (0, 1)}, {"u1": "t", "u2": "t", "u3": "t"}, "one cluster"),
    ],
)
def test_what_is_undefined_says_why(labels, clusters, reason):
    found = report_of(labels, clusters).judged
    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


def test_where_all_agree_it_is_said_that_clusters_have_nothing_to_vary():
    labels = {f"u{n}": (n % 4, n % 4) for n in range(100)}
    found = report_of(labels, {unit: str(n // 4) for n, unit in enumerate(labels)})
    assert found.percent.value == 1 and "clusters have nothing to vary" in found.warnings[0]


def test_a_unit_without_a_named_cluster_is_apart_from_a_cluster_that_bears_its_id():
    labels = {"u1": (0, 0), "u2": (1, 1)}
    assert len(histograms_by_cluster(labels, {"u2": "u1"})) == 2


def test_equal_labels_have_equal_intervals_whatever_the_order_they_come_in():
    labels = drawn(60)
    clusters = {unit: str(n % 20) for n, unit in enumerate(labels)}
    turned = dict(reversed(labels.items()))
    assert report_of(labels, clusters).judged == report_of(turned, clusters).judged


# A round, several rounds, a label set


@pytest.fixture
@kept
def team(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 12, cluster="one trace")
    stock(engine, lead, 12, first=13)
    for name, numbers in (("pilot", range(1, 19)), ("more", range(19, 25))):
        opened(engine, lead, name, draft_ids=[f"d{n:02}" for n in numbers])
        for person, shift in ((ana, 0), (ben, 1)):
            label_all(engine, person, {f"d{n:02}": ((n + shift * (n % 5 == 0)) % 3, 1) for n in numbers}, round_name=name)
        close_round(lead, engine, name)
    return lead, ana, ben


def test_a_rounds_drafts_are_clustered_by_their_tasks_cluster(engine, team):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    found = by_clusters(team[0], engine, report)[TONE]
    assert (found.clusters, found.units, found.largest) == (7, 18, 12) == (report.dimensions[TONE].clusters, 18, 12)
    assert found.judged.value == report.dimensions[TONE].judged.value
    assert found.judged.low < report.dimensions[TONE].judged.low


def test_pooled_rounds_and_label_sets_have_intervals_by_clusters_too(engine, team):
    pooled = agreement_of_rounds(team[0], engine, ["pilot", "more"])
    found = by_clusters(team[0], engine, pooled)[TONE]
    assert (found.clusters, found.units, found.judged.value) == (13, 24, pooled.dimensions[TONE].judged.value)
    files = [
        File(
            f"{who}.csv",
            f"draft_id,{TONE}\n".encode()
            + "".join(f"d{n:02},{(n + shift * (n == 3)) % 3}\n" for n in range(1, 16)).encode()
            + b"elsewhere,2\n",
        )
        for who, shift in (("x", 0), ("y", 1))
    ]
    import_labels(team[0], engine, files, name="outside", made_by="model", rubric="tenacious-v1")
    report = agreement_of_set(team[0], engine, "outside")
    found = by_clusters(team[0], engine, report)[TONE]
    assert (found.clusters, found.units, found.largest) == (5, 16, 12), "one trace, three tasks, and a unit of no task here"
    assert found.judged.value == report.dimensions[TONE].judged.value
