"""Labels and decisions given at the prompts of the commands, and what they do not show."""

import json
from pathlib import Path

import pytest

from db.engine import open_engine
from tests.support.commands import done, run
from tests.support.every_command import first, progress
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC
from tests.whole.commands.test_commands_bad_files import HOSTILE, STEERS
from workflow.gold import adjudication
from workflow.labelling import labelling, next_draft, own_labels
from workflow.people.people import person_named


def answers(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_a_whole_draft_is_labelled_at_the_prompt(sample_url):
    desk = first(sample_url)
    shown = done("label", OPEN, "--as", ANA, typed=answers("0", "1", "2", "3", "1", "a note", "q"))
    assert f"draft {desk.position} of {desk.total}" in shown
    for each in desk.dimensions:
        assert each.title in shown
    assert "saved" in shown and "21 drafts left" in shown
    engine = open_engine(sample_url)
    (row,) = own_labels.my_labels(person_named(engine, ANA), engine, OPEN)
    again = next_draft.next_assignment(person_named(engine, ANA), engine, OPEN, row.assignment)
    engine.dispose()
    assert [row.values[each.key] for each in desk.dimensions] == ["0", "1", "2", "3", "1"]
    assert again.note == "a note"


def test_the_prompt_shows_neither_author_nor_metadata_nor_anyone_elses_label(sample_url):
    engine = open_engine(sample_url)
    ben = person_named(engine, BEN)
    theirs = next_draft.next_assignment(ben, engine, OPEN)
    labelling.save_labels(
        ben, engine, theirs.assignment, {each.key: 0 for each in theirs.dimensions}, "Bens secret note", theirs.revision, "token"
    )
    engine.dispose()
    shown = done("label", OPEN, "--as", ANA, typed=answers(*["2"] * 5, "", *["1"] * 5, "", "q"))
    for word in ("system-a", "system-b", "programmatic", "trace-derived", "Bens secret note", "difficulty", "cold-after-round"):
        assert word not in shown


def test_stopping_keeps_the_choices_and_enter_keeps_what_stands(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers("0", "1", "q"))
    assert "22 drafts left" in shown
    desk = first(sample_url)
    assert list(desk.choices.values()) == [0, 1]
    assert progress(sample_url).saved == 0
    done("label", OPEN, "--as", ANA, typed=answers("", "", "2", "3", "1", "", "q"))
    assert progress(sample_url).saved == 1
    engine = open_engine(sample_url)
    (row,) = own_labels.my_labels(person_named(engine, ANA), engine, OPEN)
    engine.dispose()
    assert list(row.values[each.key] for each in desk.dimensions) == ["0", "1", "2", "3", "1"]


def test_a_draft_is_skipped_with_a_reason_and_never_without(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers("s", "", "  ", "the draft is empty", "q"))
    assert "a few words are needed" in shown
    mine = progress(sample_url)
    assert (mine.saved, mine.skipped) == (0, 1)


def test_a_level_that_is_not_there_is_asked_again(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers("7", "two", "-1", "", "2", "q"))
    assert "takes 0, 1, 2, 3" in shown
    assert "not 7" in shown and "not two" in shown and "not nothing" in shown
    assert list(first(sample_url).choices.values()) == [2]


def test_the_end_of_the_input_stops_labelling_with_the_choices_kept(sample_url):
    result = run("label", OPEN, "--as", ANA, typed="3\n")
    assert result.exit_code == 1
    assert list(first(sample_url).choices.values()) == [3]


def test_a_whole_round_is_labelled_at_the_prompt(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers(*[*["2"] * 5, ""] * 22))
    assert f"nothing is left to label in {OPEN}" in shown
    mine = progress(sample_url)
    assert (mine.saved, mine.waiting) == (22, 0)


def hostile_round(url: str, folder: Path) -> None:
    (folder / "t.jsonl").write_text(
        json.dumps({"task_id": "h", "input": {"company_signal": f"signal {HOSTILE}", f"other {HOSTILE}": "x"}}) + "\n"
    )
    (folder / "d.jsonl").write_text(json.dumps({"task_id": "h", "draft_id": "h-1", "text": f"draft {HOSTILE}\r\nend"}) + "\n")
    done("import-tasks", folder / "t.jsonl")
    done("import-drafts", folder / "d.jsonl")
    done("open-round", "hostile", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--dimensions", "cta_quality")


def test_the_text_of_a_draft_does_not_steer_the_terminal(sample_url, tmp_path):
    hostile_round(sample_url, tmp_path)
    shown = done("label", "hostile", "--as", ANA, typed=answers("q"))
    draft = shown[shown.index("draft \N{REPLACEMENT CHARACTER}") :]
    assert not STEERS.search(draft)


def test_the_input_of_a_task_does_not_steer_the_terminal(sample_url, tmp_path):
    hostile_round(sample_url, tmp_path)
    assert not STEERS.search(done("label", "hostile", "--as", ANA, typed=answers("q")))


def test_notes_and_skip_reasons_do_not_steer_the_adjudicators_terminal(sample_url, tmp_path):
    hostile_round(sample_url, tmp_path)
    done("label", "hostile", "--as", ANA, typed=answers("1", f"note {HOSTILE}"))
    done("label", "hostile", "--as", BEN, typed=answers("s", f"why {HOSTILE}"))
    done("close-round", "hostile")
    shown = done("adjudicate", "hostile", "--as", CLEO, typed=answers("q"))
    quoted = "\n".join(line for line in shown.splitlines() if "“" in line)
    assert "note" in quoted and "why" in quoted
    assert not STEERS.search(quoted)
    assert not STEERS.search(done("report", "hostile")), "the report quotes the reason of the skip"


def waiting(url: str, round_name: str = CLOSED) -> adjudication.Queue:
    engine = open_engine(url)
    try:
        return adjudication.open_disagreements(person_named(engine, CLEO), engine, round_name)
    finally:
        engine.dispose()


def test_a_cell_is_decided_at_the_prompt_with_a_reason_and_a_cause(sample_url):
    queue = waiting(sample_url)
    cell = queue.waiting[0]
    shown = done("adjudicate", CLOSED, "--as", CLEO, typed=answers("9", "2", "", "the anchor says so", "2", "q"))
    assert f"cell 1 of {len(queue.waiting)}: {cell.draft_id}" in shown
    assert "not 9" in shown and "a few words are needed" in shown
    assert ANA not in shown and BEN not in shown, "a name would weigh on the decision"
    now = waiting(sample_url)
    assert len(now.waiting) == len(queue.waiting) - 1
    made = next(each.decision for each in now.decided if (each.draft_id, each.dimension) == (cell.draft_id, cell.dimension))
    assert (made.value, made.reason, made.cause, made.adjudicator) == (2, "the anchor says so", "slip", CLEO)


def test_a_cell_is_left_for_later_and_the_prompt_ends_with_what_waits(sample_url):
    queue = waiting(sample_url)
    shown = done("adjudicate", CLOSED, "--as", CLEO, typed=answers(*["n"] * len(queue.waiting)))
    assert f"{len(queue.waiting)} still to decide in {CLOSED}" in shown
    assert waiting(sample_url) == queue


@pytest.mark.parametrize("number", ["0", "-1", "5"])
def test_a_cause_that_is_not_on_the_list_decides_nothing(number, sample_url):
    before = len(waiting(sample_url).waiting)
    run("adjudicate", CLOSED, "--as", CLEO, typed=answers("2", "a reason", number, "q"))
    assert len(waiting(sample_url).waiting) == before


def test_someone_who_labelled_the_cell_is_told_and_the_decision_says_so(sample_url):
    shown = done("adjudicate", CLOSED, "--as", ANA, typed=answers("2", "a reason", "1", "q"))
    assert "you labelled this cell yourself" in shown
    assert any(each.decision.also_labelled for each in waiting(sample_url).decided if each.decision.adjudicator == ANA)
