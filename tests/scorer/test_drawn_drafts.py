"""A sample of a round's drafts held against people: which are drawn, and that its figures are theirs."""

from collections import Counter
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from db.engine import reading
from db.store.data import drafts_drawn
from db.store.data.drafts_drawn import drawn_to_score
from tests.scorer.test_against_people import ANA_GAVE, BEN_GAVE, TONE, closed, of, scored, team  # noqa: F401
from tests.support.small_stores import opened, people
from touchstone.agreement.coefficient import KAPPA
from touchstone.errors import Refused
from ui.scorer import scored_so_far
from workflow.bounded_cache import BoundedCache
from workflow.rounds.closing import close_round
from workflow.rounds.rounds import closed_round
from workflow.scorer import against_people, drafts_against
from workflow.scorer.against_people import scorer_against
from workflow.scorer.drafts_against import samples_of


@pytest.fixture
def many(monkeypatch):
    """A round of more than three drafts is one of too many to score whole."""
    monkeypatch.setattr(drafts_against, "MOST", 3)
    monkeypatch.setattr(drafts_against, "SAMPLES", (2, 3))


def scored_of(made) -> set[str]:
    return set(of(made).scored)


def test_of_a_large_round_some_drafts_are_drawn_the_same_ones_each_time_and_said_to_be_some(engine, closed, many):  # noqa: F811
    made = scorer_against(closed[0], engine, "pilot")
    assert (made.drafts, made.of, made.is_part) == (2, 6, True)
    assert scored_of(made) == scored_of(scorer_against(closed[0], engine, "pilot"))
    assert made.drafts_in_words == "2 of 6 drafts, drawn at random"
    assert made.notes[0].startswith("the figures of the scorer are of 2 drafts drawn at random from 6, the same ones each time")
    assert of(made).people_n == 6, "people's own agreement is of all drafts"
    assert (made.as_json()["drafts"], made.as_json()["of_drafts"]) == (2, 6)


def test_its_figures_are_those_of_the_drafts_drawn(engine, closed, many):  # noqa: F811
    made = scorer_against(closed[0], engine, "pilot", sample=3)
    whole = scored(engine, TONE)
    found = of(made).against("ana")
    assert found.n == 3 and scored_of(made) > scored_of(scorer_against(closed[0], engine, "pilot", sample=2))
    assert {each: score.value for each, score in of(made).scored.items()} == {each: whole[each] for each in scored_of(made)}
    assert {draft for drafts in found.drafts.values() for draft in drafts} == scored_of(made)
    agreed = {each for each in scored_of(made) if ANA_GAVE[each][0] == BEN_GAVE[each][0]}
    assert {draft for drafts in of(made).gold.drafts.values() for draft in drafts} == agreed
    assert of(made).waiting == 3 - len(agreed)


def test_cells_that_wait_are_said_to_be_of_the_drafts_drawn(engine, closed, many):  # noqa: F811
    notes = scorer_against(closed[0], engine, "pilot", sample=3).notes
    assert any("of the 3 drafts drawn wait" in note for note in notes)


def test_how_many_are_scored_is_told_while_they_are_and_not_where_scores_were_kept(engine, closed, monkeypatch):  # noqa: F811
    monkeypatch.setattr(against_people, "TOLD_EACH", 2)
    told, kept = [], BoundedCache(1)
    for _ in range(2):
        scorer_against(closed[0], engine, "pilot", kept=kept, tell=told.append)
    assert told == [0, 2, 4]


def test_a_bar_says_what_is_scored_and_of_how_many_once_it_begins_and_only_for_many(monkeypatch):
    place, bar, headings = MagicMock(), MagicMock(), []
    monkeypatch.setattr(scored_so_far, "st", SimpleNamespace(empty=lambda: place, progress=lambda share: bar))
    monkeypatch.setattr(scored_so_far.panels, "heading", lambda *words: headings.append(words))
    for total in (scored_so_far.MANY - 1, 5_000):
        with scored_so_far.telling("Scorer of v1", "Why", total) as tell:
            assert not headings
            tell(0)
            tell(2_500)
    assert headings == [("Scorer of v1", "Why")] and place.empty.called
    bar.progress.assert_called_with(0.5, text="2,500 of 5,000 drafts scored")


