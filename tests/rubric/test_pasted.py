"""A pasted table or list becomes dimensions and levels as far as it goes, and what is not read is said with its line."""

import time

import pytest

from touchstone.rubric.making.pasted import MOST_LETTERS, read_pasted
from touchstone.rubric.making.written_rubric import file_of
from touchstone.scorer.loading import load_rubric

# text -> dimensions as "key, o(rdinal) or n(ominal): value Title anchor; ..."
READ = {
    "levels across": (
        """
| Criterion | 1 (Poor) | 2 (Fair) | 3 (Good) |
|---|---|---|---|
| Clarity | Nothing is **clear**. | Half is. | All is. |
| Tone: is it polite? | Rude | Neutral | Warm |
""",
        [
            "clarity o: 1 Poor Nothing is clear.; 2 Fair Half is.; 3 Good All is.",
            "tone o: 1 Poor Rude; 2 Fair Neutral; 3 Good Warm",
        ],
    ),
    "named levels across": (
        """
| | Poor | Excellent |
|---|---|---|
| Clarity | a | b |
""",
        ["clarity o: poor Poor a; excellent Excellent b"],
    ),
    "levels down, by headings": (
        """
## Clarity
| Score | Description |
|---|---|
| 1 | Not |
| 2 | All |

## Tone
Is it polite?

- Pass: yes
- Fail: no
""",
        ["clarity o: 1 Not Not; 2 All All", "tone n: pass Pass yes; fail Fail no"],
    ),
    "levels down, by criterion": (
        """
| Criterion | Level | Anchor |
|---|---|---|
| Clarity | 1 - Poor | Not |
| | 2 - Good | All |
| Tone | pass | a |
| Tone | fail | b |
""",
        ["clarity o: 1 Poor Not; 2 Good All", "tone n: pass Pass a; fail Fail b"],
    ),
    "scales named": (
        """
| Criterion | Description | Scale |
|---|---|---|
| Clarity | Is it? | 0-2 |
| Kind | Which? | billing/other |
| Done | Is it? | yes/no/n/a |
""",
        ["clarity o: 0 Poor; 1 Fair; 2 Good", "kind n: billing Billing; other Other", "done n: yes Yes; no No; na N/a"],
    ),
    "a list": (
        """
- Clarity (1-3): Is it easily read?
- **Tone**
  - 1: Rude
  - 2 - Warm: Names the situation.
* Resolved (pass/fail)
""",
        [
            "clarity o: 1 Poor; 2 Fair; 3 Good",
            "tone o: 1 Rude Rude; 2 Warm Names the situation.",
            "resolved n: pass Pass; fail Fail",
        ],
    ),
    "a bold line and levels that fall": (
        """
**Helpfulness**
Excellent (5): does all
Good (3): most
Poor (1): none
""",
        ["helpfulness o: 5 Excellent does all; 3 Good most; 1 Poor none"],
    ),
    "a numbered list": (
        """
1. Accuracy: is it right?
2. Style
""",
        ["accuracy n: pass Pass; fail Fail", "style n: pass Pass; fail Fail"],
    ),
}
READ |= {
    "levels down, with questions": (
        """
| Criterion | Question | Level | Description |
|---|---|---|---|
| Clarity | Is it clear? | 1 | A sentence that is longer than a button. |
| | | 2 | All |
| Tone | Is it polite? | pass | a |
| | | fail | b |
""",
        [
            "clarity o: Is it clear? 1 Level 1 A sentence that is longer than a button.; 2 Level 2 All",
            "tone n: Is it polite? pass Pass a; fail Fail b",
        ],
    ),
    "levels told in one cell": (
        """
| Criterion | Score | Description |
|---|---|---|
| Help | 1 = no help; 2 = little; 3 = a lot | Does it? |
| Tone | 1: rude, 2: warm and kind to all who read it | Is it? |
""",
        [
            "help o: Does it? 1 No help; 2 Little; 3 A lot",
            "tone o: Is it? 1 Level 1 rude; 2 Level 2 warm and kind to all who read it",
        ],
    ),
    "short cells across": (
        """
| Criterion | 1 | 2 |
|---|---|---|
| Help | No help | All of it. |
| Tone | x | x |
""",
        ["help o: 1 No help No help; 2 All of it All of it.", "tone o: 1 Level 1 x; 2 Level 2 x"],
    ),
}
DROPPED = """\
| Criterion | Question | 1 | 2 |
|---|---|---|---|
| Faithful (yes/no): as told? | Is it? | a | b |

| Criterion | Level | Anchor | Scale |
|---|---|---|---|
| Tone | 1: rude to whoever reads the mail | b | 1-5 |
| | 2 | c | |
"""
NOT_ALL = """\
# My rubric
Some words on it.

| Criterion | Scale | Weight |
|---|---|---|
| Tone | sliding | 0.5 |

A closing line.
## Fluency
- 1: bad
- 2: good
- N/A: none
"""
ODD = """\
| Criterion: x # y | 1 |2| yes |
|---|---|---|---|
| 'a: {b} | no | [ | - * & |
| 'a: {b} | null | ~ | @ |

- true
- 12
"""


