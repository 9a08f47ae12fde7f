"""The next rubric version is written in the browser: kept as typed, saved as a new file, never over an old one."""

import pytest

from db.engine import migrate
from tests.support.older_stores import older_copy
from tests.support.refusals import refusal
from tests.support.rubric_files import ONE, TWO, version
from tests.support.small_stores import CTA, TONE, people, rows
from touchstone.rubric.diff import revise
from workflow.rubric import rubrics
from workflow.rubric.next_version import (
    add_check,
    keep_check,
    keep_file,
    keep_rest,
    keep_words,
    remove_check,
    save,
    start_over,
    take_back,
)
from workflow.rubric.unfinished_version import CheckPlace, begun_after, next_name, unfinished
from workflow.rubric.versions import publish

pytestmark = pytest.mark.usefixtures("rubric_folder")


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
    assert [begun_after(each, engine, [ONE, TWO]) for each in (ana, ben)] == [ONE, ""], "where each goes on"
    assert save(ana, engine, ONE) == TWO
    assert rubrics.read_file(rubrics.FOLDER / f"{TWO}.yml")[0].dimension(TONE).level(2).anchor == "Direct: no filler, in voice."
    assert (file_of(TWO), file_of(ONE)) == (found.source, before)
    after = unfinished(ana, engine, ONE)
    assert (after.is_kept, after.exists) == (False, True)
    assert unfinished(ana, engine, TWO).name == "tenacious-v3"


def test_a_saved_version_is_gone_on_with_until_it_is_published(engine, ana):
    (ben,) = people(engine, "ben")
    keep_words(ana, engine, ONE, anchor(unfinished(ana, engine, ONE)), "Other words.")
    save(ana, engine, ONE)
    saved = file_of(TWO)
    assert [take_back(each, engine, TWO) for each in (ana, ben)] == [ONE, ONE]
    assert refusal(take_back, ana, engine, TWO).startswith(f"you are writing {TWO} already")
    keep_words(ana, engine, ONE, anchor(unfinished(ana, engine, ONE)), "Better words.")
    assert file_of(TWO) == saved, "until it is saved again"
    assert save(ana, engine, ONE) == TWO and "Better words." in file_of(TWO)
    assert sorted(path.name for path in rubrics.FOLDER.glob(f"{TWO}*")) == [f"{TWO}.yml"]
    assert "was changed in rubric_versions/ since you took it up" in refusal(save, ben, engine, ONE)
    start_over(ben, engine, ONE)
    assert "Better words." in file_of(TWO) and not unfinished(ben, engine, ONE).is_kept
    take_back(ben, engine, TWO)
    publish(ana, engine, TWO, "why")
    assert f"{TWO} is published already" in refusal(save, ben, engine, ONE)
    assert refusal(take_back, ana, engine, TWO).startswith(f"{TWO} is published")


def test_what_was_being_written_in_an_earlier_store_is_gone_on_with(sqlite_engine, empty_url):
    (ana,) = people(sqlite_engine, "ana")
    keep_words(ana, sqlite_engine, ONE, anchor(unfinished(ana, sqlite_engine, ONE)), "Other words.")
    old = older_copy(sqlite_engine, empty_url, "0008")
    migrate(old)
    found = unfinished(ana, old, ONE)
    assert found.text(anchor(found)) == "Other words." and found.taken_from == "" and save(ana, old, ONE) == TWO
    old.dispose()


def test_how_weights_go_is_kept_in_the_next_version(engine, ana):
    name = version(1, ("weights: unweighted", "weights: linear, by: value"), name="weighed")
    keep_words(ana, engine, name, anchor(unfinished(ana, engine, name)), "Other words.")
    assert save(ana, engine, name) == "weighed-v2"
    before, after = (rubrics.read_file(rubrics.FOLDER / f"weighed-v{number}.yml")[0] for number in (1, 2))
    changed = [each for each in before.dimensions if each.agreement.by == "value"]
    assert len(changed) == 1 and after.dimension(changed[0].key).agreement == changed[0].agreement


