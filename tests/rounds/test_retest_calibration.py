"""Retest and calibration rounds on both databases: one person again after a gap, and people against settled gold."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, RUBRIC, TONE, change, label_all, opened, people, rows, save, skip_draft, stock
from touchstone.agreement.coefficient import KAPPA, PERCENT
from touchstone.errors import NotYourTurn
from workflow import clock
from workflow.agreement import clusters, disagreements, reports
from workflow.agreement.papers import report as paper
from workflow.gold import adjudication, export, gold
from workflow.labelling.feedback import feedback_in, feedback_on
from workflow.labelling.labelling import choose, keep_note, query, skip
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, label_from_rows, my_labels, own_drafts
from workflow.maintenance import store_backup, store_check
from workflow.people.home import to_do
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds, queries_of
from workflow.subgroups import annotators, slices

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST = {"d01": (0, 3), "d02": (1, 3), "d03": (2, 2), "d04": (3, 2), "d05": (3, 1), "d06": (3, 0)}


@contextmanager
def hours(number: float):
    with clock.at(START + timedelta(hours=number)):
        yield


@pytest.fixture
@kept
def team(engine):
    """Ana labelled six drafts an hour apart, Ben differs on d01 (tone); closed after ten hours and
    d01 adjudicated by Cleo."""
    lead, ana, ben, cleo = found = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6)
    with hours(0):
        opened(engine, lead)
    for hour, (draft, levels) in enumerate(FIRST.items(), start=1):
        with hours(hour):
            save(engine, ana, draft, levels, f"secret of ana on {draft}")
    with hours(8):
        label_all(engine, ben, {**FIRST, "d01": (2, 3)})
    with hours(10):
        close_round(lead, engine, "pilot")
        adjudication.adjudicate(cleo, engine, "pilot", "d01", TONE, 2, "the phrase is banned", "slip")
    return found


@pytest.fixture
@kept
def again(engine, team):
    lead, *_ = team
    with hours(40):
        open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"]))
    return team


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
    assert "shortest 5.0 hours, median 7.5 hours" in notes


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
        ({"of": ""}, "a round of kind retest is based on a closed round: name it with --of, or on the page"),
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
    found = disagreements.disagreements_on(ana, engine, TONE, round_name="pilot")
    assert [(each.held_back, each.labels) for each in found] == [(True, ())]
    queue = adjudication.open_disagreements(ana, engine, "pilot")
    assert (queue.waiting, queue.decided) == ((), ())
    with pytest.raises(NotYourTurn):
        adjudication.case(ana, engine, "pilot", "d01", TONE)
    with pytest.raises(NotYourTurn):
        export.files_of(ana, engine, "pilot")
    assert gold.gold_of_round(ana, engine, "pilot").held_back == 6
    assert gold.gold_of_round(lead, engine, "pilot").held_back == 0
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


@pytest.fixture
@kept
def labelled_again(engine, again):
    """Ana again after 40 hours: one level off on d01 in tone, d06 skipped."""
    lead, ana, *_ = again
    with hours(41):
        label_all(engine, ana, {**{key: FIRST[key] for key in ("d02", "d03", "d04", "d05")}, "d01": (1, 3)}, round_name="again")
        skip_draft(engine, ana, "d06", "cannot tell", round_name="again")
        close_round(lead, engine, "again")
    return again


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
    assert "gap between the last save in pilot and the first here, over 5 drafts: shortest 36.0 hours, median 38.0 hours" in notes
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
    assert "shortest 35.0 hours, median 37.5 hours" in " ".join(reports.agreement_of_rounds(lead, engine, ["again"]).notes)


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


# Neither kind is gold, pooled or continued


@pytest.fixture
@kept
def both_closed(engine, labelled_again):
    lead, ana, ben, cleo = labelled_again
    with hours(50):
        open_round(lead, engine, RoundDesign("calib", kind="calibration", of="pilot", annotators=["ana", "cleo"], feedback="end"))
        for each in (ana, cleo):
            label_all(engine, each, FIRST, round_name="calib")
        close_round(lead, engine, "calib")
    return labelled_again


@pytest.mark.parametrize(("name", "purpose"), [("again", "retest of pilot"), ("calib", "calibration on the gold of pilot")])
def test_neither_a_retest_nor_a_calibration_is_adjudicated_exported_pooled_or_continued(
    engine, both_closed, name, purpose, tmp_path
):
    lead = both_closed[0]
    never = f"{name} is a {purpose}: its labels are never gold and there is nothing in it to adjudicate; use pilot"
    assert refusal(adjudication.open_disagreements, lead, engine, name) == never
    assert refusal(adjudication.case, lead, engine, name, "d01", TONE) == never
    assert refusal(adjudication.adjudicate, lead, engine, name, "d01", TONE, 1, "why", "slip") == never
    assert refusal(adjudication.round_drafts, lead, engine, name) == never
    assert refusal(gold.gold_of_round, lead, engine, name) == never
    assert refusal(export.export_gold, lead, engine, name, tmp_path / "out", partial=True, with_single=True) == never
    assert refusal(reports.agreement_of_rounds, lead, engine, ["pilot", name]) == (
        f"{name} is a {purpose}; it is not pooled with other rounds: report it on its own"
    )
    assert "draws no drafts of its own" in refusal(opened, engine, lead, "next", continues=name)
    for kind in ("retest", "calibration"):
        assert refusal(open_round, lead, engine, RoundDesign("x", kind=kind, of=name, annotators=["ana"])) == never
    found = next(each for each in to_do(lead, engine).lead if each.round.name == name)
    assert (found.cells_waiting, found.settled, found.ready) == (0, 0, False)


def test_a_backup_holds_both_kinds_with_the_key(engine, both_closed, tmp_path):
    from db.engine import open_engine

    store_backup.backup(engine, tmp_path / "copy.sqlite")
    copy = open_engine(f"sqlite:///{tmp_path}/copy.sqlite")
    assert store_check.check_store(copy) == []
    assert rows(copy, "SELECT count(*) FROM gold_keys") == [(12,)]
    copy.dispose()


# Calibration


@pytest.fixture
@kept
def with_unsettled(engine, team):
    """A second round: d01 agreed, d02 adjudicated in tone and unsettled in the other dimension, d03 settled nowhere."""
    lead, ana, ben, cleo = team
    with hours(11):
        opened(engine, lead, "second", draft_ids=["d01", "d02", "d03"])
        label_all(engine, ana, {"d01": (1, 1), "d02": (0, 0), "d03": (0, 0)}, round_name="second")
        label_all(engine, ben, {"d01": (1, 1), "d02": (3, 3), "d03": (3, 3)}, round_name="second")
        close_round(lead, engine, "second")
        adjudication.adjudicate(ben, engine, "second", "d02", TONE, 2, "between the two", "rubric unclear")
    return team


def calibrated(engine, team, feedback="each"):
    with hours(12):
        return open_round(
            team[0], engine, RoundDesign("calib", kind="calibration", of="second", annotators=["cleo", "ben"], feedback=feedback)
        )


def test_a_calibration_takes_the_drafts_with_settled_gold_and_keeps_the_key(engine, with_unsettled):
    made = calibrated(engine, with_unsettled)
    assert (made.kind, made.of_round, made.feedback, made.drafts) == ("calibration", "second", "each", 2)
    key = rows(
        engine,
        "SELECT d.draft_id, k.dimension, k.value, k.adjudication IS NOT NULL FROM gold_keys k "
        "JOIN drafts d ON d.id = k.draft ORDER BY d.draft_id, k.dimension",
    )
    assert [(*row[:3], bool(row[3])) for row in key] == [
        ("d01", CTA, "1", False),
        ("d01", TONE, "1", False),
        ("d02", TONE, "2", True),
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"annotators": []}, "a calibration needs an annotator; name one or more"),
        (
            {"feedback": "never"},
            "feedback comes after each draft or at the end, not “never”: use --feedback each or --feedback end",
        ),
        ({"drafts": 7}, "7 drafts asked for, and pilot has 6 drafts with gold to draw from; ask for fewer"),
        ({"rubric": "other-v1"}, f"pilot was labelled under {RUBRIC}, and a calibration keeps that: leave other-v1 out"),
    ],
)
def test_a_calibration_that_cannot_be_is_refused_and_leaves_nothing(engine, team, wanted, said):
    asked = {"of": "pilot", "annotators": ["cleo"], **wanted}
    assert refusal(open_round, team[0], engine, RoundDesign("calib", kind="calibration", **asked)) == said
    assert [each.name for each in all_rounds(engine)] == ["pilot"]


def test_there_is_no_calibration_on_a_round_in_which_nothing_is_settled(engine, team):
    lead, ana, ben, _ = team
    opened(engine, lead, "apart", draft_ids=["d01"])
    label_all(engine, ana, {"d01": (0, 0)}, round_name="apart")
    label_all(engine, ben, {"d01": (3, 3)}, round_name="apart")
    close_round(lead, engine, "apart")
    assert refusal(open_round, lead, engine, RoundDesign("c", kind="calibration", of="apart", annotators=["cleo"])) == (
        "no cell of apart is settled yet, so there is no gold to calibrate on; adjudicate first"
    )


def test_after_each_save_the_gold_is_told_with_the_reason_and_not_before(engine, with_unsettled):
    cleo = with_unsettled[3]
    calibrated(engine, with_unsettled)
    mine = assignment_of(cleo, engine, "calib", "d02")
    assert next_assignment(cleo, engine, "calib", mine).gives_feedback
    assert feedback_on(cleo, engine, mine) is None and feedback_in(cleo, engine, "calib") == {}
    save(engine, cleo, "d02", (1, 3), round_name="calib")
    told = feedback_on(cleo, engine, mine).told
    assert [(each.value, each.gold, each.adjudicated, each.reason, each.hit) for each in told] == [
        (1, 2, True, "between the two", False),
        (3, None, False, "", None),
    ]
    assert feedback_in(cleo, engine, "calib") == {mine: told}
    assert feedback_on(with_unsettled[1], engine, mine) is None  # somebody else's


def test_a_label_is_final_once_its_gold_was_shown(engine, with_unsettled):
    cleo = with_unsettled[3]
    calibrated(engine, with_unsettled)
    mine = assignment_of(cleo, engine, "calib", "d01")
    save(engine, cleo, "d01", (0, 1), round_name="calib")
    before = rows(engine, "SELECT count(*) FROM labels")
    final = "the gold of this draft was shown to you when you saved it, so its labels are final; My labels has both"
    drafts, rubric, found = own_drafts(cleo, engine, "calib")
    from touchstone.data.label_file import FileRow

    assert refusal(next_assignment, cleo, engine, "calib", mine) == final
    assert refusal(choose, cleo, engine, mine, TONE, 1) == final
    assert refusal(keep_note, cleo, engine, mine, "late") == final
    assert refusal(label_from_rows, cleo, engine, "calib", [FileRow("d01", {TONE: 1, CTA: 1}, "", None)], "f") == final
    assert label_from_rows(cleo, engine, "calib", [FileRow("d01", {TONE: 0, CTA: 1}, "", None)], "f") == (0, 1)
    assert "has labels already" in refusal(skip, cleo, engine, mine, "no", 1)
    query(cleo, engine, mine, "the gold is wrong")  # said, not changed
    assert rows(engine, "SELECT count(*) FROM labels") == before


def test_a_skipped_draft_shows_no_gold_and_can_still_be_labelled(engine, with_unsettled):
    cleo = with_unsettled[3]
    calibrated(engine, with_unsettled)
    skip_draft(engine, cleo, "d01", "cannot read it", round_name="calib")
    mine = assignment_of(cleo, engine, "calib", "d01")
    assert feedback_on(cleo, engine, mine) is None
    save(engine, cleo, "d01", (1, 1), round_name="calib")
    assert feedback_on(cleo, engine, mine) is not None


def test_feedback_at_the_end_waits_until_the_round_is_closed_and_labels_may_be_corrected_until_then(engine, with_unsettled):
    lead, _, ben, cleo = with_unsettled
    calibrated(engine, with_unsettled, "end")
    for each in (ben, cleo):
        label_all(engine, each, {"d01": (1, 1), "d02": (2, 2)}, round_name="calib")
    mine = assignment_of(cleo, engine, "calib", "d01")
    assert feedback_on(cleo, engine, mine) is None and feedback_in(cleo, engine, "calib") == {}
    save(engine, cleo, "d01", (0, 1), round_name="calib")
    close_round(lead, engine, "calib")
    assert [each.hit for each in feedback_on(cleo, engine, mine).told] == [False, True]
    assert len(feedback_in(cleo, engine, "calib")) == 2


def test_the_gold_is_held_back_elsewhere_while_the_calibration_is_open(engine, with_unsettled):
    cleo = with_unsettled[3]
    calibrated(engine, with_unsettled)
    assert gold.gold_of_round(cleo, engine, "second").held_back == 2
    with pytest.raises(NotYourTurn):
        export.files_of(cleo, engine, "second", partial=True)
    with pytest.raises(NotYourTurn):
        adjudication.case(cleo, engine, "second", "d02", TONE)
    assert adjudication.open_disagreements(cleo, engine, "second").decided == ()
    assert [each.held_back for each in disagreements.disagreements_on(cleo, engine, TONE, round_name="second")].count(True) == 1


def test_feedback_is_held_back_on_a_draft_the_person_labels_in_another_open_round(engine, with_unsettled):
    lead, _, ben, cleo = with_unsettled
    calibrated(engine, with_unsettled)
    opened(engine, lead, "fresh", annotators=("ben", "cleo"), draft_ids=["d01"])
    save(engine, cleo, "d01", (0, 1), round_name="calib")
    found = feedback_on(cleo, engine, assignment_of(cleo, engine, "calib", "d01"))
    assert (found.told, found.held_back) == ((), True) and feedback_in(cleo, engine, "calib") == {}
    close_round(lead, engine, "fresh", early="not needed")
    assert feedback_on(cleo, engine, found.assignment).told != ()


@pytest.fixture
@kept
def calibration_closed(engine, with_unsettled):
    lead, _, ben, cleo = with_unsettled
    calibrated(engine, with_unsettled)
    with hours(13):
        label_all(engine, cleo, {"d01": (1, 0), "d02": (2, 2)}, round_name="calib")
        label_all(engine, ben, {"d01": (0, 1), "d02": (0, 2)}, round_name="calib")
        close_round(lead, engine, "calib")
    return with_unsettled


@pytest.mark.both_databases
def test_the_report_of_a_calibration_holds_each_annotator_against_the_gold_and_nobody_against_another(engine, calibration_closed):
    report = reports.agreement_of_rounds(calibration_closed[0], engine, ["calib"])
    assert (report.kind, report.annotators) == ("calibration", ("gold", "cleo", "ben"))
    assert list(report.by_annotator) == ["cleo", "ben"]
    assert report.second_opinion[TONE].faults == report.by_annotator["ben"].second_opinion[TONE].faults == []
    assert [(pair.a, pair.b, pair.n) for pair in report.dimensions[TONE].pairs] == [("gold", "cleo", 2), ("gold", "ben", 2)]
    assert [(pair.b, pair.n) for pair in report.dimensions[CTA].pairs] == [("cleo", 1), ("ben", 1)]  # d02 is not settled there
    tone = {name: made.dimensions[TONE] for name, made in report.by_annotator.items()}
    assert {name: each.overall[PERCENT].value for name, each in tone.items()} == {"cleo": 1.0, "ben": 0.0}
    assert (tone["cleo"].judged.value, tone["cleo"].threshold) == (1.0, 0.8)
    assert tone["ben"].judged.reason == "annotator constant"
    assert (report.dimensions[TONE].judged, report.dimensions[TONE].verdict) == (None, None)
    assert {each.reason for each in report.dimensions[TONE].overall.values()} == {"each annotator is compared with the gold only"}
    made = report.as_json()
    assert set(made["annotators"]) == {"cleo", "ben"} and made["annotators"]["cleo"][TONE]["pairs"][0]["a"] == "gold"


def test_the_report_of_a_calibration_says_who_knew_these_drafts(engine, calibration_closed):
    notes = reports.agreement_of_rounds(calibration_closed[0], engine, ["calib"]).notes
    assert (
        "ben labelled these drafts before: in second they labelled 2 drafts and adjudicated 1 draft of these, so the gold "
        "is partly their own and agreement with it is inflated"
    ) in notes
    assert not [note for note in notes if note.startswith("cleo")]
    assert any(note.startswith("the gold of each draft was shown after its Save") for note in notes)


def test_a_later_decision_changes_neither_the_key_nor_the_counts(engine, calibration_closed):
    lead, _, ben, cleo = calibration_closed
    before = reports.agreement_of_rounds(lead, engine, ["calib"]).as_json()
    (was,) = rows(engine, "SELECT a.id FROM adjudications a JOIN rounds r ON r.id = a.round WHERE r.name = 'second'")
    adjudication.adjudicate(lead, engine, "second", "d02", TONE, 0, "after all", "slip", revising=was[0])
    assert store_check.check_store(engine) == []
    assert reports.agreement_of_rounds(lead, engine, ["calib"]).as_json() == before
    mine = assignment_of(cleo, engine, "calib", "d02")
    assert feedback_on(cleo, engine, mine).told[0].gold == 2


def test_the_audit_sees_a_changed_key(engine, calibration_closed):
    change(engine, "UPDATE gold_keys SET value = '3' WHERE dimension = :tone", tone=TONE)
    assert store_check.check_store(engine) == [f"the stored counts of calib / {TONE} do not match its labels"]


def test_drafts_labelled_other_than_the_gold_are_listed_by_annotator(engine, calibration_closed):
    lead, *_ = calibration_closed
    found = disagreements.disagreements_on(lead, engine, TONE, round_name="calib", among=("gold", "cleo"))
    assert found == []
    found = disagreements.disagreements_on(lead, engine, TONE, round_name="calib", among=("gold", "ben"))
    assert [(each.unit, [label.value for label in each.labels]) for each in found] == [("d02", [2, 0]), ("d01", [1, 0])]
    assert found[0].labels[0].note == "between the two"


def test_someone_called_gold_is_not_taken_for_the_gold(engine, with_unsettled):
    lead, *_ = with_unsettled
    (person,) = people(engine, "Gold")
    open_round(lead, engine, RoundDesign("calib", kind="calibration", of="second", annotators=["gold"]))
    label_all(engine, person, {"d01": (1, 1), "d02": (2, 2)}, round_name="calib")
    close_round(lead, engine, "calib")
    report = reports.agreement_of_rounds(lead, engine, ["calib"])
    assert report.annotators == ("gold, settled", "Gold") and report.dimensions[TONE].judged.value == 1.0


def test_a_design_of_a_retest_or_calibration_names_the_round_it_is_based_on(engine, team):
    for kind in ("retest", "calibration"):
        assert refusal(open_round, team[0], engine, RoundDesign("x", rubric=RUBRIC, annotators=["ana", "ben"], kind=kind)) == (
            f"a round of kind {kind} is based on a closed round: name it with --of, or on the page"
        )


def test_slices_annotators_and_clusters_are_of_rounds_that_several_people_label(engine, labelled_again):
    lead = labelled_again[0]
    for verb in (
        lambda: slices.slices(lead, engine, "again", "author"),
        lambda: annotators.annotators(lead, engine, "again"),
        lambda: clusters.by_clusters(lead, engine, reports.agreement_of_rounds(lead, engine, ["again"])),
    ):
        assert "several people label" in refusal(verb)


@pytest.mark.parametrize("codes", [False, True])
def test_a_retest_leaves_as_a_file_that_says_what_it_is(engine, labelled_again, codes):
    report = reports.agreement_of_rounds(labelled_again[0], engine, ["again"], codes=codes)
    for draw in (paper.html, paper.markdown):
        text = draw(report)
        assert "intra-rater" in text and ("ana (again)" in text) is not codes and ("A (again)" in text) is codes
    assert report.sources[0].labels.keys() == set(report.annotators)


@pytest.mark.parametrize("codes", [False, True])
def test_a_calibration_leaves_as_a_file_with_every_annotator_judged_alone(engine, calibration_closed, codes):
    report = reports.agreement_of_rounds(calibration_closed[0], engine, ["calib"], codes=codes)
    names = ["A", "B"] if codes else ["cleo", "ben"]
    assert list(report.by_annotator) == names and report.annotators == ("gold", *names)
    for draw in (paper.html, paper.markdown):
        text = draw(report)
        assert "against the gold" in text
        assert ("cleo" in text) is not codes
