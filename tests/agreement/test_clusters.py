"""Intervals by clusters: the ordinary interval where every unit is its own cluster, and longer where clusters are alike."""

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, label_all, opened, people, stock
from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.estimation.cluster_report import cluster_report
from touchstone.agreement.estimation.clusters import LEAST_CLUSTERS, effective_number, histograms_by_cluster, too_few_clusters
from touchstone.agreement.report import dimension_report
from touchstone.agreement.verdict import judgement_in_words
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
        assert mine.low <= its.low and mine.high >= its.high, "it holds the ordinary one"
        assert (mine.low, mine.high) == pytest.approx((its.low, its.high), abs=0.05)
    assert found.warnings == ("Every draft is a cluster of its own: the interval by clusters is close to the ordinary one.",)


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
    assert said.endswith(f"so nothing is decided: 7 clusters are too few, a verdict needs {LEAST_CLUSTERS}.")
    assert report_of(labels, {unit: str(n % LEAST_CLUSTERS) for n, unit in enumerate(labels)}).warnings == ()


@pytest.mark.parametrize(
    ("labels", "clusters", "reason"),
    [
        ({}, {}, "no data"),
        ({"u1": (1, None), "u2": (0, None)}, {}, "one annotator"),
        ({"u1": (1, None), "u2": (None, 0)}, {}, "no overlap"),
        ({"u1": (1, 1), "u2": (1, 1)}, {}, "single level"),
        ({"u1": (1, 1), "u2": (1, 0), "u3": (0, 1)}, {"u1": "t", "u2": "t", "u3": "t"}, "one cluster"),
        ({"u1": (1, 1), "u2": (1, 1), "u3": (0, 0)}, {"u1": "t", "u2": "t"}, "rests on one cluster"),
    ],
)
def test_what_is_undefined_says_why(labels, clusters, reason):
    found = report_of(labels, clusters).judged
    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


