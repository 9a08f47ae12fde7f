"""One place of a YAML file is changed and every other byte stays."""

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given
from hypothesis import strategies as st

from tests.rubric.test_reading import GOOD
from tests.support.properties import examples
from tests.support.short_run import some
from touchstone.files.yaml_editing import (
    add_raw_item,
    add_to_list,
    lines_of_item,
    move_item,
    put_entry,
    put_number,
    put_raw_entries,
    put_raw_item,
    put_text,
    raw_entries,
    raw_item,
    remove_item,
    text_at,
)
from touchstone.files.yaml_places import CannotPlace, tree_of
from touchstone.files.yaml_set_aside import set_aside
from touchstone.files.yaml_tree import Unreadable, read_marked
from touchstone.files.yaml_writing import in_flow
from touchstone.scorer.loading import load_rubric

SHIPPED = (Path(__file__).resolve().parents[2] / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8")
NAMED = {"key", "title", "question", "guidance", "scale", "weight", "aliases", "levels", "agreement"}
WORDS = [
    "Short.",
    "",
    "two: parts # and a mark",
    '"quoted"',
    "yes",
    "12",
    "- a dash",
    "Ünïcode “quotes” 🙂",
    "[x]",
    "it's",
    "long " * 60 + "end",
    "one paragraph\n\nand another",
    "a\nb",
    "  indented\n  lines",
    "trailing colon:",
    "tab\there",
    "'",
    "*x",
]


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


PLACES = [
    ("dimensions", 0, "guidance"),
    ("dimensions", 0, "levels", 1, "anchor"),
    ("dimensions", 0, "levels", 3, "anchor"),
    ("dimensions", 4, "levels", 3, "anchor"),
    ("dimensions", 3, "title"),
]
IN_GOOD = [
    ("title",),
    ("dimensions", 0, "question"),
    ("dimensions", 1, "levels", 4, "anchor"),
    ("dimensions", 1, "levels", 0, "title"),
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(("source", "places"), [(GOOD, IN_GOOD), (SHIPPED, some(PLACES, every=5))], ids=["good", "shipped"])
def test_any_words_at_any_place_read_as_typed_and_change_no_other_value(source, places, words):
    before = read_marked(source.encode()).texts
    for path in places:
        made = put_text(source, path, words)
        assert text_at(made, path) == words
        assert {**before, path: words} == read_marked(made.encode()).texts
        comments = [line for line in source.splitlines() if line.lstrip().startswith("#")]
        assert [line for line in made.splitlines() if line in comments] == comments


def test_a_changed_anchor_changes_its_own_lines_only():
    path = ("dimensions", 4, "levels", 2, "anchor")
    assert text_at(SHIPPED, path) == "At least one signal detail."
    made = put_text(SHIPPED, path, "Company name and one detail.")
    assert changed_lines(SHIPPED, made) == [
        "-         anchor: At least one signal detail.",
        "+         anchor: Company name and one detail.",
    ]


def test_the_same_words_again_change_nothing_that_reads_and_a_folded_text_stays_folded():
    path = ("dimensions", 0, "guidance")
    words = text_at(SHIPPED, path)
    made = put_text(SHIPPED, path, words)
    assert text_at(made, path) == words and "guidance: >-" in made
    assert put_text(made, path, words) == made, "written once in our way, it stays"
    assert load_rubric(made.encode(), "tenacious-v1.yml")[1] == []


def test_a_text_that_is_not_there_is_added_below_its_neighbour():
    made = put_text(GOOD, ("dimensions", 0, "guidance"), "A link counts.", after="question")
    assert changed_lines(GOOD, made) == ["+     guidance: A link counts."]
    assert made.index("question: Does it") < made.index("guidance: A link") < made.index("scale: nominal")


@pytest.mark.parametrize(
    ("path", "after"),
    [(("dimensions", 1, "levels", 0, "note"), "title"), (("dimensions", 0, "guidance"), "x"), (("dimensions", 0, "levels"), "")],
)
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
        '      - "a: b"\n    misses: []\nscoring: {from: 3}\n'
    )
    rest = raw_entries(SHIPPED, ("dimensions", 4), besides={*NAMED, "checks"})
    assert rest.startswith("scoring:\n  - {level: 0, because: the company is not named") and "checks" not in rest
    assert raw_entries(SHIPPED, ("dimensions", 4), besides=NAMED) == f"checks: []\n{rest}"
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
    mail = "Subject: x\n\nHi “you”,\n  a \\ b # c\n"
    for path in ((*first, "hits"), (*first, "misses"), (*second, "hits"), (*first, "new")):
        made = add_to_list(CHECKED, path, mail)
        assert read_marked(made.encode()).at(path)[-1] == mail
        assert "# inside" in made and "# about the next" in made
        assert len(changed_lines(CHECKED, made)) <= 2
    with pytest.raises(CannotPlace, match="braces"):
        add_to_list(CHECKED, (*second, "new"), mail)


# One item of a list

LISTS = [
    (("dimensions", number, part), len(each[part]))
    for number, each in enumerate(tree_of(SHIPPED).data["dimensions"])
    for part in ("levels", "checks", "scoring", "examples")
]
ITEMS = [(*path, number) for path, many in LISTS for number in range(many)]
BOXES = (("dimensions", None, "checks", None), ("dimensions", None, None))
COMMENTED = CHECKED.replace("      - name: long", "      # about long,\n      # in two lines\n      - name: long")


def test_an_item_put_back_as_it_was_changes_not_a_byte():
    for path in some(ITEMS[::4]):
        assert put_raw_item(SHIPPED, path, raw_item(SHIPPED, path)) == SHIPPED, path
    odd = "a:\n-   name: x\n    # c\n    y: 1\n-\n  name: z\n- plain\n-\n# end\n"
    for number in range(4):
        assert tree_of(put_raw_item(odd, ("a", number), raw_item(odd, ("a", number)))).data == tree_of(odd).data


def test_an_item_is_shown_alone_with_the_comments_above_it():
    path = ("dimensions", 0, "checks", 0)
    raw = raw_item(COMMENTED, path)
    assert raw.startswith("# about long,\n# in two lines\nname: long   # words\nmost: 120\n# inside\nhits:\n  - ")
    assert put_raw_item(COMMENTED, path, raw) == COMMENTED
    made = put_raw_item(COMMENTED, path, raw.replace("120", "90").replace("# in two lines\n", ""))
    assert made == COMMENTED.replace("120", "90").replace("      # in two lines\n", "")
    lines = COMMENTED.splitlines()
    assert [lines[line - 1].lstrip(" -") for line in lines_of_item(COMMENTED, path)] == [
        line.lstrip(" -") for line in raw.splitlines()
    ]


BLOCK = """\
# the top
list:
  # about a
  - key: a
    # about words
    words: one   # said once
    inner:
      - 1
  - key: b
    words: two

  # about c
  - key: c
"""


def test_an_entry_is_put_in_its_place_and_what_stands_around_it_stays():
    made = put_entry(BLOCK, ("list", 0, "words"), "words: [x, y]   # lists")
    assert made == BLOCK.replace("words: one   # said once", "words: [x, y]   # lists")
    assert put_entry(BLOCK, ("list", 1, "most"), "most: 3\n") == BLOCK.replace("words: two\n", "words: two\n    most: 3\n")
    assert put_entry(BLOCK, ("list", 1, "words"), "") == BLOCK.replace("    words: two\n", "")
    assert put_entry(BLOCK, ("list", 1, "none"), "") == BLOCK
    for path, raw in (
        (("list", 1, "words"), "words: [x"),
        (("list", 1, "words"), "words: x\nother: y"),
        (("list", 1, "key"), ""),
    ):
        with pytest.raises(CannotPlace):
            put_entry(BLOCK, path, raw)
    with pytest.raises(CannotPlace):
        put_entry("list:\n  - {key: a}\n", ("list", 0, "words"), "words: x")


def test_an_item_moves_with_the_comments_above_it():
    made = move_item(BLOCK, ("list", 0), 1)
    assert [each["key"] for each in tree_of(made).data["list"]] == ["b", "a", "c"]
    assert "  # about a\n  - key: a\n    # about words\n    words: one   # said once\n" in made
    assert move_item(made, ("list", 1), -1) == BLOCK
    assert move_item(BLOCK, ("list", 2), 1) == BLOCK and move_item(BLOCK, ("list", 0), -1) == BLOCK
    last = move_item(BLOCK.rstrip("\n"), ("list", 2), -1)
    assert [each["key"] for each in tree_of(last).data["list"]] == ["a", "c", "b"] and "  # about c\n  - key: c\n" in last


@examples(60, phases=[Phase.generate])
@given(st.sampled_from([path for path in ITEMS if path[2] == "checks"]), st.text(max_size=60))
def test_whatever_is_typed_for_an_item_stands_there_and_the_others_stay(path, typed):
    """Right: it reads as typed. Wrong: the rest is found without it, and putting the old item back leaves no trace."""
    typed = typed.replace("\r", "").replace("\0", "").encode("utf-8", "replace").decode()
    old = raw_item(SHIPPED, path)
    try:
        made = put_raw_item(SHIPPED, path, typed)
    except CannotPlace:
        return  # it would have taken in what stands below
    try:
        after, aside = tree_of(made), None
    except Unreadable:
        aside = set_aside(made, BOXES)
        if aside is None:
            return  # a character no YAML may hold: mended in the whole file
        after = tree_of(aside.source)
        assert aside.put_back(aside.source) == made
    assert {key: text for key, text in after.texts.items() if key[:4] != path} == {
        key: text for key, text in tree_of(SHIPPED).texts.items() if key[:4] != path
    }
    assert put_raw_item(aside.source if aside else made, path, old) == SHIPPED


TYPED_WRONG = [
    "name: [",
    "message: 'x",
    '"',
    "{",
    "a: b: c",
    "\tname: x",
    "x\ny: 1",
    "- a\nb",
    "%",
    "@",
    "a: |\n x",
    "- ",
    "",
    "---",
    "...",
    "a: 1\n---\nb: 2",
    "? x",
    "# only a comment",
]


@pytest.mark.parametrize("typed", some(TYPED_WRONG, every=3))
def test_every_check_can_be_typed_wrong_and_mended_in_its_place(typed):
    for path in (("dimensions", 1, "checks", 0), ("dimensions", 1, "checks", 6)):
        made = put_raw_item(SHIPPED, path, typed)
        aside = set_aside(made, BOXES)
        reads = aside.source if aside else made
        assert len(tree_of(reads).at(path[:3])) == len(tree_of(SHIPPED).at(path[:3]))
        if aside:
            assert aside.put_back(aside.source) == made and aside.item.strip("\n") == typed.strip("\n")
        assert put_raw_item(reads, path, raw_item(SHIPPED, path)) == SHIPPED


def test_an_open_quote_that_would_take_in_the_next_check_is_refused():
    with pytest.raises(CannotPlace, match="not closed"):
        put_raw_item("a:\n  - one\n  - two'\n  - three\n", ("a", 0), "'")


def test_lines_are_set_aside_only_where_one_box_keeps_the_file_from_being_read():
    assert set_aside(SHIPPED, BOXES) is None, "it reads"
    assert set_aside("rubric: [\n" + SHIPPED, BOXES) is None and set_aside("[", BOXES) is None
    twice = SHIPPED.replace("scoring:\n      - {level: 0, because: books", "scoring: [\n      - {level: 0, because: books")
    found = set_aside(twice, BOXES)
    assert found.lines.startswith("scoring: [\n  - {level: 0") and found.put_back(found.source) == twice
    assert set_aside(twice.replace("- name: peer", "- name: [peer"), BOXES) is None, "two are too many"


@pytest.mark.parametrize("raw", ["name: other\nmost: 3\n", "{name: other}", "# why\nname: other", "other"])
def test_an_item_is_added_at_the_end_and_taken_out_again(raw):
    for path, many in some((LISTS[1], LISTS[6], LISTS[-3], LISTS[-1]), every=2):
        made = add_raw_item(SHIPPED, path, raw)
        assert len(tree_of(made).at(path)) == many + 1
        assert tree_of(made).at((*path, many)) == (yaml.safe_load(raw))
        taken = remove_item(made, (*path, many))
        assert taken == SHIPPED or not many and tree_of(taken).data == tree_of(SHIPPED).data
    assert tree_of(add_raw_item(SHIPPED, ("dimensions", 0, "more"), raw)).at(("dimensions", 0, "more")) is not None
    assert tree_of(add_raw_item(GOOD.rstrip("\n"), ("tasks",), raw)).at(("tasks",)) is not None


def test_every_item_can_be_taken_out_and_leaves_the_others():
    for path in some(ITEMS[::5]):
        before, made = tree_of(SHIPPED).at(path[:3]), remove_item(SHIPPED, path)
        assert tree_of(made).at(path[:3]) == before[: path[3]] + before[path[3] + 1 :]
    made = remove_item(COMMENTED, ("dimensions", 0, "checks", 0))
    assert "    checks: []\n    scoring" in made and "about long" not in made and "# how the checks make a level" in made


@pytest.mark.parametrize(("verb", "more"), [(raw_item, ()), (put_raw_item, ("x",)), (remove_item, ())])
def test_an_item_within_brackets_or_that_is_not_there_is_refused(verb, more):
    for path in (
        ("dimensions", 1, "checks", 0, "hits", 0),
        ("dimensions", 0, "checks", 7),
        ("dimensions", 0, "levels", 0),
        ("x", 0),
    ):
        with pytest.raises(CannotPlace):
            verb(CHECKED, path, *more)
    with pytest.raises(CannotPlace, match="brackets"):
        add_raw_item(CHECKED, ("dimensions", 1, "checks", 0, "hits"), "x")
    with pytest.raises(CannotPlace, match="would not be read"):
        add_raw_item(CHECKED, ("dimensions", 0, "checks"), "x: [")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    )
)
def test_a_value_written_on_one_line_reads_as_it_was(value):
    made = in_flow({"value": value})
    assert "\n" not in made
    try:
        assert yaml.safe_load(made) == {"value": value}
    except yaml.reader.ReaderError:
        assert any(not each.isprintable() for each in made)


@pytest.mark.parametrize("path", [("dimensions", 0, "checks", 0, "most"), ("dimensions", 0), ("nowhere", "x")])
def test_where_there_is_no_list_nothing_is_added(path):
    with pytest.raises(CannotPlace):
        add_to_list(CHECKED, path, "x")


def test_what_is_refused_is_refused_alike_each_time_and_puts_nothing_on_the_error():
    """The texts asked for last are read once, the refused too: each asking raises with its own trace alone."""
    seen = []
    for _ in range(3):
        with pytest.raises(Unreadable) as refused:
            read_marked(b"a: 'open\n")
        seen.append((refused.value.problem, len(refused.traceback)))
    assert len(set(seen)) == 1 and seen[0][0].line == 1
