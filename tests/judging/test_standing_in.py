"""What a judge must not be told that it may on: a length that nobody held against it, people who do not agree, one person alone,
and a person's own labels."""

import numpy as np
import pytest

from touchstone.agreement.figure import Figure, PlainRule
from touchstone.judging.controls import Controls, bent_by, controls_of, of_nearest
from touchstone.judging.held import hold
from touchstone.judging.report import judge_report, verdict_in_words
from touchstone.judging.standing_in import MAY, MAY_NOT, MORE, NONE, BestControl, Grounds, stand_in
from touchstone.judging.twins import Twin, equal_to, without

LEVELS = (0, 1, 2)


def noisy(rng, true, share):
    return np.where(rng.random(len(true)) < share, rng.integers(0, 3, len(true)), true)


def by_unit(levels):
    return {f"u{at}": int(level) for at, level in enumerate(levels)}


def world(units, people, judge, seed=1):
    """Labels of people and of a judge, a share of each at random, with controls that know nothing."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 3, units)
    given = {f"p{at}": by_unit(noisy(rng, true, share)) for at, share in enumerate(people)}
    held = hold(by_unit(noisy(rng, true, judge)), given, LEVELS, weights="quadratic")
    return held, Controls({"length": rng.integers(0, 3, units)}, None)


def by_length(units, best, seed=1):
    """A judge who gives what the length says, and three people who go by it, too; `best`: all, or a middle length."""
    rng = np.random.default_rng(seed)
    length = rng.integers(5, 120, units)
    middle = np.where((length > 40) & (length < 85), 2, np.where((length > 25) & (length < 100), 1, 0))
    true = middle if best == "middle" else np.digitize(length, [40, 80])
    people = {who: by_unit(noisy(rng, true, 0.1)) for who in "abc"}
    texts = {f"u{at}": " ".join(["word"] * int(words)) for at, words in enumerate(length)}
    return hold(by_unit(true), people, LEVELS, weights="quadratic"), texts


@pytest.mark.parametrize(("units", "more"), [(24, 16), (39, 1)])
def test_where_length_could_not_be_tried_nobody_is_approved_and_the_number_is_told(units, more):
    held, texts = by_length(units, "long")
    report = judge_report(held, controls_of(held, texts))
    assert report.difference.low >= -0.1 and report.judge.low > 0, "all else is in its favour"
    assert (report.stand_in.verdict, report.stand_in.more) == (MORE, more)
    assert f"label about {more} more unit" in verdict_in_words("Tone", "set:m", report)


def test_without_texts_nobody_is_approved_and_what_helps_is_the_texts():
    held, texts = by_length(120, "long")
    texts.pop("u3")
    report = judge_report(held, controls_of(held, texts))
    assert report.stand_in == (MORE, "texts are missing, 1 of 120", None, "import the drafts of all units")
    assert "import the drafts of all units" in verdict_in_words("Tone", "set:m", report)
    assert judge_report(held).stand_in.verdict == MORE, "nor without any control"


@pytest.mark.parametrize(("units", "best"), [(40, "long"), (80, "long"), (80, "middle"), (150, "middle"), (240, "middle")])
def test_a_judge_who_sees_length_alone_is_not_approved(units, best):
    for seed in range(3):
        held, texts = by_length(units, best, seed)
        report = judge_report(held, controls_of(held, texts))
        assert report.stand_in.verdict in (MORE, MAY_NOT), (seed, report.stand_in, report.controls)


def test_the_nearest_text_of_another_fold_tells_what_length_explains_of_a_judge():
    rows, levels = np.array([[1.0], [1.1], [5.0], [5.1], [9.0], [9.1]]), np.array([0, 0, 2, 1, 1, 1])
    assert of_nearest(rows, levels, np.array([0, 1, 0, 1, 0, 1])).tolist() == [0, 0, 1, 2, 1, 1]


def test_corners_are_at_quantiles_and_a_line_bends_there():
    bent = bent_by(np.array([[0.0], [1.0], [2.0], [3.0], [4.0]]), 3)
    assert bent.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [2, 1, 0, 0], [3, 2, 1, 0], [4, 3, 2, 1]]
    assert bent_by(np.zeros((4, 1)), 3).shape == (4, 2), "corners that are one are one"


def test_people_at_chance_are_no_bar():
    held, controls = world(200, (0.1, 1.0, 1.0), 0.7)
    report = judge_report(held, controls)
    assert report.among.alpha.low <= 0 and report.stand_in.verdict in (NONE, MAY_NOT)
    beaten = BestControl("constant", 0.0, Figure(0.2, 0.1, 0.3, 200, None))
    grounds = Grounds(Figure(0.0, -0.05, 0.05, 200, None), beaten, 0.1)
    assert stand_in(held, grounds).verdict == MAY
    three, _ = world(200, (0.1, 0.1, 0.1), 0.1)
    sound = judge_report(three, controls, rule=PlainRule("alpha", "quadratic", 0.95))
    assert sound.stand_in.verdict == NONE and "under the rubric’s threshold of .95" in sound.stand_in.why
    assert "no verdict on set:m" in verdict_in_words("Tone", "set:m", sound)
    assert judge_report(three, controls, rule=PlainRule("alpha", "quadratic", 0.6)).stand_in.verdict == MAY


def test_one_who_clicks_at_random_carries_no_judge():
    """Two good people and one at random: beside their mean a judge who is half at random is no worse, beside the two it is."""
    held, controls = world(300, (0.1, 0.1, 1.0), 0.4)
    report = judge_report(held, controls)
    assert report.difference.low >= -0.1 and report.best_control.is_beaten
    assert report.stand_in.verdict == MORE and report.stand_in.why.startswith("p2 alone carries it: without their labels")
    by_name = {each.name: each for each in report.each_person}
    assert by_name["p2"].kappa.high < by_name["p0"].kappa.low
    left, kept = without(held, "p2")
    assert by_name["p2"].without == judge_report(left).difference and kept.all()
    assert report.as_json()["each_person"]["p2"]["kappa"] == by_name["p2"].kappa.as_json()


def test_a_copy_of_one_of_the_people_is_found_and_that_person_left_out():
    rng = np.random.default_rng(2)
    true = rng.integers(0, 3, 80)
    ana, ben, cyd = (by_unit(noisy(rng, true, share)) for share in (0.1, 0.1, 0.4))
    people = {"ana": ana, "ben": ben, "cyd": cyd}
    copied = hold(cyd, people, LEVELS, weights="quadratic")
    assert equal_to(copied) == Twin("cyd", 80, 80)
    report = judge_report(copied, Controls({"length": rng.integers(0, 3, 80)}, None))
    assert report.stand_in.verdict == NONE and report.people == 2 and report.twin == ("cyd", 80, 80)
    assert "its levels are equal to cyd’s on 80 of 80 units" in verdict_in_words("Tone", "set:copy", report)
    nearly = hold({**cyd, "u0": (cyd["u0"] + 1) % 3}, people, LEVELS)
    assert equal_to(nearly) == Twin("cyd", 79, 80)
    assert equal_to(hold(by_unit(noisy(rng, true, 0.4)), people, LEVELS)) is None


def test_who_is_right_where_people_are_at_one_copies_nobody():
    rng = np.random.default_rng(3)
    true = rng.integers(0, 3, 300)
    people = {who: by_unit(noisy(rng, true, 0.01)) for who in "abc"}
    assert equal_to(hold(by_unit(true), people, LEVELS)) is None
    same = by_unit(true)
    assert equal_to(hold(same, {"a": same, "b": same}, LEVELS)) is None, "nothing tells a copy from who is right"
    few = {unit: level for unit, level in people["a"].items() if int(unit[1:]) < 19}
    assert equal_to(hold(few, people, LEVELS)) is None


def test_labels_without_a_person_are_those_of_the_others():
    people = {"ana": {"u1": 1, "u2": 0}, "ben": {"u2": 1, "u3": 2}}
    held = hold({"u1": 1, "u2": 2, "u3": 0}, people, LEVELS, cluster_of={"u1": "t", "u2": "t", "u3": "s"})
    left, kept = without(held, "ana")
    wanted = hold({"u2": 2, "u3": 0}, {"ben": people["ben"]}, LEVELS)
    assert (left.units, left.people, kept.tolist()) == (("u2", "u3"), ("ben",), [False, True, True])
    assert all((getattr(left, name) == getattr(wanted, name)).all() for name in ("judge", "unit", "person", "level", "counts"))
