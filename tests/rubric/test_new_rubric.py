"""A new rubric: begun, written place by place in its file, and saved as one that a person can read and go on with."""

import pytest

from tests.support.refusals import refusal
from tests.support.rubric_files import ONE
from tests.support.small_stores import people
from touchstone.cli.rubric import say_good
from touchstone.rubric.making.scales import SCALES
from touchstone.scorer.loading import load_rubric
from workflow.rubric import rubrics
from workflow.rubric.check_entries import add_fact, keep_check_entry, keep_check_kind, keep_example_task, keep_fact_entry
from workflow.rubric.new_dimensions import (
    add_dimension,
    add_level,
    duplicate_dimension,
    keep_rule,
    keep_title,
    keep_weight,
    move_dimension,
    move_level,
    remove_dimension,
    remove_level,
    set_scale,
)
from workflow.rubric.new_rubric import (
    begin_empty,
    begin_from_rubric,
    begin_from_template,
    begin_from_text,
    names_begun,
    write_from_template,
)
from workflow.rubric.next_version import add_check, change, keep_file, keep_rest, keep_words, save, start_over
from workflow.rubric.unfinished_version import before_first, unfinished
from workflow.rubric.versions import publish

pytestmark = pytest.mark.usefixtures("rubric_folder")
NAME = "replies"
BASE = before_first(NAME)


@pytest.fixture
def ana(sqlite_engine):
    return people(sqlite_engine, "ana", "ben")[0]


def now(person, engine, name: str = NAME):
    return unfinished(person, engine, before_first(name))


def keys(person, engine) -> list[str]:
    found = now(person, engine)
    return [found.text(("dimensions", place, "key")) for place in range(9) if found.has(("dimensions", place))]


def values(person, engine, place: int = 0) -> list[str]:
    found = now(person, engine)
    return [found.text(("dimensions", place, "levels", number, "value")) for number in range(9) if found.has(
        ("dimensions", place, "levels", number))]  # fmt: skip


def test_from_nothing_to_a_published_version(engine):
    (ana,) = people(engine, "ana")
    assert begin_empty(ana, engine, NAME) == NAME and names_begun(ana, engine) == [NAME]
    keep_title(ana, engine, BASE, 0, " Call to  action ", was="")
    keep_words(ana, engine, BASE, ("dimensions", 0, "question"), "Is one thing asked for: and how?", was="")
    set_scale(ana, engine, BASE, 0, "4")
    for number in range(4):
        keep_words(ana, engine, BASE, ("dimensions", 0, "levels", number, "anchor"), f"Words # {number}.")
    keep_words(ana, engine, BASE, ("dimensions", 0, "guidance"), "An opt-out is none.")
    keep_words(ana, engine, BASE, ("dimensions", 0, "levels", 3, "example"), "Would Tuesday suit you?")
    keep_words(ana, engine, BASE, ("about",), "Mails.")
    keep_rule(ana, engine, BASE, 0, "statistic", "alpha")
    keep_rule(ana, engine, BASE, 0, "weights", "linear")
    keep_rule(ana, engine, BASE, 0, "threshold", 0.65)
    add_dimension(ana, engine, BASE, "yes-no-na")
    duplicate_dimension(ana, engine, BASE, 0)
    move_dimension(ana, engine, BASE, 1, 1)
    assert keys(ana, engine) == ["call_to_action", "dimension_2", "call_to_action_2"]
    remove_dimension(ana, engine, BASE, 1)
    remove_dimension(ana, engine, BASE, 1)
    add_level(ana, engine, BASE, 0)
    remove_level(ana, engine, BASE, 0, 4)
    move_level(ana, engine, BASE, 0, 0, -1)
    add_check(ana, engine, BASE, "call_to_action")
    (check,) = now(ana, engine).checks("call_to_action")
    keep_check_kind(ana, engine, BASE, "call_to_action", check, "fact")
    add_fact(ana, engine, BASE, "call_to_action", check)
    keep_fact_entry(ana, engine, BASE, "fact", "from", "roles")
    keep_fact_entry(ana, engine, BASE, "fact", "patterns", ["open roles: {number}"])
    keep_example_task(ana, engine, BASE, "roles", "Open roles: 3")
    for entry, value in {"tokens": [r"{number} open roles?\b"], "hit": ["3 open roles"], "miss": ["Open roles."]}.items():
        keep_check_entry(ana, engine, BASE, "call_to_action", check, entry, value)
    keep_weight(ana, engine, BASE, 0, 1.0)
    assert save(ana, engine, BASE) == f"{NAME}-v1" and names_begun(ana, engine) == []
    source = (rubrics.FOLDER / f"{NAME}-v1.yml").read_text("utf-8")
    rubric, problems = load_rubric(source.encode(), f"{NAME}-v1.yml")
    assert problems == [] and (rubric.title, rubric.about) == ("Replies", "Mails.")
    (made,) = rubric.dimensions
    assert (made.title, made.question) == ("Call to action", "Is one thing asked for: and how?")
    assert (made.scale, made.agreement.statistic, made.agreement.weights) == ("ordinal", "alpha", "linear")
    assert made.agreement.threshold == 0.65 and made.weight == 1 and made.guidance == "An opt-out is none."
    assert [level.anchor for level in made.levels] == [f"Words # {number}." for number in range(4)]
    assert made.levels[3].example == "Would Tuesday suit you?" and made.checks[0].tokens == (r"{number} open roles?\b",)
    assert "weights: linear       # two levels off counts twice as much as one level off" in source
    assert "scale: ordinal          # the levels have an order" in source and "# checks, scoring, examples:" in source
    assert publish(ana, engine, f"{NAME}-v1", "the first").name == f"{NAME}-v1"


