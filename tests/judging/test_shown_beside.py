"""Judge's Verdict z and Rogan and Gladen's share: against hand calculations and known values."""

import numpy as np
import pytest

from tests.judging.labels_for_judging import LEVELS, crowd
from touchstone.judging.held import hold
from touchstone.judging.population import Z, population_mean, rogan_gladen
from touchstone.judging.report import judge_report
from touchstone.judging.seat_tables import tables_of
from touchstone.judging.verdict_z import verdict_z


def test_z_is_the_judges_kappa_less_the_mean_in_deviations_of_people():
    """Mean .6, sd .1: a judge of .75 is at 1.5, one of .45 at -1.5, one of .65 within."""
    people = np.array([0.5, 0.6, 0.7])
    for judge, z, kind in ((0.75, 1.5, "super-consistent"), (0.45, -1.5, "under people"), (0.65, 0.5, "human-like")):
        found = verdict_z(np.full(3, judge), people)
        assert found.z == pytest.approx(z) and found.kind == kind and (found.sd, found.people) == (pytest.approx(0.1), 3)
    assert verdict_z(people[:2], people[:2]).reason == "2 people with a kappa, 3 are needed"
    assert verdict_z(people, np.full(3, 0.6)).reason.startswith("the people all agree alike")


def test_a_report_has_z_of_the_kappas_that_its_difference_is_made_of():
    judge, people, clusters = crowd(120, 4, judge_miss=0.05)
    held = hold(judge, people, LEVELS, cluster_of=clusters)
    report, kappas = judge_report(held), tables_of(held).kappas()
    by_hand = (kappas[:, 1].mean() - kappas[:, 0].mean()) / kappas[:, 0].std(ddof=1)
    assert report.verdict_z.z == pytest.approx(by_hand, abs=1e-12) and report.verdict_z.z > 1
    assert report.as_json()["verdict_z"]["kind"] == "super-consistent"
    alone = judge_report(hold(judge, {"p0": people["p0"]}, LEVELS))
    assert alone.verdict_z.z is None and "0 people" in alone.as_json()["verdict_z"]["reason"]


def counted(passes: int, hit: int, fails: int, rejected: int, alone: int, taken: int):
    """Units, each a cluster: of `passes` the judge passes `hit`, of `fails` it fails `rejected`; alone it passes `taken`."""
    people = np.arange(passes + fails) < passes
    judge = np.concatenate([np.arange(passes) < hit, np.arange(fails) >= rejected])
    return people, judge, np.arange(alone) < taken, np.arange(passes + fails), np.arange(alone) + passes + fails


def test_rogan_and_gladen_give_back_what_an_imperfect_test_hides():
    """Sensitivity .9, specificity .8, .34 positive: (.34 + .8 - 1) / .7 = .2, with the variance of their formula."""
    found = rogan_gladen(*counted(100, 90, 200, 160, 1000, 340))
    assert (found.sensitivity, found.specificity) == (0.9, 0.8) and found.share.value == pytest.approx(0.2)
    variance = (0.34 * 0.66 / 1000 + 0.2**2 * 0.9 * 0.1 / 100 + 0.8**2 * 0.8 * 0.2 / 200) / 0.7**2
    assert found.share.high - found.share.value == pytest.approx(Z * variance**0.5, rel=0.002)
    assert found.as_json()["share"]["value"] == found.share.value and (found.labelled, found.judged) == (300, 1000)


def test_it_is_undefined_where_nothing_can_be_corrected_and_stays_a_share():
    assert "12 of each are needed" in rogan_gladen(*counted(5, 5, 50, 40, 100, 30)).share.reason
    assert "no more of what passes" in rogan_gladen(*counted(40, 20, 40, 20, 100, 30)).share.reason
    assert "every unit of the judge" in rogan_gladen(*counted(40, 30, 40, 30, 0, 0)).share.reason
    under = rogan_gladen(*counted(40, 36, 40, 30, 100, 10))  # fewer pass than are passed wrongly
    assert (under.share.value, under.share.low) == (0.0, 0.0) and 0 < under.share.high < 1


def test_clusters_widen_it_and_ppi_agrees_where_the_labelled_are_drawn_as_the_others():
    rng = np.random.default_rng(1)
    passes = np.repeat(rng.random(700) < 0.3, 3)
    judge = np.where(rng.random(2100) < 0.85, passes, ~passes)
    cluster = np.repeat(np.arange(700), 3)
    some, rest = slice(0, 600), slice(600, 2100)
    own = rogan_gladen(passes[some], judge[some], judge[rest], cluster[some], cluster[rest])
    single = rogan_gladen(passes[some], judge[some], judge[rest], np.arange(600), np.arange(600, 2100))
    assert own.share.value == single.share.value and own.share.low < single.share.low
    by_ppi = population_mean(
        passes[some].astype(float), judge[some].astype(float), judge[rest].astype(float), cluster[some], cluster[rest]
    )
    assert abs(own.share.value - by_ppi.both.value) < 0.05
    assert own.share.low < passes[rest].mean() < own.share.high