def test_a_file_that_is_there_is_never_written_over(engine, ana):
    keep_words(ana, engine, ONE, anchor(unfinished(ana, engine, ONE)), "Other words.")
    version(2)
    before = file_of(TWO)
    assert refusal(save, ana, engine, ONE) == (
        f"{TWO}.yml is in rubric_versions/ already and is not overwritten; begin from {TWO}, or remove that file"
    )
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
    assert "it is a button's label" in problem.reason
    assert "many more than four" in found.source.split("\n")[problem.line - 1]
    assert found.rubric is None and found.is_yaml
    assert "is not a valid rubric yet; fix 1 problem" in refusal(save, ana, engine, ONE)
    assert not (rubrics.FOLDER / f"{TWO}.yml").exists()


def check_of(found, name: str, key: str = TONE) -> CheckPlace:
    return next(each for each in found.checks(key) if each.name == name)


def names(found, key: str = TONE) -> list[str]:
    return [each.name for each in found.checks(key)]


def test_one_check_is_kept_beside_the_old_and_nothing_else_changes(engine, ana):
    found = unfinished(ana, engine, ONE)
    assert names(found) == ["style-guide", "task-list", "filler", "long-cold", "long-warm", "implementation", "peer"]
    filler = check_of(found, "filler")
    raw = found.raw_check(TONE, filler)
    assert raw == found.old_check(TONE, filler) and raw.startswith("name: filler\nextends: phrase\n")
    keep_check(ana, engine, ONE, TONE, filler, raw.replace("touch base, ", "").replace("We touched base.", "best in class"))
    now = unfinished(ana, engine, ONE)
    assert now.problems == () and check_of(now, "filler") == filler
    (tokens, hit) = now.changed_check(TONE, filler)
    assert (tokens.what, tokens.items.removed, tokens.items.added, hit.what) == ("tokens", ("“touch base”",), (), "hit")
    before, after = found.source.splitlines(), now.source.splitlines()
    assert len(before) == len(after) and sum(one != other for one, other in zip(before, after, strict=True)) == 2


def test_a_check_that_is_no_yaml_is_kept_told_in_its_own_box_and_mended_there(engine, ana):
    filler = check_of(unfinished(ana, engine, ONE), "filler")
    good = unfinished(ana, engine, ONE).raw_check(TONE, filler)
    for broken in (good.replace("tokens: [", "tokens: [["), "message: 'x\n" + good, "foo\n" + good, "{", "\tname: filler"):
        keep_check(ana, engine, ONE, TONE, filler, broken)
        found = unfinished(ana, engine, ONE)
        assert found.is_yaml and found.rubric is None and found.runs is None
        (problem,) = found.problems
        assert "not YAML" in problem.reason
        here = next(each for each in found.checks(TONE) if each.place == filler.place)
        assert found.raw_check(TONE, here) == broken + ("" if broken.endswith("\n") else "\n")
        (told,) = found.problems_of(TONE, here)
        assert told.reason == problem.reason and 1 <= told.line <= broken.count("\n") + 1, "the line is that of the box"
        assert found.problems_of(TONE, check_of(found, "peer")) == []
        keep_words(ana, engine, ONE, anchor(found), "Direct: other words.")
        assert broken.strip() in "\n".join(line[8:] for line in unfinished(ana, engine, ONE).source.splitlines())
        keep_check(ana, engine, ONE, TONE, here, good)
        mended = unfinished(ana, engine, ONE)
        assert mended.problems == () and mended.raw_check(TONE, filler) == good
    assert mended.text(anchor(mended)) == "Direct: other words."


