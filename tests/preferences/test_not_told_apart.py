"""What choices do not show is not said: who is first by chance, and agreement that chance alone can give."""

import random

import pytest

from tests.preferences.test_report import planted
from touchstone.agreement.coefficient import NOMINAL_ALPHA
from touchstone.preferences.choices import SideChoice
from touchstone.preferences.report import preference_report


def by_coin(given, seed=3):
    """The same pairs, chosen by a coin."""
    chance = random.Random(seed)
    taken = (SideChoice(each.pair, each.annotator, each.left, chance.choice(["left", "right"])) for each in given.choices)
    return given._replace(choices=tuple(taken)) if hasattr(given, "_replace") else type(given)(given.pairs, tuple(taken))


@pytest.fixture(scope="module")
def reports():
    clear, coin = planted(0.0, better=1.5, tasks=30), by_coin(planted(0.0, tasks=10))
    return preference_report(clear), preference_report(coin)


def test_who_is_first_in_all_draws_is_chosen_most(reports):
    clear, _ = reports
    first = clear.strengths.authors[0]
    assert (first.rank.high, first.strength.low > 0) == (1, True)
    assert clear.first_in_words == f"{first.author} is chosen most" and clear.sentence.endswith(
        f"; {first.author} is chosen most."
    )


def test_authors_whose_places_overlap_are_not_told_apart(reports):
    _, coin = reports
    assert coin.strengths.authors[0].rank.high > 1
    assert "are not told apart" in coin.sentence and "is chosen most" not in coin.sentence
    assert {each.author for each in coin.strengths.authors if each.rank.low == 1} == {
        each.author for each in coin.strengths.authors if each.author in coin.first_in_words
    }
    assert coin.as_json()["sentence"] == coin.sentence


def test_agreement_that_chance_can_give_is_said_to_be_so(reports):
    _, coin = reports
    assert coin.agreement.overall[NOMINAL_ALPHA].low <= 0 and coin.is_by_chance
    assert "annotators agree no more than chance can give" in coin.sentence
