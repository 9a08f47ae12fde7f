"""The life of a label, from the file it came in to the gold it became, without a browser: the ten steps of the design.

Ana and Ben label four drafts blind for Lea, who leads. They agree on all but two cells; Cleo settles one of them.
"""

import csv
import io
import json

import pytest

from tests.support.small_stores import CTA, RUBRIC, TONE, draft, jsonl, people, rows, task
from touchstone.agreement.coefficient import PERCENT
from touchstone.errors import NotYourTurn, Refused
from workflow.agreement.disagreements import disagreements_on
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import adjudicate, case, open_disagreements
from workflow.gold.export import export_gold
from workflow.gold.gold import gold_of_round
from workflow.labelling.labelling import choose, save_labels, skip
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, my_labels
from workflow.maintenance.store_check import check_store
from workflow.people.home import to_do
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

ANA = {"draft 1": (0, 0), "draft 2": (1, 1), "draft 3": (2, 2), "draft 4": (3, 3)}
BEN = {**ANA, "draft 2": (2, 1)}


def test_the_life_of_a_label(engine, tmp_path):
    lea, ana, ben, cleo = people(engine, "Lea", "Ana", "Ben", "Cleo")
    assert to_do(lea, engine).sentence == "The store is empty. Begin with a table of drafts, and a rubric to judge them by."

    # 1 Tasks and drafts come in. A file with a bad line leaves nothing behind.
    tasks = jsonl(*(task(number) for number in (1, 2, 3, 4)))
    with pytest.raises(Refused) as refused:
        import_tasks(lea, engine, tasks + b"{oops\n", "tasks.jsonl")
    assert [each.line for each in refused.value.problems] == [5]
    assert import_tasks(lea, engine, tasks, "tasks.jsonl").tasks_added == 4
    assert import_drafts(lea, engine, jsonl(*(draft(number) for number in (1, 2, 3, 4))), "drafts.jsonl").drafts_added == 4

    # 2 A round pins the rubric's digest, the drafts, the annotators and the seed; each annotator has their own order.
    opened = open_round(
        lea, engine, RoundDesign("Pilot", rubric=RUBRIC, annotators=["Ana", "Ben"], dimensions=[TONE, CTA], seed=3)
    )
    assert (opened.drafts, len(opened.rubric_digest), opened.annotators) == (4, 64, ("Ana", "Ben"))
    assert to_do(ana, engine).sentence == "You have 4 drafts to label in Pilot."

    # 3-5 Each labels what is theirs, in their own order; choices are kept as they are made, and Save makes them labels.
    met = {person.name: label_everything(engine, person, given) for person, given in ((ana, ANA), (ben, BEN))}
    assert sorted(met["Ana"]) == sorted(met["Ben"]) == [f"Hello, this is invented draft {n}." for n in (1, 2, 3, 4)]
    assert met["Ana"] != met["Ben"]
    with pytest.raises(NotYourTurn):
        agreement_of_rounds(lea, engine, ["Pilot"])

    # ... Ana thinks again about the first draft, and again: every label stays, one is in force.
    for level in (1, 0):
        desk = next_assignment(ana, engine, "Pilot", assignment_of(ana, engine, "Pilot", "d01"))
        save_labels(ana, engine, desk.assignment, {TONE: level, CTA: 0}, "", desk.revision, f"second thought {level}")
    assert len(rows(engine, "SELECT id FROM labels")) == 16 - 2 + 2
    assert len(my_labels(ana, engine, "Pilot")) == 4

    # 6 The round does not close while labels are owed. Ben skips his last draft, and it closes.
    with pytest.raises(Refused, match="Pilot cannot be closed yet: Ben has 1 draft left"):
        close_round(lea, engine, "Pilot")
    desk = next_assignment(ben, engine, "Pilot")
    skip(ben, engine, desk.assignment, "I wrote this one myself", desk.revision)
    assert close_round(lea, engine, "Pilot").early_reason is None
    with pytest.raises(Refused, match="its labels are final"):
        next_assignment(ben, engine, "Pilot", desk.assignment)

    # 7 The report: of the three drafts both labelled two agree on tone, all three on the call to action.
    report = agreement_of_rounds(lea, engine, ["Pilot"])
    assert [report.dimensions[key].overall[PERCENT].value for key in (TONE, CTA)] == [pytest.approx(2 / 3), 1.0]
    assert report.dimensions[TONE].units_with_two == 3
    assert "1 skip, counted as missing labels: d03 by Ben (I wrote this one myself)" in report.notes

    # 8 The disagreement, and the two cells of the skipped draft, wait.
    assert [(each.unit, each.spread) for each in disagreements_on(lea, engine, TONE, round_name="Pilot")] == [("d02", 1)]
    waiting = open_disagreements(cleo, engine, "Pilot").waiting
    assert [(cell.draft_id, cell.dimension, cell.state) for cell in waiting] == [
        ("d02", TONE, "disagreement"),
        ("d03", TONE, "skipped"),
        ("d03", CTA, "skipped"),
    ]
    assert to_do(cleo, engine).sentence == "In Pilot, 3 cells are waiting for adjudication."

    # 9 Cleo, who labelled nothing, settles the disagreement with a reason and a cause.
    assert not case(cleo, engine, "Pilot", "d02", TONE).also_labelled
    adjudicate(cleo, engine, "Pilot", "d02", TONE, 2, "the anchor says so", "slip")
    with pytest.raises(Refused, match="2 cells of Pilot are waiting for adjudication"):
        export_gold(lea, engine, "Pilot", tmp_path / "gold")
    adjudicate(cleo, engine, "Pilot", "d03", TONE, 2, "as Ana has it", "missing context")
    adjudicate(cleo, engine, "Pilot", "d03", CTA, 2, "as Ana has it", "missing context")

    # 10 Gold leaves with its whole history.
    assert gold_of_round(lea, engine, "Pilot").waiting == 0
    folder = export_gold(lea, engine, "Pilot", tmp_path / "gold")
    table = list(csv.DictReader(io.StringIO((folder / "gold.csv").read_text())))
    assert [(row["draft_id"], row["dimension"], row["value"], row["source"]) for row in table] == [
        ("d01", TONE, "0", "agreed"),
        ("d01", CTA, "0", "agreed"),
        ("d02", TONE, "2", "adjudicated"),
        ("d02", CTA, "1", "agreed"),
        ("d03", TONE, "2", "adjudicated"),
        ("d03", CTA, "2", "adjudicated"),
        ("d04", TONE, "3", "agreed"),
        ("d04", CTA, "3", "agreed"),
    ]
    assert {row["rubric_digest"] for row in table} == {opened.rubric_digest}
    first, *_ = [json.loads(line) for line in (folder / "gold.jsonl").read_text().splitlines()]
    of_ana = [(label["value"], label["supersedes"] is not None) for label in first["labels"] if label["annotator"] == "Ana"]
    assert [(str(value), corrected) for value, corrected in of_ana] == [("0", False), ("1", True), ("0", True)]
    assert check_store(engine) == []


def label_everything(engine, person, given) -> list[str]:
    """Label draft after draft, Ben all but the third; returns the texts in the person's own order."""
    met = []
    for (assignment,) in rows(engine, "SELECT id FROM assignments WHERE person = :person ORDER BY position", person=person.id):
        desk = next_assignment(person, engine, "Pilot", assignment)
        met.append(desk.text)
        assert desk.choices == {}
        if person.name == "Ben" and "draft 3" in desk.text:
            continue
        levels = next(levels for words, levels in given.items() if words in desk.text)
        for key, level in zip((TONE, CTA), levels, strict=True):
            choose(person, engine, desk.assignment, key, level)
        kept = next_assignment(person, engine, "Pilot", desk.assignment)
        assert kept.choices == dict(zip((TONE, CTA), levels, strict=True))
        token = f"{person.name} {assignment}"
        assert save_labels(person, engine, desk.assignment, kept.choices, "", kept.revision, token).changed == 2
    return met
