"""Whose a number is: kinds of numbers that a rubric declares, changes from one value to another, what a finding compares.

The rubric is one of support replies, so that nothing here leans on outreach mail.
"""

import time

import pytest

from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.effect import effect_of
from touchstone.scorer.loading import load_rubric
from touchstone.scorer.scoring import Scorer

RUBRIC = """\
rubric: replies
version: 1
title: Support replies
parts: {clauses: [',', ';', '\\b(?:but|and)\\b']}
facts:
  - {key: days, from: order, kind: number, patterns: ['late by {number} days']}
  - {key: paid, from: order, kind: amount, patterns: ['paid {amount}']}
  - {key: items, from: order, kind: counts, nouns: [cup, plate], patterns: ['{number} {noun}s?']}
numbers:
  changes: ['from {from}(?: \\w+)? to {to}', 'to {from} to {to}', '{from} ?-> ?{to}']
  joins: ['\\w+ (?:and|or)']
  kinds:
    - {key: price, patterns: ['{amount} (?:a|per) month', 'costs {amount}']}
    - {key: date, patterns: ['\\d{4}-\\d\\d-\\d\\d', 'may {number}']}
    - {key: ours, before: ['\\b(?:we|our)\\b.*$'], after: ['^ of our\\b']}
  examples:
    - {text: "We keep 4 cups and 5 plates; you bought 2.", kinds: [ours, ours, other]}
    - {text: "It went from 3 days to 5 on 2026-05-01.", kinds: [other, other, date, date, date], current: ["5"]}
tasks:
  - {key: late, input: {order: "late by 5 days, paid $40, 2 cups, 3 plates"}}
dimensions:
  - key: right
    title: Right
    question: Are its numbers right?
    scale: ordinal
    weight: 1
    levels:
      - {value: 0, title: Wrong, anchor: A number is wrong.}
      - {value: 1, title: Right, anchor: None is wrong.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
    checks:
      - name: delay
        extends: fact
        fact: days
        reads: [other]
        message: "the delay: %s"
        differs: "{said} days here, {task} in the order"
        tokens: ['(?:late|delayed|delay|went|moved) (?:by |is |from )*{number}', '{number} days']
        hit: ["It is late by 5 days."]
        miss: ["We answer within 5 days.", "It comes on 2026-05-05."]
      - name: paid
        extends: fact
        fact: paid
        reads: [other]
        message: "the amount: %s"
        differs: "{said} here, {task} in the order"
        tokens: ['{amount}']
        hit: ["You paid $40."]
        miss: ["A plan costs $40.", "$40 a month"]
      - name: bought
        extends: fact
        fact: items
        reads: [other]
        message: "what was bought: %s"
        differs: "{said} here, {task} in the order"
        tokens: ['{number} {noun}']
        hit: ["You bought 2 cups."]
        miss: ["We have 2 cups."]
      - name: promised
        extends: regex
        reads: [ours]
        message: "ours: %s"
        tokens: ['{number} (?:cups|plates)']
        hit: ["We send 9 cups."]
        miss: ["You bought 9 cups."]
    scoring:
      - {level: 0, because: a number that is not the order's, differing: [delay, paid, bought]}
      - {level: 1, because: so many of ours, any: [promised]}
      - {level: 1, because: no number differs}
    examples:
      - {level: 0, draft: "It is late by 9 days."}
      - {level: 1, draft: "It is late by 5 days."}
"""
ORDER = {"order": "late by 5 days, paid $40, 2 cups, 3 plates"}


def loaded(source: str = RUBRIC):
    rubric, problems = load_rubric(source.encode(), "replies-v1.yml")
    assert rubric is not None, [str(each) for each in problems]
    return rubric


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(loaded())


