"""Retest and calibration rounds on both databases: one person again after a gap, and people against settled gold."""

import pytest

from tests.support.going_back import FIRST, hours
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, RUBRIC, TONE, change, label_all, opened, rows, save, skip_draft
from touchstone.agreement.coefficient import KAPPA, PERCENT
from touchstone.errors import NotYourTurn
from workflow.agreement import disagreements, reports
from workflow.agreement.papers import report as paper
from workflow.gold import adjudication, export, gold
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import my_labels
from workflow.maintenance import store_check
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds, queries_of


def orders(engine, round_name):
    return [
        row[0]
        for row in rows(
            engine,
            "SELECT d.draft_id FROM assignments a JOIN drafts d ON d.id = a.draft JOIN rounds r "
            "ON r.id = a.round JOIN people p ON p.id = a.person WHERE r.name = :name "
            "AND p.name = 'ana' ORDER BY a.position",
            name=round_name,
        )
    ]


# Retest: opening


def test_a_retest_brings_the_rubric_dimensions_and_drafts_of_its_round_in_another_order(engine, again):
    made, before = all_rounds(engine)
    assert (made.kind, made.of_round, made.annotators, made.forced, made.feedback) == ("retest", "pilot", ("ana",), False, None)
    assert (made.rubric_digest, made.dimensions, made.drafts) == (before.rubric_digest, before.dimensions, 6)
    assert sorted(orders(engine, "again")) == sorted(orders(engine, "pilot"))
    assert orders(engine, "again") != orders(engine, "pilot")


def test_the_order_differs_for_every_seed_also_with_two_drafts(engine, team):
    with hours(40):
        for seed in range(6):
            open_round(
                team[0], engine, RoundDesign(f"again {seed}", kind="retest", of="pilot", annotators=["ana"], drafts=2, seed=seed)
            )
            placed = orders(engine, f"again {seed}")
            assert placed != [each for each in orders(engine, "pilot") if each in placed]
            close_round(team[0], engine, f"again {seed}", early="only the order matters here")


def test_a_retest_of_one_draft_can_be_opened(engine, team):
    with hours(40):
        assert (
            open_round(team[0], engine, RoundDesign("one", kind="retest", of="pilot", annotators=["ana"], drafts=1)).drafts == 1
        )


def test_a_retest_is_refused_until_the_gap_has_passed_for_every_draft_and_says_how_long_to_wait(engine, team):
    with hours(20):
        said = refusal(open_round, team[0], engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"]))
    assert said == (
        "ana saved 6 drafts of the 6 less than 24 hours ago (d06 in pilot, the last): a retest needs that gap. "
        "Open it in 10 hours, or force it: the report will say so"
    )
    with hours(29.5):  # d06 was saved in hour 6: half an hour too early
        assert "ana saved 1 draft of the 6 less than 24 hours ago (d06 in pilot, the last)" in refusal(
            open_round, team[0], engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"])
        )
    assert [each.name for each in all_rounds(engine)] == ["pilot"]
    with hours(30):
        assert not open_round(team[0], engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"])).forced


def test_labelling_a_draft_in_another_round_counts_as_the_last_time_it_was_seen(engine, team):
    lead, ana, *_ = team
    opened(engine, lead, "other")
    with hours(20):
        label_all(engine, ana, FIRST, round_name="other")
    close_round(lead, engine, "other", early="ben is away")
    with hours(40):
        assert "(d01 in other, the last)" in refusal(
            open_round, lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"])
        )


def test_a_forced_retest_is_opened_and_its_report_says_so(engine, team):
    lead, ana, *_ = team
    with hours(11):
        assert open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"], force=True)).forced
        label_all(engine, ana, FIRST, round_name="again")
        close_round(lead, engine, "again")
    notes = " ".join(reports.agreement_of_rounds(lead, engine, ["again"]).notes)
    assert "opened before 24 hours had passed (forced)" in notes
    assert "shortest 5 hours, median 7.5 hours" in notes


def test_forcing_what_needed_no_force_leaves_no_mark(engine, team):
    with hours(40):
        assert not open_round(
            team[0], engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"], force=True)
        ).forced


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            {"annotators": ["ana", "ben"]},
            "a retest repeats the labels of one person, and 2 people are named; open a retest for each",
        ),
        ({"annotators": []}, "a retest repeats the labels of one person, and 0 people are named; open a retest for each"),
        (
            {"annotators": ["cleo"]},
            "cleo has labelled no draft in pilot, so there is nothing to label again; its annotators are ana and ben",
        ),
        ({"of": "nope"}, "there is no round “nope”; there is pilot"),
        ({"of": ""}, "a round of kind retest is based on a closed round: name that round"),
        ({"drafts": 7}, "7 drafts asked for, and pilot has 6 drafts that ana labelled to draw from; ask for fewer"),
        ({"drafts": 0}, "the number of drafts is 1 or more, not 0"),
        ({"seed": 2**63}, "the seed is larger than the store can hold; use a number of up to 18 digits"),
        ({"rubric": "other-v1"}, f"pilot was labelled under {RUBRIC}, and a retest keeps that: leave other-v1 out"),
        ({"name": "PILOT"}, "there is a round named “PILOT” already; give the new one another name"),
    ],
)
def test_a_retest_that_cannot_be_is_refused_and_leaves_nothing(engine, team, wanted, said):
    asked = {"name": "again", "of": "pilot", "annotators": ["ana"], **wanted}
    with hours(40):
        assert refusal(open_round, team[0], engine, RoundDesign(asked.pop("name"), kind="retest", **asked)) == said
    assert [each.name for each in all_rounds(engine)] == ["pilot"]


