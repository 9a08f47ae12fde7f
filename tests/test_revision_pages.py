"""The way from one rubric version to the next, on its pages and in its commands."""

import json

import pytest
import streamlit as st

from db.engine import open_engine
from tests.sample_store import sample_url
from tests.test_commands import document, done, refused, sentence
from tests.test_pages import CLEO, RUBRIC, Tab
from workflow import rubrics

ANCHOR = "At least one signal detail."
NEW_ANCHOR = "Company name and one <b>signal</b> detail, not a token."
NEXT = "tenacious-v2"


@pytest.fixture(autouse=True)
def nothing_kept_from_another_test():
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """The sample workspace, over a folder of rubric versions of the test's own."""
    url = sample_url(tmp_path)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", url)
    folder = tmp_path / "rubric_versions"
    folder.mkdir()
    (folder / f"{RUBRIC}.yml").write_bytes((rubrics.FOLDER / f"{RUBRIC}.yml").read_bytes())
    monkeypatch.setattr(rubrics, "FOLDER", folder)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def second_version(*changes: tuple[str, str], name: str = NEXT) -> str:
    """Version 2 as a file beside the first: an anchor changed, and whatever else is asked."""
    text = (rubrics.FOLDER / f"{RUBRIC}.yml").read_text("utf-8")
    for old, new in changes or ((ANCHOR, NEW_ANCHOR),):
        assert old in text, old
        text = text.replace(old, new, 1)
    (rubrics.FOLDER / f"{name}.yml").write_text(text.replace("\nversion: 1\n", f"\nversion: {name[-1]}\n"), "utf-8")
    return name


# Two versions side by side


def test_two_versions_are_told_apart_in_words_and_as_one_document(sample):
    second_version()
    told = done("diff-rubrics", RUBRIC, NEXT)
    assert told.startswith("1 dimension of 5 differs between tenacious-v1 and tenacious-v2: Personalization (words).")
    assert "{+Company name and+}" in told and "anchor of level 2" in " ".join(told.split())
    found = document("diff-rubrics", RUBRIC, NEXT, "--json")
    assert found["to_label_again"] == ["personalization_depth"]
    assert found["dimensions"]["tone_compliance"]["parts"] == []
    assert json.dumps(found["dimensions"]["personalization_depth"]["texts"]).count("anchor of level 2") == 1
    assert done("diff-rubrics", RUBRIC, str(rubrics.FOLDER / f"{NEXT}.yml")) == told


@pytest.mark.parametrize(("names", "named"), [
    ((RUBRIC, "nowhere-v1"), "nowhere-v1"), (("../x", RUBRIC), "is a path"), ((RUBRIC, "no/such/file.yml"), "file.yml"),
    (("nowhere.yml", RUBRIC), "nowhere.yml")])
def test_a_version_that_is_not_there_is_named(names, named, sample):
    assert named in sentence("diff-rubrics", *names)


def test_a_version_with_mistakes_is_refused_with_its_lines(sample):
    second_version((ANCHOR, "|"))
    assert "line " in refused("diff-rubrics", RUBRIC, NEXT)


def test_the_rubrics_page_sets_two_versions_side_by_side(sample, monkeypatch):
    second_version()
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=RUBRIC)
    box = next(each for each in tab.at.selectbox if each.label == "Beside another version")
    assert (box.value, box.options) == (None, [NEXT])
    box.set_value(NEXT)
    tab.run()
    assert "1 dimension of 5 differs between tenacious-v1 and tenacious-v2" in tab.text
    assert "<ins>Company name and</ins>" in tab.markup and "<del>At least</del>" in tab.markup
    assert "&lt;b&gt;" not in tab.text and "<b>signal</b>" not in tab.markup
    assert tab.at.query_params["beside"] == NEXT
    again = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=NEXT, beside=RUBRIC)
    assert "differs between tenacious-v1 and tenacious-v2" in again.text, "the earlier version stands on the left"


def test_the_rubrics_page_with_one_version_has_nothing_to_set_beside_it(sample, monkeypatch):
    assert "Beside another version" not in Tab(monkeypatch, sample, CLEO).open("rubrics").text


def test_two_versions_that_differ_in_nothing_say_so(sample, monkeypatch):
    second_version(("# The Tenacious rubric", "# A rubric"))
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=NEXT, beside=RUBRIC)
    assert "differs from tenacious-v1 in no dimension, only in how the file is laid out" in tab.text
