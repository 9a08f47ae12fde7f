"""People in team mode: an admin sees who may do what, and changes it after a question on what it means. And the commands."""

import json

import pytest

from tests.support.commands import done, refused
from tests.support.page_tab import Tab
from tests.support.small_stores import inside, opened, people, stock
from workflow.people import roles
from workflow.people.team_mode import SETTING
from workflow.projects.projects import new_project


@pytest.fixture
def team(empty, monkeypatch):
    """dora is admin and lea leads mails, where ana has a seat; in support nobody is anything."""
    lea, *_ = people(empty, "lea", "ben", "dora")
    for name in ("mails", "support"):
        new_project(lea, empty, name)
    stock(inside(empty, "mails"), lea, 2)
    opened(inside(empty, "mails"), lea)
    roles.make_admin(None, empty, "dora")
    monkeypatch.setenv(SETTING, "http://localhost:8501")
    return empty


def who_is_what(engine):
    return {each.name: (each.in_words, each.is_active) for each in roles.people_here(None, engine)}


def asked(tab, who, button):
    tab.field("selectbox", "team-who").set_value(who)
    tab.run()
    if button == "Change the role":
        tab.field("selectbox", "team-project").set_value("mails")
        tab.run()
    return tab


def test_an_admin_changes_a_role_after_a_question_on_what_it_means(team, monkeypatch):
    dora = Tab(monkeypatch, team, "dora").open("people", project="mails")
    assert "4 people, 1 admin among them" in dora.text and "lead of mails" in dora.text
    assert "Rounds of mails, the project in hand." in dora.text
    asked(dora, "ana", "Change the role")
    dora.field("selectbox", "team-role-mails-annotator").set_value("lead")
    dora.press("Change the role")
    assert (
        "As lead of mails, ana may open and close rounds there" in dora.text
        and who_is_what(team)["ana"][0] == "annotator of mails"
    )
    dora.press("Leave it")
    assert "As lead of mails" not in dora.text
    dora.press("Change the role").press("Do it")
    assert "ana is a lead of mails now." in dora.done
    assert who_is_what(team)["ana"] == ("lead of mails", True)


def test_an_admin_lets_somebody_in_no_more_and_in_again_but_the_last_admin_stays(team, monkeypatch):
    dora = Tab(monkeypatch, team, "dora").open("people", project="mails")
    asked(dora, "ben", "").press("Deactivate").press("Do it")
    assert who_is_what(team)["ben"] == ("annotator of mails", False) and "1 deactivated" in dora.text
    assert "deactivated (annotator of mails)" in dora.text
    dora.press("Let in again").press("Do it")
    assert who_is_what(team)["ben"][1]
    asked(dora, "dora", "").press("Deactivate").press("Do it")
    assert "dora is the only admin and has to stay active" in dora.refusal and who_is_what(team)["dora"][1]
    dora.press("Leave it")
    asked(dora, "ben", "").press("Make an admin").press("Do it")
    assert who_is_what(team)["ben"][0] == "admin; annotator of mails"


def test_in_local_mode_people_is_as_it_was(team, monkeypatch):
    monkeypatch.delenv(SETTING)
    ana = Tab(monkeypatch, team, "ana").open("people")
    assert "4 people. In local mode everyone may label" in ana.text
    assert "Change what somebody may do" not in ana.text and "lead of mails" not in ana.text


def test_commands_give_and_take_roles(team):
    assert "dora: admin" in done("people") and "lea: lead of mails" in done("people")
    assert "ana is an annotator of support now" in done("set-role", "ana", "--role", "annotator", "--project", "support")
    assert {
        "name": "ana", "sample": False, "admin": False, "active": True,
        "roles": {"mails": "annotator", "support": "annotator"},
    } in json.loads(done("people", "--json"))  # fmt: skip
    assert "several" in refused("set-role", "ana", "--role", "lead") or "2 projects" in refused(
        "set-role", "ana", "--role", "lead"
    )
    assert "there is no role “boss”" in refused("set-role", "ana", "--role", "boss", "--project", "mails")
    assert "nobody is named “zoe”" in refused("set-role", "zoe", "--role", "lead", "--project", "mails")
    assert "ana is an admin now" in done("set-role", "ana", "--role", "admin")
    assert "dora is no admin any more" in done("take-admin", "dora")
    assert "ana is the only admin" in refused("deactivate", "ana")
    assert "ben is deactivated and signed out" in done("deactivate", "ben")
    assert "ben may sign in again" in done("deactivate", "ben", "--back")
