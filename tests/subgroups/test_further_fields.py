"""Rounds are sliced, stratified and narrowed down by whatever fields the drafts came with."""

import json

import pytest

from db.engine import within
from tests.support.commands import done, sentence
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import draft, jsonl, label_all, opened, people, rows, task
from touchstone.errors import Refused
from workflow.data.fields import fields_to_draw_by
from workflow.data.task_import import import_drafts, import_tasks
from workflow.projects.projects import named, new_project
from workflow.rounds.closing import close_round
from workflow.subgroups.slices import fields_to_slice_by, slices

PLANS = ("free", "team", "team")


def bring_in(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    numbers = range(1, 13)
    tasks = (task(n, plan=PLANS[n % 3], weight=n, nested={"a": 1}, all_alike="yes", paid=n % 2 == 0) for n in numbers)
    import_tasks(lead, engine, jsonl(*tasks), "tasks.jsonl", partition="train")
    import_drafts(lead, engine, jsonl(*(draft(n, tone=("warm", "cold")[n % 2]) for n in numbers)), "drafts.jsonl")
    return lead, ana, ben


@pytest.fixture
@kept
def team(engine):
    return bring_in(engine)


def labelled(engine, team):
    lead, ana, ben = team
    opened(engine, lead)
    for person in (ana, ben):
        label_all(engine, person, {f"d{n:02}": (n % 3, int(person is ben and n < 5)) for n in range(1, 13)})
    close_round(lead, engine, "pilot")


def test_a_round_is_sliced_by_fields_of_its_tasks_and_of_its_drafts(engine, team):
    labelled(engine, team)
    assert fields_to_slice_by(team[0], engine, "pilot") == {
        "dimension": "target dimension",
        "source_mode": "source mode",
        "difficulty": "difficulty",
        "author": "draft author",
        "partition": "partition",
        "period": "week",
        "plan": "plan",
        "paid": "paid",
        "tone": "tone",
    }
    found = slices(team[0], engine, "pilot", "plan")
    assert [(each.name, each.drafts) for each in found.slices] == [("free", 4), ("team", 8)]
    assert found.sentence.startswith("pilot by plan: 2 slices")
    assert [(each.name, each.drafts) for each in slices(team[0], engine, "pilot", "paid").slices] == [("false", 6), ("true", 6)]
    assert {each.name for each in slices(team[0], engine, "pilot", "tone").slices} == {"warm", "cold"}
    assert [each.name for each in slices(team[0], engine, "pilot", "partition").slices] == ["train"]
    for unknown in ("colour", "nested"):
        with pytest.raises(Refused) as refused:
            slices(team[0], engine, "pilot", unknown)
        assert refused.value.sentence == (
            f"a round cannot be sliced by {unknown}; choose from dimension, source_mode, difficulty, author, partition, period, "
            "plan, paid, tone"
        )


def test_drafts_that_the_reader_labels_elsewhere_are_in_no_slice(sqlite_engine):
    team = bring_in(sqlite_engine)
    labelled(sqlite_engine, team)
    opened(sqlite_engine, team[0], "second", draft_ids=["d03", "d06"])
    drafts = [sum(each.drafts for each in slices(who, sqlite_engine, "pilot", "plan").slices) for who in team[:2]]
    assert drafts == [12, 10]


def test_a_field_of_a_value_a_draft_is_no_field_to_slice_by(sqlite_engine, monkeypatch):
    team = bring_in(sqlite_engine)
    labelled(sqlite_engine, team)
    monkeypatch.setattr("workflow.subgroups.slices.MOST_VALUES", 10)
    with pytest.raises(Refused, match="weight has 12 different values in pilot; slices are cut by a field with up to 10"):
        slices(team[0], sqlite_engine, "pilot", "weight")


IN_ROUND = """SELECT tasks.extra, drafts.draft_id FROM round_drafts JOIN rounds ON rounds.id = round_drafts.round
    JOIN drafts ON drafts.id = round_drafts.draft JOIN tasks ON tasks.id = drafts.task WHERE rounds.name = :name"""


def plans_in(engine, name):
    extras = (row[0] for row in rows(engine, IN_ROUND, name=name))
    return sorted((json.loads(each) if isinstance(each, str) else each)["plan"] for each in extras)


def test_drafts_are_drawn_in_proportion_by_a_field_of_their_own(engine, team):
    made = opened(engine, team[0], drafts=6, strata=["plan", "difficulty"])
    assert (made.drafts, plans_in(engine, "pilot")) == (6, ["free"] * 2 + ["team"] * 4)
    with pytest.raises(Refused) as refused:
        opened(engine, team[0], "second", strata=["colour"])
    assert refused.value.sentence == (
        "drafts cannot be stratified by colour; choose from dimension, source_mode, difficulty, author, partition, plan, paid, "
        "tone"
    )


def test_drafts_are_narrowed_down_by_any_field(engine, team):
    assert opened(engine, team[0], "some", only={"plan": ["free"], "difficulty": ["easy", "hard"]}).drafts == 4
    assert opened(engine, team[0], "fewer", only={"plan": ["free"], "tone": ["cold"]}).drafts == 2
    with pytest.raises(Refused, match="no draft has gold as its plan; it is free, team"):
        opened(engine, team[0], "none", only={"plan": ["gold"]})
    with pytest.raises(Refused, match="drafts cannot be narrowed down by colour; choose from"):
        opened(engine, team[0], "none", only={"colour": ["red"]})


def test_what_can_be_drawn_by_comes_with_its_values(engine, team):
    found = fields_to_draw_by(team[0], engine)
    assert found["plan"] == ("plan", ("free", "team"))
    assert found["dimension"].title == "target dimension" and not {"all_alike", "nested", "weight", "notes"} & set(found)
    new_project(team[0], engine, "Another")
    another = within(engine, named(engine, "Another").id)
    assert fields_to_draw_by(team[0], another) == {}


def test_the_commands_take_the_same_fields(sqlite_engine, new_url):
    bring_in(sqlite_engine)
    opening = ("open-round", "pilot", "--rubric", "tenacious-v1", "--annotators", "ana,ben")
    assert sentence(*opening, "--only", "plan").startswith("--only takes FIELD=VALUE")
    done(*opening, "--only", "plan=free", "--only", "plan=team", "--only", "tone=warm", "--stratify", "plan", "--drafts", "3")
    assert plans_in(sqlite_engine, "pilot") == ["free", "team", "team"]
    done("close-round", "pilot", "--early", "a test")
    assert "choose from dimension" in sentence("slices", "pilot", "--by", "colour")


def test_the_pages_offer_the_same_fields(empty, monkeypatch):
    team = bring_in(empty)
    labelled(empty, team)
    tab = Tab(monkeypatch, empty, "lead").open("slices")
    group = tab.field("button_group", "cut-by")
    assert {"plan", "tone", "difficulty"} <= set(group.options) or "plan" in str(group.options)
    group.set_value("plan")
    assert "pilot by plan: 2 slices" in tab.run().text
    tab.open("rounds")
    tab.field("multiselect", "new-only").set_value(["plan"])
    tab.run()
    tab.field("multiselect", "new-only-plan").set_value(["free"])
    tab.field("multiselect", "new-strata").set_value(["tone"])
    tab.field("text_input", "new-name").input("second")
    tab.field("multiselect", "new-annotators").set_value(["ana", "ben"])
    tab.run().press("Open the round")
    assert plans_in(empty, "second") == ["free"] * 4
    assert rows(empty, "SELECT strata FROM rounds WHERE name = 'second'") == [('["tone"]',)]
