"""What changed between two rubric versions: words, levels, the rule of agreement, checks."""

from pathlib import Path

import pytest

from tests.rubric.test_reading import GOOD, read
from touchstone.rubric.changes import changes_of, compare_checks
from touchstone.rubric.diff import revise
from touchstone.rubric.model import Rubric
from touchstone.rubric.word_diff import word_diff
from touchstone.rubric.written_values import in_words, written
from touchstone.scorer.loading import load_rubric

FOLDER = Path(__file__).resolve().parents[2] / "rubric_versions"


@pytest.fixture(scope="module")
def shipped() -> list[Rubric]:
    return [load_rubric((FOLDER / name).read_bytes(), name)[0] for name in ("tenacious-v1.yml", "tenacious-v2.yml")]


def later(*changes: tuple[str, str], text: str = GOOD) -> Rubric:
    """GOOD as version 2, with these lines changed."""
    for old, new in (("version: 1", "version: 2"), *changes):
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return read(text, "replies-v2.yml")


def test_another_order_of_nominal_levels_is_told_and_makes_no_label_stale():
    verdict = """\
      - value: pass
        title: Resolved
        anchor: The customer can go on.
"""
    fail = """\
      - value: fail
        title: Open
        anchor: The customer has to ask again.
"""
    found = revise(read(GOOD), later((verdict + fail, fail + verdict))).dimensions["resolved"]
    assert [(each.what, each.after) for each in found.values] == [("order of the levels", "fail, pass")]
    assert (found.parts, found.changes_labels, found.in_words) == ((), False, "order of the levels")
    ordinal = later((verdict + fail, fail + verdict), ("scale: nominal", "scale: ordinal"))
    assert revise(read(GOOD.replace("scale: nominal", "scale: ordinal")), ordinal).dimensions["resolved"].changes_labels


def spoken(before: str, after: str) -> str:
    marks = {"same": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(marks[each.kind].format(each.text) for each in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Company name.", "Company name and a signal.", "Company name[+ and a signal+]."),
        ("a b c", "a c", "a[- b-] c"),
        ("", "new words", "[+new words+]"),
        ("old words", "", "[-old words-]"),
        ("", "", ""),
        ("same, here", "same\n   , here", "same\n   , here"),
        ("don't", "do not", "[-don't-][+do not+]"),
        ("level 2 is <b>", "level 3 is <b>", "level[- 2-][+ 3+] is <b>"),
        ("ärger über alles", "Ärger über alles", "[-ärger-][+Ärger+] über alles"),
    ],
)
def test_two_texts_are_told_apart_word_by_word(before, after, said):
    assert spoken(before, after) == said


@pytest.mark.parametrize(("before", "after"), [("one two, three", "one four; three five"), ("a\n\nb", "c a b"), ("x", "x x x")])
def test_both_texts_can_be_read_from_their_differences_in_full(before, after):
    found = word_diff(before, after)
    for text, without in ((before, "inserted"), (after, "deleted")):
        assert "".join(each.text for each in found if each.kind != without).split() == text.split()


def test_a_long_text_is_compared_without_end():
    before = "the reply , is a reply . " * 5_000
    assert [each.kind for each in word_diff(before, before + "more")][-1] == "inserted"


def test_a_file_against_itself_differs_in_nothing():
    found = revise(read(GOOD), read(GOOD))
    assert (found.changed, found.texts, found.values, found.to_label_again) == ([], (), (), ())
    assert found.sentence == "replies-v1 and replies-v1 are the same file: nothing differs."


def test_a_new_layout_of_the_same_words_is_no_change():
    found = revise(read(GOOD), later())
    assert found.sentence == "replies-v2 differs from replies-v1 in no dimension, only in the file's layout."


def test_a_changed_anchor_is_a_change_of_words_in_its_dimension_alone():
    before = read(GOOD)
    first = before.dimensions[0]
    anchor = first.levels[0].anchor
    found = revise(before, later((anchor, f"Now {anchor}")))
    assert [each.key for each in found.changed] == [first.key] == list(found.to_label_again)
    (changed,) = found.changed
    assert (changed.parts, changed.changes_labels) == (("words",), True)
    assert [(each.what, each.after) for each in changed.texts] == [(f"anchor of level {first.levels[0].value}", f"Now {anchor}")]
    assert f"{first.title} (words)" in found.sentence
    assert all(not each.is_changed for key, each in found.dimensions.items() if key != first.key)


