"""Signing in, on the page People: who has a password, invitations and links to set another, for admins of a team alone."""

import pytest

from tests.support.page_tab import Tab
from workflow.people.accounts.invitations import create_admin, opened, redeem
from workflow.people.people import person_named
from workflow.projects.projects import new_project

PASSWORD = "correct horse battery staple"


@pytest.fixture
def ana(empty, monkeypatch):
    """Ana is the admin, of a project Pilot."""
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org")
    redeem(empty, create_admin(None, empty, "ana").address.rpartition("/")[2], PASSWORD, PASSWORD)
    new_project(person_named(empty, "ana"), empty, "Pilot")
    return Tab(monkeypatch, empty, "ana").open("people")


def link_in(tab):
    """The address of the one link that is shown; "" for none."""
    found = [each.value for each in tab.at.get("code")]
    assert len(found) < 2
    return found[0] if found else ""


def test_an_admin_invites_somebody_and_the_link_is_shown_once(ana, empty):
    assert "How everybody signs in" in ana.text and link_in(ana) == ""
    ana.field("text_input", "invite-name").set_value("Ben <b>x</b>")
    ana.field("selectbox", "invite-role").set_value("lead")
    ana.press("Make the invitation")
    assert "With this link Ben <b>x</b> sets a password, once, within 7 days" in ana.done
    address = link_in(ana)
    assert opened(empty, address.rpartition("/")[2]) == ("Ben <b>x</b>", "invitation", "lead", "Pilot")
    assert "invitation link open until" in ana.text
    ana.field("text_input", "person-name").set_value("Cleo")
    ana.press("Add")
    assert link_in(ana) == "" and address not in ana.text and "Added Cleo" in ana.done
    ana.open("").open("people")
    assert link_in(ana) == "" and address not in ana.text


def test_what_makes_a_link_comes_first_and_a_name_alone_is_folded_away(ana):
    """The link stands above the form that made it; one button is the main one."""
    forms = [each.label for each in ana.at.button if each.label in ("Make the invitation", "Make a link to set a new one", "Add")]
    assert forms == ["Make the invitation", "Make a link to set a new one", "Add"]
    assert "Add a name without an invitation" in [each.label for each in ana.at.expander]


def test_a_link_to_set_another_password_is_made_for_who_has_one(ana, empty):
    assert ana.field("selectbox", "reset-name").options == ["ana"]
    ana.press("Make a link to set a new one")
    assert "another password, once, within 24 hours" in ana.done
    assert opened(empty, link_in(ana).rpartition("/")[2]).kind == "reset"


def test_an_invitation_that_is_refused_says_why_and_shows_no_link(ana):
    ana.press("Make the invitation")
    assert "a person needs a name" in ana.refusal.casefold() and link_in(ana) == ""


def test_in_local_mode_the_page_knows_of_no_accounts(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("people")
    assert (
        "signs in" not in tab.text and not tab.at.expander[0].label.startswith("Add") and "Make the invitation" not in tab.labels
    )
