"""How many drafts to plan for: what a size must do when the question or the pilot changes, and that rounds bear it out."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.support.kept_stores import kept
from tests.support.short_run import some
from tests.support.small_stores import CTA, TONE, label_all, opened, people, stock
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import patterns_of
from touchstone.data.counts import Counts
from touchstone.errors import Refused
from touchstone.planning.plan import CHANCES, MOST, DraftRange, plan_from_assumption, plan_from_pilot
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.planning.plan import plan_of_assumption, plan_of_pilot, shares_of, usual_threshold
from workflow.rounds.closing import close_round

# Invented: two annotators of 30 drafts, kappa .86 and .69; and a fixed 40.
GOOD = [[4, 0, 0, 0], [1, 5, 0, 0], [0, 1, 8, 0], [0, 0, 1, 10]]
LOW = [[4, 2, 0, 0], [1, 6, 1, 0], [0, 2, 7, 1], [0, 0, 0, 6]]


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


def counts_of(table, times=1):
    cells = {(i, j): int(n) * times for i, row in enumerate(table) for j, n in enumerate(row) if n}
    return Counts("d", "ordinal", tuple(range(len(table))), ("a", "b"), cells, 1)


def assumed(kappa=0.85, **asked):
    return plan_from_assumption(range(4), kappa, [0.25] * 4, "unweighted", **asked)


def above(end):
    return MOST + 1 if end is None else end


def refusal(verb, *args, **more) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value.sentence


@pytest.mark.parametrize("table", [GOOD, LOW])
@pytest.mark.parametrize("weights", some(["quadratic", "linear", "unweighted"], every=2))
def test_a_wider_half_width_never_needs_more_drafts(table, weights):
    sizes = [plan_from_pilot(counts_of(table), Rule(weights=weights), half_width=h).half_width for h in (0.03, 0.05, 0.08, 0.12)]
    for chance in CHANCES:
        for ends in (
            [above(each.needed[chance].start) for each in sizes],
            [above(each.needed[chance].end) for each in sizes],
            [above(each.as_it_stands[chance]) for each in sizes],
        ):
            assert ends == sorted(ends, reverse=True) and ends[0] > ends[-1]


def test_a_lower_threshold_never_needs_more_drafts_nor_a_smaller_chance():
    sizes = [plan_from_pilot(counts_of(GOOD), Rule(), threshold=t).threshold for t in (0.8, 0.75, 0.7, 0.6)]
    for chance in CHANCES:
        ends = [above(each.needed[chance].start) for each in sizes]
        assert ends == sorted(ends, reverse=True) and ends[0] > ends[-1]
    for each in sizes:
        assert above(each.needed[0.5].start) <= above(each.needed[0.8].start)
        assert above(each.as_it_stands[0.5]) < above(each.as_it_stands[0.8])


def test_the_higher_the_assumed_kappa_the_fewer_drafts_show_a_threshold():
    ends = [assumed(kappa, threshold=0.7).threshold.work.start for kappa in (0.8, 0.85, 0.9, 0.95)]
    assert ends == sorted(ends, reverse=True) and len(set(ends)) == 4


@pytest.mark.parametrize("table", [GOOD, LOW])
def test_more_pilot_in_the_same_proportions_narrows_the_range(table):
    ranges = [plan_from_pilot(counts_of(table, times), Rule(), half_width=0.05).half_width.work for times in (1, 5, 25)]
    widths = [each.end - each.start for each in ranges]
    assert widths[0] > widths[1] > widths[2] > 0
    narrow = plan_from_pilot(counts_of(table, 25), Rule(), half_width=0.05).half_width
    assert narrow.work.start <= narrow.as_it_stands[0.8] <= narrow.work.end


def test_a_value_at_or_under_the_threshold_is_never_shown_whatever_the_number():
    told = plan_from_pilot(counts_of(LOW), Rule(), threshold=0.8).threshold
    assert told.never and told.in_words() == "no number of drafts will show it"
    assert 0.8 < told.share_under < 1
    assert told.needed[0.5] == DraftRange(None, None) and told.as_it_stands == {0.5: None, 0.8: None}
    at = assumed(0.8, threshold=0.8).threshold
    assert (at.never, at.share_under) == (True, 1.0)


def test_a_small_pilot_has_no_upper_end_when_a_quarter_of_its_values_are_under():
    told = plan_from_pilot(counts_of(GOOD), Rule(), threshold=0.8).threshold
    assert told.share_under > 0.25 and not told.never
    assert told.work.start and told.work.end is None
    assert told.in_words().endswith("to over 5,000")


def test_a_range_is_said_in_whole_tens_outwards():
    assert DraftRange(163, 418).in_words() == "160 to 420"
    assert DraftRange(20, 38).in_words() == "up to 40"
    assert DraftRange(163, 163).in_words() == "170"
    assert (DraftRange(None, None).in_words(), DraftRange(1204, None).in_words()) == ("over 5,000", "1,200 to over 5,000")


@pytest.mark.parametrize(
    ("q", "kappa", "marginals", "question", "asked"),
    some(
        [
            (2, 0.85, [0.8, 0.2], "threshold", 0.6),
            (4, 0.9, [0.25] * 4, "threshold", 0.7),
            (4, 0.9, [0.1, 0.1, 0.2, 0.6], "half_width", 0.08),
        ]
    ),
)
def test_rounds_of_the_planned_size_get_there_about_as_often_as_said(q, kappa, marginals, question, asked):
    """200 rounds a chance, seeded: the bounds leave three standard errors and .08 (see docs/benchmarks.md for more)."""
    answer = getattr(plan_from_assumption(range(q), kappa, marginals, "unweighted", **{question: asked}), question)
    table = kappa * np.diag(marginals) + (1 - kappa) * np.outer(marginals, marginals)
    rng, name = np.random.default_rng(5), KAPPA
    for chance in CHANCES:
        reached = []
        for counts in rng.multinomial(answer.as_it_stands[chance], table.ravel(), size=200).reshape(-1, q, q):
            cells = {(i, j): int(n) for i, row in enumerate(counts) for j, n in enumerate(row)}
            figure = figures(patterns_of(cells, (0, 1), range(q)), [name])[name]
            reached.append(figure.low >= asked if question == "threshold" else figure.high - figure.low <= 2 * asked)
        assert abs(np.mean(reached) - chance) < 0.18


@pytest.mark.parametrize(
    ("patterns", "annotators", "reason"),
    [
        ({}, ("a", "b"), "no data"),
        ({(0, None): 5}, ("a", "b"), "one annotator"),
        ({(0, None): 5, (None, 1): 5}, ("a", "b"), "no overlap"),
        ({(2, 2): 9}, ("a", "b"), "single level"),
    ],
)
def test_a_pilot_that_has_no_figure_has_no_plan_and_says_why(patterns, annotators, reason):
    made = plan_from_pilot(Counts("d", "ordinal", (0, 1, 2, 3), annotators, patterns, 1), Rule(), half_width=0.05)
    assert (made.point.reason, made.half_width, made.curve, made.is_defined) == (reason, None, None, False)


def test_a_pool_in_which_all_agree_is_planned_from_what_was_not_seen():
    patterns = {(0, 0, None): 4, (None, 1, 1): 5, (2, None, 2): 3}
    made = plan_from_pilot(Counts("d", "ordinal", (0, 1, 2), ("a", "b", "c"), patterns, 1), Rule(), threshold=0.8)
    assert made.is_defined and made.point.value == 1 and made.point.low < 0.8
    assert made.threshold.as_it_stands[0.8] > 12


def test_a_pilot_of_two_without_a_disagreement_is_planned_all_the_same():
    made = plan_from_pilot(counts_of(np.diag([5, 8, 9, 8])), Rule(), half_width=0.05, threshold=0.8)
    assert made.point.value == 1 and np.isfinite([*made.curve.low, *made.curve.high]).all()
    for answer in (made.half_width, made.threshold):
        assert 20 <= answer.work.start < answer.work.end < 500
        assert answer.as_it_stands[0.8] and answer.as_it_stands[0.8] <= answer.work.end


def test_a_pool_is_planned_by_alpha_on_the_drafts_labelled_twice():
    patterns = {(0, 0, None): 9, (None, 1, 1): 8, (2, None, 2): 7, (1, 2, None): 2, (None, None, 1): 40, (0, None, 1): 1}
    made = plan_from_pilot(Counts("d", "ordinal", (0, 1, 2), ("a", "b", "c"), patterns, 1), Rule(), half_width=0.05)
    assert (made.coefficient, made.point.n, made.labels_each, made.annotators) == (NOMINAL_ALPHA, 27, 2.0, 3)
    assert 20 < made.half_width.work.start < made.half_width.work.end


def test_the_curve_narrows_and_holds_the_point():
    curve = plan_from_pilot(counts_of(GOOD), Rule(), half_width=0.05).curve
    assert all(low < 0.86 < high for low, high in zip(curve.low, curve.high, strict=True))
    assert list(curve.low) == sorted(curve.low) and curve.sizes[0] == 20


# From the store


@pytest.fixture
@kept
def team(engine):
    """Ten drafts; on the call to action every label is 2."""
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 14)
    ana = {f"d{n:02}": (n % 3, 2) for n in range(1, 11)}
    opened(engine, found[0], draft_ids=list(ana))
    label_all(engine, found[1], ana)
    label_all(engine, found[2], {**ana, "d05": (0, 2)})
    return found


def test_a_plan_from_a_round_names_the_dimension_without_a_figure(engine, team):
    assert "blind" in refusal(plan_of_pilot, team[0], engine, round_name="pilot", half_width=0.1)
    close_round(team[0], engine, "pilot")
    plan = plan_of_pilot(team[0], engine, round_name="PILOT ", half_width=0.1)
    assert list(plan.dimensions) == [TONE, CTA] and plan.dimensions[CTA].half_width is None
    assert plan.sentence.startswith("To measure Tone to ±.10: label ") and "two people each" in plan.sentence
    assert any("every label is 2" in note for note in plan.notes)
    only = plan_of_pilot(team[0], engine, round_name="pilot", dimension=CTA, half_width=0.1)
    assert only.sentence == "Nothing can be planned: Call to action is undefined: every label is 2."
    assert usual_threshold(team[0], engine, round_name="pilot") == 0.8


def test_hours_come_from_the_pilots_median_of_the_drafts_that_took_time(engine, team):
    from tests.support.small_stores import change

    close_round(team[0], engine, "pilot")
    change(engine, "UPDATE assignments SET seconds = 0")
    plan = plan_of_pilot(team[0], engine, round_name="pilot", dimension=TONE, half_width=0.1)
    assert plan.seconds is None and "hours" not in plan.sentence
    change(engine, "UPDATE assignments SET seconds = 90 WHERE position < 4")
    plan = plan_of_pilot(team[0], engine, round_name="pilot", dimension=TONE, half_width=0.1)
    tone = plan.dimensions[TONE]
    assert plan.seconds == 90
    assert plan.hours(tone, DraftRange(80, 120)) == (2.0, 3.0), "each of two labels every draft: 80 drafts of 90 s"
    assert plan.hours_in_words(tone, DraftRange(80, 120)) == "2 to 3 hours" and "hours per person" in plan.sentence


def test_a_plan_from_labels_not_made_by_people_says_so(engine, team):
    rows = "task_id,tone_compliance\n" + "".join(f"t{n},{n % 3}\n" for n in range(20))
    import_labels(
        team[0],
        engine,
        [File("a.csv", rows.encode()), File("b.csv", rows.replace("t7,1", "t7,2").encode())],
        name="made",
        made_by="model",
        rubric="tenacious-v1",
    )
    plan = plan_of_pilot(team[0], engine, label_set="made", half_width=0.1)
    assert "were made by a model" in plan.notes[0]


def test_what_cannot_be_planned_is_refused_with_the_value(engine, team):
    close_round(team[0], engine, "pilot")
    assert "nothing is asked" in refusal(plan_of_pilot, team[0], engine, round_name="pilot")
    assert "no dimension depth; it has " in refusal(
        plan_of_pilot, team[0], engine, round_name="pilot", dimension="depth", threshold=0.8
    )
    assert "nowhere" in refusal(plan_of_pilot, team[0], engine, label_set="nowhere", threshold=0.8)


@pytest.mark.parametrize(
    ("levels", "kappa", "marginals", "asked", "named"),
    [
        ("0123", 0.85, (), {}, "nothing is asked"),
        ("0123", None, (), {"threshold": 0.8}, "a kappa such as .85"),
        ("0123", 1.0, (), {"threshold": 0.8}, "not 1"),
        ("0123", float("nan"), (), {"threshold": 0.8}, "not nan"),
        ("0123", 0.8, (0.5, 0.5), {"threshold": 0.8}, "2 marginals for 4 levels"),
        ("01", 0.8, (0.5, 0.6), {"threshold": 0.8}, "these sum to 1.1"),
        ("01", 0.8, (1.5, -0.5), {"threshold": 0.8}, "-0.5"),
        ("01", 0.8, (float("nan"), 0.5), {"threshold": 0.8}, "nan"),
        ("01", 0.8, (1, 0), {"threshold": 0.8}, "undefined"),
        ("0", 0.8, (), {"threshold": 0.8}, "not 0"),
        ("00", 0.8, (), {"threshold": 0.8}, "not 0,0"),
        ("01", 0.8, (), {"threshold": 1.2}, "not 1.2"),
        ("01", 0.8, (), {"half_width": 0}, "not 0"),
        ("01", 0.8, (), {"threshold": 0.7, "weights": "cubic"}, "not cubic"),
    ],
)
def test_an_assumption_that_cannot_be_is_refused_with_the_value(levels, kappa, marginals, asked, named):
    assert named in refusal(plan_of_assumption, list(levels), kappa, marginals, **asked)


def test_marginals_are_read_from_words():
    assert (shares_of(".25, .75"), shares_of("")) == ([0.25, 0.75], [])
    assert "not a,b" in refusal(shares_of, "a,b")
