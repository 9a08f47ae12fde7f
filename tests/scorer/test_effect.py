"""What a changed rubric would change: the same as scoring every draft twice, found without doing so."""

import json
from pathlib import Path

import pytest

from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer import effect as effects
from touchstone.scorer.effect import Corpus, changed_checks
from touchstone.scorer.scoring import score_draft

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = (PROJECT / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8")
TASKS = {each["task_id"]: each for each in map(json.loads, (PROJECT / "sample" / "tasks.jsonl").read_text("utf-8").splitlines())}
DRAFTS = [json.loads(line) for line in (PROJECT / "sample" / "drafts.jsonl").read_text("utf-8").splitlines()]


def items():
    for each in DRAFTS:
        task = TASKS[each["task_id"]]
        yield each["text"], task["input"], {key: value for key, value in task.items() if key not in ("task_id", "input")}


def version(*changes: tuple[str, str], source: str = SOURCE) -> Rubric:
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    rubric, problems = parse_rubric(source.encode(), "tenacious-v1.yml")
    assert problems == []
    return rubric


def twice(before: Rubric, after: Rubric) -> dict[str, list[tuple]]:
    """By dimension: number, level before and level after of each draft, every draft scored anew under both."""
    scored = [[score_draft(rubric, *item).scores for item in items()] for rubric in (before, after)]
    return {
        key: [(number, one[key].value, two[key].value) for number, (one, two) in enumerate(zip(*scored, strict=True))]
        for key in after.keys
        if before.dimension(key)
    }


FIRST = version()
CHANGES = {
    "a phrase more": [("          - world-class\n", "          - world-class\n          - the people\n")],
    "a phrase less": [("          - top talent\n", "")],
    "a message": [("is on the banned list", "is banned")],
    "a check that others stand beside": [
        ("'you(?:''re| are) (?:booked|scheduled) (?:in|for)'", "'would you'"),
        ("tokens: ['\\?']", "tokens: ['\\?', 'we']"),
    ],
    "another count of cues": [("at_least: {count: 2, of: [peer]}", "at_least: {count: 1, of: [peer]}")],
    "other facts": [("employee count: {number}", "headcount: {number}")],
    "other parts": [("short_block: true", "short_block: false")],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_the_effect_of_a_change_is_that_of_scoring_every_draft_twice(changes):
    after = version(*changes)
    made = Corpus(items()).effect(FIRST, after)
    for key, levels in twice(FIRST, after).items():
        found = made.dimensions[key]
        assert sum(found.table.values()) == len(DRAFTS)
        assert [(each.draft, each.before, each.after) for each in found.moved] == [each for each in levels if each[1] != each[2]]
        for pair, count in found.table.items():
            assert count == sum(each[1:] == pair for each in levels)


def test_version_two_moves_drafts_in_the_dimension_it_revises_and_in_no_other():
    source = (PROJECT / "rubric_versions" / "tenacious-v2.yml").read_bytes()
    second, problems = parse_rubric(source, "tenacious-v2.yml")
    assert problems == []
    made = Corpus(items()).effect(FIRST, second)
    moved = {key: len(each.moved) for key, each in made.dimensions.items()}
    assert moved.pop("personalization_depth") > 0
    assert set(moved.values()) == {0}
    assert made.changed == ("company-in-body", "tied-detail", "inference")


def test_a_moved_draft_names_the_check_that_moved_it_and_its_place():
    after = version(*CHANGES["a phrase more"])
    corpus = Corpus(items())
    made = corpus.effect(FIRST, after)
    moved = made.dimensions["tone_compliance"].moved
    assert moved
    for each in moved:
        text, (gone, new) = DRAFTS[each.draft]["text"], corpus.said(made, each)
        assert each.after == 0 and each.because_after == "a banned phrase" and gone == ()
        assert {(found.check, found.text.casefold()) for found in new} == {("style-guide", "the people")}
        assert all(text[found.start : found.end] == found.text for found in new)


def test_only_the_changed_check_is_looked_for_and_only_drafts_it_is_met_in_are_settled(monkeypatch):
    corpus = Corpus(items())
    corpus.under(FIRST)
    after = version(*CHANGES["a phrase more"])
    assert changed_checks(FIRST, after) == ("style-guide",)
    looked, settled = [], []
    met_by, settle = effects.met_by, effects.settled
    monkeypatch.setattr(
        effects, "met_by", lambda machine, entry, drafts: looked.append(entry.key) or met_by(machine, entry, drafts)
    )
    monkeypatch.setattr(effects, "settled", lambda machine, draft, *rest: settled.append(draft) or settle(machine, draft, *rest))
    corpus.effect(FIRST, after)
    assert looked == ["the people"]
    assert settled and all("the people" in " ".join(draft.folded.text.split()) for draft in settled)
    assert len(settled) < len(DRAFTS)


def test_a_first_scoring_that_was_left_is_gone_on_with(monkeypatch):
    many = list(items()) * 5
    corpus, folded = Corpus(many), []
    fold = effects.ready
    monkeypatch.setattr(effects, "ready", lambda machine, *each: folded.append(each) or fold(machine, *each))

    def leave(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        corpus.under(FIRST, leave)
    told = []
    under = corpus.under(FIRST, told.append)
    assert len(under) == len(many) == len(folded) and told == list(range(400, len(many), 200))
    assert [each.levels for each in under[: len(DRAFTS)]] == [each.levels for each in Corpus(items()).under(FIRST)]
    after = version(*CHANGES["a phrase more"])
    assert (
        corpus.effect(FIRST, after).dimensions["tone_compliance"].table
        == Corpus(many).effect(FIRST, after).dimensions["tone_compliance"].table
    )


def test_no_drafts_have_no_effect():
    made = Corpus([]).effect(FIRST, version(*CHANGES["a phrase more"]))
    assert made.drafts == 0 and all(each.table == {} and each.moved == () for each in made.dimensions.values())
