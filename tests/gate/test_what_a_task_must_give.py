"""A draft whose task the gate could not read, or that came without what its checks are held against, is never passed."""

import json

import pytest

import touchstone as ts
from touchstone.gate.deciding import Gate
from touchstone.gate.task_fields import NeededFields, given_strictly
from touchstone.rubric.reading import read_rubric
from touchstone.scorer.scoring import Scorer
from workflow.rubric.rubrics import FOLDER

INPUT = {
    "customer_message": "Can I get my money back?",
    "customer_account": "Plan: Nest, monthly, 4 seats at $9 per seat. Charged $36 on 2 October (6 days ago).",
    "policy_extract": "Monthly plans: full refund within 14 days of a charge.",
}
WRONG = "Refunds are possible within 30 days."
POLICY = (
    "gate: s\nversion: 1\nrubric: support-replies-v1\nmode: enforce\n{more}block: [{{dimension: factual_accuracy, below: 1}}]\n"
)


@pytest.fixture(scope="module")
def scorer():
    return Scorer(read_rubric(FOLDER / "support-replies-v1.yml"))


def decided(scorer, task, more="", text=WRONG):
    return Gate(ts.read_policy(POLICY.format(more=more).encode()), scorer).decide(task, text)


def test_the_right_task_blocks_and_a_right_draft_passes(scorer):
    assert decided(scorer, {"input": INPUT}).decision == "block"
    assert decided(scorer, {"input": INPUT}, text="Refunds are possible within 14 days.").decision == "pass"
    without = {**INPUT, "customer_message": None}
    assert decided(scorer, {"input": without}, text="Refunds are possible within 14 days.").decision == "pass", "nothing reads it"


@pytest.mark.parametrize(
    "task", [{"inputs": INPUT}, INPUT, {"input": None}, {"input": [INPUT]}, {"input": 3}, [1], "x", 7, {"task_id": "t1"}]
)
@pytest.mark.parametrize("on_error", ["review", "block"])
def test_a_task_that_cannot_be_read_leads_to_on_error(scorer, task, on_error):
    made = decided(scorer, task, f"on_error: {on_error}\n")
    assert (made.decision, [each.key for each in made.reasons]) == (on_error, ["error"])
    with pytest.raises(ValueError, match="task"):
        given_strictly(task)


@pytest.mark.parametrize(
    ("task", "told"),
    [
        (None, "held against the task’s policy_extract and customer_account: the task does not give that"),
        ({}, "policy_extract and customer_account"),
        ({"input": json.dumps(INPUT)}, "policy_extract and customer_account"),
        ({"input": {}}, "policy_extract and customer_account"),
        ({"input": {**INPUT, "policy_extract": None}}, "held against the task’s policy_extract: the task does not"),
        ({"input": {**INPUT, "policy_extract": " "}}, "held against the task’s policy_extract: the task does not"),
        ({"input": {**INPUT, "policy_extract": 5}}, "policy_extract, which is a number and no text"),
        ({"input": {**INPUT, "policy_extract": True}}, "policy_extract, which is true or false and no text"),
    ],
)
def test_what_checks_of_the_policy_are_held_against_must_be_there(scorer, task, told):
    made = decided(scorer, task)
    [reason] = made.reasons
    assert (made.decision, reason.key, reason.dimension) == ("review", "factual_accuracy without its task", "factual_accuracy")
    assert told in reason.sentence
    assert decided(scorer, task, "on_error: block\n").decision == "block"


def test_an_empty_text_gives_a_field_where_the_rubric_has_words_for_that():
    scorer = Scorer(read_rubric(FOLDER / "tenacious-v1.yml"))
    needed = NeededFields(scorer.compiled, scorer.rubric.keys)
    given = {"company_signal": "Closed a Series A.", "bench_summary": "4 Python engineers.", "prior_thread": ""}
    assert {key for key in needed.facts if needed.faults(key, given, {})} == set()
    assert any(needed.faults(key, {**given, "prior_thread": None}, {}) for key in needed.facts)


def test_a_list_is_read_line_by_line(scorer):
    assert decided(scorer, {"input": {**INPUT, "policy_extract": [INPUT["policy_extract"]]}}).decision == "block"


def test_a_dimension_that_reads_no_task_needs_none(scorer):
    needed = NeededFields(scorer.compiled, scorer.rubric.keys)
    free = [key for key, facts in needed.facts.items() if not facts]
    assert free and all(needed.faults(key, {}, {}) == [] for key in free)


def test_a_share_just_under_the_bound_is_not_rounded_up_to_it():
    from tests.gate.policies import policy, rubric

    [reason] = Gate(policy(), rubric()).decide(None, "Thanks.", {"stars": 0.59999}).reasons
    assert reason.sentence == "judge stars says that it passes with 0.59999, under 0.6"
