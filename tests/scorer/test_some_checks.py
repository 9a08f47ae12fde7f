"""Some checks alone, and one dimension alone: what is found of them is what scoring a draft whole finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scorer.test_effect import items
from tests.support.properties import examples
from touchstone.rubric.reading import read_rubric
from touchstone.rubric.scoring_model import Check
from touchstone.scorer import segments
from touchstone.scorer.checks import length
from touchstone.scorer.folding import fold
from touchstone.scorer.matching import SomeChecks, hits_of, hits_of_checks
from touchstone.scorer.proving.own_examples import OwnTasks, tried, tried_examples
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.scoring import Scorer, score_of
from touchstone.scorer.segments import Segmenter
from workflow.rubric import rubrics

DRAFTS = [*list(items())[::9], ("", {}, {})]


@pytest.fixture(scope="module", params=["tenacious-v1", "tenacious-v3"])
def scorer(request):
    return Scorer(read_rubric(rubrics.FOLDER / f"{request.param}.yml"))


def test_some_checks_find_what_all_find_of_them(scorer):
    compiled, found = scorer.compiled, 0
    for dimension in scorer.rubric.dimensions:
        places = compiled.asked_by[dimension.key]
        checks = SomeChecks(compiled, places)
        for draft in (compiled.prepare(*each) for each in DRAFTS):
            wanted = {place: hits for place, hits in hits_of(compiled, draft).items() if place in places}
            assert checks.hits(draft) == hits_of_checks(compiled, draft, places) == wanted
            found += len(wanted)
    assert found > len(DRAFTS)


def test_a_dimension_alone_has_the_score_of_the_whole_draft(scorer):
    for text, given_, extra in DRAFTS:
        whole = scorer.score(text, given_, extra).scores
        draft = scorer.compiled.prepare(text, given_, extra)
        assert {each.key: score_of(scorer.compiled, each, draft) for each in scorer.rubric.dimensions} == whole


def test_examples_are_proven_without_a_pass_over_all_patterns(scorer):
    fresh = Scorer(scorer.rubric)
    tasks = OwnTasks(fresh)
    for dimension in fresh.rubric.dimensions:
        assert all(each.is_right for check in dimension.checks for each in tried(fresh, check, tasks))
        assert all(each.is_right for each in tried_examples(fresh, dimension, tasks))
    assert "occurring" not in vars(fresh.compiled)


@examples(200)
@given(st.text("a1-_é \n\0\x1f•.", max_size=40), st.integers(1, 6), st.integers(1, 6))
def test_a_length_that_cannot_be_met_is_told_without_its_words(live, least, most):
    words = len(length._WORD.findall(live.replace("\0", " ")))
    for bounds in ({"min": least}, {"max": most}, {"min": least, "max": most}):
        check = Check(name="size", extends="length", message="m", hit=("a",), miss=("b",), **bounds)
        is_met = words > bounds.get("max", words) or words < bounds.get("min", 0)
        assert length._may_be_met(check, live) or not is_met


PARTS = read_rubric(rubrics.FOLDER / "tenacious-v3.yml").parts
LINES = (
    "> they wrote",
    "On Monday Ada wrote:",
    "Best,",
    "--",
    "Subject: we hire",
    "Sent from my phone",
    "We hire.",
    "",
    "Tobias",
    "end",
)


@examples(100)
@given(
    st.lists(st.sampled_from(LINES), max_size=8),
    st.sampled_from([r"end\z", r"(?i)END", r"best,?$", r">[^x]*", r"\Aon .* wrote:"]),
)
def test_lines_are_cut_the_same_where_all_are_looked_through_first(lines, own):
    parts = PARTS
    quoted = parts.quoted.model_copy(update={"lines": (*parts.quoted.lines, own), "rest": (*parts.quoted.rest, own)})
    text, cache = "\n".join(lines), PatternCache()
    for made in (parts, parts.model_copy(update={"quoted": quoted})):
        found = Segmenter(made, cache).segments(text, fold(text), {})
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(segments._LinePattern, "may_be_met", lambda self, text: True)
            assert Segmenter(made, cache).segments(text, fold(text), {}) == found
