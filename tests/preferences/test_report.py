"""What choices say: kappas as scikit-learn has them, Bradley-Terry by hand, a planted bias of side, length and repeats found."""

import csv
import math
import random
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score

from tests.support.shared_input import SHARED
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA
from touchstone.preferences.choice_file import read_choices
from touchstone.preferences.choices import LEVELS, PairOfDrafts, Preferences, SideChoice
from touchstone.preferences.report import duels_of, preference_report
from touchstone.preferences.shares import both_decide, side_effect, swap_consistency
from touchstone.preferences.strengths import strengths_of

FOLDER = SHARED / "judging" / "pandalm"
needs_pandalm = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no comparisons of people at {FOLDER}")


def won(*rows: tuple[str, str, str], tasks: int = 4) -> Preferences:
    """Choices (left, right, taken) by one annotator, a pair each, dealt to so many tasks."""
    pairs = {f"p{n}": PairOfDrafts(f"p{n}", f"t{n % tasks}", left, right) for n, (left, right, _) in enumerate(rows)}
    return Preferences(pairs, tuple(SideChoice(f"p{n}", "ana", left, taken) for n, (left, _, taken) in enumerate(rows)))


def planted(bias: float, *, better: float = 0.0, longer: float = 0.0, seed: int = 5, tasks: int = 60) -> Preferences:
    """Three annotators, four authors; log odds of left: bias + what the authors differ by + longer for each doubling."""
    chance = random.Random(seed)
    pairs, choices = {}, []
    for task in range(tasks):
        for a, b in combinations(range(4), 2):
            pair = f"{task}-{a}{b}"
            lengths = [chance.randint(100, 1600) for _ in range(2)]
            pairs[pair] = PairOfDrafts(pair, f"t{task}", f"{task}{a}", f"{task}{b}", f"author {a}", f"author {b}", *lengths)
            for who in ("ana", "ben", "cleo"):
                turned = chance.random() < 0.5
                d = bias + (-1 if turned else 1) * (better * (b - a) + longer * math.log2((lengths[0] + 1) / (lengths[1] + 1)))
                weights = [math.exp(d / 2), 0.3, math.exp(-d / 2)]
                taken = chance.choices(["left", "tie", "right"], weights)[0]
                choices.append(SideChoice(pair, who, f"{task}{b if turned else a}", taken))
    return Preferences(pairs, tuple(choices))


@needs_pandalm
def test_kappas_on_comparisons_of_people_are_scikit_learns():
    with (FOLDER / "pairs.csv").open(encoding="utf-8", newline="") as pairs, (FOLDER / "labels.csv").open(newline="") as labels:
        of = {row["pair_id"]: row for row in csv.DictReader(pairs)}
        given = list(csv.DictReader(labels))
    lines = ["pair_id,task_id,annotator,left,right,choice"]
    lines += [
        f"{row['pair_id']},{of[row['pair_id']]['task_id']},{row['annotator']},{of[row['pair_id']]['draft_a']},"
        f"{of[row['pair_id']]['draft_b']},{row['value']}"
        for row in given
    ]
    report = preference_report(read_choices("\n".join(lines).encode(), "pandalm.csv")["overall"])
    told = {(row["pair_id"], row["annotator"]): row["value"] for row in given}
    assert len(report.of_two) == 3
    for pair, _ in report.of_two:
        both = [(told[unit, pair.a], told[unit, pair.b]) for unit in of if (unit, pair.a) in told and (unit, pair.b) in told]
        expected = cohen_kappa_score(*zip(*both, strict=True), labels=LEVELS)
        assert pair.figures[KAPPA].value == pytest.approx(expected, abs=1e-9)
        assert pair.n == len(both)
    assert report.agreement.overall[NOMINAL_ALPHA].value > 0.8