def test_where_all_agree_each_cluster_counts_as_one_draft():
    labels = {f"u{n}": (n % 4, n % 4) for n in range(100)}
    found = report_of(labels, {unit: str(n // 5) for n, unit in enumerate(labels)})
    assert found.percent.value == 1 and "takes each cluster as one draft" in found.warnings[0]
    ordinary, twenty = (dimension_report(counts_of(dict(list(labels.items())[:n])), Rule()).judged for n in (100, 20))
    assert found.judged.low < ordinary.low and found.judged.low == pytest.approx(twenty.low, abs=0.01)


def test_the_standard_error_is_that_of_leaving_out_each_cluster():
    """By hand, percent agreement of three clusters with 2 of 2, 1 of 2 and 0 of 1 units agreeing: .6; without each 1/3, 2/3, 3/4,
    of mean 7/12; se^2 = 2/3 ((1/3 - 7/12)^2 + (2/3 - 7/12)^2 + (3/4 - 7/12)^2) = 2/3 (9 + 1 + 4) / 144. t with two degrees of
    freedom is 4.3027 (tables), so the upper end is over 1 and stands at it; the lower is 1 - .4 (1 + 4.3027 se / .8)^2."""
    labels = {"u1": (0, 0), "u2": (1, 1), "u3": (0, 0), "u4": (0, 1), "u5": (1, 0)}
    percent = report_of(labels, dict(zip(labels, "aabbc", strict=True))).percent
    error = (2 / 3 * 14 / 144) ** 0.5
    assert percent.value == pytest.approx(0.6) and percent.high == 1
    assert percent.low == pytest.approx(max(-1, 1 - 0.4 * (1 + 4.3027 * error / 0.8) ** 2), abs=1e-4)


def test_the_verdict_rests_on_the_interval_by_clusters_and_the_ordinary_one_stands_beside_it():
    once = drawn(24, right=0.95)
    labels = {f"{unit}-{copy}": pattern for unit, pattern in once.items() for copy in range(10)}
    histograms = histograms_by_cluster(labels, {unit: unit.partition("-")[0] for unit in labels})
    counts = replace(counts_of(labels), clusters=24)
    plain, clustered = (dimension_report(counts, Rule(), histograms=each) for each in (None, histograms))
    assert clustered.judged == plain.judged and (plain.verdict, clustered.verdict) == ("meets", "undecided")
    told = clustered.as_json()
    assert told["verdict_interval"]["by"] == "cluster" and told["verdict_interval"]["clusters"] == 24
    assert told["verdict_interval"]["low"] < 0.8 < clustered.judged.low
    assert plain.as_json()["verdict_interval"] == {
        "by": "unit",
        "clusters": 24,
        "low": plain.judged.low,
        "high": plain.judged.high,
    }
    assert "(interval by 24 clusters [" in judgement_in_words(clustered.judgement)
    assert any("The verdict rests on the interval by clusters" in warning for warning in clustered.warnings)


def test_few_clusters_have_no_verdict():
    labels = drawn(100, right=1.0)
    histograms = histograms_by_cluster(labels, {unit: str(n % 11) for n, unit in enumerate(labels)})
    report = dimension_report(replace(counts_of(labels), clusters=11), Rule(), histograms=histograms)
    assert report.verdict == "undecided" and report.further.start >= 9, "a twelfth cluster of nine drafts"
    assert report.as_json()["verdict_reason"] == f"11 clusters are too few, a verdict needs {LEAST_CLUSTERS}"
    assert judgement_in_words(report.judgement).startswith("undecided (11 clusters are too few, a verdict needs 12): label ")


def test_clusters_of_which_one_holds_nearly_all_drafts_have_no_verdict():
    """Twelve clusters, eleven of one draft and one of 89: (100)^2 / (89^2 + 11) = 10,000 / 7,932 = 1.26 of equal size."""
    sizes = [89, *[1] * 11]
    assert effective_number(sizes) == pytest.approx(10_000 / 7_932)
    labels = drawn(100, right=1.0)
    cluster_of = {unit: str(max(0, n - 88)) for n, unit in enumerate(labels)}
    report = dimension_report(
        replace(counts_of(labels), clusters=12), Rule(), histograms=histograms_by_cluster(labels, cluster_of)
    )
    reason = "12 clusters of uneven size tell no more than 1 of equal size, a verdict needs 12"
    assert (report.verdict, report.as_json()["verdict_reason"]) == ("undecided", reason)
    # 11.5 of equal size: 29 new ones of 8.33 drafts make 341.7^2 / (7,932 + 29 * 69.44) = 11.74, 28 make 11.25.
    assert report.further.start is None or report.further.start >= round(29 * 100 / 12)
    found = report_of(labels, cluster_of)
    assert found.effective == pytest.approx(1.2607, abs=1e-4) and any(reason in said for said in found.warnings)


def test_clusters_that_differ_little_in_size_count_as_so_many():
    # Six of 2 and six of 3: 30^2 / (6 * 4 + 6 * 9) = 900 / 78 = 11.54, rounded 12.
    assert too_few_clusters([{(0, 0): 2}] * 6 + [{(0, 0): 3}] * 6) is None
    # Units with one label show no agreement, so they do not count: eleven clusters of two are left.
    few = too_few_clusters([{(0, 0): 2}] * 11 + [{(0, None): 2}])
    assert few == ("11 clusters are too few, a verdict needs 12", 2)


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
    assert found.judged.low <= report.dimensions[TONE].judged.low
    assert report.dimensions[TONE].as_json()["verdict_interval"]["by"] == "cluster"
    assert report.dimensions[TONE].as_json()["verdict_reason"] == "7 clusters are too few, a verdict needs 12"
    # One cluster of twelve and six of one: 18^2 / (144 + 6) = 2.16.
    assert found.effective == pytest.approx(2.16)


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
