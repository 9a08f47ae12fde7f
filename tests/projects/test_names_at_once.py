"""Two people, or two tabs, that give the same name at the same moment: one row, and a sentence that says what was there."""

import pytest

from db.store.gate import policies as stored_policies
from db.store.judging import answers as stored_judges
from db.store.preferences import comparisons as stored_comparisons
from tests.bench.stub_models import serving
from tests.gate.policies import SOURCE, policy_source
from tests.judging.llm.judges_for_tests import judge
from tests.judging.llm.test_judge_runs import PILOT, level
from tests.support.at_once import at_once, both_have_read
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, draft, jsonl, label_all, opened, people, rows, stock
from workflow.data.task_import import import_drafts
from workflow.gate.policies import publish_policy
from workflow.gate.tokens import make_token
from workflow.judging.llm.running import run_judge
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round

pytestmark = pytest.mark.both_databases


@pytest.fixture
@kept
def lead(engine):
    """A closed round of ana and ben on three drafts, one of whose tasks has two."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    import_drafts(lead, engine, jsonl(draft(2, draft_id="d02b", text="Another.")), "more.jsonl")
    opened(engine, lead, dimensions=(TONE,), draft_ids=["d01", "d02", "d03"])
    for who in (ana, ben):
        label_all(engine, who, {"d01": (1,), "d02": (2,), "d03": (3,)}, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    return lead


def test_a_new_judge_that_two_start_at_once_is_one_judge_and_one_label_set(engine, lead, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", "sk-judge")
    both_have_read(monkeypatch, stored_judges, "judge_named")
    with serving(level) as stub:
        made = at_once(*[lambda: run_judge(lead, engine, judge(at=stub.address), PILOT)] * 2)
    assert [each.label_set for each in made] == ["otter-v1 on pilot"] * 2, made
    assert sorted(each.is_new for each in made) == [False, True]
    assert rows(engine, "SELECT count(*) FROM judges") == [(1,)] and rows(engine, "SELECT count(*) FROM judge_runs") == [(2,)]


def test_another_judge_of_the_same_name_is_refused_by_what_it_is(engine, lead, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", "sk-judge")
    both_have_read(monkeypatch, stored_judges, "judge_named")
    with serving(level) as one, serving(level) as other:
        made = at_once(*[lambda at=stub: run_judge(lead, engine, judge(at=at.address), PILOT) for stub in (one, other)])
    (refused,) = [str(each) for each in made if isinstance(each, Exception)]
    assert refused.startswith("otter-v1 was used on") and "Save the change as otter-v2" in refused


def test_a_name_that_two_give_at_once_is_given_once_and_the_other_is_told(engine, lead, monkeypatch):
    for module, name, call, table, told in (
        (
            stored_comparisons,
            "by_folded",
            lambda: open_comparison(lead, engine, ComparisonDesign("which", ["ana"])),
            "comparison_rounds",
            "there is a comparison round named “which” already",
        ),
        (
            stored_policies,
            "all_tokens",
            lambda: make_token(lead, engine, "mailer"),
            "gate_tokens",
            "there is a token named “mailer”",
        ),
    ):
        with monkeypatch.context() as patch:
            both_have_read(patch, module, name)
            made = at_once(call, call)
        (refused,) = [str(each) for each in made if isinstance(each, Exception)]
        assert refused.startswith(told)
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(1,)]


def test_a_policy_that_two_publish_at_once_is_published_once(engine, rubric_folder, monkeypatch):
    (rubric_folder / "replies-v1.yml").write_text(SOURCE)
    (lead,) = people(engine, "lead")
    new_project(lead, engine, "Mails")
    both_have_read(monkeypatch, stored_policies, "policy_called")
    made = at_once(*[lambda: publish_policy(lead, engine, policy_source(), "mail.yml")] * 2)
    assert [type(each).__name__ for each in made] == ["PublishedPolicy"] * 2, made
    assert rows(engine, "SELECT count(*) FROM gate_policies") == [(1,)] == rows(engine, "SELECT count(*) FROM gate_switches")