def test_a_changed_threshold_is_a_change_of_the_rule_and_makes_no_label_stale():
    found = revise(read(GOOD), later(("threshold: 0.8", "threshold: 0.75")))
    (changed,) = found.changed
    assert (changed.parts, changed.changes_labels, found.to_label_again) == (("agreement",), False, ())
    assert [tuple(each)[:3] for each in changed.values] == [("threshold", "0.8", "0.75")]


def test_weights_in_the_score_belong_to_scoring():
    found = revise(read(GOOD), later(("weight: 0.4", "weight: 0.3"), ("weight: 0.6", "weight: 0.7")))
    assert [each.parts for each in found.changed] == [("checks",), ("checks",)]
    assert found.to_label_again == () and "(scoring)" in found.sentence


def test_levels_and_dimensions_that_come_and_go_are_told():
    before = read(GOOD)
    one, other = before.dimensions
    new = one.levels[-1].model_copy(update={"value": "new", "title": "New"})
    kept = one.model_copy(update={"levels": (*one.levels[:-1], new), "aliases": ("other_name",)})
    added = other.model_copy(update={"key": "fresh", "title": "Fresh"})
    after = before.model_copy(update={"dimensions": (kept, added), "digest": "other", "name": "replies-v2", "version": 2})
    found = revise(before, after)
    assert {key: each.where for key, each in found.dimensions.items()} == {one.key: "both", "fresh": "after", other.key: "before"}
    assert found.dimensions[one.key].parts == ("levels",)
    gone = f"level {one.levels[-1].value}"
    assert {each.what for each in found.dimensions[one.key].values} == {"level new", gone, "aliases"}
    assert found.to_label_again == (one.key, "fresh")
    assert "Fresh (added)" in found.sentence and f"{other.title} (removed)" in found.sentence


def test_what_is_said_of_all_dimensions_is_told_apart():
    before = read(GOOD)
    after = before.model_copy(
        update={
            "about": "Something else.",
            "title": "Another",
            "fields": (),
            "digest": "other",
            "dimensions": before.dimensions[::-1],
        }
    )
    found = revise(before, after)
    assert [each.what for each in found.texts] == ["title", "about"] and found.changes_about
    assert "order of the dimensions" in [each.what for each in found.values]
    assert found.changed == [] and "for all dimensions, title, about" in found.sentence


CHECKS = [
    {"name": "banned", "tokens": ["synergy", "leverage"], "hits": ["We leverage it."]},
    {"name": "long", "most": 120, "misses": [{"text": "short", "why": None}]},
]


def test_checks_are_compared_by_their_names():
    after = [
        {"name": "long", "most": 100, "misses": [{"text": "short", "why": None}]},
        {"name": "hedge", "patterns": ["looks like"]},
    ]
    found = compare_checks(CHECKS, after)
    assert (found.added, found.removed) == (("hedge",), ("banned",))
    (change,) = found.changed
    assert change.name == "long" and [tuple(each)[:3] for each in change.values] == [("most", "120", "100")]
    assert not compare_checks(CHECKS, list(reversed(CHECKS))) and compare_checks([], CHECKS).added == ("banned", "long")


def sides(before, after) -> list[tuple]:
    return [
        (each.what, *([(part.kind[:3], part.text) for part in side] for side in each.sides)) for each in changes_of(before, after)
    ]


