"""Home says the most urgent thing of the project in hand first."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from db.engine import reading
from db.store.tasks import in_no_round
from tests.rubric.test_next_version import anchor
from tests.support.sample_store import with_sample
from tests.support.small_stores import RUBRIC, draft, inside, jsonl, label_all, opened, people, stock, task
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold import export_folder
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.gold.export import export_gold, gold_archive
from workflow.gold.export_folder import folder_of
from workflow.people.home import to_do
from workflow.people.people import person_named
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import next_version, versions
from workflow.rubric.unfinished_version import unfinished

AGREED = {"d01": (0, 1), "d02": (1, 1), "d03": (2, 1), "d04": (3, 1)}


def step(person, engine, **more) -> tuple[str, str]:
    return tuple(to_do(person, engine, **more).next[:2])


@pytest.fixture
def exports(tmp_path, monkeypatch):
    monkeypatch.setattr(export_folder, "EXPORTS", tmp_path / "exports")
    return tmp_path / "exports"


def closed(engine, bens=AGREED):
    """lead, ana, ben and a closed round of four drafts, whose agreement was read."""
    team = people(engine, "lead", "ana", "ben")
    stock(engine, team[0], 4)
    opened(engine, team[0])
    label_all(engine, team[1], AGREED)
    label_all(engine, team[2], bens)
    found = close_round(team[0], engine, "pilot")
    agreement_of_rounds(team[0], engine, ["pilot"], opinion=False)
    return team, found


def test_own_drafts_wait_for_a_round_though_cells_of_the_sample_wait(engine):
    with_sample(engine)
    (lead,) = people(engine, "lead")
    assert (step(lead, engine)[0], to_do(lead, engine).is_sample) == ("cells", True)
    import_tasks(lead, engine, jsonl(task(1), task(2)), "tasks.jsonl")
    assert step(lead, engine) == ("import", "2 tasks are waiting for drafts: import the drafts written for them.")
    import_drafts(lead, engine, jsonl(draft(1), draft(2)), "drafts.jsonl")
    assert step(lead, engine) == ("open", "2 drafts are waiting for a round: open one.")
    assert (to_do(lead, engine).lead, to_do(lead, engine).is_sample) == ((), False)
    assert len(to_do(lead, inside(engine, "Sample")).lead) == 2


def test_someone_of_the_sample_is_led_through_the_sample(sqlite_engine):
    with_sample(sqlite_engine)
    ana, cleo = (person_named(sqlite_engine, f"Sample {name}") for name in ("Ana", "Cleo"))
    assert step(ana, sqlite_engine) == ("label", "You have 22 drafts to label in Sample round 2.")
    assert step(cleo, sqlite_engine) == ("cells", "In Sample round 1, 10 cells are waiting for adjudication.")
    (lead,) = people(sqlite_engine, "lead")
    stock(sqlite_engine, lead, 2)
    sample = inside(sqlite_engine, "Sample")
    assert (step(ana, sample)[0], step(cleo, sample)[0]) == ("label", "cells")
    assert step(cleo, sqlite_engine)[0] == "open", "the only project that is not the sample"


def test_one_who_labels_in_another_project_is_told_of_it(sqlite_engine):
    with_sample(sqlite_engine)
    lead, ana, _ = people(sqlite_engine, "lead", "ana", "ben")
    opened(sqlite_engine, lead, "trial")
    assert step(ana, sqlite_engine) == ("label", "You have 52 drafts to label in trial.")
    stock(sqlite_engine, lead, 2)
    assert (step(ana, sqlite_engine)[0], to_do(ana, sqlite_engine).elsewhere) == ("open", (("Sample", 52, 0),))
    assert to_do(ana, inside(sqlite_engine, "Sample")).elsewhere == ()


def test_from_labels_to_a_round_that_can_be_closed(sqlite_engine):
    with_sample(sqlite_engine)
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 4)
    opened(sqlite_engine, lead)
    assert step(ana, sqlite_engine) == ("label", "You have 4 drafts to label in pilot.")
    assert step(lead, sqlite_engine) == (
        "wait",
        "Others are labelling in pilot: ana has 4 drafts left and ben has 4 drafts left.",
    )
    label_all(sqlite_engine, ana, AGREED)
    assert step(ana, sqlite_engine) == ("wait", "You are done in pilot; ben has 4 drafts left.")
    label_all(sqlite_engine, ben, AGREED)
    for person in (lead, ana, ben):
        assert step(person, sqlite_engine) == ("close", "Everyone is done in pilot: it can be closed.")
    close_round(lead, sqlite_engine, "pilot")
    for person in (lead, ana, ben):  # and Home itself reads none of them
        assert step(person, sqlite_engine) == ("read", "pilot is closed: read its agreement.")
    agreement_of_rounds(ben, sqlite_engine, ["pilot"], opinion=False)
    assert step(lead, sqlite_engine) == ("gold", "The gold of pilot is ready to export.")


def test_flagged_dimensions_are_named_with_the_cells_that_wait(sqlite_engine, exports):
    (lead, *_), _ = closed(sqlite_engine, {**AGREED, "d02": (2, 1)})
    assert step(lead, sqlite_engine) == ("cells", "In pilot, 1 cell is waiting for adjudication.")
    said = step(lead, sqlite_engine, flagged_in=lambda found: ["Tone", "Capacity"])[1]
    assert said == "In pilot, Tone and Capacity are flagged and 1 cell is waiting for adjudication."


def test_gold_is_ready_until_it_is_exported_and_again_when_a_decision_changes(engine, exports):
    (lead, *_), found = closed(engine, {**AGREED, "d02": (2, 1)})
    (cell,) = open_disagreements(lead, engine, "pilot").waiting
    adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, 2, "why", "slip")
    assert step(lead, engine) == ("gold", "The gold of pilot is ready to export.")
    export_gold(lead, engine, "pilot", folder_of(found))
    assert step(lead, engine) == ("exported", "The gold of pilot is exported to exports/pilot.")
    assert to_do(lead, engine).lead[0].state == "gold is exported to exports/pilot"
    (decided,) = open_disagreements(lead, engine, "pilot").decided
    adjudicate(
        lead, engine, "pilot", cell.draft_id, cell.dimension, 1, "after all", "slip", revising=decided.decision.adjudication
    )
    assert step(lead, engine) == ("gold", "The gold of pilot has changed since it was exported: export it again.")
    export_gold(lead, engine, "pilot", folder_of(found))
    assert step(lead, engine)[0] == "exported"


def test_gold_that_was_taken_away_as_a_file_is_exported_until_a_decision_changes(engine, exports):
    (lead, *_), _ = closed(engine, {**AGREED, "d02": (2, 1)})
    (cell,) = open_disagreements(lead, engine, "pilot").waiting
    adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, 2, "why", "slip")
    files = ZipFile(BytesIO(gold_archive(lead, engine, "pilot")))
    assert files.namelist() == ["gold.csv", "gold.jsonl", "agreement.json", "manifest.json"]
    assert json.loads(files.read("manifest.json"))["record"]["head"] and not exports.exists()
    assert step(lead, engine) == ("exported", "The gold of pilot is exported as files.")
    (decided,) = open_disagreements(lead, engine, "pilot").decided
    before = decided.decision.adjudication
    adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, 1, "after all", "slip", revising=before)
    assert to_do(lead, engine).lead[0].state == "gold has changed since it was exported"


def test_a_partial_export_is_outdated_when_the_rest_is_settled(sqlite_engine, exports):
    (lead, *_), found = closed(sqlite_engine, {**AGREED, "d02": (2, 1)})
    export_gold(lead, sqlite_engine, "pilot", folder_of(found), partial=True)
    assert step(lead, sqlite_engine)[0] == "cells"
    (cell,) = open_disagreements(lead, sqlite_engine, "pilot").waiting
    adjudicate(lead, sqlite_engine, "pilot", cell.draft_id, cell.dimension, 2, "why", "slip")
    assert to_do(lead, sqlite_engine).lead[0].state == "gold has changed since it was exported"


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '"x"', json.dumps({"round": "pilot", "closed_at": "2020-01-01"})])
def test_what_is_no_export_of_this_round_does_not_count_as_one(manifest, sqlite_engine, exports):
    (lead, *_), _ = closed(sqlite_engine)
    (exports / "pilot").mkdir(parents=True)
    (exports / "pilot" / "manifest.json").write_text(manifest)
    assert step(lead, sqlite_engine)[0] == "gold"


def test_drafts_brought_in_after_a_round_are_not_forgotten(sqlite_engine, exports):
    (lead, *_), found = closed(sqlite_engine)
    stock(sqlite_engine, lead, 3, first=5)
    assert to_do(lead, sqlite_engine).in_no_round == 3
    export_gold(lead, sqlite_engine, "pilot", folder_of(found))
    assert to_do(lead, sqlite_engine).sentence.endswith("3 drafts are not in a round yet.")


def test_drafts_in_no_round_are_counted_alike_in_a_large_project_and_in_a_small_one(engine):
    """Of the one that has most of the store's, by taking off what others have."""
    lead, *_ = people(engine, "lead", "ana", "ben")
    inner = {}
    for name, drafts in (("large", 7), ("small", 3)):
        new_project(lead, engine, name)
        inner[name] = inside(engine, name)
        stock(inner[name], lead, drafts)

    def counted(store) -> int:
        with reading(store, lead) as connection:
            return in_no_round(connection)

    assert (counted(inner["large"]), counted(inner["small"]), counted(engine)) == (7, 3, 10)
    opened(inner["large"], lead, draft_ids=["d01", "d02"])
    assert (counted(inner["large"]), counted(inner["small"]), counted(engine)) == (5, 3, 8)
    opened(inner["small"], lead, draft_ids=["d01"])
    opened(inner["small"], lead, "again", draft_ids=["d01", "d03"])
    assert (counted(inner["large"]), counted(inner["small"]), counted(engine)) == (5, 1, 6)


