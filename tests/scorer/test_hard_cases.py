"""The scorer under the shipped rubric: hard cases, the sample author's reading, spans, and texts nobody would write."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.properties import examples
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.compiled import compile_rubric
from touchstone.scorer.matching import hits_of
from touchstone.scorer.regex import compiled
from touchstone.scorer.scoring import EMPTY, NO_WORDS, Scorer
from workflow.rubric.rubrics import read_file

PROJECT = Path(__file__).resolve().parents[2]
OF = PROJECT / "tests" / "scorer" / "cases"
TASKS = {
    key: task for name in ("more", "mail") for key, task in json.loads((OF / f"{name}_tasks.json").read_text("utf-8")).items()
}
CASES = [json.loads(line) for line in (OF / "cases.jsonl").read_text("utf-8").splitlines()]
CASES += [
    {**each, "task": TASKS[each["task"]]}
    for each in (
        json.loads(line) for name in ("more", "mail") for line in (OF / f"{name}_cases.jsonl").read_text("utf-8").splitlines()
    )
]
PENALTY = "banned_phrase_penalty"


def rubric(version: str):
    found, problems, _ = read_file(PROJECT / "rubric_versions" / f"tenacious-{version}.yml")  # proven once a process
    assert problems == []
    return found


RUBRICS = {version: rubric(version) for version in ("v1", "v2", "v3")}
SCORERS = {version: Scorer(found) for version, found in RUBRICS.items()}
COLD = {
    "company_signal": "Company: Larkspur Robotics (Series A, $14M, closed 52 days ago). Open engineering roles: 7 "
    "(3 Backend, 1 ML Engineer). Employee count: 64. AI maturity score: 2 (confidence: 0.71, medium). "
    "Layoff signal: none.",
    "bench_summary": "Available bench: 4 Python engineers, 0 Rust engineers.",
    "prior_thread": "",
}


def scored(case: dict, version: str = ""):
    """What a case asks for: the level of its dimension, or the penalty; None where nothing is scorable."""
    task = case["task"]
    given_ = task.get("input") if isinstance(task.get("input"), dict) else {}
    extra = {key: value for key, value in task.items() if key not in ("task_id", "input")}
    made = SCORERS[version or case.get("rubric", "v1")].score(case["draft"], given_, extra)
    if case["dimension"] != PENALTY:
        return made.scores[case["dimension"]].value
    return None if all(each.value is None for each in made.scores.values()) else made.penalty


def cases(dimension: str, *, sure: bool) -> list[dict]:
    return [case for case in CASES if case["dimension"] == dimension and (case["confidence"] == "sure") == sure]


# One test a dimension, as a test a case takes longer to collect than to run; a failure lists every case it is about.
@pytest.mark.parametrize("dimension", [*RUBRICS["v1"].keys, PENALTY])
def test_hard_cases_get_the_level_their_words_decide(dimension):
    wrong, mended = [], []
    for case in cases(dimension, sure=True):
        is_right = scored(case) == case["right"]
        if "known" in case and is_right:
            mended.append(f"{case['id']} is right now: take its `known` away")
        elif "known" not in case and not is_right:
            wrong.append(f"{case['id']}: {scored(case)}, not {case['right']}: {case['why']}")
    assert [*wrong, *mended] == []


@pytest.mark.parametrize("dimension", [*RUBRICS["v1"].keys, PENALTY])
def test_no_hard_case_that_version_2_gets_right_is_lost_by_version_3(dimension):
    """Both have the same words; the cases that say which of two readings is meant are held as well."""
    held = [case for case in CASES if case["dimension"] == dimension and scored(case, "v2") == case["right"]]
    assert len(held) > 25
    assert {case["id"]: scored(case, "v3") for case in held if scored(case, "v3") != case["right"]} == {}


@pytest.mark.parametrize("dimension", [*RUBRICS["v1"].keys, PENALTY])
def test_where_the_words_leave_two_readings_the_answer_is_one_of_the_levels(dimension):
    """Which of them is not held: the case's author could not say. None is an answer, too: nothing to score."""
    levels = {None, *range(10)} if dimension == PENALTY else {None, *RUBRICS["v1"].dimension(dimension).values}
    answers = {case["id"]: scored(case) for case in cases(dimension, sure=False)}
    assert {name: answer for name, answer in answers.items() if answer not in levels} == {}


