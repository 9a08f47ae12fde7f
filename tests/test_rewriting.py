"""One place of a YAML file is changed and every other byte stays."""

import difflib
from pathlib import Path

import pytest

from tests.test_rubric import GOOD
from touchstone.marked_yaml import Unreadable, read_marked
from touchstone.rewriting import (
    CannotPlace,
    add_comment,
    add_to_list,
    lists_within,
    put_number,
    put_raw_entries,
    put_text,
    raw_entries,
    text_at,
)
from touchstone.rubric import read_rubric

SHIPPED = (Path(__file__).parent.parent / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8")
NAMED = {"key", "title", "question", "guidance", "scale", "weight", "aliases", "levels", "agreement"}
WORDS = ["Short.", "", "two: parts # and a mark", '"quoted"', "yes", "12", "- a dash", "Ünïcode “quotes” 🙂", "[x]", "it's",
         "long " * 60 + "end", "one paragraph\n\nand another", "a\nb", "  indented\n  lines", "trailing colon:", "tab\there", "'",
         "*x"]


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


PLACES = [("dimensions", 0, "guidance"), ("dimensions", 0, "levels", 1, "anchor"), ("dimensions", 0, "levels", 3, "anchor"),
          ("dimensions", 4, "levels", 3, "anchor"), ("dimensions", 3, "title")]
IN_GOOD = [("title",), ("dimensions", 0, "question"), ("dimensions", 1, "levels", 4, "anchor"),
           ("dimensions", 1, "levels", 0, "title")]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(("source", "places"), [(GOOD, IN_GOOD), (SHIPPED, PLACES)], ids=["good", "shipped"])
def test_any_words_at_any_place_read_as_typed_and_change_no_other_value(source, places, words):
    for path in places:
        made = put_text(source, path, words)
        assert text_at(made, path) == words
        before, after = read_marked(source.encode()).texts, read_marked(made.encode()).texts
        assert {**before, path: words} == after
        comments = [line for line in source.splitlines() if line.lstrip().startswith("#")]
        assert [line for line in made.splitlines() if line in comments] == comments


def test_a_changed_anchor_changes_its_own_lines_only():
    path = ("dimensions", 4, "levels", 2, "anchor")
    assert text_at(SHIPPED, path) == "At least one signal detail."
    made = put_text(SHIPPED, path, "Company name and one detail.")
    assert changed_lines(SHIPPED, made) == ["-         anchor: At least one signal detail.",
                                            "+         anchor: Company name and one detail."]


def test_the_same_words_again_change_nothing_that_reads_and_a_folded_text_stays_folded():
    path = ("dimensions", 0, "guidance")
    words = text_at(SHIPPED, path)
    made = put_text(SHIPPED, path, words)
    assert text_at(made, path) == words and "guidance: >-" in made
    assert put_text(made, path, words) == made, "written once in our way, it stays"
    assert read_rubric(made.encode(), "tenacious-v1.yml")[1] == []


def test_a_text_that_is_not_there_is_added_below_its_neighbour():
    made = put_text(GOOD, ("dimensions", 0, "guidance"), "A link counts.", after="question")
    assert changed_lines(GOOD, made) == ["+     guidance: A link counts."]
    assert made.index("question: Does it") < made.index("guidance: A link") < made.index("scale: nominal")


@pytest.mark.parametrize(("path", "after"), [
    (("dimensions", 1, "levels", 0, "note"), "title"), (("dimensions", 0, "guidance"), "x"), (("dimensions", 0, "levels"), "")])
def test_what_cannot_be_placed_is_refused(path, after):
    with pytest.raises(CannotPlace):
        put_text(GOOD, path, "words", after=after)


def test_a_version_is_counted_on():
    assert changed_lines(GOOD, put_number(GOOD, ("version",), 2)) == ["- version: 1", "+ version: 2"]


CHECKED = """\
rubric: replies
dimensions:
  - key: one
    levels: []
    # how the checks make a level
    checks:
      - name: long   # words
        most: 120
        # inside
        hits:
          - "a: b"
        misses: []
    scoring: {from: 3}

  # about the next
  - key: two
    checks:
      - {name: x, hits: [first, "second"], misses: [{text: a, why: b}]}
"""


def test_the_entries_without_a_box_are_shown_as_written_with_their_comments():
    assert raw_entries(CHECKED, ("dimensions", 0), besides=NAMED) == (
        "# how the checks make a level\nchecks:\n  - name: long   # words\n    most: 120\n    # inside\n    hits:\n"
        '      - "a: b"\n    misses: []\nscoring: {from: 3}\n')
    assert raw_entries(SHIPPED, ("dimensions", 4), besides=NAMED) == "checks: []\n"
    assert raw_entries(GOOD, ("dimensions", 1), besides=NAMED) == ""


@pytest.mark.parametrize("place", [0, 1])
def test_entries_put_back_as_they_were_change_not_a_byte(place):
    for source in (CHECKED, GOOD, SHIPPED):
        raw = raw_entries(source, ("dimensions", place), besides=NAMED)
        assert put_raw_entries(source, ("dimensions", place), raw, besides=NAMED) == source


def test_other_entries_take_their_place_right_or_wrong():
    made = put_raw_entries(CHECKED, ("dimensions", 0), "checks:\n  - name: other\n", besides=NAMED)
    assert "    checks:\n      - name: other\n\n  # about the next\n  - key: two" in made and "scoring" not in made
    assert raw_entries(made, ("dimensions", 1), besides=NAMED) == raw_entries(CHECKED, ("dimensions", 1), besides=NAMED)
    broken = put_raw_entries(GOOD, ("dimensions", 0), "checks: [", besides=NAMED)
    with pytest.raises(Unreadable):
        text_at(broken, ("title",))
    added = put_raw_entries(GOOD, ("dimensions", 1), "checks: []\n", besides=NAMED)
    assert added == GOOD + "    checks: []\n"
    assert put_raw_entries(CHECKED, ("dimensions", 0), "", besides=NAMED).count("checks") == 1


def test_a_text_goes_to_the_end_of_a_list_of_a_check():
    first, second = ("dimensions", 0, "checks", 0), ("dimensions", 1, "checks", 0)
    assert lists_within(CHECKED, first[:2], besides=NAMED) == [(*first, "hits"), (*first, "misses")]
    assert lists_within(CHECKED, second[:2], besides=NAMED) == [(*second, "hits"), (*second, "misses")]
    mail = "Subject: x\n\nHi “you”,\n  a \\ b # c\n"
    for path in ((*first, "hits"), (*first, "misses"), (*second, "hits")):
        made = add_to_list(CHECKED, path, mail)
        assert read_marked(made.encode()).at(path)[-1] == mail
        assert "# inside" in made and "# about the next" in made
        assert len(changed_lines(CHECKED, made)) <= 2
    made = add_to_list(CHECKED, (*second, "misses"), mail)
    assert read_marked(made.encode()).at((*second, "misses"))[-1] == {"text": mail}


def test_a_text_stands_as_a_comment_where_there_is_no_list_yet():
    assert lists_within(SHIPPED, ("dimensions", 4), besides=NAMED) == []
    made = add_comment(SHIPPED, ("dimensions", 4), ["d1: 1 against 2", "Hello", "", "you"], besides=NAMED)
    assert changed_lines(SHIPPED, made) == ["+     # d1: 1 against 2", "+     # Hello", "+     #", "+     # you"]
    assert raw_entries(made, ("dimensions", 4), besides=NAMED).startswith("# d1: 1 against 2\n# Hello\n")
    assert read_rubric(made.encode(), "tenacious-v1.yml")[1] == []


@pytest.mark.parametrize("path", [("dimensions", 0, "checks", 0, "most"), ("dimensions", 0), ("nowhere",)])
def test_where_there_is_no_list_nothing_is_added(path):
    with pytest.raises(CannotPlace):
        add_to_list(CHECKED, path, "x")