def test_kappa_and_alpha_do_not_see_the_sides():
    swapped = [
        SideChoice(f"p{n}", who, "y" if who == "ben" else "x", "left" if who == "ana" else "right")
        for n in range(6)
        for who in ("ana", "ben")
    ]
    varied = [*swapped, SideChoice("p6", "ana", "x", "tie"), SideChoice("p6", "ben", "y", "tie")]
    pairs = {f"p{n}": PairOfDrafts(f"p{n}", f"t{n}", "x", "y") for n in range(7)}
    report = preference_report(Preferences(pairs, tuple(varied)))
    assert report.of_two[0].report.figures[KAPPA].value == 1.0
    assert report.agreement.overall[NOMINAL_ALPHA].value == pytest.approx(1.0)


def test_bradley_terry_by_hand():
    """Two authors, x over y 6, lost 2, tied 2. With two the model is saturated: P(x) : P(tie) : P(y) = 6 : 2 : 2, so the ratio of
    strengths is 6 / 2 = 3, log 3 apart and half of it on either side of 0; v = 2 / sqrt(6 * 2)."""
    found = strengths_of(duels_of(won(*[("x", "y", "left")] * 6, *[("y", "x", "left")] * 2, *[("y", "x", "tie")] * 2))[0])
    assert [(each.author, each.wins, each.ties, each.losses) for each in found.authors] == [("x", 6, 2, 2), ("y", 2, 2, 6)]
    assert found.authors[0].strength.value == pytest.approx(math.log(3) / 2)
    assert found.authors[1].strength.value == pytest.approx(-math.log(3) / 2)
    assert found.tie == pytest.approx(2 / math.sqrt(12))
    assert [each.rank.value for each in found.authors] == [1, 2]


def test_strengths_are_where_another_climber_finds_the_likelihood_highest():
    duels = duels_of(planted(0.0, better=0.5, tasks=15))[0]

    def loss(at):
        of, d = np.array([0.0, *at[:3]]), None
        d = of[duels.left] - of[duels.right]
        logits = np.stack([d / 2, np.full(len(d), at[3]), -d / 2])
        return -(logits[duels.taken, np.arange(len(d))] - np.log(np.exp(logits).sum(axis=0))).sum()

    best = minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-8}).x
    expected = np.array([0.0, *best[:3]]) - np.mean([0.0, *best[:3]])
    found = strengths_of(duels)
    by_name = {each.author: each.strength.value for each in found.authors}
    assert [by_name[name] for name in duels.authors] == pytest.approx(list(expected), abs=1e-5)
    assert found.tie == pytest.approx(math.exp(best[3]), abs=1e-5)


def test_ranks_come_with_the_places_they_take_when_tasks_are_drawn():
    found = strengths_of(duels_of(planted(0.0, better=0.8))[0])
    assert [each.author for each in found.authors] == [f"author {n}" for n in range(4)]
    assert [(each.rank.value, each.rank.low, each.rank.high) for each in found.authors] == [(n, n, n) for n in (1, 2, 3, 4)]
    alike = strengths_of(duels_of(planted(0.0))[0])
    assert any(each.rank.low < each.rank.value or each.rank.value < each.rank.high for each in alike.authors)


def test_a_planted_bias_of_side_is_found_and_none_where_none_was_planted():
    swayed = preference_report(planted(0.6, better=0.3))
    assert swayed.side.overall.low > 0.15
    assert swayed.side_sentence.startswith("The sides sway: the draft shown left is taken more often")
    assert swayed.strengths.side.low < 0.6 < swayed.strengths.side.high
    fair = preference_report(planted(0.0, better=0.3))
    assert fair.side.overall.low < 0 < fair.side.overall.high
    assert fair.side_sentence.startswith("No side is seen to be favoured")


def test_one_annotator_who_always_takes_the_left_is_named():
    given = planted(0.0)
    always = tuple(each._replace(taken="left") if each.annotator == "ben" else each for each in given.choices)
    effect = side_effect(Preferences(given.pairs, always))
    assert effect.by_annotator["ben"].value == 1.0 and 0.9 < effect.by_annotator["ben"].low < 1.0
    assert "By themselves: ben to the left" in preference_report(Preferences(given.pairs, always)).side_sentence


