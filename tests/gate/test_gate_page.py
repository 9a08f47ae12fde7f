"""The page Gate: from nothing to a policy in use, what it said, the kill switch, a token, an override and the round of it."""

import pytest

from tests.gate.policies import SOURCE, policy_source
from tests.support.page_tab import Tab
from tests.support.small_stores import people, rows
from touchstone.gate.policy import read_policy
from workflow.gate import asking, policies, tokens
from workflow.projects.projects import new_project


def press(tab: Tab, label: str) -> Tab:
    next(each for each in tab.at.button if each.label == label).click()
    return tab.run()


def fill(tab: Tab, **values) -> None:
    boxes = (
        *tab.at.text_input,
        *tab.at.text_area,
        *tab.at.selectbox,
        *tab.at.number_input,
        *tab.at.multiselect,
        *tab.at.get("button_group"),
    )
    for key, value in values.items():
        wanted = f"gate-{key.replace('_', '-')}"  # the choice of a mode is of the last switch, whose number ends its key
        next(each for each in boxes if each.key and each.key.rstrip("-0123456789") == wanted).set_value(value)


@pytest.fixture
def lead(empty, rubric_folder):
    (rubric_folder / "replies-v1.yml").write_text(SOURCE)
    lead, *_ = people(empty, "lead", "ana", "ben")
    new_project(lead, empty, "Mails")
    return lead


def test_a_policy_is_published_or_refused_with_its_lines(empty, lead, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("gate")
    assert "No gate yet: publish a policy." in tab.text
    begun = tab.field("text_area", "gate-policy").value
    assert "mode: shadow" in begun and read_policy(begun.encode()).file.block
    fill(tab, policy=policy_source("shadow").decode().replace("below: 2", "below: 7"))
    press(tab, "Publish")
    assert "line 6: tone has no level 7; it has 0, 1, 2" in tab.refusal
    fill(tab, policy=policy_source("shadow").decode())
    press(tab, "Publish")
    assert "replies-v1 is in shadow" in tab.text and "Nothing has come yet." in tab.text
    assert (
        "the judge stars says that it passes with a probability under" in tab.text and "never passes what the scorer" in tab.text
    )


def test_what_a_gate_said_is_shown_switched_off_and_said_against(empty, lead, monkeypatch):
    policies.publish_policy(lead, empty, policy_source())
    token = tokens.make_token(lead, empty, "mailer")
    numbers = [asking.ask_gate(empty, token, text, None, {"stars": 1.0}).number for text in ("Thanks.", "Rubbish.")]
    tab = Tab(monkeypatch, empty, "lead").open("gate")
    assert "2 drafts decided on by" in tab.text and "tone below 1" in tab.text and "Too few to say whether it moved" in tab.text

    fill(tab, override_number=numbers[1], override_given="pass", override_text="Rubbish", override_reason="they said it")
    press(tab, "Keep it")
    assert "This is not the text of decision" in tab.refusal
    fill(tab, override_text="Rubbish.")
    press(tab, "Keep it")
    assert "of which people overrode 1: .50" in tab.text
    fill(tab, round_annotators=["ana", "ben"])
    press(tab, "Open the round")
    assert "after the gate is open: 1 draft under replies-v1." in tab.text
    assert rows(empty, "SELECT name FROM rounds") == [("after the gate",)]

    fill(tab, mode="off")
    press(tab, "Switch")
    assert "Say why the gate is switched" in tab.refusal
    fill(tab, mode="off", why="it blocks too much")
    press(tab, "Switch")
    assert "replies-v1 is off from the next draft on." in tab.text and "it blocks too much" in tab.text
    assert asking.ask_gate(empty, token, "Rubbish.", None, None).decision.mode == "off"

    fill(tab, token_name="crm")
    press(tab, "Make a token")
    assert "This token is shown only now" in tab.text
    made = next(each.value for each in tab.at.code)
    assert asking.ask_gate(empty, made, "Thanks.", None, None).decision.enforced == "pass"
    fill(tab, token_ended="crm")
    press(tab, "End it")
    assert "The token crm has ended." in tab.text and made not in tab.text
    with pytest.raises(asking.NoSuchToken):
        asking.ask_gate(empty, made, "Thanks.", None, None)