def test_an_own_round_that_waits_for_others_comes_before_gold_that_has_left(sqlite_engine, exports):
    (lead, *_), found = closed(sqlite_engine)
    export_gold(lead, sqlite_engine, "pilot", folder_of(found))
    opened(sqlite_engine, lead, "second")
    assert step(lead, sqlite_engine)[0] == "wait"


def test_from_gold_that_has_left_to_the_round_under_the_next_version(engine, exports, rubric_folder):
    (lead, ana, _), found = closed(engine)
    stock(engine, lead, 3, first=5)
    export_gold(lead, engine, "pilot", folder_of(found))

    def kind(person) -> str:
        return step(person, engine, flagged_in=lambda found: ["Tone"])[0]

    assert (kind(lead), step(lead, engine)[0]) == ("revise", "exported"), "the second is told of no flag"
    next_version.keep_words(lead, engine, RUBRIC, anchor(unfinished(lead, engine, RUBRIC)), "Direct: no filler, in voice.")
    assert (kind(lead), kind(ana)) == ("write", "revise"), "what is being written is one person's own"
    after = next_version.save(lead, engine, RUBRIC)
    assert (kind(lead), kind(ana)) == ("publish", "publish")
    versions.publish(lead, engine, after, "clearer")
    assert kind(ana) == "measure"
    open_round(lead, engine, RoundDesign("second", rubric=after, annotators=["ana", "ben"], draft_ids=["d05"]))
    assert kind(lead) == "wait"
