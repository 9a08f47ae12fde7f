"""What a changed rubric would change: the same as scoring every draft twice, found without doing so."""

import json
from pathlib import Path

import pytest

from tests.support.short_run import some
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.compiled import CompiledRubric
from touchstone.scorer.effect import corpus as corpora
from touchstone.scorer.effect.changed_checks import changed_checks
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.effect import effect_of, findings_changed
from touchstone.scorer.scoring import Scorer

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = (PROJECT / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8")
TASKS = {
    each["task_id"]: each
    for each in map(json.loads, (PROJECT / "sample" / "outreach" / "tasks.jsonl").read_text("utf-8").splitlines())
}
DRAFTS = [json.loads(line) for line in (PROJECT / "sample" / "outreach" / "drafts.jsonl").read_text("utf-8").splitlines()]


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
    scored = [[scorer.score(*item).scores for item in items()] for scorer in (Scorer(before), Scorer(after))]
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
    "where names stand": [("penalty: {", "proper_names: anywhere\npenalty: {")],
}


@pytest.mark.parametrize("changes", some(list(CHANGES.values()), every=7), ids=some(list(CHANGES), every=7))
def test_the_effect_of_a_change_is_that_of_scoring_every_draft_twice(changes):
    after = version(*changes)
    made = effect_of(Corpus(items()), FIRST, after)
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
    made = effect_of(Corpus(items()), FIRST, second)
    moved = {key: len(each.moved) for key, each in made.dimensions.items()}
    assert moved.pop("personalization_depth") > 0
    assert set(moved.values()) == {0}
    assert made.changed == ("company-in-body", "tied-detail", "inference")


def test_a_moved_draft_names_the_check_that_moved_it_and_its_place():
    after = version(*CHANGES["a phrase more"])
    corpus = Corpus(items())
    made = effect_of(corpus, FIRST, after)
    moved = made.dimensions["tone_compliance"].moved
    assert moved
    for each in moved:
        text, (gone, new) = DRAFTS[each.draft]["text"], findings_changed(corpus, made, each)
        assert each.after == 0 and each.because_after == "a banned phrase" and gone == ()
        assert {(found.check, found.text.casefold()) for found in new} == {("style-guide", "the people")}
        assert all(text[found.start : found.end] == found.text for found in new)


def test_only_the_changed_check_is_looked_for_and_only_drafts_it_is_met_in_are_settled(monkeypatch):
    corpus = Corpus(items())
    corpus.levels_under(FIRST)
    after = version(*CHANGES["a phrase more"])
    assert changed_checks(FIRST, after) == ("style-guide",)
    looked, settled = [], []
    look, settle = corpora.hits_of_pattern, corpora.standing_hits
    monkeypatch.setattr(
        corpora, "hits_of_pattern", lambda rubric, pattern, drafts: looked.append(pattern.key) or look(rubric, pattern, drafts)
    )
    monkeypatch.setattr(
        corpora, "standing_hits", lambda rubric, draft, *rest: settled.append(draft) or settle(rubric, draft, *rest)
    )
    effect_of(corpus, FIRST, after)
    assert looked == ["the people"]
    assert settled and all("the people" in " ".join(draft.folded.text.split()) for draft in settled)
    assert len(settled) < len(DRAFTS)


def test_a_first_scoring_that_was_left_is_gone_on_with(monkeypatch):
    many = list(items()) * 5
    corpus, folded = Corpus(many), []
    fold = CompiledRubric.prepare
    monkeypatch.setattr(CompiledRubric, "prepare", lambda rubric, *each: folded.append(each) or fold(rubric, *each))

    def leave(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        corpus.levels_under(FIRST, leave)
    told = []
    under = corpus.levels_under(FIRST, told.append)
    assert len(under) == len(many) == len(folded) and told == list(range(400, len(many), 200))
    assert [each.levels for each in under[: len(DRAFTS)]] == [each.levels for each in Corpus(items()).levels_under(FIRST)]
    after = version(*CHANGES["a phrase more"])
    tables = [effect_of(each, FIRST, after).dimensions["tone_compliance"].table for each in (Corpus(items()), corpus)]
    assert tables[1] == {cell: 5 * count for cell, count in tables[0].items()}


def test_no_drafts_have_no_effect():
    made = effect_of(Corpus([]), FIRST, version(*CHANGES["a phrase more"]))
    assert made.drafts == 0 and all(each.table == {} and each.moved == () for each in made.dimensions.values())
