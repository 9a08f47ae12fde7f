"""A round slice by slice, its drift, and each annotator against the others: figures worked out by hand, and silences."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, save, skip_draft, stock, task
from touchstone.agreement.coefficient import KAPPA, PERCENT
from touchstone.agreement.report import dimension_report
from touchstone.data.counts import Counts
from touchstone.errors import NotYourTurn, Refused
from touchstone.subgroups.drift import agreement_in_halves, level_in_halves, split_in_half
from touchstone.subgroups.mean_estimates import ValuesOfDrafts, differences, matches, mean_figure
from touchstone.subgroups.rater_effects import against_others, paces
from touchstone.subgroups.slices import LEAST, lowest, sliced, week_of
from workflow import clock
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts, import_tasks
from workflow.rounds.closing import close_round
from workflow.subgroups.annotators import annotators
from workflow.subgroups.slices import BY, slices


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


def counts_of(labels, annotators="ab", q=4):
    patterns = Counter(labels.values() if isinstance(labels, dict) else labels)
    return Counts("d", "ordinal", tuple(range(q)), tuple(annotators), patterns, sum(patterns.values()))


def drawn(units, seed, right=0.85):
    rng = np.random.default_rng(seed)
    return {
        f"u{n:03}": (int(level), int(level) if rng.random() < right else int(rng.integers(4)))
        for n, level in enumerate(rng.integers(0, 4, units))
    }


# The lowest of many


def test_a_slice_truly_worse_is_lower_than_blind_deals_make_it():
    labels = drawn(80, 1, right=0.97) | {f"v{n:03}": pair for n, pair in enumerate(drawn(20, 2, right=0.1).values())}
    found = lowest([sliced(counts_of(labels), labels, Rule())], {unit: "hard" if unit[0] == "v" else "easy" for unit in labels})
    assert (found.slice, found.dimension, found.figures) == ("hard", "d", 2)
    assert found.by_chance < 0.01
    hard = counts_of([labels[unit] for unit in labels if unit[0] == "v"])
    assert found.value == pytest.approx(dimension_report(hard, Rule()).judged.value)


def test_the_lowest_of_slices_that_do_not_differ_is_seldom_called_rare():
    """Of 100 rounds whose slices are cut blindly about 5 should have a lowest that comes in 5 % of deals or fewer."""
    rare = 0
    for seed in range(100):
        cuts = [sliced(counts_of(labels), labels, Rule()) for labels in (drawn(40, 2 * seed), drawn(40, 2 * seed + 1))]
        rare += lowest(cuts, {f"u{n:03}": "abcd"[n % 4] for n in range(40)}).by_chance <= 0.05
    assert rare <= 12


def test_slices_too_small_or_alone_have_no_lowest():
    labels = drawn(2 * LEAST - 2, 1)
    cut = [sliced(counts_of(labels), labels, Rule())]
    assert lowest(cut, dict.fromkeys(labels, "all")) is None
    assert lowest(cut, {unit: "ab"[n % 2] for n, unit in enumerate(labels)}) is None
    assert lowest(cut, {}) is None


def test_the_week_of_a_moment_begins_on_its_monday():
    assert [week_of(datetime(2026, 11, day, 23, 59, tzinfo=UTC)).isoformat() for day in (1, 2, 8, 9)] == [
        "2026-10-26",
        "2026-11-02",
        "2026-11-02",
        "2026-11-09",
    ]


# Means, halves


def test_an_interval_of_a_mean_is_that_of_the_table_it_could_be_read_off():
    """Share of equal labels: Dirichlet(count + 1/q^2) over cells, summed over the diagonal and beside it."""
    labels = drawn(40, 3)
    table = dimension_report(counts_of(labels), Rule()).overall[PERCENT]
    equal = Counter(float(a == b) for a, b in labels.values())
    mine = mean_figure(ValuesOfDrafts(equal, matches(4)))
    assert (mine.value, mine.n) == (table.value, 40)
    assert (mine.low, mine.high) == pytest.approx((table.low, table.high), abs=0.012)
    assert sum(differences(range(4)).values()) == pytest.approx(sum(matches(4).values())) == pytest.approx(1)
    assert mean_figure(ValuesOfDrafts({}, matches(4))).reason == "no overlap"


def test_halves_are_cut_at_the_middle_and_one_moment_is_not_torn_apart():
    assert split_in_half({"a": 3, "b": 1, "c": 2}) == (["b", "c"], ["a"])
    assert split_in_half(dict.fromkeys("abc", 1)) == (["a", "b", "c"], [])
    assert split_in_half({}) == ([], [])


def test_a_round_that_got_worse_shows_a_difference_whose_interval_leaves_zero_out():
    first, second = counts_of(drawn(100, 1, right=0.97)), counts_of(drawn(100, 2, right=0.5))
    halves = agreement_in_halves(first, second, KAPPA)
    assert halves.difference.value == halves.second.value - halves.first.value < -0.3
    assert halves.difference.high < 0
    back = agreement_in_halves(second, first, KAPPA).difference
    assert (back.value, back.low > 0) == (-halves.difference.value, True)


def test_the_same_labels_twice_differ_by_nothing_with_an_interval_around_zero():
    """The draws of two halves are independent: taken from each other as sorted they would leave no interval."""
    counts = counts_of(drawn(60, 1))
    halves = agreement_in_halves(counts, counts, KAPPA)
    wide = halves.first.high - halves.first.low
    assert halves.difference.value == 0
    assert halves.difference.high - halves.difference.low == pytest.approx(wide * 2**0.5, rel=0.15)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (drawn(4, 1), drawn(40, 2), "too few drafts"),
        (drawn(40, 1), {}, "labelled at one moment"),
        ({}, {}, "too few drafts"),
        (dict.fromkeys("abcdef", (1, 1)), drawn(40, 2), "single level"),
        ({f"u{n}": (1, None) if n % 2 else (None, 1) for n in range(12)}, drawn(40, 2), "too few drafts"),
    ],
)
def test_halves_that_cannot_be_compared_say_why(first, second, reason):
    halves = agreement_in_halves(counts_of(first), counts_of(second), KAPPA)
    assert (halves.difference.value, halves.difference.reason) == (None, reason)


def test_a_level_that_rises_over_ones_own_order_is_a_difference_above_zero():
    halves = level_in_halves({0.0: 18, 1.0: 2}, {2.0: 20}, range(4))
    assert (halves.first.value, halves.second.value) == (0.1, 2.0)
    assert 1.5 < halves.difference.low < 1.9 <= halves.difference.high < 2.2
    assert level_in_halves({0.0: 4}, {0.0: 4}, range(4)).difference.reason == "too few drafts"


# One against the others


def test_an_annotator_is_set_against_the_mean_of_the_others_on_each_draft():
    """a 2 against 1 and 1: +1; a 3 against 3: 0; a 0 against 1 and 2: -1.5; one of a alone, one without a: not compared."""
    counts = counts_of([(2, 1, 1), (3, 3, None), (0, 1, 2), (1, None, None), (None, 0, 0)], "abc")
    found = against_others(counts, 0)
    assert (found.severity.value, found.severity.n) == (pytest.approx(-0.5 / 3), 3)
    assert found.agreement.value == pytest.approx(1 / 3)
    assert (found.used, found.levels, found.labels) == (4, 4, 4)
    assert found.deviation == pytest.approx(np.std([2, 3, 0], ddof=1))
    assert found.deviation_of_others == pytest.approx(np.std([1, 1, 3, 1, 2], ddof=1))


def test_an_annotator_without_others_is_not_compared():
    found = against_others(counts_of([(1, None), (2, None)]), 0)
    assert (found.severity.reason, found.agreement.reason, found.deviation_of_others) == ("no overlap", "no overlap", None)
    assert against_others(counts_of([]), 1).labels == 0


def test_someone_always_a_level_higher_has_an_interval_that_says_so():
    found = against_others(counts_of([(1, 0), (2, 1), (3, 2)] * 10), 0)
    assert found.severity.value == 1 and 0.8 < found.severity.low < found.severity.high <= 1.2
    assert against_others(counts_of([(1, 0), (2, 1), (3, 2)] * 10), 1).severity.value == -1


def test_pace_is_a_median_and_fast_is_under_a_quarter_of_the_rounds():
    found, median = paces({"a": [40, 40, 9, 0], "b": [60, 44], "c": []})
    assert median == 40
    assert (found["a"].median, found["a"].timed, found["a"].fast) == (40, 3, 1)
    assert (found["b"].median, found["b"].fast, found["c"].median) == (52, 0, None)
    assert paces({})[1] is None


# Rounds


@pytest.fixture
@kept
def team(engine):
    """24 drafts, easy (even) and hard (odd), labelled alike but for every third hard one; in two weeks."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 24)
    opened(engine, lead)
    for number in range(1, 25):
        level = number % 4
        with clock.at(datetime(2026, 11, 3, 9, tzinfo=UTC) + timedelta(days=7 * (number > 12), minutes=number)):
            save(engine, ana, f"d{number:02}", (level, 1))
            save(engine, ben, f"d{number:02}", (3 - level if number % 6 == 1 else level, 1))
    close_round(lead, engine, "pilot")
    return lead, ana, ben