def findings(scorer: Scorer, text: str, order: str = ORDER["order"]) -> list[tuple[str, str, bool, str]]:
    score = scorer.score(text, {"order": order}, {}).scores["right"]
    return [(each.check, each.text, each.differs, each.message) for each in score.findings]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("You bought 2 cups.", [("2", "other")]),
        ("We have 12 cups here.", [("12", "ours")]),
        ("We have 12 cups and 3 plates.", [("12", "ours"), ("3", "ours")]),  # joined
        ("We have 12 cups, and you bought 3.", [("12", "ours"), ("3", "other")]),  # another clause, and no join
        ("You bought 2 of our cups.", [("2", "ours")]),
        ("A plan costs $30.", [("$30", "price")]),
        ("It is $9.50 a month, or $40 once.", [("$9.50", "price"), ("$40", "other")]),
        ("On May 3 and 2026-05-04.", [("3", "date"), ("2026", "date"), ("05", "date"), ("04", "date")]),
        ("We moved it from 3 to 5 days.", [("3", "ours"), ("5", "ours")]),
        ("No numbers, but tenants often phone.", []),
        ("Twenty-five cups, a dozen plates", [("twenty-five", "other"), ("a dozen", "other")]),
    ],
)
def test_each_number_is_read_once_by_the_first_kind_that_fits(scorer, text, read):
    draft = scorer.compiled.prepare(text, ORDER, {})
    assert [(draft.segments.live[number.start : number.end], number.kind) for number in draft.numbers.all] == read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # (check, text, differs, message) of each finding
        ("It is late by 5 days.", [("delay", "late by 5", False, "the delay: late by 5")]),
        ("It is late by 9 days.", [("delay", "late by 9", True, "9 days here, 5 in the order")]),
        # of a change the later value is compared, wherever a check meets it, and the finding reaches to it
        ("The delay went from 3 to 5 days.", [("delay", "went from 3 to 5", False, "the delay: went from 3 to 5")]),
        ("The delay went from 5 to 3 days.", [("delay", "went from 5 to 3", True, "3 days here, 5 in the order")]),
        ("From 3 days to 5, sorry.", [("delay", "3 days to 5", False, "the delay: 3 days to 5")]),
        ("Only 3 -> 5 days", [("delay", "5 days", False, "the delay: 5 days")]),
        ("We answer in 9 days.", []),
        ("You paid $41.", [("paid", "$41", True, "$41 here, $40 in the order")]),
        ("You paid \u20ac40.", [("paid", "\u20ac40", True, "\u20ac40 here, $40 in the order")]),
        # all of a number is compared, and one that has a part of one or a footnote's mark is no other number
        ("It is late by five thousand days.", [("delay", "late by five thousand", True, "5,000 days here, 5 in the order")]),
        ("It is late by 5\u00b9 days.", [("delay", "late by 5", False, "the delay: late by 5")]),
        ("5\u00bd days", []),
        ("You paid 5 or 3, $41", [("paid", "$41", True, "$41 here, $40 in the order")]),
        # of changes one after another the last value counts
        (
            "The delay went from 3 to 9 to 5 days.",
            [("delay", "went from 3 to 9 to 5", False, "the delay: went from 3 to 9 to 5")],
        ),
        ("A plan costs $41.", []),
        ("You bought 4 plates.", [("bought", "4 plates", True, "4 plates here, 3 plates in the order")]),
        ("We sent 4 plates.", [("promised", "4 plates", False, "ours: 4 plates")]),
    ],
)
def test_a_check_compares_the_numbers_of_the_kinds_it_reads_and_says_with_what(scorer, text, found):
    assert findings(scorer, text) == found


def test_what_the_task_does_not_say_is_told_as_none(scorer):
    assert findings(scorer, "It is late by 9 days.", "paid $40") == [
        ("delay", "late by 9", True, "9 days here, none in the order")
    ]


def test_each_number_is_told_with_what_it_was_read_as_in_places_of_the_draft_as_it_came(scorer):
    text = "We’d send ４ cups; it went from 3 to 5 days."  # a full-width 4
    numbers = [number.as_json() for number in scorer.numbers(text, ORDER)]
    assert numbers == [
        {"start": 10, "end": 11, "text": "４", "kind": "ours"},
        {"start": 31, "end": 32, "text": "3", "kind": "other", "current": "5"},
        {"start": 36, "end": 37, "text": "5", "kind": "other"},
    ]
    assert all(text[number["start"] : number["end"]] == number["text"] for number in numbers)


