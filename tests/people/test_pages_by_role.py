"""In team mode the bar shows what a role opens; what it does not open is a sentence, by address and by message."""

import ast
import re
from pathlib import Path

import pytest
import streamlit as st

from tests.support.modules import file_of, imports, tree
from tests.support.page_tab import Tab
from tests.support.small_stores import inside, label_all, opened, people, stock
from ui.base import navigation
from workflow.events.listing import ALL, EventFilter, every_event
from workflow.people import needs, roles, standing, verbs
from workflow.people.needs import NEEDS, ORDER
from workflow.people.people import sign_in
from workflow.people.team_mode import SETTING
from workflow.projects.projects import new_project
from workflow.rounds.rounds import all_rounds
from workflow.rubric.rubrics import rubric_named
from workflow.rubric.versions import publish

# What stands on a page for some of those who may open it, and is left out for the others.
IN_PARTS = {
    "projects": {
        "maintenance.store_backup.backup",  # in local mode alone
        "projects.projects.changes_so_far",
        "projects.projects.delete_project",
        "projects.projects.new_project",
    },
    "rubrics": {name for name in NEEDS if NEEDS[name] == needs.LEAD},  # of an annotator there is what they label by alone
}


def verbs_of(path: Path) -> set[str]:
    """The verbs that a module of pages/ or ui/ names."""
    named = {
        each.asname or each.name: f"{node.module}.{each.name}".removeprefix("workflow.")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workflow")
        for each in node.names
    }
    found = {named[node.id] for node in ast.walk(tree(path)) if isinstance(node, ast.Name) and node.id in named}
    found |= {
        f"{named[node.value.id]}.{node.attr}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in named
    }
    return found & set(NEEDS)


def made_of(page: Path) -> set[Path]:
    """A page's module and those of ui/ that draw it, what every page is made of left out."""
    found, queue = {page}, [page]
    while queue:
        for each in imports(queue.pop()):
            path = file_of(each.module)
            if path and path.parts[0] == "ui" and path.parts[1] != "base" and path not in found:
                found.add(path)
                queue.append(path)
    return found


def test_each_page_takes_what_its_verbs_take():
    """Who may open it is refused by none of its verbs, and nobody is kept from it whom none of them refuses."""
    for file, _, _ in navigation.PAGES:
        name = file.rpartition("/")[2]
        taken = set().union(*(verbs_of(path) for path in made_of(Path("pages", f"{file}.py")))) - IN_PARTS.get(name, set())
        most = max((NEEDS[each] for each in taken), key=ORDER.index, default=needs.SIGNED_IN)
        assert navigation.NEEDS[name] == most, (name, most, [each for each in taken if NEEDS[each] == most])


@pytest.fixture
def team(empty, monkeypatch):
    """dora is admin, lea leads mails, ana and ben label there, stan is nothing yet; the texts hold a canary."""
    engine, (lea, ana, ben, _, _) = empty, people(empty, "lea", "ana", "ben", "dora", "stan")
    for name in ("mails", "Zanzibar"):
        new_project(lea, engine, name)
    mails = inside(engine, "mails")
    stock(mails, lea, 4)
    opened(mails, lea, draft_ids=("d01",))
    for person, level in ((ana, 1), (ben, 2)):
        label_all(mails, person, {"d01": (level, 2)})
    opened(mails, lea, "secret", annotators=("lea", "dora"), draft_ids=("d02",))
    roles.make_admin(None, engine, "dora")
    monkeypatch.setenv(SETTING, "http://localhost:8501")
    return engine


def seen(tab: Tab) -> list[str]:
    """The pages that the bar's menu of all pages leads to."""
    menu = tab.bar.partition("ts-all")[2]
    return re.findall(r'<a href="/([a-z-]*)[?"]', menu.partition("</details>")[0])


OWN = ["", "label", "my-labels", "compare-drafts", "rubrics", "guide"]


def test_the_bar_shows_what_the_role_opens(team, monkeypatch):
    every = [address for _, address, _ in navigation.PAGES]
    assert seen(Tab(monkeypatch, team, "dora").open("")) == every
    assert seen(Tab(monkeypatch, team, "lea").open("")) == [each for each in every if each not in ("people", "events")]
    ana = Tab(monkeypatch, team, "ana").open("")
    assert seen(ana) == seen(Tab(monkeypatch, team, "stan").open("")) == OWN
    assert [word in ana.bar for word in ("All projects", "All rounds", "secret", "Zanzibar", "Figures")] == [False] * 5
    assert "/label?project=mails&amp;round=pilot" in ana.bar, "a round in the menu leads to what she may do with it"
    monkeypatch.delenv(SETTING)
    assert seen(Tab(monkeypatch, team, "ana").open("")) == every, "in local mode everybody sees every page"


def test_home_of_an_annotator_has_own_lines_alone(team, monkeypatch):
    home = Tab(monkeypatch, team, "ana").open("").text
    assert "You are done in pilot" in home and "1 of 1" not in home and "all 1 done" in home
    assert re.findall(r"\b(?:ben|lea|dora|secret|Rounds|Import)\b", home) == []
    assert "you are in no project yet" in Tab(monkeypatch, team, "stan").open("").text