def test_slices_by_difficulty_have_the_figures_of_the_drafts_in_them(engine, team):
    found = slices(team[0], engine, "pilot", "difficulty")
    assert [(each.name, each.drafts) for each in found.slices] == [("easy", 12), ("hard", 12)]
    easy, hard = (each.dimensions[TONE] for each in found.slices)
    assert (easy.overall[PERCENT].value, hard.overall[PERCENT].value) == (1, pytest.approx(8 / 12))
    assert (easy.units, hard.units, hard.clusters) == (12, 12, 12)
    assert found.slices[1].dimensions[CTA].judged.reason == "single level"
    assert (found.lowest.slice, found.lowest.dimension, found.figures) == ("hard", TONE, 2)
    assert found.sentence.startswith(
        "pilot by difficulty: 2 slices, 2 figures. The lowest is Tone where the difficulty is “hard”, "
    )
    json.dumps(found.as_json(), allow_nan=False)


@pytest.mark.parametrize("by", BY)
def test_every_slicing_holds_each_draft_once_and_its_figures_are_a_reports(engine, team, by):
    found = slices(team[0], engine, "pilot", by)
    assert sum(each.drafts for each in found.slices) == 24
    whole = agreement_of_rounds(team[0], engine, ["pilot"]).dimensions[TONE]
    tables = np.array([each.dimensions[TONE].pairs[0].table for each in found.slices])
    assert tables.sum(axis=0).tolist() == [list(row) for row in whole.pairs[0].table]
    if len(found.slices) == 1:
        assert found.slices[0].dimensions[TONE] == replace(whole, judgement=replace(whole.judgement, looks=None))
        assert "there is nothing to compare" in found.notes[0] and found.sentence.endswith("no figures to compare.")


