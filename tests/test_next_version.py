"""The next rubric version is written in the browser: kept as typed, saved as a new file, never over an old one."""

import pytest

from tests.building import CTA, TONE, label_all, opened, people, rows, stock
from tests.test_adjudication import refusal
from tests.test_life_of_a_revision import ONE, TWO, folder, version  # noqa: F401  (folder: a fixture)
from touchstone.revision import revise
from workflow import rubrics
from workflow.next_version import (
    AS_COMMENT,
    add_example,
    keep_file,
    keep_raw,
    keep_words,
    next_name,
    rounds_under,
    save,
    start_over,
    unfinished,
)
from workflow.revisions import publish
from workflow.rounds import close_round


@pytest.fixture
def ana(engine):
    return people(engine, "ana", "ben")[0]


def file_of(name: str) -> str:
    return (rubrics.FOLDER / f"{name}.yml").read_text("utf-8")


def anchor(found, number: int = 2, key: str = TONE) -> tuple:
    return (*found.place(key), "levels", number, "anchor")


def test_it_begins_as_the_file_before_with_its_number_counted_on(engine, ana):
    found = unfinished(ana, engine, ONE)
    assert (found.name, found.problems, found.is_kept, found.exists) == (TWO, (), False, False)
    assert found.rubric.version == 2 and revise(found.base, found.rubric).changed == []
    assert found.source == file_of(ONE).replace("\nversion: 1\n", "\nversion: 2\n"), "comments and layout are those of the file"
    assert rows(engine, "SELECT count(*) FROM unfinished_versions") == [(0,)]
    assert next_name("replies-v9") == "replies-v10"


def test_what_is_typed_is_kept_for_its_person_alone_and_saved_as_a_new_file(engine, ana):
    before, (ben,) = file_of(ONE), people(engine, "ben")
    keep_words(ana, engine, ONE, anchor(unfinished(ana, engine, ONE)), "  Direct: no filler, in voice.  ")
    found = unfinished(ana, engine, ONE)
    assert found.is_kept and found.text(anchor(found)) == "Direct: no filler, in voice."
    assert [each.key for each in revise(found.base, found.rubric).changed] == [TONE]
    assert not unfinished(ben, engine, ONE).is_kept
    assert save(ana, engine, ONE) == TWO
    assert rubrics.read_file(rubrics.FOLDER / f"{TWO}.yml")[0].dimension(TONE).level(2).anchor == "Direct: no filler, in voice."
    assert (file_of(TWO), file_of(ONE)) == (found.source, before)
    after = unfinished(ana, engine, ONE)
    assert (after.is_kept, after.exists) == (False, True)
    assert unfinished(ana, engine, TWO).name == "tenacious-v3"


def test_a_file_that_is_there_is_never_written_over(engine, ana):
    keep_words(ana, engine, ONE, anchor(unfinished(ana, engine, ONE)), "Other words.")
    version(2)
    before = file_of(TWO)
    assert refusal(save, ana, engine, ONE) == (
        f"{TWO}.yml is in rubric_versions/ already and is not written over; begin from {TWO}, or take that file away")
    assert file_of(TWO) == before and unfinished(ana, engine, ONE).is_kept, "what was typed is still there"
    publish(ana, engine, TWO, "why")
    (rubrics.FOLDER / f"{TWO}.yml").unlink()
    assert f"{TWO} is published already" in refusal(save, ana, engine, ONE)
    assert not (rubrics.FOLDER / f"{TWO}.yml").exists()


def test_a_version_with_mistakes_is_kept_told_by_line_and_not_saved(engine, ana):
    button = (*unfinished(ana, engine, ONE).place(TONE), "levels", 0, "title")
    keep_words(ana, engine, ONE, button, "many more than four words here")
    found = unfinished(ana, engine, ONE)
    (problem,) = found.problems
    assert "it stands on a button" in problem.reason
    assert "many more than four" in found.source.split("\n")[problem.line - 1]
    assert found.rubric is None and found.is_yaml
    assert "is not a rubric yet; mend 1 problem" in refusal(save, ana, engine, ONE)
    assert not (rubrics.FOLDER / f"{TWO}.yml").exists()