def test_a_list_is_told_item_by_item_and_texts_by_their_number():
    assert sides({"tokens": ["a", "b, c", "d"], "max": 3}, {"tokens": ["d", "a", "e"]}) == [
        ("tokens", [("del", "“b, c”"), ("sam", "2 more as before")], [("ins", "“e”"), ("sam", "2 more as before")]),
        ("max", [("sam", "3")], []),
    ]
    assert sides({"hit": ["a", "b"], "miss": ["x"]}, {"hit": ["a", "c", "c"], "miss": []}) == [
        ("hit", [("sam", "2 texts, 1 gone")], [("sam", "3 texts, 2 new")]),
        ("miss", [("sam", "1 text, 1 gone")], [("sam", "0 texts")]),
    ]
    assert sides({"tokens": ["a", "b"]}, {"tokens": ["b", "a"]}) == [
        ("tokens", [("sam", "2 entries")], [("sam", "the same in another order")])
    ]
    assert sides({}, {"tokens": ["a"]}) == [("tokens", [], [("ins", "“a”")])]
    assert sides({"tokens": "a"}, {"tokens": ["a"]}) == [("tokens", [("sam", "a")], [("sam", "a")])]


def test_a_scoring_line_is_told_as_one_reads_it():
    line = {
        "level": 3,
        "because": "two things",
        "not_scorable": None,
        "any": ["x", "y"],
        "none": [],
        "at_least": {"count": 2, "of": ["a", "b"]},
        "fact_is": {"kind_of": ["p", "q"]},
    }
    assert in_words(line) == "3: two things (any x, y; at least 2 of a, b; fact is kind of p or q)"
    assert in_words({"not_scorable": "no words", "missing": ["x"]}) == "not scorable: no words (missing x)"
    assert in_words({"level": 0, "because": "so"}) == "0: so"


def test_facts_and_tasks_are_compared_by_their_keys():
    before = [{"key": "a", "values": ["x"]}, {"key": "b", "from": "f"}]
    assert [
        (each.what, each.before, each.after)
        for each in changes_of(
            {"facts": before},
            {"facts": [{"key": "b", "from": "f"}, {"key": "a", "values": ["x", "y"]}, {"key": "c", "from": "g"}]},
        )
    ] == [("facts a values", "x", "x, y"), ("facts c", "", "from: g"), ("order of the facts", "a, b", "b, a, c")]
    assert [each.what for each in changes_of({"facts": before}, {})] == ["facts"]


def test_a_check_is_told_in_a_few_words(shipped):
    found = revise(shipped[0], shipped[1])
    tokens = next(each.tokens for each in shipped[1].dimension("personalization_depth").checks if each.name == "inference")
    assert found.check("personalization_depth", "inference") == f"phrase, {len(tokens)} tokens: an inference said aloud: %s"
    assert found.dimensions["personalization_depth"].checks.added == ("company-in-body", "tied-detail", "inference")
    (scoring, examples) = found.dimensions["personalization_depth"].values
    assert len(scoring.items.added) == 4 and examples.by_number and not scoring.by_number
    assert set(scoring.as_json()) == {"what", "before", "after"}


def test_a_check_without_a_name_and_one_named_twice_are_told_by_their_place():
    found = compare_checks([{"tokens": ["a"]}, {"name": "x"}], [{"tokens": ["b"]}, {"name": "x"}, {"name": "x", "most": 3}])
    assert found.added == ("x (2)",) and found.changed[0].name == "check without a name, no. 1"
    assert [tuple(each)[:3] for each in found.changed[0].values] == [("tokens", "a", "b")]


def test_checks_that_are_models_are_compared_as_what_they_hold():
    level = read(GOOD).dimensions[0].levels[0]
    found = compare_checks([level], [level.model_copy(update={"anchor": "Other."})])
    assert [(each.what, each.after) for each in found.changed[0].values] == [("anchor", "Other.")]


def test_a_value_is_written_as_one_would_write_it():
    assert written([1, [2, 3], {"a": True, "b": None}]) == "1, [2, 3], [a: yes]"
    assert (written(None), written([]), written(False), written(0)) == ("", "", "no", "0")


def test_the_document_of_two_versions_holds_every_dimension():
    before = read(GOOD)
    found = revise(before, later((before.dimensions[0].question, "Another question?"))).as_json()
    assert found["before"]["name"] == "replies-v1" and found["after"]["name"] == "replies-v2"
    assert set(found["dimensions"]) == set(before.keys)
    first = found["dimensions"][before.keys[0]]
    assert first["parts"] == ["words"] and first["texts"][0]["what"] == "question"
    assert {each["kind"] for each in first["texts"][0]["words"]} <= {"same", "deleted", "inserted"}