def test_an_open_round_is_neither_repeated_nor_calibrated_on(engine, team):
    opened(engine, team[0], "second")
    for kind in ("retest", "calibration"):
        assert refusal(open_round, team[0], engine, RoundDesign("x", kind=kind, of="second", annotators=["ana"])) == (
            f"second is still open; close it before a {kind} is based on it"
        )


def test_skipped_drafts_and_those_in_another_open_round_are_not_repeated(engine, team):
    lead, ana, *_ = team
    opened(engine, lead, "second", draft_ids=["d01", "d02"])
    with hours(40):
        assert refusal(
            open_round, lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"], drafts=6)
        ) == (
            "6 drafts asked for, and pilot has 4 drafts that ana labelled to draw from, 2 left out that are being labelled in "
            "an open round; ask for fewer"
        )
        open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"]))
    assert sorted(orders(engine, "again")) == ["d03", "d04", "d05", "d06"]


# Retest: the first labels are not seen


def test_the_first_labels_are_held_back_from_their_own_writer_everywhere(engine, again):
    lead, ana, *_ = again
    assert [(row.values, row.held_back) for row in my_labels(ana, engine, "pilot")] == [({}, True)] * 6
    desk = next_assignment(ana, engine, "again")
    assert (desk.choices, desk.note, desk.gives_feedback) == ({}, "", False)
    assert disagreements.disagreements_on(ana, engine, TONE, round_name="pilot") == []
    queue = adjudication.open_disagreements(ana, engine, "pilot")
    assert (queue.waiting, queue.decided) == ((), ())
    with pytest.raises(NotYourTurn):
        adjudication.case(ana, engine, "pilot", "d01", TONE)
    with pytest.raises(NotYourTurn):
        export.files_of(ana, engine, "pilot")
    found = gold.gold_of_round(ana, engine, "pilot")
    assert (found.round.held_back, found.cells, found.settled, found.waiting) == (6, (), 0, 0)
    assert gold.gold_of_round(lead, engine, "pilot").round.held_back == 0
    with pytest.raises(NotYourTurn, match="you are labelling every draft of pilot"):
        reports.agreement_of_rounds(ana, engine, ["pilot"])
    assert queries_of(ana, engine, "pilot") == []
    for verb in (reports.agreement_of_rounds, lambda *args: disagreements.disagreements_on(*args[:2], TONE, round_name="again")):
        with pytest.raises(NotYourTurn):
            verb(ana, engine, ["again"])


def test_what_was_held_back_comes_back_when_the_retest_is_closed(engine, again):
    lead, ana, *_ = again
    label_all(engine, ana, FIRST, round_name="again")
    close_round(lead, engine, "again")
    assert {(row.values[TONE], row.values[CTA]) for row in my_labels(ana, engine, "pilot")} == {
        tuple(map(str, levels)) for levels in FIRST.values()
    }


def test_a_skip_reason_of_the_first_time_is_held_back_too(engine, team):
    lead, ana, ben, _ = team
    with hours(20):
        opened(engine, lead, "second", draft_ids=["d01", "d02"])
        skip_draft(engine, ana, "d01", "my secret", round_name="second")
        label_all(engine, ben, {"d01": (1, 1), "d02": (1, 1)}, round_name="second")
        save(engine, ana, "d02", (1, 1), round_name="second")
        close_round(lead, engine, "second")
    with hours(60):
        open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"]))
    assert [row.skip_reason for row in my_labels(ana, engine, "second")] == [None, None]


# Retest: the report