def test_a_draft_is_of_the_week_of_its_second_label(engine, team):
    found = slices(team[0], engine, "pilot", "period")
    assert [(each.name, each.drafts) for each in found.slices] == [("from 2 November 2026", 12), ("from 9 November 2026", 12)]


def test_a_correction_leaves_a_draft_in_its_week(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 1)
    opened(engine, lead)
    for person, day in ((ana, 3), (ben, 4), (ana, 17)):
        with clock.at(datetime(2026, 11, day, tzinfo=UTC)):
            save(engine, person, "d01", (day % 3, 1))
    close_round(lead, engine, "pilot")
    (only,) = slices(lead, engine, "pilot", "period").slices
    assert only.name == "from 2 November 2026"


def test_target_dimensions_are_named_as_the_rubric_does_and_what_is_not_given_comes_last(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    targets = ["tone_alignment", None, "signal_grounding", "tone_compliance", "no dimension of ours"]
    import_tasks(lead, engine, jsonl(*(task(n, dimension=each) for n, each in enumerate(targets, 1))), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(*(draft(n, author=None) for n in range(1, 6))), "drafts.jsonl")
    opened(engine, lead)
    for person in (ana, ben):
        label_all(engine, person, {f"d{n:02}": (1, 1) for n in range(1, 6)})
    close_round(lead, engine, "pilot")
    assert [(each.name, each.drafts) for each in slices(lead, engine, "pilot", "dimension").slices] == [
        ("Signal grounding", 1),
        ("Tone", 2),
        ("no dimension of ours", 1),
        ("not given", 1),
    ]
    assert [each.name for each in slices(lead, engine, "pilot", "author").slices] == ["not given"]


def test_drift_is_shown_by_time_and_by_each_ones_order(engine, team):
    found = annotators(team[0], engine, "pilot")
    assert [(each.order, each.dimension) for each in found.agreement] == [
        (order, key) for order in ("time", "ana", "ben") for key in (TONE, CTA)
    ]
    by_time = found.agreement[0].halves
    assert (by_time.first.n, by_time.second.n, by_time.difference.value) == (12, 12, 0), "two disputed drafts in each week"
    assert found.agreement[1].halves.difference.reason == "single level"
    assert {halves.first.n for each in found.annotators for halves in each.drift.values()} == {12}
    assert found.drift_sentence.startswith("0 of 3 differences in agreement") or found.moved
    json.dumps(found.as_json(), allow_nan=False)


def test_annotators_are_set_side_by_side_with_what_they_delivered(engine):
    lead, ana, ben, cleo = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6)
    opened(engine, lead, annotators=["ana", "ben", "cleo"])
    for person, shift in ((ana, 0), (ben, 0), (cleo, 1)):
        label_all(engine, person, {f"d{n:02}": (n % 3 + shift, 1) for n in range(1, 6)})
    skip_draft(engine, cleo, "d06", "blank")
    close_round(lead, engine, "pilot", early="enough")
    found = {each.name: each for each in annotators(lead, engine, "pilot").annotators}
    assert [(each.saved, each.skipped, each.waiting) for each in found.values()] == [(5, 0, 1), (5, 0, 1), (5, 1, 0)]
    assert [found[name].dimensions[TONE].severity.value for name in ("ana", "ben", "cleo")] == [-0.5, -0.5, 1]
    assert [found[name].dimensions[TONE].agreement.value for name in ("ana", "cleo")] == [0.5, 0]
    assert found["cleo"].drift[TONE].difference.reason == "too few drafts"