def test_the_rest_is_kept_right_or_wrong_and_what_cannot_be_found_is_mended_in_the_whole_file(engine, ana):
    old = unfinished(ana, engine, ONE).raw_rest(TONE)
    assert old.startswith("scoring:\n") and "\nexamples:\n" in old and "checks" not in old
    keep_rest(ana, engine, ONE, TONE, old.replace("scoring:\n", "scoring: [\n"))
    found = unfinished(ana, engine, ONE)
    assert found.is_yaml and found.rubric is None and found.raw_rest(TONE) == old.replace("scoring:\n", "scoring: [\n")
    assert found.changed_rest(TONE) == ()
    keep_rest(ana, engine, ONE, TONE, old.replace("filler, any: [filler]", "weary words, any: [filler]"))
    (scoring,) = unfinished(ana, engine, ONE).changed_rest(TONE)
    assert scoring.items[:2] == (("1: filler (any filler)",), ("1: weary words (any filler)",))
    keep_file(ana, engine, ONE, "rubric: [\n" + found.source)
    lost = unfinished(ana, engine, ONE)
    assert not lost.is_yaml and lost.place(TONE) is None and lost.problems[0].line
    said = refusal(keep_rest, ana, engine, ONE, TONE, "examples: []")
    assert said == f"{TWO}.yml has no dimension {TONE} that can be found; edit the whole file instead"
    keep_file(ana, engine, ONE, file_of(ONE).replace("\nversion: 1\n", "\nversion: 2\n").replace("\n", "\r\n").rstrip())
    mended = unfinished(ana, engine, ONE)
    assert (mended.problems, mended.source) == ((), file_of(ONE).replace("\nversion: 1\n", "\nversion: 2\n"))


def test_a_check_is_added_with_what_it_needs_removed_and_put_back(engine, ana):
    add_check(ana, engine, ONE, TONE)
    add_check(ana, engine, ONE, TONE)
    found = unfinished(ana, engine, ONE)
    assert names(found)[-2:] == ["new-check", "new-check-2"] and found.checks(TONE)[-1].before == ""
    assert any("new-check has no tokens" in each.reason or "hit of check new-check" in each.reason for each in found.problems)
    for name in ("new-check", "new-check-2", "peer"):
        remove_check(ana, engine, ONE, TONE, check_of(unfinished(ana, engine, ONE), name))
    found = unfinished(ana, engine, ONE)
    assert found.checks(TONE)[-1] == CheckPlace(None, "peer", "peer")
    assert any("names the check or group peer" in each.reason for each in found.problems)
    add_check(ana, engine, ONE, TONE, again="peer")
    assert unfinished(ana, engine, ONE).source == file_of(ONE).replace("\nversion: 1\n", "\nversion: 2\n")
    add_check(ana, engine, ONE, "personalization_depth")
    assert names(unfinished(ana, engine, ONE), "personalization_depth") == ["new-check"]


def test_a_check_called_otherwise_keeps_the_old_one_beside_it(engine, ana):
    found = unfinished(ana, engine, ONE)
    keep_check(
        ana,
        engine,
        ONE,
        TONE,
        check_of(found, "peer"),
        found.raw_check(TONE, check_of(found, "peer")).replace("name: peer", "name: equal"),
    )
    assert unfinished(ana, engine, ONE).checks(TONE)[-1] == CheckPlace(6, "equal", "peer")


def test_two_windows_never_write_over_another_check(engine, ana):
    found = unfinished(ana, engine, ONE)
    filler, peer = check_of(found, "filler"), check_of(found, "peer")
    raw = found.raw_check(TONE, peer)
    remove_check(ana, engine, ONE, TONE, filler)
    keep_check(ana, engine, ONE, TONE, peer, raw.replace("a cue of", "a sign of"))
    now = unfinished(ana, engine, ONE)
    assert "a sign of" in now.raw_check(TONE, check_of(now, "peer")) and names(now)[4:] == ["implementation", "peer", "filler"]
    assert refusal(keep_check, ana, engine, ONE, TONE, filler, "name: filler").startswith(
        f"{TONE} has no check filler any more: another window removed it"
    )


