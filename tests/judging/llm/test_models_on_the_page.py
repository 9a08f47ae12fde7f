"""The page Judges: a model is run from it, its next version is written there and held against the older one; not on a team's
server."""

import json

import pytest

from tests.bench.stub_models import serving
from tests.judging.llm.judges_for_tests import JUDGE
from tests.judging.llm.test_judge_runs import KEY, level
from tests.support.page_tab import Tab
from tests.support.small_stores import TONE, label_all, opened, people, rows, stock
from workflow.rounds.closing import close_round

NUMBER = 8


@pytest.fixture
def tab(empty, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", KEY)
    lead, ana, ben = people(empty, "lead", "ana", "ben")
    stock(empty, lead, NUMBER)
    opened(empty, lead, dimensions=(TONE,))
    for who in (ana, ben):
        label_all(empty, who, {f"d{at:02}": (at % 4,) for at in range(1, NUMBER + 1)}, dimensions=(TONE,))
    close_round(lead, empty, "pilot")
    return Tab(monkeypatch, empty, "lead").open("judges")


def give(tab, source: str, name: str = "otter-v1.yml"):
    tab.field("file_uploader", "judge-file").set_value([(name, source.encode(), "text/yaml")])
    return tab.run()


def test_a_model_is_run_from_the_page_and_its_next_version_held_against_it(tab, empty):
    with serving(lambda body: json.dumps({"reason": "<b>always</b>", "level": 1})) as stub:
        give(tab, JUDGE.replace("http://127.0.0.1:1/v1", stub.address))
        assert "otter-v1, 8 drafts of pilot on tone_compliance: 8 calls, about" in tab.text
        tab.press("Ask the model")
        assert "otter-v1: 8 labels of pilot are the label set otter-v1 on pilot" in tab.done and len(stub.asked) == NUMBER
    assert tab.asks("judge") == "set:otter-v1 on pilot" and "set:otter-v1 on pilot" in tab.title + tab.text
    assert "<b>always" not in tab.markup and KEY not in tab.markup
    with serving(level) as stub:
        tab.field("selectbox", "judge-from").set_value("otter-v1")
        tab.run()
        field = tab.field("text_area", "judge-otter-v1")
        assert "version: 2" in field.value
        field.set_value(field.value.split("address:")[0] + f'address: "{stub.address}"\ninstructions: Look again.\n')
        tab.run().press("Ask the model")
        assert "otter-v2: 8 labels of pilot are the label set otter-v2 on pilot" in tab.done
    tab.open("judges", judge="set:otter-v2 on pilot", people="round:pilot", older="set:otter-v1 on pilot")
    assert "the newer agrees more, +1.00" in tab.text and "6 levels of 8 changed, 6 nearer, 0 further off" in tab.text
    assert "Drafts on which the newer judge gives another level" in tab.text and "as it is" in tab.text
    assert rows(empty, "SELECT name FROM judges ORDER BY id") == [("otter-v1",), ("otter-v2",)]


def test_what_is_wrong_with_a_judge_is_said_at_its_box_and_nothing_is_asked(tab, empty, monkeypatch):
    assert "line 2: version is “one”" in give(tab, JUDGE.replace("version: 1", "version: one")).text
    monkeypatch.delenv("TOUCHSTONE_JUDGE_KEY")
    give(tab, JUDGE).press("Ask the model")
    assert "TOUCHSTONE_JUDGE_KEY is not set" in tab.refusal
    assert rows(empty, "SELECT COUNT(*) FROM judges") == [(0,)]


def test_on_a_teams_server_no_page_asks_models(tab, monkeypatch):
    """A judge's file names an address and a variable of the server's environment, whose word would be sent there."""
    monkeypatch.setattr("ui.judging.models.is_team", lambda: True)
    tab.open("judges")
    assert "Models are asked on the server itself" in tab.text and not tab.at.get("file_uploader")