def test_a_round_nobody_labelled_in_has_slices_and_annotators_without_a_figure(engine):
    lead, *_ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    close_round(lead, engine, "pilot", early="cancelled")
    for by in BY:
        found = slices(lead, engine, "pilot", by)
        assert (found.slices, found.figures, found.lowest, found.notes) == ((), 0, None, ())
    assert annotators(lead, engine, "pilot").drift_sentence.startswith("No dimension can be compared")


def test_slices_by_what_is_not_known_are_refused_with_what_there_is(engine, team):
    with pytest.raises(Refused) as refused:
        slices(team[0], engine, "pilot", "colour")
    assert refused.value.sentence == (
        "a round cannot be sliced by colour; choose from dimension, source_mode, difficulty, author, partition, period"
    )


# Blindness


def test_an_open_round_is_cut_for_nobody(engine):
    everyone = people(engine, "lead", "ana", "ben")
    stock(engine, everyone[0], 2)
    opened(engine, everyone[0])
    label_all(engine, everyone[1], {"d01": (1, 1), "d02": (1, 1)})
    for person in everyone:
        for verb in (lambda who: slices(who, engine, "pilot", "difficulty"), lambda who: annotators(who, engine, "pilot")):
            with pytest.raises(NotYourTurn) as refused:
                verb(person)
            assert refused.value.sentence.startswith("pilot is open: ")


def test_the_queries_behind_refuse_an_open_round_themselves(engine):
    from db.engine import reading
    from db.store.closed_rounds import sliceable_of_closed_round, time_of_closed_round

    lead, *_ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    found = opened(engine, lead)
    for read in (sliceable_of_closed_round, time_of_closed_round):
        with pytest.raises(NotYourTurn), reading(engine) as connection:
            read(connection, found.id)


def test_drafts_that_one_labels_in_an_open_round_are_in_no_slice(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 8)
    drafts = [f"d{n:02}" for n in (1, 2, 3, 5, 7, 4)]  # 1, 3, 5, 7 are hard, 2 and 4 easy
    opened(engine, lead, "old", draft_ids=drafts)
    for person in (ana, ben):
        label_all(engine, person, {each: (1, 1) for each in drafts}, round_name="old")
    close_round(lead, engine, "old")
    opened(engine, lead, "new", draft_ids=["d02"])
    made = slices(ana, engine, "old", "difficulty")
    assert {each.name: each.drafts for each in made.slices} == {"easy": 1, "hard": 4}
    assert made.notes[0] == "1 of 6 drafts is left out: you are labelling it in an open round."
    assert {each.name: each.drafts for each in slices(lead, engine, "old", "difficulty").slices} == {"easy": 2, "hard": 4}
    close_round(lead, engine, "new", early="enough")
    assert {each.name: each.drafts for each in slices(ana, engine, "old", "difficulty").slices} == {"easy": 2, "hard": 4}


def test_what_is_told_of_slices_and_annotators_names_no_draft_and_no_note(engine, team):
    told = json.dumps(
        [slices(team[0], engine, "pilot", by).as_json() for by in BY] + [annotators(team[0], engine, "pilot").as_json()]
    )
    assert "d01" not in told and "t01" not in told and "invented draft" not in told and "hidden note" not in told
