"""judge train, trained, switch and run, and the section of the page Judges: the same judge, the same sentences."""

import pytest

from tests.judging.training.gold_for_tests import MORE, NUMBER, gold
from tests.support.commands import document, done, sentence
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import TONE, rows

LABELS = 3 * NUMBER


@pytest.fixture
@kept
def store(empty):
    gold(empty)
    return empty


def test_a_judge_is_trained_switched_and_run_by_command(store, monkeypatch):
    assert "no judge was trained yet" in done("judge trained")
    said = done("judge train", "tone", TONE, "pilot")
    assert f"tone-v1 reads words on {TONE}: {LABELS} labels of 3 people" in said
    assert "may stand in for a person" in said and "What twice the gold would bring cannot be said" in said
    assert f"{LABELS} labels of people: it takes 200, so {200 - LABELS} more" in " ".join(said.split())
    assert "stays off: what is missing is" in sentence("judge switch", "tone-v1", "on", "--why", "please")
    assert "switched on or off, not maybe" in sentence("judge switch", "tone-v1", "maybe", "--why", "x")
    assert "name one or more" in sentence("judge train", "tone", TONE, " , ")
    monkeypatch.setattr("touchstone.judging.training.readiness.LEAST_LABELS", 100)
    made = document("judge train", "tone", TONE, "pilot", "--json")
    assert made["name"] == "tone-v2" and made["missing"] == [] and made["is_on"] is False
    assert {"digest", "labels_digest", "rounds", "figures", "stands"} <= made.keys()
    new = ",".join(f"w{at:02}" for at in range(NUMBER + 1, NUMBER + MORE + 1))
    assert "tone-v2 is off, so it judges nothing" in sentence("judge run", "tone-v2", "--drafts", new)
    assert "tone-v2 is on" in done("judge switch", "tone-v2", "on", "--why", "it holds")
    assert "asks nobody" in done("judge run", "tone-v2", "--drafts", new, "--plan")
    assert f"tone-v2: {MORE} labels of {MORE} drafts are the label set" in done("judge run", "tone-v2", "--drafts", new)
    assert [each["name"] for each in document("judge trained", "--json")] == ["tone-v2", "tone-v1"]
    assert "tone-v2 is on" in done("judge trained")


def test_the_page_trains_a_judge_says_what_is_missing_and_switches(store, monkeypatch):
    tab = Tab(monkeypatch, store, "lead").open("judges")
    assert "Judges trained on gold" in tab.text and "off until it has shown" in tab.text
    tab.press("Train a judge")
    assert f"tone_compliance-v1 is off, and what is missing is {LABELS} labels of people" in tab.done
    assert "may stand in for a person" in tab.text and "What twice the gold would bring" in tab.text
    assert not any(label.startswith("Switch") for label in tab.labels)
    monkeypatch.setattr("touchstone.judging.training.readiness.LEAST_LABELS", 100)
    tab.press("Train a judge")
    assert "tone_compliance-v2 is off; nothing is missing" in tab.done
    tab.press("Switch tone_compliance-v2 on")
    assert "Say why the judge is switched" in tab.refusal
    tab.field("text_input", "switch-why-tone_compliance-v2").set_value("it holds")
    tab.run().press("Switch tone_compliance-v2 on")
    assert "tone_compliance-v2 is on" in tab.done
    assert rows(store, "SELECT is_on FROM trained_judge_switches") == [(1,)]