def test_a_version_tries_its_own_examples_while_they_come_out_wrong(engine, ana):
    found = unfinished(ana, engine, ONE)
    filler = check_of(found, "filler")
    assert all(each.is_right for each in (*found.tried(TONE, filler).texts, *found.tried_examples(TONE)))
    keep_check(ana, engine, ONE, TONE, filler, found.raw_check(TONE, filler).replace("tokens: [reaching out to, ", "tokens: ["))
    now = unfinished(ana, engine, ONE)
    assert now.rubric is None and now.runs is not None and len(now.problems) == 2
    assert [(each.text, each.is_right) for each in now.tried(TONE, filler).texts][0] == ("Just reaching out to you.", False)
    (wrong,) = [each for each in now.tried_examples(TONE) if not each.is_right]
    assert (wrong.example.level, wrong.score.value) == (1, 2)
    assert [each.reason for each in now.problems_of(TONE, filler)] == [
        "check filler misses its hit 'Just reaching out to you.'; fix the check or the text"
    ]


def test_starting_over_forgets_what_was_typed(engine, ana):
    keep_file(ana, engine, ONE, "rubric: [")
    start_over(ana, engine, ONE)
    assert not unfinished(ana, engine, ONE).is_kept and unfinished(ana, engine, ONE).problems == ()


@pytest.mark.parametrize(
    ("verb", "given", "said"),
    [
        (
            keep_words,
            (("dimensions", 0, "levels"), "x"),
            "that cannot be written into tenacious-v2.yml from its box: it holds a list or",
        ),
        (keep_file, ("x" * 250_001,), "the file would have 250,002 bytes; at most 250,000 are read: shorten it"),
        (keep_rest, ("charm", "scoring: []"), "tenacious-v2.yml has no dimension charm that can be found"),
        (add_check, ("charm",), "tenacious-v2.yml has no dimension charm that can be found"),
        (remove_check, (CTA, CheckPlace(0, "none", "")), "cta_quality has no check none any more"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_what_was(engine, ana, verb, given, said):
    assert refusal(verb, ana, engine, ONE, *given).startswith(said)
    assert not unfinished(ana, engine, ONE).is_kept


def test_a_version_that_is_no_rubric_is_nothing_to_begin_from(engine, ana):
    assert "cannot be read" in refusal(unfinished, ana, engine, "nowhere-v1")


def test_what_another_window_kept_is_not_written_over_and_what_was_typed_is_told(engine, ana):
    drawn = unfinished(ana, engine, ONE)
    path = anchor(drawn)
    keep_words(ana, engine, ONE, path, "Of the first window.", was=drawn.text(path))
    said = refusal(keep_words, ana, engine, ONE, path, "Of the second window.", was=drawn.text(path))
    assert "changed in another window meanwhile" in said and "Of the second window." in said
    assert unfinished(ana, engine, ONE).text(path) == "Of the first window."
    keep_words(ana, engine, ONE, path, "Of the first window.", was=drawn.text(path))  # the same words twice are no quarrel
    said = refusal(keep_file, ana, engine, ONE, drawn.source + "# a line more", was=drawn.source)
    assert "changed in another window meanwhile" in said
    filler = check_of(drawn, "filler")
    raw = drawn.raw_check(TONE, filler)
    keep_check(ana, engine, ONE, TONE, filler, raw.replace("is filler", "is stuffing"), was=raw.strip("\n"))
    other = raw.replace("is filler", "is padding")
    assert "changed in another window meanwhile" in refusal(keep_check, ana, engine, ONE, TONE, filler, other, was=raw)
    rest = drawn.raw_rest(TONE)
    keep_rest(ana, engine, ONE, TONE, rest.replace("because: filler", "because: stuffing"), was=rest)
    other = rest.replace("because: filler", "because: padding")
    assert "changed in another window meanwhile" in refusal(keep_rest, ana, engine, ONE, TONE, other, was=rest)
    source = unfinished(ana, engine, ONE).source
    assert "is stuffing" in source and "because: stuffing" in source and "padding" not in source