def test_a_round_that_is_not_too_large_is_scored_whole(engine, closed):  # noqa: F811
    made = scorer_against(closed[0], engine, "pilot")
    assert (made.drafts, made.of, made.is_part, made.drafts_in_words) == (6, 6, False, "6 drafts")
    assert samples_of(6) == {} and list(samples_of(1_000_000)) == ["250", "1000", "5000"]
    part = scorer_against(closed[0], engine, "pilot", sample=4)
    assert part.is_part and of(part).against("ben").figure(KAPPA) != of(made).against("ben").figure(KAPPA)


@pytest.mark.parametrize("size", [-1, 10_001])
def test_a_sample_of_none_or_of_too_many_is_refused(engine, closed, size):  # noqa: F811
    with pytest.raises(Refused, match="name a number from 1 to 10,000"):
        scorer_against(closed[0], engine, "pilot", sample=size)


def test_a_draft_that_an_open_round_holds_is_never_drawn_and_only_it_is_replaced(engine, closed, many):  # noqa: F811
    lead = closed[0]
    before = scored_of(scorer_against(lead, engine, "pilot", sample=3))
    taken = min(before)
    people(engine, "cleo", "dan")
    opened(engine, lead, "again", annotators=("cleo", "dan"), draft_ids=[taken])
    made = scorer_against(lead, engine, "pilot", sample=3)
    assert (made.drafts, made.of, made.held_back) == (3, 5, 1)
    assert scored_of(made) >= before - {taken} and taken not in scored_of(made)


def test_whether_numbers_are_tried_or_drafts_read_does_not_depend_on_what_open_rounds_take(engine, closed, monkeypatch):  # noqa: F811
    """The other way draws others: all of a sample would change as a round opens."""
    monkeypatch.setattr(drafts_drawn, "MOST_DRAWN", 1.5)  # 8 numbers are tried for a round's 4 drafts, and would not be for 3
    lead = closed[0]
    names = [f"gaps {seed}" for seed in range(6)]
    for seed, name in enumerate(names):
        opened(engine, lead, name, draft_ids=["d01", "d03", "d05", "d08"], seed=seed)
        close_round(lead, engine, name, early="for its drafts alone")

    def drawn():
        with reading(engine) as connection:
            found = [closed_round(connection, name) for name in names]
            return [{row.draft_id for row in drafts_against.drafts_against(connection, each, 2).rows} for each in found]

    before = drawn()
    people(engine, "cleo", "dan")
    opened(engine, lead, "again", annotators=("cleo", "dan"), draft_ids=["d03"])
    assert all(few - {"d03"} <= now and "d03" not in now for few, now in zip(before, drawn(), strict=True))


@pytest.mark.parametrize("tried", [0, drafts_drawn.MOST_DRAWN], ids=["numbers are tried", "drafts are read"])
def test_every_draft_is_as_likely_whichever_way_it_is_looked_for(engine, closed, monkeypatch, tried):  # noqa: F811
    monkeypatch.setattr(drafts_drawn, "MOST_DRAWN", tried)
    monkeypatch.setattr(drafts_drawn, "SPARE", 1)
    with reading(engine) as connection:
        found = closed_round(connection, "pilot")
        drawn = [drawn_to_score(connection, found.id, 2, found.drafts, f"seed {each}") for each in range(300)]
        assert sorted(drawn_to_score(connection, found.id, 99, found.drafts, "all")) == sorted(
            {each for few in drawn for each in few}
        )
    times = Counter(each for few in drawn for each in few)
    assert len(times) == 6 and all(len(set(few)) == 2 for few in drawn)
    assert sum((each - 100) ** 2 / 100 for each in times.values()) < 20.5
