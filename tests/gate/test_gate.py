"""A draft at the gate: the strictest of what its conditions lead to, and nothing that goes wrong is a pass."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import touchstone as ts
from tests.gate.policies import policy, policy_source, rubric
from tests.support.properties import examples
from touchstone.gate import deciding
from touchstone.gate.deciding import Gate
from touchstone.gate.policy import STRICTEST_LAST, WrongPolicy

SURE = {"stars": 0.9}
RUBRIC = rubric()


def decided(text, judges=SURE, task=None, **more):
    return Gate(policy(**more), RUBRIC).decide(task, text, judges)


def keys(decision):
    return [each.key for each in decision.reasons]


@pytest.mark.parametrize(
    ("text", "outcome", "reasons"),
    [
        ("Thanks for asking.", "pass", []),
        ("As per the above.", "review", ["tone below 2"]),
        ("Rubbish, we offer a refund.", "block", ["tone below 1", "tone below 2", "sort is sales"]),
        ("We offer a refund.", "review", ["sort is sales"]),
        ("A riddle for you.", "review", ["sort not scorable"]),
        ("A riddle, and rubbish.", "block", ["tone below 1", "tone below 2", "sort not scorable"]),
        ("", "review", ["tone not scorable", "sort not scorable"]),
    ],
)
def test_the_strictest_condition_decides_and_each_is_a_reason(text, outcome, reasons):
    decision = decided(text)
    assert (decision.decision, decision.enforced, keys(decision)) == (outcome, outcome, reasons)


def test_a_decision_says_where_in_the_draft_and_what_decided():
    text = "\U0001f600 rubbish, as we offer it"
    made = ts.gate(None, text, policy_source(), rubric=RUBRIC, judges=SURE).as_json()
    [finding] = made["reasons"][0]["findings"]
    assert text[finding["start"] : finding["end"]] == finding["text"] == "rubbish"
    assert made["gate"] == {"name": "replies-v1", "digest": policy().digest}
    assert made["rubric"] == {"name": "replies-v1", "digest": RUBRIC.digest}
    assert made["levels"] == {"tone": 0, "sort": "sales", "depth": None}
    assert made["reasons"][0]["sentence"] == "tone is 0: it is rude"
    assert json.loads(json.dumps(made)) == made


def test_findings_that_hold_nothing_up_are_told_too():
    made = decided("As per the above.", conditions="block: [{dimension: tone, below: 1}]\n")
    assert (made.decision, [each.check for each in made.advisory["tone"]]) == ("pass", ["cold"])


@pytest.mark.parametrize("text", ["Thanks.", "As per this.", "Rubbish.", ""])
def test_shadow_tells_the_same_decision_and_enforces_a_pass(text):
    shadow, enforced = decided(text, mode="shadow"), decided(text)
    assert (shadow.decision, shadow.reasons) == (enforced.decision, enforced.reasons)
    assert (shadow.enforced, enforced.enforced) == ("pass", enforced.decision)


def test_off_scores_nothing_and_says_so(monkeypatch):
    gate = Gate(policy("off"), RUBRIC)
    monkeypatch.setattr(gate.scorer, "score", lambda *_: pytest.fail("scored"))
    made = gate.decide(None, "Rubbish.")
    assert (made.mode, made.decision, made.enforced, made.levels, made.text_digest) == ("off", "pass", "pass", {}, None)
    assert ts.gate(None, "Rubbish.", policy("off")).decision == "pass"  # needs no rubric
    assert gate.decide(None, "Thanks.", mode="off").mode == "off"


def test_a_mode_given_by_the_caller_stands_for_the_policys():
    made = Gate(policy("shadow"), RUBRIC).decide(None, "Rubbish.", SURE, mode="enforce")
    assert (made.mode, made.enforced) == ("enforce", "block")
    with pytest.raises(ValueError, match="mode is 'on'; it takes off, shadow or enforce"):
        Gate(policy(), RUBRIC).decide(None, "", SURE, mode="on")


@pytest.mark.parametrize("raised", [ValueError("words"), RuntimeError("draft"), MemoryError(), RecursionError(), KeyError("x")])
@pytest.mark.parametrize(("on_error", "outcome"), [("review", "review"), ("block", "block")])
def test_an_error_is_never_a_pass(raised, on_error, outcome, monkeypatch):
    gate = Gate(policy(more=f"on_error: {on_error}\n"), RUBRIC)

    def fails(*_):
        raise raised

    monkeypatch.setattr(gate.scorer, "score", fails)
    made = gate.decide(None, "Thanks.", SURE)
    assert (made.decision, made.enforced, keys(made)) == (outcome, outcome, ["error"])
    assert "draft)" not in made.reasons[0].sentence  # words of an error that may quote the draft are not told


@pytest.mark.parametrize("task", [{"input": 3}, {"input": ["x"]}, 7])
def test_a_task_that_is_none_is_a_reason(task):
    assert keys(decided("Thanks.", task=task)) == ["error"]


@pytest.mark.parametrize("text", [None, 3, b"Thanks."])
def test_a_draft_that_is_no_text_is_a_reason(text):
    assert keys(decided(text)) == ["error"]


@pytest.mark.parametrize("share", [None, "0.9", True, -0.1, 1.1, float("nan"), [1]])
def test_what_is_no_share_is_looked_at(share):
    made = decided("Thanks.", {"stars": share})
    assert (made.decision, keys(made)) == ("review", ["stars gave no share"])


def test_a_judge_that_is_absent_or_unsure_leads_to_review():
    assert keys(decided("Thanks.", None)) == keys(decided("Thanks.", {"other": 1.0})) == ["stars absent"]
    assert keys(decided("Thanks.", {"stars": 0.59})) == ["stars p_pass below 0.6"]
    assert keys(decided("Thanks.", {"stars": 0.6})) == []


WORDS = ("Thanks.", "As per this.", "Rubbish.", "We offer it.", "A riddle.", "")
WITHOUT_JUDGES = "block: [{dimension: tone, below: 1}]\nreview: [{dimension: tone, below: 2}, {dimension: sort, is: [sales]}]\n"
STRICT_JUDGES = WITHOUT_JUDGES.replace("}]\nreview", "}, {judge: other, p_pass_below: .3}]\nreview").replace(
    "[sales]}]", "[sales]}, {judge: stars, p_pass_below: .6}]"
)
SHARES = st.dictionaries(st.sampled_from(["stars", "other", "third"]), st.floats() | st.none() | st.text(max_size=2))


@examples(200)
@given(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), SHARES)
def test_judges_only_ever_make_it_stricter(text, judges):
    alone, judged = (decided(text, judges, conditions=each) for each in (WITHOUT_JUDGES, STRICT_JUDGES))
    assert STRICTEST_LAST.index(judged.decision) >= STRICTEST_LAST.index(alone.decision)
    assert {each.key for each in alone.reasons} <= set(keys(judged))


@examples(100)
@given(st.sampled_from(WORDS), st.floats(0, 1), st.floats(0, 1))
def test_a_judge_that_is_less_sure_never_makes_it_milder(text, one, other):
    low, high = sorted((one, other))
    unsure, sure = (decided(text, {"stars": each, "other": each}, conditions=STRICT_JUDGES) for each in (low, high))
    assert STRICTEST_LAST.index(unsure.decision) >= STRICTEST_LAST.index(sure.decision)


def test_the_same_policy_and_rubric_are_compiled_once(monkeypatch):
    made, asked = [], policy()
    monkeypatch.setattr(deciding, "Scorer", lambda rubric: made.append(rubric) or deciding_scorer(rubric))
    deciding_scorer = __import__("touchstone.scorer.scoring", fromlist=["Scorer"]).Scorer
    for _ in range(3):
        ts.gate(None, "Thanks.", asked, rubric=RUBRIC)
    assert len(made) == 1
    for _ in range(deciding.MOST_READY + 1):
        ts.gate(None, "Thanks.", policy(), rubric=RUBRIC)
    assert len(deciding._ready) == deciding.MOST_READY


def test_a_gate_without_its_rubric_is_refused():
    with pytest.raises(WrongPolicy, match="the gate has no rubric replies-v1; give that version"):
        ts.gate(None, "Thanks.", policy())
