"""One against the rest: references, seats, kappa by tables that add up, and the verdict."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from tests.judging.labels_for_judging import LEVELS, crowd
from touchstone.agreement.figure import Figure
from touchstone.judging.controls import Controls
from touchstone.judging.held import hold
from touchstone.judging.report import judge_report, verdict_in_words
from touchstone.judging.seat_tables import kappas_of, tables_of
from touchstone.judging.standing_in import MAY, MAY_NOT, MORE, BestControl, Grounds, stand_in


def test_the_reference_is_the_mode_of_the_others_in_equal_parts_where_several_are():
    """u1: ana 1, ben 1, cleo 2, dan 3. The others of ana gave 1, 2, 3: a third each. Those of cleo gave 1, 1, 3: level 1."""
    people = {"ana": {"u1": 1, "u2": 0}, "ben": {"u1": 1}, "cleo": {"u1": 2}, "dan": {"u1": 3}}
    held = hold({"u1": 1, "u2": 3, "u3": 2}, people, LEVELS)
    assert (held.units, held.people, len(held.unit)) == (("u1", "u2"), ("ana", "ben", "cleo", "dan"), 5)
    by_label = {
        (held.people[p], held.units[u]): held.reference[at].tolist()
        for at, (u, p) in enumerate(zip(held.unit, held.person, strict=True))
    }
    assert by_label["ana", "u1"] == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])
    assert by_label["cleo", "u1"] == [0, 1, 0, 0]
    assert by_label["ana", "u2"] == [0, 0, 0, 0], "nobody else labelled it"
    assert held.modes.tolist() == [[0, 1, 0, 0], [1, 0, 0, 0]]
    with pytest.raises(ValueError, match="levels are 0, 1, 2, 3, not 4"):
        hold({"u1": 4}, people, LEVELS)


def test_two_people_with_one_judge_by_hand():
    """Ten units, levels 0 and 1. ana 1111100000, ben 1111000001: agree on 8; both give five 1, so chance is 1/2 and kappa .6. The
    judge is ana but for the first unit: with ben's it agrees on 7, gives four 1 of ten, chance .4 x .5 + .6 x .5 = 1/2: .4; with
    ana's on 9: .8. Mean .6, as the people's: the difference is 0."""
    ana, ben, judge = "1111100000", "1111000001", "0111100000"
    rows = [{f"u{at}": int(level) for at, level in enumerate(each)} for each in (ana, ben, judge)]
    held = hold(rows[2], {"ana": rows[0], "ben": rows[1]}, (0, 1))
    assert held.seats[0] == ("",), "nobody has 30 labels, so all are one seat"
    pooled = tables_of(held).kappas()
    # Twenty labels: the people's table is symmetric with 8 of ten agreed; the judge agrees with 7 and 9 references.
    assert pooled.tolist() == [[pytest.approx(0.6), pytest.approx(0.6)]]


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
def test_kappa_of_each_seat_is_scikit_learns(weights):
    """Three people, so the others are two: where they differ, half of the label is at each, as if it were there twice."""
    judge, people, clusters = crowd(80, 3)
    held = hold(judge, people, LEVELS, weights=weights, cluster_of=clusters)
    kappas = tables_of(held).kappas()
    for seat, name in enumerate(held.seats[0]):
        others = [given for who, given in people.items() if who != name]
        references = [other[unit] for unit in people[name] for other in others]
        for side, own in enumerate((people[name], judge)):
            mine = [own[unit] for unit in people[name] for _ in others]
            wanted = cohen_kappa_score(mine, references, labels=LEVELS, weights=None if weights == "unweighted" else weights)
            assert kappas[seat, side] == pytest.approx(wanted)


def test_a_judge_who_gives_one_level_has_a_kappa_of_nothing_and_is_never_approved():
    for miss in (0.05, 0.9):  # also where people hardly agree, so that nothing is not much less than they have
        _, people, clusters = crowd(120, 3, miss=miss)
        for level in LEVELS:
            held = hold(dict.fromkeys(clusters, level), people, LEVELS, weights="quadratic", cluster_of=clusters)
            report = judge_report(held, margin=0.9)
            assert report.judge.value == 0 and report.stand_in.verdict == MAY_NOT
            assert "gives one level throughout" in verdict_in_words("Tone", "set:m", report)


def test_a_judge_as_good_as_people_may_stand_in_and_a_bad_one_may_not():
    for judge_miss, wanted in ((0.1, MAY), (0.95, MAY_NOT)):
        judge, people, clusters = crowd(400, 4, judge_miss=judge_miss)
        held = hold(judge, people, LEVELS, weights="linear", cluster_of=clusters)
        blind = np.random.default_rng(1).integers(0, 4, len(held.units))
        report = judge_report(held, Controls({"length": blind}, None))
        assert report.stand_in.verdict == wanted, report.stand_in
        assert report.difference.value == pytest.approx(report.judge.value - report.person.value)
        assert report.difference.low < report.difference.value < report.difference.high
        assert report.best_control.is_beaten is (report.judge.low > 0)
        assert (report.n, report.people, report.compared) == (400, 4, 4)


def test_too_few_labels_say_how_many_more_it_takes():
    judge, people, clusters = crowd(60, 3, judge_miss=0.35)
    report = judge_report(hold(judge, people, LEVELS, weights="linear", cluster_of=clusters))
    assert report.stand_in.verdict == MORE and report.stand_in.more > 0, report.stand_in
    assert f"label about {report.stand_in.more} more units" in verdict_in_words("Tone", "set:m", report)
    few = judge_report(hold({u: judge[u] for u in [*judge][:12]}, people, LEVELS, cluster_of=clusters))
    assert few.stand_in == (MORE, "12 units with two labels of people are too few, a verdict needs 20", 8, "")
    one = judge_report(hold(judge, people, LEVELS, cluster_of=dict.fromkeys(judge, "t")))
    assert one.stand_in.verdict == MORE and "1 cluster is too few" in one.stand_in.why


def test_how_many_more_is_by_the_root_of_the_number():
    """-.02 [-.12, .08] of 100 units: .08 from the margin of -.10, and .10 long below: (.10 / .08)^2 = 1.5625 times as many."""
    units = [f"u{at}" for at in range(40)]
    held = hold({unit: at % 4 for at, unit in enumerate(units)}, {who: dict.fromkeys(units, 0) for who in "ab"}, LEVELS)
    beaten = BestControl("constant", 0.0, Figure(0.5, 0.4, 0.6, 100, None))
    ask = lambda *ends, best=beaten: stand_in(held, Grounds(Figure(*ends, 100, None), best, 0.1))  # noqa: E731
    assert ask(-0.02, -0.12, 0.08) == (MORE, "they do not show whether it is within the margin of .10", 60, "")
    assert ask(-0.02, -0.1, 0.06).verdict == MAY and ask(-0.2, -0.3, -0.11).verdict == MAY_NOT
    assert ask(-0.1, -0.2, 0.0) == (MORE, "they do not show whether it is within the margin of .10", None, ""), "on the line"
    beside = BestControl("length", 0.3, Figure(0.05, -0.05, 0.15, 100, None))
    assert ask(0.0, -0.05, 0.05, best=beside) == (MORE, "they do not show whether it beats the control length", 300, "")
    assert ask(0.0, -0.05, 0.05, best=beside._replace(over=Figure(-0.2, -0.3, -0.1, 100, None))).verdict == MAY_NOT


def test_without_two_people_there_is_the_judges_kappa_and_a_reason():
    judge, people, clusters = crowd(60, 1)
    report = judge_report(hold(judge, people, LEVELS, cluster_of=clusters))
    assert report.judge.value == pytest.approx(cohen_kappa_score([judge[u] for u in judge], [people["p0"][u] for u in judge]))
    assert (report.person.value, report.person.reason, report.stand_in.verdict) == (None, "one annotator", MORE)
    assert report.among.alpha.reason == "one annotator" and report.alt_test.passes is None
    same = judge_report(hold(dict.fromkeys(judge, 1), {"a": dict.fromkeys(judge, 2), "b": dict.fromkeys(judge, 2)}, LEVELS))
    assert same.stand_in.verdict == MAY_NOT
    alike = judge_report(hold({**dict.fromkeys(judge, 2), "u0000": 1}, {n: dict.fromkeys(judge, 2) for n in "ab"}, LEVELS))
    assert alike.judge.reason == alike.person.reason == "single level" and alike.stand_in.verdict == MORE


def test_a_judge_who_is_a_copy_of_a_control_is_no_better_than_it():
    judge, people, clusters = crowd(300, 3, judge_miss=0.1)
    held = hold(judge, people, LEVELS, weights="linear", cluster_of=clusters)
    report = judge_report(held, Controls({"length": held.judge}, None))
    assert report.best_control.name == "length" and report.stand_in == (
        MAY_NOT,
        "it agrees no more than the control length",
        None,
        "",
    )


def test_the_same_labels_in_another_order_have_the_same_figures():
    judge, people, clusters = crowd(60, 3)
    turned = {name: dict(reversed(given.items())) for name, given in people.items()}
    first, second = (
        judge_report(hold(j, p, LEVELS, weights="linear", cluster_of=clusters), cut=2)
        for j, p in ((judge, people), (dict(reversed(judge.items())), turned))
    )
    assert first.as_json() == second.as_json()


def test_the_interval_covers_the_true_difference_about_as_often_as_it_says():
    """The judge is one more person of the same kind, so the true difference is 0: 60 samples, of which 2 or 3 should miss."""
    missed = 0
    for seed in range(60):
        judge, people, clusters = crowd(60, 3, seed=seed)
        held = hold(judge, people, LEVELS, weights="linear", cluster_of=clusters)
        drawn = tables_of(held).draws(np.array([True] * 3), 400)
        low, high = np.quantile(drawn[:, 1] - drawn[:, 0], (0.025, 0.975))
        missed += not low <= 0 <= high
    assert missed <= 9


def test_kappa_of_tables_without_any_spread_is_undefined():
    held = hold({"u": 0}, {"a": {"u": 0}}, LEVELS)
    table = np.zeros((1, 4, 4))
    table[0, 1, 1] = 9
    assert np.isnan(kappas_of(table, held)).all()
