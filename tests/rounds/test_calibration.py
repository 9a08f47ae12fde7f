"""A calibration: drafts with settled gold, labelled against it, and what the annotators are told and when."""

import pytest

from tests.support.going_back import calibrated, hours
from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, RUBRIC, TONE, change, label_all, opened, people, rows, save, skip_draft
from touchstone.agreement.coefficient import PERCENT
from touchstone.errors import NotYourTurn
from workflow.agreement import disagreements, reports
from workflow.agreement.papers import report as paper
from workflow.gold import adjudication, export, gold
from workflow.labelling.feedback import feedback_in, feedback_on
from workflow.labelling.labelling import choose, keep_note, query, skip
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, label_from_rows, own_drafts
from workflow.maintenance import store_check
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds


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
        ({"feedback": "never"}, "feedback comes after each draft or at the end, not “never”: say each or end"),
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
    assert gold.gold_of_round(cleo, engine, "second").round.held_back == 2
    with pytest.raises(NotYourTurn):
        export.files_of(cleo, engine, "second", partial=True)
    with pytest.raises(NotYourTurn):
        adjudication.case(cleo, engine, "second", "d02", TONE)
    assert adjudication.open_disagreements(cleo, engine, "second").decided == ()
    told = disagreements.disagreements_on(cleo, engine, TONE, round_name="second")
    assert len(told) == len(disagreements.disagreements_on(with_unsettled[0], engine, TONE, round_name="second")) - 1


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
    assert store_check.check_store(engine)[0] == f"the stored counts of calib / {TONE} do not match its labels"


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


@pytest.mark.parametrize("codes", [False, True])
def test_a_calibration_leaves_as_a_file_with_every_annotator_judged_alone(engine, calibration_closed, codes):
    report = reports.agreement_of_rounds(calibration_closed[0], engine, ["calib"], codes=codes)
    names = ["A", "B"] if codes else ["cleo", "ben"]
    assert list(report.by_annotator) == names and report.annotators == ("gold", *names)
    for draw in (paper.html, paper.markdown):
        text = draw(report)
        assert "against the gold" in text
        assert ("cleo" in text) is not codes