@pytest.mark.both_databases
def test_the_report_of_a_retest_sets_one_person_against_themselves(engine, labelled_again):
    report = reports.agreement_of_rounds(labelled_again[0], engine, ["again"])
    tone = report.dimensions[TONE]
    assert (report.kind, report.annotators) == ("retest", ("ana (first)", "ana (again)"))
    assert (report.units, report.units_with_two, tone.units_with_two) == (6, 5, 5)
    (pair,) = tone.pairs
    assert (pair.a, pair.b, pair.n) == ("ana (first)", "ana (again)", 5)
    assert pair.table == ((0, 1, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 2))
    assert pair.figures[PERCENT].value == 0.8
    assert tone.judged == pair.figures[KAPPA]
    assert report.second_opinion[TONE].faults == [] and "scikit-learn" in report.second_opinion[TONE].agreeing
    # (.8 - pe) / (1 - pe); pe = (1*0 + 1*2 + 1*1 + 2*2) / 25 = .28
    assert tone.judged.value == pytest.approx((0.8 - 0.28) / 0.72)


def test_a_retest_has_no_threshold_and_no_verdict_and_its_notes_say_what_it_is(engine, labelled_again):
    report = reports.agreement_of_rounds(labelled_again[0], engine, ["again"])
    for each in report.dimensions.values():
        assert (each.threshold, each.flagged, each.verdict, each.further) == (None, None, None, None)
    assert report.flagged == []
    notes = " ".join(report.notes)
    assert "one person twice: this is intra-rater agreement (test-retest), not agreement between people" in notes
    assert "gap between the last save in pilot and the first here, over 5 drafts: shortest 36 hours, median 38 hours" in notes
    assert "forced" not in notes and "1 skip, counted as missing labels: d06 by ana (cannot tell)" in notes
    titles = {key: report.rubric.dimension(key).title for key in (TONE, CTA)}
    assert report.sentence == (
        "One person twice, 5 drafts: unweighted kappa is from "
        f".72 ({titles[TONE]}) to 1.00 ({titles[CTA]}); no threshold applies."
    )
    told = str(report.as_json()) + report.sentence
    assert "inter-rater" not in told and report.as_json()["kind"] == "retest"


def test_the_gap_runs_from_the_last_save_before_to_the_first_save_again(engine, again):
    lead, ana, *_ = again
    with hours(41):
        label_all(engine, ana, FIRST, round_name="again")
    with hours(80):
        save(engine, ana, "d01", (3, 3), round_name="again")  # a correction does not make the gap longer
        close_round(lead, engine, "again")
    assert "shortest 35 hours, median 37.5 hours" in " ".join(reports.agreement_of_rounds(lead, engine, ["again"]).notes)


def test_a_retest_closed_before_anything_was_labelled_has_figures_undefined_with_a_reason(engine, again):
    lead, *_ = again
    close_round(lead, engine, "again", early="ana has left")
    report = reports.agreement_of_rounds(lead, engine, ["again"])
    assert report.sentence == "No dimension's statistic is defined: the table says why."
    assert {each.judged.reason for each in report.dimensions.values()} == {"one annotator"}


def test_the_counts_of_a_retest_are_stored_and_the_audit_counts_them_again(engine, labelled_again):
    assert store_check.check_store(engine) == []
    stored = rows(
        engine,
        "SELECT pattern, units FROM pattern_counts p JOIN counts c ON c.id = p.counted JOIN rounds r "
        "ON r.id = c.round WHERE r.name = 'again' AND c.dimension = :tone ORDER BY pattern",
        tone=TONE,
    )
    assert stored == [("0 1", 1), ("1 1", 1), ("2 2", 1), ("3 -", 1), ("3 3", 2)]
    change(
        engine,
        "UPDATE labels SET value = '0' WHERE value = '2' AND dimension = :tone AND assignment IN (SELECT a.id FROM "
        "assignments a JOIN rounds r ON r.id = a.round WHERE r.name = 'pilot' AND a.person = "
        "(SELECT id FROM people WHERE name = 'ana'))",
        tone=TONE,
    )
    assert f"the stored counts of again / {TONE} do not match its labels" in store_check.check_store(engine)


def test_the_drafts_labelled_otherwise_the_second_time_are_listed_with_both_labels(engine, labelled_again):
    (found,) = disagreements.disagreements_on(labelled_again[0], engine, TONE, round_name="again")
    assert (found.unit, [(label.annotator, label.value) for label in found.labels]) == (
        "d01",
        [("ana (first)", 0), ("ana (again)", 1)],
    )


@pytest.mark.parametrize("codes", [False, True])
def test_a_retest_leaves_as_a_file_that_says_what_it_is(engine, labelled_again, codes):
    report = reports.agreement_of_rounds(labelled_again[0], engine, ["again"], codes=codes)
    for draw in (paper.html, paper.markdown):
        text = draw(report)
        assert "intra-rater" in text and ("ana (again)" in text) is not codes and ("A (again)" in text) is codes
    assert report.sources[0].labels.keys() == set(report.annotators)
