"""A taught judge's numbers made levels, as a label set: the judge is a stub here. With a model of its own: tests/train."""

import pytest

from tests.comparison.test_sources import bring
from tests.judging.test_judge_against import as_file, levels
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, draft, jsonl, opened, people, task
from tests.support.taught_stub import taught
from touchstone.errors import NotYourTurn, Refused
from touchstone.preferences.training_pairs import text_digest
from workflow.data.task_import import import_drafts, import_tasks
from workflow.importing.label_sets import all_label_sets
from workflow.judging.against import judge_against
from workflow.judging.simpo.levels import JUDGE_AND_BASE, JUDGE_AND_SCORER, adapter_levels

NUMBER = 48
TRUE = levels(0, 0)


def text_of(unit: str) -> str:
    return f"Hello {unit}, " + " ".join(["good"] * TRUE[unit]) + "."


@pytest.fixture
@kept
def lead(engine):
    """48 drafts that say their level, half of them of the partition dev, and a set of three people."""
    (lead,) = people(engine, "lead")
    numbers = range(1, NUMBER + 1)
    tasks = [task(at, partition="dev" if at % 2 else "train") for at in numbers]
    import_tasks(lead, engine, jsonl(*tasks), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(*(draft(at, text=text_of(f"d{at:02}")) for at in numbers)), "drafts.jsonl")
    bring(engine, lead, *(as_file(f"p{seed}", levels(seed, 0.2)) for seed in (1, 2, 3)), name="people", made_by="person-blind")
    return lead


def test_numbers_are_cut_on_dev_and_the_others_are_a_label_set_that_is_held_against_people(engine, lead):
    made = adapter_levels(lead, engine, taught(), "set:people", name="mine")
    assert (made.label_set, made.is_new, made.labels, made.drafts) == ("mine", True, NUMBER // 2, NUMBER // 2)
    assert "cut on people's labels of the partition dev, whose drafts are left out" in " ".join(made.notes)
    judged = judge_against(lead, engine, "set:mine", "set:people")
    (tone,) = judged.dimensions
    assert tone.report.n == NUMBER // 2 and tone.report.judge.value > 0.7
    assert {each.made_by for each in all_label_sets(engine) if each.name == "mine"} == {"model"}
    again = adapter_levels(lead, engine, taught(), "set:people", name="mine")
    assert (again.label_set, again.is_new) == ("mine", False), "the very same labels are there once"


def test_the_shift_stands_beside_the_order_that_people_see_them_in(engine, lead):
    made = adapter_levels(lead, engine, taught(), "set:people")
    of_tone = {each.shift.name: each for each in made.shifts[TONE]}
    base = of_tone[JUDGE_AND_BASE]
    assert base.new_order.value > 0.85 > base.old_order.value and ": nearer." in base.sentence
    scorer = of_tone[JUDGE_AND_SCORER]
    assert scorer.shift.top == 1.0 and scorer.shift.n == NUMBER // 2
    assert made.as_json()["shifts"][TONE][0]["order_with_people"]["new"]["value"] == base.new_order.value


def test_what_it_was_taught_with_is_not_judged_by_task_group_or_text(engine, lead):
    judge = taught(tasks=("t02", "t04"), texts=(text_digest(text_of("d06")),))
    made = adapter_levels(lead, engine, judge, "set:people", name="fewer")
    assert made.labels == NUMBER // 2 - 3
    assert "3 drafts left out, whose task, group or text the judge was taught with" in made.notes
    assert not {text_of(unit) for unit in ("d02", "d04", "d06")} & set(judge.model.read)
    with pytest.raises(Refused, match="no draft of set:people is left to judge: 48 drafts left out"):
        adapter_levels(lead, engine, taught(tasks=[f"t{at:02}" for at in range(1, NUMBER + 1)]), "set:people")


def test_with_too_few_of_dev_it_is_cut_in_folds_and_with_too_few_at_all_not(engine, lead):
    few = taught(tasks=[f"t{at:02}" for at in range(1, 9, 2)])  # 20 of dev are left, then 19
    assert adapter_levels(lead, engine, few, "set:people", name="by dev").labels == NUMBER // 2
    fewer = taught(tasks=[f"t{at:02}" for at in range(1, 11, 2)])
    made = adapter_levels(lead, engine, fewer, "set:people", name="by folds")
    assert made.labels == NUMBER - 5 and "in 5 folds by task" in " ".join(made.notes)
    with pytest.raises(Refused, match="too few labelled drafts that the judge may be asked about"):
        adapter_levels(lead, engine, taught(tasks=[f"t{at:02}" for at in range(1, 25)]), "set:people")


def test_drafts_of_an_open_round_are_not_read(engine, lead):
    people(engine, "ana", "ben")
    opened(engine, lead, "march", drafts=4)
    judge = taught()
    made = adapter_levels(lead, engine, judge, "set:people", name="open")
    assert "4 drafts left out, which an open round holds" in made.notes
    assert len(set(judge.model.read)) == NUMBER - 4
    with pytest.raises(NotYourTurn):
        adapter_levels(lead, engine, taught(), "round:march")