def test_a_name_that_is_taken_or_none_is_refused_and_what_is_begun_stays(sqlite_engine, ana):
    begin_from_template(ana, sqlite_engine, NAME, "summary")
    kept = now(ana, sqlite_engine).source
    assert (
        refusal(begin_empty, ana, sqlite_engine, NAME)
        == f"you are writing {NAME}-v1 already; go on with it, or choose another name"
    )
    assert "tenacious-v1.yml is in rubric_versions/ already" in refusal(begin_empty, ana, sqlite_engine, "tenacious")
    assert refusal(begin_empty, ana, sqlite_engine, "  ").startswith("a rubric needs a name")
    assert refusal(begin_empty, ana, sqlite_engine, "Réplies").endswith("beginning with a letter: replies")
    assert now(ana, sqlite_engine).source == kept
    (ben,) = people(sqlite_engine, "ben")
    assert names_begun(ben, sqlite_engine) == [] and refusal(now, ben, sqlite_engine) == (
        f"you have no new rubric {NAME} in hand; begin it first"
    )
    start_over(ana, sqlite_engine, BASE)
    assert names_begun(ana, sqlite_engine) == []


def test_a_threshold_that_flags_nothing_is_said_of_a_file_that_is_good(sqlite_engine, ana, capsys):
    begin_from_template(ana, sqlite_engine, NAME, "summary")
    keep_rule(ana, sqlite_engine, BASE, 0, "threshold", 0.0)
    say_good(now(ana, sqlite_engine).rubric)
    assert "  Coherence: at a threshold of 0.00 hardly anything is ever flagged" in capsys.readouterr().out.splitlines()


def test_it_begins_as_a_copy_of_another_rubric_or_from_a_text(engine):
    (ana,) = people(engine, "ana")
    begin_from_rubric(ana, engine, NAME, ONE)
    found = now(ana, engine)
    assert found.problems == () and (found.rubric.name, found.base, found.before) == (f"{NAME}-v1", None, "")
    assert found.source.count("\n") == (rubrics.FOLDER / f"{ONE}.yml").read_text("utf-8").count("\n")
    text = "| Criterion | 1 | 2 |\n|---|---|---|\n| Clarity | Not | All |\n"
    begin_from_text(ana, engine, "pasted", text)
    (empty,) = now(ana, engine, "pasted").problems
    assert empty.reason == "question of clarity is empty; it must be one question on one line"
    begin_from_template(ana, engine, "essays", "essay")
    change(ana, engine, before_first("essays"), lambda found: found.reads + "# mine\n")
    assert now(ana, engine, "essays").source.endswith("# mine\n") and now(ana, engine, "essays").problems == ()
    assert write_from_template(engine, "essays", "essay") == "essays-v1", "it is nobody's until somebody saves it"
    assert "essays-v1.yml is in rubric_versions/ already" in refusal(save, ana, engine, before_first("essays"))
    publish(ana, engine, "essays-v1", "the first")
    (rubrics.FOLDER / "essays-v1.yml").unlink()
    assert refusal(write_from_template, engine, "essays", "essay").startswith("essays-v1.yml is in the store already")
    assert "no criterion was found in the text" in refusal(begin_from_text, ana, engine, "other", "prose")
    assert now(ana, engine, "pasted").problem_at(("dimensions", 0, "question")) == empty.reason
    assert now(ana, engine, "pasted").problem_at(("dimensions", 0, "title")) == ""


@pytest.mark.parametrize("scale", SCALES)
def test_every_scale_goes_to_every_other_and_keeps_the_words_it_can(sqlite_engine, ana, scale):
    begin_empty(ana, sqlite_engine, NAME)
    set_scale(ana, sqlite_engine, BASE, 0, scale)
    for number, _ in enumerate(values(ana, sqlite_engine)):
        keep_words(ana, sqlite_engine, BASE, ("dimensions", 0, "levels", number, "anchor"), f"Anchor {number}.")
    for other in ("named-nominal", "named-ordinal", scale):
        set_scale(ana, sqlite_engine, BASE, 0, other)
        found = now(ana, sqlite_engine)
        wrong = [each.reason for each in found.problems if " is empty;" not in each.reason]
        assert wrong == [], wrong
        assert found.text(("dimensions", 0, "scale")) == ("ordinal" if SCALES[other].is_ordinal else "nominal")
    if not scale.isdecimal():
        assert now(ana, sqlite_engine).text(("dimensions", 0, "levels", 0, "anchor")) == "Anchor 0."