ASKS = [READ[name][0] for name in ("levels down, with questions", "levels told in one cell")]


def shown(text: str) -> list[str]:
    return [
        f"{each.key} {'o' if each.is_ordinal else 'n'}: "
        + f"{each.question} " * (text in ASKS)
        + "; ".join(f"{level.value} {level.title} {level.anchor}".strip() for level in each.levels)
        for each in read_pasted(text).dimensions
    ]


@pytest.mark.parametrize("case", READ.values(), ids=READ.keys())
def test_a_text_is_read_as_far_as_it_goes(case):
    text, dimensions = case
    assert shown(text) == dimensions and read_pasted(text).unread == ()


def test_what_is_not_read_is_said_with_its_line():
    found = read_pasted(NOT_ALL)
    assert found.title == "My rubric" and [each.key for each in found.dimensions] == ["tone", "fluency"]
    assert [str(each) for each in found.unread] == [
        "line 2: “Some words on it.” is not read: it belongs to no criterion",
        "line 4: the column Weight is not read; write it into its box",
        "line 6: “sliding” is not read: this scale cannot be told, so pass or fail is taken",
        "line 8: “A closing line.” is not read: it is neither a criterion nor a level that can be told",
        "line 12: “N/A” is not read: levels are all numbers or all words; a draft that cannot be judged is skipped",
    ]
    assert read_pasted("").dimensions == () and read_pasted("just prose").dimensions == ()
    (problem,) = read_pasted("a" * (MOST_LETTERS + 1)).unread
    assert "60,001 letters; paste 60,000 at most" in problem.reason


def test_no_words_are_dropped_without_a_word():
    assert [str(each) for each in read_pasted(DROPPED).unread] == [
        "line 3: “as told?” is not read: a dimension has one question",
        "line 3: “yes/no” is not read: its levels are taken from the columns",
        "line 7: “rude to whoever reads the mail” is not read: the words of its own column are taken for the anchor",
        "line 7: “1-5” is not read: the levels of its rows are taken",
    ]


def test_whatever_is_read_makes_a_file_of_which_only_words_are_missing():
    for text, _ in READ.values():
        _, problems = load_rubric(file_of("pasted", "Pasted", read_pasted(text).dimensions).encode(), "pasted-v1.yml")
        assert all(" is empty;" in each.reason for each in problems), problems
    _, problems = load_rubric(file_of("odd", "Odd", read_pasted(ODD).dimensions).encode(), "odd-v1.yml")
    assert all(" is empty;" in each.reason for each in problems), problems


def test_a_long_text_is_read_in_a_moment():
    began = time.process_time()
    for text in ("**a" * 20_000, "- 1 " * 15_000, "|a" * 30_000, "1 - \n" * 12_000, "(" * 60_000, "`" * 60_000):
        read_pasted(text)
    assert time.process_time() - began < 3
