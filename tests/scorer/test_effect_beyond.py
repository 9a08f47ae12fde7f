"""Drafts beyond those kept ready in memory: the same effect and findings as if all of them were."""

import pytest

from tests.scorer.test_effect import CHANGES, FIRST, items, version
from tests.support.short_run import some
from touchstone.scorer.effect import drafts_on_disk
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.effect import effect_of, findings_changed


@pytest.fixture
def small(monkeypatch):
    """Makes a corpus that keeps ten drafts ready, and reads seven at a time of the others."""

    def make(drafts, ready: int = 10) -> Corpus:
        with monkeypatch.context() as patched:
            patched.setattr(Corpus, "MOST_READY", ready)
            patched.setattr(drafts_on_disk, "AT_ONCE", 7)
            return Corpus(drafts)

    return make


@pytest.fixture(scope="module")
def whole():
    """Every draft ready in memory."""
    corpus = Corpus(items())
    corpus.levels_under(FIRST)
    return corpus


def told(corpus: Corpus, after) -> tuple:
    """Tables, moves with their reasons, and the findings behind each move."""
    made = effect_of(corpus, FIRST, after)
    assert made.drafts == len(corpus)
    moves = {key: (each.table, each.moved) for key, each in made.dimensions.items()}
    return moves, [findings_changed(corpus, made, one) for each in made.dimensions.values() for one in each.moved]


@pytest.mark.parametrize("change", some(list(CHANGES), every=5))
def test_the_effect_is_that_of_drafts_in_memory(change, small, whole):
    after = version(*CHANGES[change])
    corpus = small(items())
    corpus.levels_under(FIRST)
    assert len(corpus.drafts) == 10 and len(corpus) == len(whole.drafts)
    assert told(corpus, after) == told(whole, after)
    assert told(corpus, FIRST)[1] == []


def test_of_a_changed_check_only_the_drafts_it_is_met_in_are_scored_again(small, whole, monkeypatch):
    corpus = small(items(), ready=0)
    corpus.levels_under(FIRST)
    scored, again = [], drafts_on_disk.levelled_again
    monkeypatch.setattr(drafts_on_disk, "scored_alone", None)  # none is scored whole
    monkeypatch.setattr(drafts_on_disk, "levelled_again", lambda *told: scored.append(told[1]) or again(*told))
    after = version(*CHANGES["a phrase more"])
    found = effect_of(corpus, FIRST, after)
    assert scored and len(scored) < len(corpus)
    assert all("the people" in " ".join(draft.folded.text.split()) for draft in scored)
    assert found == effect_of(whole, FIRST, after)


def test_a_scoring_that_was_left_among_them_is_gone_on_with(small, whole, monkeypatch):
    corpus, scored, alone = small(items()), [], drafts_on_disk.scored_alone
    monkeypatch.setattr(drafts_on_disk, "scored_alone", lambda rubric, draft: scored.append(draft) or alone(rubric, draft))

    def leave(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        corpus.levels_under(FIRST, leave)
    done = []
    levels = corpus.levels_under(FIRST, done.append)
    assert [each[:2] for each in levels] == [each[:2] for each in whole.levels_under(FIRST)]
    assert len(scored) == len(corpus) - 10 and done[0] == 10 + 2 * 7 and done[-1] == len(corpus)


def test_a_change_that_was_left_among_them_is_gone_on_with(small, whole, monkeypatch):
    corpus, scored, again = small(items(), ready=0), [], drafts_on_disk.levelled_again
    corpus.levels_under(FIRST)
    monkeypatch.setattr(drafts_on_disk, "levelled_again", lambda *told: scored.append(told[1].text) or again(*told))
    after = version(*CHANGES["a phrase more"])

    def leave(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        effect_of(corpus, FIRST, after, leave)
    left = list(scored)
    assert effect_of(corpus, FIRST, after) == effect_of(whole, FIRST, after)
    assert left and len(scored) > len(left) and scored == sorted(scored, key=[each[0] for each in items()].index)


def test_long_texts_are_not_kept_ready_either(monkeypatch):
    monkeypatch.setattr(Corpus, "MOST_CHARACTERS", 2_500)
    drafts = [("é" * 1_000, {}, {"n": number}) for number in range(5)]
    corpus = Corpus(iter(drafts))
    assert len(corpus.drafts) == 2 and [corpus.draft(number) for number in range(5)] == drafts
