"""Templates: each is a valid rubric with anchors that can be used tomorrow and a draft for every level."""

import pytest
from typer.testing import CliRunner

import manage
from tests.support.refusals import refusal
from touchstone.rubric import codebook
from touchstone.rubric.making.templates import called, template_source, templates
from touchstone.scorer.loading import load_rubric
from workflow.rubric import rubrics
from workflow.rubric.new_rubric import write_from_template

pytestmark = pytest.mark.usefixtures("rubric_folder")


@pytest.mark.parametrize("name", templates())
def test_a_template_is_a_valid_rubric_with_a_draft_for_every_level(name):
    rubric, problems = load_rubric(template_source(name).encode(), f"{name}-v1.yml")
    assert problems == []
    for dimension in rubric.dimensions:
        assert all(level.example.strip() for level in dimension.levels), dimension.key
        assert len({level.anchor for level in dimension.levels}) == len(dimension.levels)
        assert dimension.question.endswith("?") and dimension.guidance
        assert (dimension.agreement.weights == "unweighted") is (dimension.scale == "nominal")
        assert (dimension.weight is None) is not bool(dimension.scoring), "a weight only where something is scored"
        assert 0.6 <= dimension.agreement.threshold <= 0.8


def test_the_templates_are_those_asked_for():
    assert list(templates()) == ["essay", "outreach-email", "pass-fail", "retrieval-answer", "summary", "support-reply"]
    assert templates()["summary"].keys == ("coherence", "consistency", "fluency", "relevance")
    assert templates()["retrieval-answer"].keys == ("groundedness", "completeness", "relevance")


def test_a_copy_of_a_template_is_its_file_under_another_name():
    mine, source = called(template_source("essay"), "mine"), template_source("essay")
    assert mine == source.replace("\nrubric: essay\n", "\nrubric: mine\n"), "comments and layout are kept"
    assert load_rubric(mine.encode(), "mine-v1.yml")[1] == []


def test_the_codebook_alone_prints_the_drafts_of_levels():
    rubric = templates()["support-reply"]
    assert "Two charges in one month are annoying" in codebook.html(rubric)
    assert "Example" not in codebook.html(rubrics.rubric_named(None, "tenacious-v1"))


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(manage.app, arguments)
    return done.exit_code, done.output


def test_the_command_lists_templates_and_writes_one_under_a_name_of_its_own(rubric_folder):
    for arguments in (("templates",), ("new-rubric", "--template", "list")):
        code, said = run(*arguments)
        assert code == 0 and all(f"{name} " in said for name in templates())
    code, said = run("new-rubric", "replies", "--template", "support-reply")
    assert code == 0 and "rubric_versions/replies-v1.yml is written" in said
    assert load_rubric((rubric_folder / "replies-v1.yml").read_bytes(), "replies-v1.yml")[1] == []
    before = (rubric_folder / "replies-v1.yml").read_bytes()
    for arguments, sentence in {
        ("replies", "--template", "essay"): "replies-v1.yml is in rubric_versions/ already and is not overwritten; choose",
        ("tenacious", "--template", "essay"): "tenacious-v1.yml is in rubric_versions/ already",
        ("mine", "--template", "letter"): "there is no template 'letter'; the templates are essay, outreach-email",
        ("mine",): "name what to start from with --template: essay",
        ("--template", "essay"): "a rubric needs a name, such as support-replies",
        ("My Rubric", "--template", "essay"): "'My Rubric' is no name for a rubric; use lower-case letters, digits, - and _, "
        "beginning with a letter: my-rubric",
        ("mine-v2", "--template", "essay"): "mine-v2 names a version; leave out -v and what follows: mine",
        ("../mine", "--template", "essay"): "is no name for a rubric",
        ("x" * 61, "--template", "essay"): "the name has 61 letters; use 60 at most",
    }.items():
        code, said = run("new-rubric", *arguments)
        assert code == 1 and sentence in said, (arguments, said)
    assert (rubric_folder / "replies-v1.yml").read_bytes() == before
    assert sorted(each.name for each in rubric_folder.iterdir()) == ["replies-v1.yml", "tenacious-v1.yml"]


def test_a_folder_that_cannot_be_written_to_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path / "nowhere")
    assert "make rubric_versions/ writable" in refusal(write_from_template, None, "mine", "essay")