def test_every_hard_case_is_of_a_dimension_that_is_asked_for_and_has_a_name_of_its_own():
    assert {case["dimension"] for case in CASES} == {*RUBRICS["v1"].keys, PENALTY}
    assert len({case["id"] for case in CASES}) == len(CASES) > 1300


# Drafts of the sample whose author reads a list of details, or two kinds of role, as less than several signals brought together.
READ_OTHERWISE = {("sample-04-1", 3), ("sample-09-2", 3), ("sample-17-1", 3)}


@pytest.mark.parametrize(
    "version, file, otherwise",
    [
        ("v1", "expected-levels.csv", READ_OTHERWISE),
        ("v2", "expected-levels-v2.csv", set()),
        ("v3", "expected-levels-v2.csv", set()),
    ],
)
def test_the_sample_is_scored_as_its_author_read_it_but_for_three_cells(version, file, otherwise):
    sample = PROJECT / "sample" / "outreach"
    tasks = {each["task_id"]: each for each in map(json.loads, (sample / "tasks.jsonl").read_text("utf-8").splitlines())}
    drafts = {each["draft_id"]: each for each in map(json.loads, (sample / "drafts.jsonl").read_text("utf-8").splitlines())}
    differing = set()
    with (sample / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            draft = drafts[row["draft_id"]]
            task = tasks[draft["task_id"]]
            extra = {key: value for key, value in task.items() if key not in ("task_id", "input")}
            value = SCORERS[version].score(draft["text"], task["input"], extra).scores[row["dimension"]].value
            if str(value) != row["value"]:
                differing.add((row["draft_id"], value))
    assert differing == otherwise


def test_the_final_score_is_the_weighted_mean_less_a_share_for_each_banned_phrase():
    made = SCORERS["v1"].score("Top talent. Top  talents. A ninja. Would you be open to a call?", COLD, {})
    assert made.penalty == 2
    assert [each.value for each in made.scores.values()] == [0, 0, 2, 2, 0]
    assert made.final == pytest.approx(max(0, 0.20 * 2 / 3 + 0.15 * 2 / 3 - 2 * 0.15))
    plain = SCORERS["v1"].score("Would you be open to a call?", COLD, {})
    assert plain.final == pytest.approx(0.25 * 2 / 3 + 0.20 * 2 / 3 + 0.15 * 2 / 3)


@pytest.mark.parametrize(
    "values, scale, final",
    [
        ([0, 1, 2], "ordinal", 0.5),
        ([2, 1, 0], "ordinal", 0.5),
        ([3, 1, 0], "ordinal", 0.5),
        (["low", "fair", "high"], "ordinal", 0.5),
        ([0, 1, 2], "nominal", None),
    ],
)
def test_the_final_score_goes_by_what_levels_are_worth_and_a_scale_without_order_has_none(values, scale, final):
    def rubric(reached: int) -> Rubric:
        levels = "".join(f"      - {{value: {each}, title: Level, anchor: It is level {each}.}}\n" for each in values)
        source = f"""rubric: replies
version: 1
title: Replies
dimensions:
  - key: resolved
    title: Resolved
    question: Is it resolved?
    scale: {scale}
    weight: 1
    levels:
{levels}    agreement: {{statistic: kappa, weights: unweighted, threshold: 0.8}}
    scoring:
      - {{level: {values[reached]}, because: every draft has it}}
"""
        made, problems = parse_rubric(source.encode(), "replies-v1.yml")
        assert made is not None, problems
        return made

    assert Scorer(rubric(1)).score("Some words.").final == final
    if final is not None:
        best = values.index(max(values)) if isinstance(values[0], int) else len(values) - 1
        assert Scorer(rubric(best)).score("Some words.").final == 1


@pytest.mark.parametrize(
    "text, reason", [("", EMPTY), (" \n\t\u200b\u00ad", EMPTY), ("Subject: hello", NO_WORDS), ("> quick question", NO_WORDS)]
)
def test_a_draft_without_words_of_its_own_is_not_scorable(text, reason):
    made = SCORERS["v1"].score(text, COLD, {})
    assert made.final is None and made.penalty == 0
    assert {(each.value, each.reason, each.findings) for each in made.scores.values()} == {(None, reason, ())}


SIGNS = "aN1 9.$%?\n>\"'\u2019-\u2014*_[]()\u00a0\u00ad\u200b\uff21\ufb01\u0130\U0001f4dc,"
TEXTS = st.text(alphabet=st.sampled_from(SIGNS), max_size=80)
WORDS = st.sampled_from(
    [
        "Larkspur Robotics",
        "Series A",
        "$14M",
        "7 open roles",
        "nin\u00adja",
        "top  **talent**",
        "Don\u2019t miss out",
        "Would you be open to a 15-minute call?",
        "3 Rust engineers can start",
        "\nBest,\nAda",
        "\n> quoted",
    ]
)


@examples(300)
@given(st.lists(st.one_of(TEXTS, WORDS), max_size=8).map(" ".join))
def test_every_finding_lies_in_the_draft_as_it_came_and_says_the_text_there(text):
    made = SCORERS["v1"].score(text, COLD, {"expected_features": {"banned_phrases": ["a", "", None, 3]}})
    for score in made.scores.values():
        for each in score.findings:
            assert 0 <= each.start < each.end <= len(text)
            assert each.text == text[each.start : each.end]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@examples(200)
@given(st.fixed_dictionaries({}, optional={key: ODD for key in COLD}), ODD, st.text(max_size=60))
def test_a_task_with_missing_null_or_odd_fields_never_stops_the_scorer(given_, features, text):
    made = SCORERS["v1"].score(text, given_, {"expected_features": features})
    assert set(made.scores) == set(RUBRICS["v1"].keys)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "9 open " * 100_000,
        "would you ninja 9 roles? " * 30_000,
        "(" * 300_000,
        "top " * 200_000,
        "\n" * 500_000 + "a",
    ],
    ids=["digits", "words", "hits", "brackets", "half", "lines"],
)
def test_a_text_of_a_megabyte_gets_an_answer(text):
    assert set(SCORERS["v1"].score(text, COLD, {}).scores) == set(RUBRICS["v1"].keys)


@pytest.mark.parametrize("version", RUBRICS)
def test_the_first_pass_finds_whatever_a_pattern_alone_would_find(version):
    """RE2's set gives no error when its memory is too small: then it would only find less, and nobody would know."""
    rubric = compile_rubric(RUBRICS[version])
    patterns = [compiled(pattern.pattern) for pattern in rubric.patterns]
    for check in rubric.checks:
        for text in check.declared.hit:
            draft = rubric.prepare(text, COLD, {})
            live = draft.segments.live.encode()
            occurring = set(rubric.occurring.found(live))
            assert occurring == {place for place, pattern in enumerate(patterns) if pattern.search(live)}


def test_hits_are_the_same_on_ascii_and_on_other_text():
    rubric = compile_rubric(RUBRICS["v1"])
    texts = [f"Hi Ada,\n\nYou list 7 open roles {sign}. Would you be open to a 15-minute call?" for sign in "o\u0436"]
    found = [hits_of(rubric, rubric.prepare(text, COLD, {})) for text in texts]
    assert found[0] == found[1] and found[0]
