"""`score` for files and for the store: what is scored, what is left out, what is refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import manage
from tests.support.small_stores import label_all, opened, people, stock
from touchstone.errors import Refused
from touchstone.scorer import batch
from touchstone.scorer.batch import DraftToScore, score_drafts
from touchstone.scorer.draft import PackedSpans
from workflow.rounds.closing import close_round
from workflow.scorer import scoring

TASK = {"task_id": "t1", "input": {"company_signal": "Company: Larkspur Robotics (Series A, $14M). Open engineering roles: 7."}}
DRAFT = {"task_id": "t1", "draft_id": "d1", "text": "A ninja would help. Would you be open to a call?"}


def written(folder: Path, name: str, *records: dict) -> str:
    path = folder / name
    path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    return str(path)


def run(*arguments: str):
    return CliRunner().invoke(manage.app, ["score", *arguments])


def test_a_file_of_drafts_is_scored_a_json_line_a_draft(tmp_path):
    ran = run(
        "--rubric",
        "tenacious-v1",
        "--tasks",
        written(tmp_path, "t.jsonl", TASK),
        "--drafts",
        written(tmp_path, "d.jsonl", DRAFT, {**DRAFT, "draft_id": "d2", "text": ""}),
    )
    assert ran.exit_code == 0
    first, second = map(json.loads, ran.stdout.splitlines())
    assert list(first) == ["task_id", "draft_id", "final", "penalty", "scores"]
    tone = first["scores"]["tone_compliance"]
    assert (tone["value"], tone["because"], tone["reason"], first["penalty"]) == (0, "a banned phrase", None, 1)
    assert tone["findings"] == [
        {"check": "style-guide", "start": 2, "end": 7, "text": "ninja", "message": "'ninja' is on the banned list"}
    ]
    assert second["final"] is None
    assert {each["reason"] for each in second["scores"].values()} == {"the draft is empty"}


def test_with_numbers_a_line_tells_what_each_was_read_as(tmp_path):
    files = "--tasks", written(tmp_path, "t.jsonl", TASK), "--drafts", written(tmp_path, "d.jsonl", {**DRAFT, "text": "7 roles"})
    ran = run("--rubric", "tenacious-v1", *files, "--numbers")
    assert json.loads(ran.stdout)["numbers"] == [{"start": 0, "end": 1, "text": "7", "kind": "other"}]


def test_several_files_may_follow_one_option(tmp_path):
    other = {**TASK, "task_id": "t2"}
    ran = run(
        "--rubric",
        "tenacious-v1",
        "--tasks",
        written(tmp_path, "a.jsonl", TASK),
        written(tmp_path, "b.jsonl", other),
        "--drafts",
        written(tmp_path, "d.jsonl", DRAFT, {**DRAFT, "task_id": "t2", "draft_id": "d2"}),
    )
    assert [json.loads(line)["task_id"] for line in ran.stdout.splitlines()] == ["t1", "t2"]


def test_several_processes_give_the_same_lines_in_the_same_order(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 3)
    drafts = [DraftToScore("t1", f"d{n}", f"{n} open roles at Larkspur Robotics. A call?", TASK["input"], {}) for n in range(10)]
    rubric, _ = scoring.rubric_for_scoring(None, "tenacious-v1")
    assert list(score_drafts(rubric, drafts, 2)) == list(score_drafts(rubric, drafts, 1))
    assert list(score_drafts(rubric, drafts, 2, True)) == list(score_drafts(rubric, drafts, 1, True))


@pytest.mark.parametrize(
    "records, said",
    [
        ([DRAFT], "draft d1 is written for task t1, which no file contains"),
        ([TASK], "the files contain no draft"),
        ([TASK, DRAFT, {**DRAFT, "text": "other"}], "d1"),
        ([{"task_id": "t1"}], "text or input is missing"),
    ],
)
def test_files_that_do_not_fit_together_are_refused_in_a_sentence(records, said, tmp_path):
    ran = run("--rubric", "tenacious-v1", "--drafts", written(tmp_path, "x.jsonl", *records))
    assert ran.exit_code == 1 and ran.stdout == ""
    assert said in ran.stderr and "Traceback" not in ran.stderr


def test_a_rubric_without_scoring_says_what_it_lacks(tmp_path):
    plain = tmp_path / "plain-v1.yml"
    plain.write_text(
        "rubric: plain\nversion: 1\ntitle: Plain\ndimensions:\n  - key: a\n    title: A\n    question: Is it?\n"
        "    scale: nominal\n    weight: 1.0\n    levels:\n      - {value: pass, title: So, anchor: It is.}\n"
        "      - {value: fail, title: Not so, anchor: It is not.}\n"
        "    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}\n",
        "utf-8",
    )
    with pytest.raises(Refused, match="plain-v1 has no scoring in any dimension"):
        scoring.rubric_for_scoring(None, str(plain))


def test_drafts_of_an_open_round_are_not_scored_until_it_is_closed(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    opened(engine, lead, draft_ids=["d01", "d02"])
    found, held = scoring.drafts_of_store(engine)
    assert ([each.draft_id for each in found], held) == (["d03", "d04"], 2)
    for person in (ana, ben):
        label_all(engine, person, {"d01": (1, 1), "d02": (2, 2)})
    close_round(lead, engine, "pilot")
    assert [each.draft_id for each in scoring.drafts_of_store(engine)[0]] == ["d01", "d02", "d03", "d04"]


def test_a_fact_that_no_stored_task_gives_is_reported(engine):
    (lead,) = people(engine, "lead")
    rubric, _ = scoring.rubric_for_scoring(None, "tenacious-v1")
    assert scoring.facts_without_values(engine, rubric) == []
    stock(engine, lead, 2)
    told = scoring.facts_without_values(engine, rubric)
    assert any(each.startswith("the fact layoff, which layoff needs, is given by none of 2 stored tasks") for each in told)


def test_packed_spans_are_the_spans_they_were_made_of():
    spans = [(0, 4), (5, 9), (10, 70_000)]
    packed = PackedSpans(iter(spans))
    assert (list(packed), len(packed), packed[0], packed[-1], packed[1:]) == (spans, 3, spans[0], spans[-1], spans[1:])
    assert not PackedSpans([])
    for beyond in (3, -4):
        with pytest.raises(IndexError):
            packed[beyond]