def test_levels_and_dimensions_have_their_least_number(sqlite_engine, ana):
    begin_from_template(ana, sqlite_engine, NAME, "pass-fail")
    assert refusal(remove_level, ana, sqlite_engine, BASE, 0, 0).startswith("a dimension has at least two levels")
    move_level(ana, sqlite_engine, BASE, 1, 1, -1)
    assert values(ana, sqlite_engine, 1)[:3] == ["not_done", "harmful", "wrong"]
    add_level(ana, sqlite_engine, BASE, 0)
    assert values(ana, sqlite_engine, 0) == ["pass", "fail", "level_3"]
    remove_dimension(ana, sqlite_engine, BASE, 1)
    assert refusal(remove_dimension, ana, sqlite_engine, BASE, 0).startswith("a rubric has at least one dimension")
    assert refusal(keep_title, ana, sqlite_engine, BASE, 3, "x").startswith("that dimension is gone")
    broken = now(ana, sqlite_engine).source.replace("      - value: pass\n", "      - value: pass\n        colour: red\n")
    keep_file(ana, sqlite_engine, BASE, broken)
    assert "cannot all be read" in refusal(add_level, ana, sqlite_engine, BASE, 0), "nothing typed is dropped"


def test_a_key_goes_with_its_title_until_somebody_writes_it(sqlite_engine, ana):
    begin_empty(ana, sqlite_engine, NAME)
    keep_title(ana, sqlite_engine, BASE, 0, "Tone: shown?")
    assert keys(ana, sqlite_engine) == ["tone_shown"]
    keep_words(ana, sqlite_engine, BASE, ("dimensions", 0, "key"), "manner")
    keep_title(ana, sqlite_engine, BASE, 0, "Tone")
    assert keys(ana, sqlite_engine) == ["manner"]
    assert "changed in another window" in refusal(keep_title, ana, sqlite_engine, BASE, 0, "Other", was="Tone: shown?")


def test_a_check_is_tried_while_the_rest_is_not_written_yet(sqlite_engine, ana):
    begin_empty(ana, sqlite_engine, NAME)
    add_check(ana, sqlite_engine, BASE, "dimension_1")
    (check,) = now(ana, sqlite_engine).checks("dimension_1")
    keep_check_entry(ana, sqlite_engine, BASE, "dimension_1", check, "tokens", ["kindly revert"])
    keep_check_entry(ana, sqlite_engine, BASE, "dimension_1", check, "hit", ["Kindly revert.", "Please answer."])
    said = refusal(keep_check_entry, ana, sqlite_engine, BASE, "dimension_1", check, "tokens", ["other"], was="touch base")
    assert "changed in another window meanwhile" in said and "You typed: “other”" in said
    found = now(ana, sqlite_engine)
    assert found.runs is None and [each.is_right for each in found.tried("dimension_1", check).texts] == [True, False]
    keep_check_kind(ana, sqlite_engine, BASE, "dimension_1", check, "regex")
    keep_check_entry(ana, sqlite_engine, BASE, "dimension_1", check, "tokens", ["(?=a)b"])
    tried = now(ana, sqlite_engine).tried("dimension_1", check)
    assert tried.rubric is None and "cannot be matched" in tried.problems[0].reason
    keep_check_kind(ana, sqlite_engine, BASE, "dimension_1", check, "length")
    keep_check_entry(ana, sqlite_engine, BASE, "dimension_1", check, "max", 1)
    found = now(ana, sqlite_engine)
    assert [bool(each.findings) for each in found.tried("dimension_1", check).texts] == [True, True]
    assert "tokens" not in found.raw_check("dimension_1", check)


def test_a_problem_of_scoring_and_examples_has_the_line_of_their_box(sqlite_engine, ana):
    begin_from_template(ana, sqlite_engine, NAME, "outreach-email")
    found = now(ana, sqlite_engine)
    raw = found.raw_rest("wording")
    keep_rest(ana, sqlite_engine, BASE, "wording", raw.replace("level: 2, because: a stock", "level: 9, because: a stock"))
    found = now(ana, sqlite_engine)
    (problem,) = found.problems_of_rest("wording")
    assert "gives 9" in problem.reason
    assert "level: 9" in found.raw_rest("wording").splitlines()[problem.line - 1]
    keep_rest(ana, sqlite_engine, BASE, "wording", raw.replace("scoring:", "scoring: ["))
    found = now(ana, sqlite_engine)
    (problem,) = found.problems_of_rest("wording")
    assert found.aside and 1 <= problem.line <= len(found.raw_rest("wording").splitlines())