def test_checks_are_kept_right_or_wrong_and_broken_yaml_is_mended_in_the_whole_file(engine, ana):
    assert unfinished(ana, engine, ONE).raw(TONE) == "checks: []\n"
    keep_raw(ana, engine, ONE, TONE, "checks: [\n")
    found = unfinished(ana, engine, ONE)
    assert not found.is_yaml and found.place(TONE) is None and found.problems[0].line
    said = refusal(keep_raw, ana, engine, ONE, TONE, "checks: []")
    assert said == f"{TWO}.yml has no dimension {TONE} that can be found; change it in the whole file"
    keep_file(ana, engine, ONE, found.source.replace("checks: [\n", "checks: []\n").replace("\n", "\r\n").rstrip())
    mended = unfinished(ana, engine, ONE)
    assert (mended.problems, mended.source) == ((), file_of(ONE).replace("\nversion: 1\n", "\nversion: 2\n"))


def test_starting_over_forgets_what_was_typed(engine, ana):
    keep_file(ana, engine, ONE, "rubric: [")
    start_over(ana, engine, ONE)
    assert not unfinished(ana, engine, ONE).is_kept and unfinished(ana, engine, ONE).problems == ()


@pytest.mark.parametrize(("verb", "given", "said"), [
    (keep_words, (("dimensions", 0, "levels"), "x"), "that cannot be put into tenacious-v2.yml from its box: a list or"),
    (keep_file, ("x" * 250_001,), "the file would have 250,002 bytes; 250,000 are read: shorten it"),
    (keep_raw, ("charm", "checks: []"), "tenacious-v2.yml has no dimension charm that can be found"),
    (add_example, (TONE, "d99", AS_COMMENT), "there is no draft d99 in the store"),
])
def test_what_cannot_be_kept_is_refused_and_leaves_what_was(engine, ana, verb, given, said):
    assert refusal(verb, ana, engine, ONE, *given).startswith(said)
    assert not unfinished(ana, engine, ONE).is_kept


def test_a_version_that_is_no_rubric_is_nothing_to_begin_from(engine, ana):
    assert "cannot be read" in refusal(unfinished, ana, engine, "nowhere-v1")


def test_an_example_goes_from_a_disagreement_into_the_yaml(engine, ana):
    _, ben = people(engine, "ana", "ben")
    stock(engine, ana, 2)
    opened(engine, ana)
    for person, values in ((ana, {"d01": (1, 1), "d02": (0, 0)}), (ben, {"d01": (2, 1), "d02": (0, 0)})):
        label_all(engine, person, values)
    assert rounds_under(engine, ONE) == []
    close_round(ana, engine, "pilot")
    assert rounds_under(engine, ONE) == ["pilot"] and rounds_under(engine, TWO) == []
    add_example(ana, engine, ONE, TONE, "d01", AS_COMMENT, "ana 1 · ben 2")
    found = unfinished(ana, engine, ONE)
    assert found.problems == (), "a comment is no mistake, whatever checks there are"
    assert found.raw(TONE) == "# d01: ana 1 · ben 2\n# Hello, this is invented draft 1.\nchecks: []\n"
    keep_raw(ana, engine, ONE, TONE, "checks:\n  - name: shouting\n    hits: []\n    misses: [one]\n")
    found = unfinished(ana, engine, ONE)
    assert list(found.lists(TONE)) == ["checks / shouting / hits", "checks / shouting / misses"]
    add_example(ana, engine, ONE, TONE, "d01", "checks / shouting / hits")
    assert '    hits: ["Hello, this is invented draft 1."]\n' in unfinished(ana, engine, ONE).raw(TONE)
    assert "has no list elsewhere; choose one" in refusal(add_example, ana, engine, ONE, TONE, "d01", "elsewhere")
    opened(engine, ana, "second", draft_ids=["d01"], dimensions=[CTA])
    assert "held back until that is closed" in refusal(add_example, ana, engine, ONE, TONE, "d01", AS_COMMENT)