def test_rubrics_of_an_annotator_has_the_versions_of_their_own_rounds_and_nothing_of_what_is_scored(team, monkeypatch):
    lea, mails = people(team, "lea")[0], inside(team, "mails")
    publish(lea, mails, "tenacious-v3", "a canary: cranberry")
    tab = Tab(monkeypatch, team, "ana").open("rubrics", project="mails")
    assert tab.title == "Rubrics" and "version 1" in tab.text
    rubric = rubric_named(mails, "tenacious-v1")
    assert all(each.question in tab.text for each in rubric.dimensions)
    assert all(level.anchor in tab.text for each in rubric.dimensions for level in each.levels)
    assert tab.labels == ["Codebook for annotators (HTML)"], "nothing to write, to publish or to compare"
    checks = [check.message for each in rubric.dimensions for check in each.checks]
    assert checks and [word for word in ("threshold", "weight", "cranberry", *checks) if word in tab.below] == []
    other = Tab(monkeypatch, team, "ana").open("rubrics", project="mails", rubric="tenacious-v3")
    assert "“tenacious-v3” cannot be shown here: there is no such version among those of your rounds" in other.text
    assert Tab(monkeypatch, team, "stan").open("rubrics").title == "No rubric of yours yet"
    assert "cranberry" in Tab(monkeypatch, team, "lea").open("rubrics", project="mails", rubric="tenacious-v3").text


def test_a_lead_begins_a_new_rubric_in_the_project_that_is_in_hand_with_or_without_its_name_in_the_address(team, monkeypatch):
    for address in ({}, {"project": "mails"}):
        for way in ("template", "rubric", "text", "empty"):
            tab = Tab(monkeypatch, team, "lea").open("new-rubric", **address, **{"from": way})
            assert (tab.title, tab.refusal) == ("New rubric", ""), (address, way)
    refused = [each for each in every_event(None, team, EventFilter(of=ALL)) if each.outcome == "refused"]
    assert refused == []


def test_the_codebook_of_an_annotator_says_nothing_of_what_is_scored_or_judged(team, monkeypatch):
    given, button = [], st.download_button

    def pressed(label, data, **more):
        given.append(data())
        return button(label, data, **more)

    monkeypatch.setattr(st, "download_button", pressed)
    Tab(monkeypatch, team, "ana").open("rubrics", project="mails")
    Tab(monkeypatch, team, "lea").open("rubrics", project="mails")
    anas, leas, *_ = given
    assert [
        word for word in ("What the version fixes", "threshold", "weight in the score", "leads the round") if word in anas
    ] == []
    assert "Take one dimension at a time" in anas and "What the version fixes" in leas


def test_an_address_of_a_page_that_a_role_does_not_open_gets_a_sentence_and_no_byte_of_the_page(team, monkeypatch):
    ana = Tab(monkeypatch, team, "ana")
    for name, need in navigation.NEEDS.items():
        tab = ana.open(navigation.ADDRESSES[name], project="mails", round="pilot")
        if need == needs.LEAD:
            title = navigation.TITLES[name]
            why = f"ana may not open the page {title} in mails: that takes a lead of the project, and ana is an annotator there"
            assert tab.title == title and f"{why}; ask dora." in tab.text
            shown = re.sub("<[^>]+>", " ", tab.below).replace(title, "").split()
            assert len(shown) < 40 and tab.labels == ["Home", "Label"], (name, shown, tab.labels)
            assert not re.search("secret|ben|invented|hidden|Zanzibar", tab.below)
    admin_only = Tab(monkeypatch, team, "lea").open("people", project="mails")
    assert "lea may not open the page People: that takes an admin, and lea is a lead; ask dora." in admin_only.text
    assert "ana" not in admin_only.below
    nowhere = Tab(monkeypatch, team, "ana").open("", project="Zanzibar")
    assert "There is no project “Zanzibar”" in nowhere.text and "secret" not in nowhere.markup


def test_a_button_that_was_drawn_before_the_role_was_taken_is_refused(team, monkeypatch):
    """As a message of the browser by hand would be: the verb asks, whatever a page showed."""
    lea = Tab(monkeypatch, team, "lea").open("rounds", project="mails", round="pilot").press("Close the round")
    monkeypatch.setattr(standing, "FRESH", 0)  # the role is taken elsewhere, and a second passes
    roles.set_role(None, team, "lea", "annotator", "mails")
    next(each for each in lea.at.button if each.label == "Close it").click()
    lea.at.run()
    assert all(each.is_open for each in all_rounds(inside(team, "mails")))
    assert "lea may not open the page Rounds in mails" in lea.text
    roles.deactivate(None, team, "ana")
    with pytest.raises(verbs.Refused, match="was deactivated"):
        sign_in(team, Tab(monkeypatch, team, "ana").person.id)


def test_a_project_that_is_nobodys_any_more_leaves_their_tab(team, monkeypatch):
    roles.set_role(None, team, "stan", "lead", "Zanzibar")
    stan = Tab(monkeypatch, team, "stan").open("", project="Zanzibar")
    assert "Zanzibar" in stan.bar
    roles.set_role(None, team, "stan", "none", "Zanzibar")
    stan.run()
    assert "was deleted, or is not yours any more; there is none now" in stan.text and "Zanzibar" not in stan.bar


def test_labelling_asks_for_the_seat_not_for_the_role(team, monkeypatch):
    """dora is admin and labels in one round; in the other she has no seat."""
    roles.set_role(None, team, "ben", "none", "mails")
    dora = Tab(monkeypatch, team, "dora")
    assert "You label nothing in pilot" in dora.open("label", project="mails", round="pilot").text
    assert "invented draft 2" in dora.open("label", project="mails", round="secret").markup
    ben = Tab(monkeypatch, team, "ben").open("my-labels", project="mails", round="pilot")
    assert "1 draft done in pilot" in ben.text
