"""What rounds that go back to another are not: gold, pooled, continued, or designed without the round they are based on."""

import pytest

from tests.support.going_back import FIRST, hours
from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import RUBRIC, TONE, label_all, opened, rows
from workflow.agreement import clusters, reports
from workflow.gold import adjudication, export, gold
from workflow.maintenance import store_backup, store_check
from workflow.people.home import to_do
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.subgroups import annotators, slices


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


def test_a_design_of_a_retest_or_calibration_names_the_round_it_is_based_on(engine, team):
    for kind in ("retest", "calibration"):
        assert refusal(open_round, team[0], engine, RoundDesign("x", rubric=RUBRIC, annotators=["ana", "ben"], kind=kind)) == (
            f"a round of kind {kind} is based on a closed round: name that round"
        )


def test_slices_annotators_and_clusters_are_of_rounds_that_several_people_label(engine, labelled_again):
    lead = labelled_again[0]
    for verb in (
        lambda: slices.slices(lead, engine, "again", "author"),
        lambda: annotators.annotators(lead, engine, "again"),
        lambda: clusters.by_clusters(lead, engine, reports.agreement_of_rounds(lead, engine, ["again"])),
    ):
        assert "several people label" in refusal(verb)
