"""Proper names that hold words of a list: where capitals make one, as a rubric chooses.

Every text is invented; the levels of tone follow from the words: 0 with a banned phrase, 2 without.
"""

import pytest

from tests.support.kinds_of_wording import SCORER, TONE, wrong
from tests.support.kinds_of_wording import level as level_under_v3
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.scoring import Scorer

SOURCE = """rubric: replies
version: 1
title: Replies
dimensions:
  - key: tone
    title: Tone
    question: Is it plain?
    scale: ordinal
    weight: 1
    levels:
      - {value: 0, title: Not plain, anchor: It is not plain.}
      - {value: 1, title: Plain, anchor: It is plain.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
    checks:
      - name: listed
        extends: phrase
        message: "%s"
        tokens: [ninja, synergy, leverage]
        hit: ["a ninja"]
        miss: ["a name"]
    scoring:
      - {level: 0, because: a listed word, any: [listed]}
      - {level: 1, because: none}
    examples:
      - {level: 0, draft: "a ninja"}
      - {level: 1, draft: "a name"}
"""


def plain(text: str, choice: str) -> int | str | None:
    made, problems = parse_rubric((SOURCE + choice).encode(), "replies-v1.yml")
    assert made is not None, problems
    return Scorer(made).score(text).scores["tone"].value


# The first by capitals within a sentence of many words; the others only where the rubric lets a name stand anywhere.
@pytest.mark.parametrize(
    "text, by_default, anywhere",
    [
        ("We have worked for a year with Ninja Foods on their ordering pipeline.", 1, 1),
        ("Ninja Foods is one of our clients.", 0, 1),
        ("At Synergy Partners, we place engineers.", 0, 1),
        ("We Leverage people.", 0, 0),
        ("Ninjas are welcome here.", 0, 0),
        ("NINJA FOODS is here to stay for years.", 0, 0),
    ],
)
def test_a_rubric_chooses_where_a_proper_name_may_stand(text, by_default, anywhere):
    assert plain(text, "") == plain(text, "proper_names: within_sentence\n") == by_default
    assert plain(text, "proper_names: anywhere\n") == anywhere


def test_another_choice_is_refused_in_words():
    made, problems = parse_rubric((SOURCE + "proper_names: everywhere\n").encode(), "replies-v1.yml")
    assert made is None
    assert [problem.line for problem in problems] == [SOURCE.count("\n") + 1]
    assert "within_sentence or anywhere" in problems[0].reason


def test_names_that_open_a_sentence_or_stand_in_a_short_text_are_no_banned_phrase():
    names = [
        "At Synergy Partners, we place engineers.",
        "Ninja Foods is one of our clients.",
        "We place engineers. Rockstar Games hired two of them.",
        "The team at Wizard Labs grew.",
        "Leverage Lane wrote to us.",
    ]
    assert wrong(TONE, 2, names) == []
    banned = [
        "Leverage our people.",
        "Synergy is what we sell.",
        "Synergy I like.",
        "Ninja Skills Wanted Here Today.",
        "World-class engineers from Leeds.",
        "Top Talent For Your Team. Hire Top Talent Today.",
        "Subject: Ninja Engineers\n\nYou list 6 roles.",
        "Quick question for Ada Byron.",
    ]
    assert wrong(TONE, 0, banned) == []


def test_the_first_words_of_a_name_of_the_task_are_a_name_in_the_subject_too():
    given = {"company_signal": "Company: Ninja Fern Logistics. Open engineering roles: 3.", "prior_thread": ""}

    def tone(text: str) -> int | str | None:
        return SCORER.score(text, given, {}).scores[TONE].value

    assert tone("Subject: Ninja Fern's roles\n\nYou list 3 roles.") == 2
    assert tone("Subject: ninja fern's roles\n\nYou list 3 roles.") == 0
    assert tone("Subject: Ninja roles\n\nYou list 3 roles.") == 0
    assert level_under_v3("Subject: Ninja Fern's roles\n\nYou list 6 roles.", TONE) == 0
