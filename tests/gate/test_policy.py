"""A policy's file: read as it is meant, or refused with every line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gate.policies import CONDITIONS, HEAD, policy, policy_source, rubric
from tests.support.properties import examples
from touchstone.gate.policy import fit_problems, held_levels, parse_policy, read_policy

RUBRIC = rubric()
TONE, SORT, _ = RUBRIC.dimensions


def told(source: str) -> list[str]:
    read = parse_policy(source.encode())
    return [str(each) for each in (fit_problems(read, RUBRIC) if read.policy else read.problems)]


def test_a_policy_is_read():
    found = read_policy(policy_source("off"))
    assert (found.name, found.mode, found.file.on_error, found.file.rubric) == ("replies-v1", "off", "review", "replies-v1")
    assert [(outcome, each.key) for outcome, each in found.conditions] == [
        ("block", "tone below 1"),
        ("review", "tone below 2"),
        ("review", "sort is sales"),
        ("review", "stars p_pass below 0.6"),
    ]
    assert told(policy_source().decode()) == []
    assert read_policy((HEAD + CONDITIONS).encode()).mode == "shadow"  # nobody enforces by leaving a line out


def test_levels_that_hold_a_draft_up():
    _, below_two, sales, _ = (each for _, each in policy().conditions)
    assert held_levels(below_two, TONE) == {0, 1}
    assert held_levels(sales, SORT) == {"sales"}
    falling = TONE.model_copy(update={"levels": TONE.levels[::-1]})
    assert held_levels(below_two, falling) == {0, 1}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("block: [{dimension: tone}]", "line 4: a condition has dimension with below or is, or judge with p_pass_below"),
        ("block: [{dimension: tone, below: 1, judge: x}]", "line 4: a condition has dimension with below or is"),
        ("block: [{judge: x, p_pass_below: 0}]", "line 4: p_pass_below is 0; it takes a share over 0 and up to 1"),
        ("block: [{judge: x, p_pass_below: .nan}]", "line 4: p_pass_below is nan; it takes a share"),
        ("block: [{judge: x, p_pass_below: yes}]", "line 4: p_pass_below is True; it takes a share"),
        ("block: []", "line 1: a policy has at least one condition, under block or review; add one"),
        ("blok: []", "line 4: blok is an unknown field; did you mean block?"),
        ("on_error: pass\nblock: [{judge: x, p_pass_below: 1}]", "line 4: on_error is “pass”; it takes review or block"),
        ("mode: yes\nblock: [{judge: x, p_pass_below: 1}]", "line 4: mode is true; it takes off, shadow or enforce"),
        ("block: [{dimension: tone, below: 1}, {dimension: tone, below: 1}]", "line 4: tone below 1 stands under block twice"),
        ("block: [{dimension: tne, below: 1}]", "line 4: replies-v1 has no dimension tne; did you mean tone?"),
        ("block: [{dimension: tone, below: 7}]", "line 4: tone has no level 7; it has 0, 1, 2"),
        ("block: [{dimension: tone, below: 0}]", "line 4: 0 is the lowest level of tone, so nothing is below it"),
        ("block: [{dimension: sort, below: sales}]", "line 4: sort has no order, so nothing is below sales; write is:"),
        ("block: [{dimension: depth, below: 1}]", "line 4: depth has no scoring, so nothing gives its level"),
        ("block: [{judge: x, p_pass_below: 1}]\nversion: 2", "line 5: version stands here again; keep one"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_way_out(line, sentence):
    assert any(each.startswith(sentence) for each in told(HEAD + line)), told(HEAD + line)


def test_another_rubric_is_told():
    source = (HEAD + CONDITIONS).replace("replies-v1", "replies-v2")
    assert told(source) == ["line 3: the policy is for rubric replies-v2, not replies-v1; give that one, or change the line"]


@examples(200)
@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda more: (HEAD + more).encode("utf-8", "replace")))
def test_no_bytes_make_the_reader_fall_over(source):
    read = parse_policy(source)
    assert (read.policy is None) == bool(read.problems)