def test_a_planted_liking_for_length_is_found_and_held_equal():
    """All authors write alike, and what is chosen is the longer: each doubling brings .7."""
    report = preference_report(planted(0.0, longer=0.7))
    assert report.longer.low > 0.5
    assert report.strengths.doubling.low < 0.7 < report.strengths.doubling.high
    assert report.strengths.doubling.low > 0.5
    without = Preferences({key: pair._replace(length_a=None) for key, pair in planted(0.0).pairs.items()}, planted(0.0).choices)
    assert preference_report(without).longer.reason == "no lengths"


def test_both_decide_leaves_out_ties():
    """On p1 ana and ben take the same, on p2 not; on p3 ben ties, so it counts in neither."""
    rows = [("p1", "left", "left"), ("p2", "left", "right"), ("p3", "left", "tie")]
    pairs = {pair: PairOfDrafts(pair, f"t {pair}", "x", "y") for pair, _, _ in rows}
    choices = [SideChoice(pair, who, "x", taken) for pair, *both in rows for who, taken in zip(("ana", "ben"), both, strict=True)]
    found = both_decide(Preferences(pairs, tuple(choices)))
    assert (found.value, found.n) == (0.5, 2)


def test_swap_consistency_counts_the_same_draft_and_the_same_side():
    """Of four repeats two take the same draft again, one ties both times, one stays on its side."""
    again = [("left", "right"), ("right", "left"), ("tie", "tie"), ("left", "left")]
    pairs = {f"p{n}": PairOfDrafts(f"p{n}", f"t{n}", "x", "y") for n in range(5)}
    choices = [SideChoice(f"p{n}", "ana", "x", first) for n, (first, _) in enumerate(again)]
    choices += [SideChoice(f"p{n}", "ana", "y", second, True) for n, (_, second) in enumerate(again)]
    found = swap_consistency(Preferences(pairs, (*choices, SideChoice("p4", "ana", "x", "left"))))
    assert (found.same.value, found.same.n, found.same_side.value) == (0.75, 4, 0.25)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("x", "y", "left"), ("z", "w", "right")], "do not connect all authors"),
        ([("x", "y", "left"), ("x", "y", "left")], "some won every choice"),
        ([("x", "y", "tie"), ("x", "y", "tie")], "every choice is a tie"),
    ],
)
def test_where_there_is_no_ranking_the_reason_is_said_and_the_choices_are_counted(rows, reason):
    found = strengths_of(duels_of(won(*rows))[0])
    assert reason in found.reason and found.authors[0].strength.value is None
    assert sum(each.wins + each.ties + each.losses for each in found.authors) == 2 * len(rows)


def test_one_task_one_annotator_and_no_choice_have_figures_with_reasons():
    one = preference_report(won(("x", "y", "left"), ("y", "x", "left"), tasks=1))
    assert one.side.overall.reason == "only one task" and one.strengths.authors[0].strength.reason == "only one task"
    assert one.agreement.overall[NOMINAL_ALPHA].reason == "one annotator"
    none = preference_report(Preferences({}, ()))
    assert none.strengths.reason == "fewer than two authors were compared" and none.sentence.startswith("0 choices")


def test_the_order_of_rows_changes_no_figure():
    given = planted(0.2, better=0.3, tasks=10)
    turned = Preferences(dict(reversed(given.pairs.items())), tuple(reversed(given.choices)))
    assert preference_report(turned).as_json() == preference_report(given).as_json()


def test_no_caution_takes_pairs_of_a_task_as_independent_where_the_figures_are_by_tasks():
    pairs = {f"p{at}": PairOfDrafts(f"p{at}", f"t{at // 3}", f"a{at}", f"b{at}", "x", "y") for at in range(9)}
    chosen = tuple(SideChoice(pair, who, "a", "left") for pair in pairs for who in ("ana", "ben"))
    found = preference_report(Preferences(pairs, chosen))
    assert found.by_tasks.clusters == 3 and not any("independent" in each for each in found.agreement.warnings)
