"""The bar, the page Projects, and names mended on the pages."""

import re

import pytest

from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import TONE, draft, inside, jsonl, label_all, opened, people, stock, task
from workflow.projects import projects, renaming
from workflow.rounds.closing import close_round
from workflow.rounds.rounds import all_rounds

MAILS, SUPPORT = "Mails", "Support"


@kept
def built(engine):
    lead, *_ = people(engine, "lead", "ana", "ben")
    for name in (MAILS, SUPPORT):
        projects.new_project(lead, engine, name)
        stock(inside(engine, name), lead, 2)
        opened(inside(engine, name), lead, dimensions=(TONE,))
    return lead


@pytest.fixture
def lead(empty):
    return built(engine=empty)


def in_hand(tab: Tab) -> str:
    return re.search(r'<summary title="The project in hand: (.*?)">', tab.markup)[1]


def type_in(tab: Tab, key: str, words: str) -> Tab:
    tab.field("text_input", key).set_value(words)
    return tab


def test_the_bar_names_the_project_in_hand_and_leads_to_the_others(empty, lead, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("", project=MAILS)
    assert in_hand(tab) == MAILS
    menu = re.findall(
        r'<a href="(.*?)" target="_self".*?>(.*?)</a>', re.search('<nav aria-label="Projects">(.*?)</nav>', tab.bar)[1]
    )
    assert menu == [("/?project=Support", SUPPORT), ("/projects?project=Mails", "All projects")]
    assert in_hand(Tab(monkeypatch, empty, "lead").open("")) == MAILS, "the next tab begins with it"
    assert "There is no project “Nowhere”" in tab.open("", project="Nowhere").text and in_hand(tab) == MAILS


def test_two_tabs_in_two_projects_do_not_disturb_each_other(empty, lead, monkeypatch):
    one = Tab(monkeypatch, empty, "lead").open("rounds", project=MAILS)
    other = Tab(monkeypatch, empty, "lead").open("rounds", project=SUPPORT)
    type_in(one.run().press("Close early"), "early-pilot", "enough").press("Close it early")
    assert one.done and in_hand(one.run()) == MAILS and in_hand(other.run()) == SUPPORT
    assert [each.is_open for name in (MAILS, SUPPORT) for each in all_rounds(inside(empty, name))] == [False, True]


def test_a_new_project_begins_with_its_first_steps(empty, lead, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("projects", project=MAILS)
    assert "2 projects; in hand is Mails" in tab.text
    assert "There is a project named “mails” already" in type_in(tab, "project-name", "mails").press("Make it").refusal
    type_in(tab, "project-name", "Third").press("Make it")
    assert in_hand(tab) == "Third" and "These are its first steps" in tab.done
    assert "Nothing is in Third yet" in tab.text and "1. Import tasks and drafts" in tab.text


def test_the_first_import_makes_a_project_and_has_it_in_hand(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    assert in_hand(tab) == "No project yet"
    tab.at.get("file_uploader")[0].upload("tasks.jsonl", jsonl(task(1)))
    tab.run().press("Import")
    assert "into First project, a new project" in tab.done and in_hand(tab) == "First project"


def test_what_is_imported_with_the_sample_in_hand_goes_into_a_project_of_ones_own(sample, monkeypatch):
    (lea,) = people(sample, "Lea")
    tab = Tab(monkeypatch, sample, "Lea").open("import")
    assert in_hand(tab) == "Sample" and "not into the sample" in tab.text
    tab.at.get("file_uploader")[0].upload("tasks.jsonl", jsonl(task(1)))
    tab.run().press("Import")
    assert in_hand(tab) == "First project"
    tab.at.get("file_uploader")[0].upload("drafts.jsonl", jsonl(draft(1)))
    assert "drafts.jsonl: 1 draft imported" in tab.run().press("Import").done


def test_the_project_in_hand_is_renamed_archived_and_brought_back(empty, lead, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("projects", project=MAILS)
    assert "project named “Support” already" in type_in(tab, "new-project-", SUPPORT).press("Rename").refusal
    type_in(tab, "new-project-", "Letters").press("Rename")
    assert "Mails is now Letters." in tab.done
    assert in_hand(tab.run()) == "Letters"
    tab.press("Archive")
    assert "Letters is archived." in tab.done and "Letters (archived)" in tab.run().text
    assert "Letters is archived: all of it can be read" in tab.open("rounds").text and in_hand(tab) == "Letters (archived)"
    assert "Letters is archived, and no drafts, rounds or label sets come into it" in upload_task(tab.open("import")).refusal
    tab.open("projects").press("Bring it back")
    assert "project Mails renamed to Letters" in tab.run().text and "project Letters brought back" in tab.text


def upload_task(tab: Tab) -> Tab:
    tab.at.get("file_uploader")[0].upload("tasks.jsonl", jsonl(task(9)))
    return tab.run().press("Import")


def test_a_project_is_deleted_once_its_name_is_typed_and_a_tab_that_had_it_goes_on(empty, lead, monkeypatch):
    other = Tab(monkeypatch, empty, "lead").open("", project=MAILS)
    tab = Tab(monkeypatch, empty, "lead").open("projects", project=MAILS)
    assert "Download a backup" in tab.labels
    assert (
        "Mails was not deleted: “mails” is not its name" in type_in(tab, "typed-name", "mails").press("Delete for good").refusal
    )
    type_in(tab, "typed-name", MAILS).press("Delete for good")
    assert "Mails is deleted" in tab.done and [each.name for each in projects.all_projects(empty)] == [SUPPORT]
    assert in_hand(tab) == SUPPORT == in_hand(other.run()) and tab.refusal == ""
    assert "The project this tab had in hand was deleted; Support is in hand now." in other.text and other.refusal == ""


def test_home_tells_of_drafts_that_wait_in_another_project(empty, lead, monkeypatch):
    label_all(inside(empty, MAILS), people(empty, "ana")[0], {"d01": (1,), "d02": (1,)}, dimensions=(TONE,))
    tab = Tab(monkeypatch, empty, "ana").open("", project=MAILS)
    assert "2 drafts are waiting for you in Support." in tab.text
    assert "waiting for you in" not in tab.open("", project=SUPPORT).text


def test_names_of_people_and_rounds_are_mended_on_their_pages(empty, lead, monkeypatch):
    close_round(lead, inside(empty, MAILS), "pilot", early="enough")
    tab = Tab(monkeypatch, empty, "lead").open("people", project=MAILS)
    tab.field("selectbox", "old-person").set_value("ben")
    type_in(tab, "new-person", "Benjamin").press("Rename")
    assert "ben is now Benjamin." in tab.done and "Benjamin" in tab.run().text
    renaming.rename_person(lead, empty, "lead", "Leda")  # in another window, after this page was drawn
    assert "Added Zoe." in type_in(tab, "person-name", "Zoe").press("Add").done
    tab.name = "Leda"
    type_in(tab.open("rounds"), "new-round", "first").press("Rename")
    assert "pilot is now first." in tab.done
    assert [each.name for each in all_rounds(empty)] == ["pilot", "first"]


def test_a_version_of_another_rubric_is_said_to_belong_to_another_project(empty, lead, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("rubrics", project=MAILS, rubric="support-replies-v1")
    assert "of tenacious, the rubric of Mails; 1 published" in tab.text
    assert "no such version in Mails, whose rubric is tenacious: another rubric belongs to another project" in tab.refusal