def test_words_that_look_like_a_placeholder_stay_words():
    scorer = Scorer(loaded(RUBRIC.replace('message: "ours: %s"', 'message: "{said} %s"')))
    assert findings(scorer, "We send 9 cups {task} %s.") == [("promised", "9 cups", False, "{said} 9 cups")]


def with_line(before: str, after: str) -> str:
    assert before in RUBRIC
    return RUBRIC.replace(before, after, 1)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (with_line("reads: [ours]", "reads: [yours]"), "check promised names the kind of number yours, which does not exist"),
        (with_line("{key: price,", "{key: other,"), "a kind of number is called other"),
        (with_line("{key: price,", "{key: date,"), "give each kind of number its own"),
        (with_line("'from {from}(?: \\w+)? to {to}'", "'from {from} on'"), "a change has {from} and {to}"),
        (with_line("'costs {amount}'", "'costs {amount} or {number}'"), "a number stands in one placeholder"),
        (with_line("'costs {amount}'", "'costs ({amount}'"), "of the kind of number price cannot be matched"),
        (with_line("['\\w+ (?:and|or)']", "['(and']"), "in joins of numbers cannot be matched"),
        (with_line("after: ['^ of our\\b']", "after: ['(of']"), "in after of the kind of number ours cannot be matched"),
        (with_line("kinds: [ours, ours, other]", "kinds: [ours, other, other]"), "are read as 4 ours, 5 ours and 2 other"),
        (with_line("kinds: [ours, ours, other]", "kinds: [ours, ours, thine]"), "names the kind of number thine"),
        (with_line('current: ["5"]', 'current: ["3"]'), "end at 5, not at 3"),
        (with_line("{key: date, patterns: ['\\d{4}-\\d\\d-\\d\\d', 'may {number}']}", "{key: date}"), "it needs one of them"),
        (with_line("numbers:\n", "numbers:\n  kinda: []\n"), "numbers of the file has the unknown key 'kinda'; write kinds"),
        (
            with_line("- name: promised\n        extends: regex", "- name: promised\n        extends: phrase"),
            "check promised reads kinds of numbers, but a phrase takes none",
        ),
    ],
)
def test_a_wrong_line_of_numbers_is_named_with_the_way_out(source, reason):
    rubric, problems = load_rubric(source.encode(), "replies-v1.yml")
    assert rubric is None and any(reason in str(problem) for problem in problems), [str(each) for each in problems]
    assert all(problem.line for problem in problems)


def test_a_change_of_the_kinds_alone_shows_in_the_effect():
    before = loaded()
    after = loaded(with_line("'costs {amount}'", "'costs {amount}', 'only {amount}'"))
    drafts = [("It was only $41.", ORDER, {}), ("It was $41.", ORDER, {}), ("A plan costs $41.", ORDER, {})]
    effect = effect_of(Corpus(drafts), before, after).dimensions["right"]
    assert [(change.draft, change.before, change.after) for change in effect.moved] == [(0, 0, 1)]


def test_of_more_numbers_than_are_read_none_is_compared(scorer):
    assert findings(scorer, "1 " * 9_000 + "It is late by 9 days.")
    assert findings(scorer, "1 " * 10_000 + "It is late by 9 days.") == []


@pytest.mark.parametrize(
    "words", ["We have 4 cups and 5 plates from 3 to 9 days ", "On may 5, ", "from 1 to ", "from 3 to 4. ", "1,"]
)
def test_reading_numbers_takes_time_in_proportion_to_the_text(scorer, words):
    def seconds(times: int) -> float:
        text = words * times
        start = time.process_time()
        scorer.score(text, ORDER, {})
        return time.process_time() - start

    seconds(10)
    assert min(seconds(800) for _ in range(3)) < 40 * max(min(seconds(100) for _ in range(3)), 0.002)
