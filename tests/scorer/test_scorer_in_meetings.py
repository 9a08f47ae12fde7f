"""What the scorer says of a meeting's drafts: its level, the line that gave it, its findings; or in words why nothing."""

import pytest
import yaml

from tests.support.rubric_files import ONE
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, stock, task
from touchstone.errors import NotYourTurn
from workflow.data.task_import import import_drafts, import_tasks
from workflow.rounds.closing import close_round
from workflow.rounds.rounds import all_rounds
from workflow.rubric import rubrics
from workflow.scorer.scoring import HELD, scorer_says

pytestmark = pytest.mark.usefixtures("rubric_folder")

DRAFTS = ["d01", "d02", "d03"]


def closed(engine):
    """A closed round: d01 holds a banned phrase, d02 nothing, d03 is empty but for a subject."""
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 1, first=2)
    import_tasks(lead, engine, jsonl(task(1), task(3)), "tasks.jsonl")
    texts = {1: "We only place <b>ninjas</b>.", 3: "Subject: hello"}
    import_drafts(lead, engine, jsonl(*({**draft(each), "text": text} for each, text in texts.items())), "more.jsonl")
    opened(engine, lead)
    for person, level in ((ana, 1), (ben, 2)):
        label_all(engine, person, {each: (level, 1) for each in DRAFTS})
    close_round(lead, engine, "pilot")
    return found


def round_named(engine, name: str):
    return next(each for each in all_rounds(engine) if each.name == name)


def says(engine, dimension: str = TONE, drafts=DRAFTS, name: str = "pilot"):
    return scorer_says(engine, round_named(engine, name), dimension, drafts)


def without_scoring() -> None:
    """The first version as a rubric of words alone."""
    path = rubrics.FOLDER / f"{ONE}.yml"
    tree = yaml.safe_load(path.read_text("utf-8"))
    for part in ("parts", "facts", "tasks", "penalty"):
        tree.pop(part)
    for dimension in tree["dimensions"]:
        for part in ("checks", "scoring", "examples"):
            dimension.pop(part)
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "utf-8")


def test_each_draft_has_its_level_the_line_that_gave_it_and_its_findings(engine):
    closed(engine)
    found = says(engine)
    assert (found.rubric.name, found.note) == (ONE, "")
    first, second, third = (found.scores[each] for each in DRAFTS)
    assert (first.value, first.because) == (0, "a banned phrase")
    (one,) = first.findings
    assert (one.check, one.text, one.message) == ("style-guide", "ninjas", "'ninjas' is on the banned list")
    assert (second.value, second.findings) == (2, ())
    assert (third.value, third.because) == (None, None) and "no words of its own" in third.reason
    assert says(engine, CTA).scores["d02"].because == "no ask where one is due"


def test_drafts_that_an_open_round_holds_leak_nothing_whoever_asks(engine):
    lead, *_ = closed(engine)
    opened(engine, lead, "second", draft_ids=["d01"], dimensions=[TONE])
    found = says(engine)
    assert found.scores["d01"] == (None, None, HELD, ()) and found.scores["d02"].value == 2
    with pytest.raises(NotYourTurn, match="second is open"):
        says(engine, name="second")


def test_a_draft_that_was_not_in_the_round_is_not_scored(engine):
    lead, *_ = closed(engine)
    stock(engine, lead, 1, first=8)
    assert set(says(engine, drafts=["d01", "d08", "d99"]).scores) == {"d01"}
    assert says(engine, drafts=[]).scores == {}


def test_a_version_of_words_alone_is_scored_by_its_file_as_it_is_now_and_says_so(engine):
    checks = (rubrics.FOLDER / f"{ONE}.yml").read_bytes()
    without_scoring()
    closed(engine)
    found = says(engine)
    assert found.rubric is None and found.scores == {} and "has no scoring in any dimension" in found.note
    (rubrics.FOLDER / f"{ONE}.yml").write_bytes(checks)
    found = says(engine)
    assert found.scores["d01"].value == 0 and "as it was published has no scoring; drafts are scored by its file" in found.note
    (rubrics.FOLDER / f"{ONE}.yml").unlink()
    assert "has no scoring in any dimension" in says(engine).note and says(engine).scores == {}, "the store has it as published"
    (rubrics.FOLDER / f"{ONE}.yml").write_bytes(checks.replace(b"key: tone_compliance", b"key: voice"))
    assert says(engine).note == f"{ONE} as it is now has no dimension {TONE}"


def test_a_dimension_without_scoring_says_so(engine):
    path = rubrics.FOLDER / f"{ONE}.yml"
    tree = yaml.safe_load(path.read_text("utf-8"))
    for part in ("scoring", "examples"):
        tree["dimensions"][1].pop(part)
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "utf-8")
    closed(engine)
    assert says(engine).scores["d01"].reason == "the rubric has no scoring for this dimension"
