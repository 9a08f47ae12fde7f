"""Two projects with equal names everywhere: what is in the second is seen nowhere in the first, on no page and in no list."""

import pytest

from tests.support.commands import done
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.pages_list import PAGES
from tests.support.small_stores import CTA, TONE, draft, inside, jsonl, label_all, opened, people, save, task
from workflow.comparison.two_sources import all_sources
from workflow.data.task_import import import_drafts, import_tasks, imports_so_far
from workflow.gold.adjudication import adjudicate
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling.labelling import query
from workflow.labelling.next_draft import next_assignment
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round
from workflow.rubric import meetings

CANARY = "Zanzibar"
FIRST, SECOND = "Mails", "Support"
LISTS = (
    ["rounds"],
    ["rounds", "--json"],
    ["events"],
    ["score", "--rubric", "tenacious-v1"],
    ["report", "pilot"],
    ["report", "--set", "machine"],
)


@kept
def built(engine):
    """Tasks, drafts, rounds and label sets of one name in two projects; the words of the second all hold the canary."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    for name, word in ((FIRST, "plain"), (SECOND, CANARY)):
        new_project(lead, engine, name)
        one = inside(engine, name)
        tasks = [task(n, input={"company_signal": f"{word} signal {n}"}, cluster=word) for n in range(1, 6)]
        import_tasks(lead, one, jsonl(*tasks), f"{word}-tasks.jsonl", partition=word)
        drafts = [draft(n, text=f"{word} text {n}", author=f"{word}-author") for n in range(1, 6)]
        import_drafts(lead, one, jsonl(*drafts), f"{word}-drafts.jsonl")
        opened(one, lead, draft_ids=("d01", "d02"))
        for person, level in ((ana, 1), (ben, 2)):
            save(one, person, "d01", (level, 2), f"{word} note by {person.name}")
            desk = next_assignment(person, one, "pilot")
            query(person, one, desk.assignment, f"{word} query")
            save(one, person, "d02", (2, 2), f"{word} note")
        close_round(lead, one, "pilot")
        adjudicate(lead, one, "pilot", "d01", TONE, 1, f"{word} reason", "slip")
        meetings.decide(lead, one, "pilot", "d01", TONE, f"{word} decision")
        meetings.keep_note(lead, one, "pilot", TONE, f"{word} meeting")
        opened(one, lead, "second", draft_ids=("d03",))
        label_all(one, ana, {"d03": (1, 1)}, round_name="second")
        label_all(one, ben, {"d03": (2, 1)}, round_name="second")
        close_round(lead, one, "second")
        opened(one, lead, "going on", draft_ids=("d04",))
        opened(one, lead, f"{word} round", draft_ids=("d05",))
        for set_ in ("machine", f"{word} set"):
            units = f"draft_id,{TONE},{CTA}\nd01,1,2\nd02,2,2\n{word}-unit,0,0\n".encode()
            files = [File(f"{word}.csv", units)]
            import_labels(lead, one, files, name=set_, made_by="model", annotators=[f"{word} model"], rubric="tenacious-v1")
    return lead, ana, ben


@pytest.fixture
def twins(engine):
    return built(engine=engine)


@pytest.fixture
def mails(empty, twins_on_pages, monkeypatch):
    return Tab(monkeypatch, empty, "lead")


@pytest.fixture
def twins_on_pages(empty):
    return built(engine=empty)


def drawn(tab: Tab) -> str:
    """All that a page hands to the browser: what is read, what can be chosen, what charts hold."""
    return tab.markup + "\n".join(str(getattr(each, "proto", "")) for each in tab.at.main)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_anything_of_another_project(page, mails):
    of_set = [{"set": "machine"}] if page in ("agreement", "plan", "claims") else []
    for asked in ({}, {"round": "pilot", "draft": "d01"}, *of_set):
        assert CANARY not in drawn(mails.open(page, project=FIRST, **asked)), asked


def test_what_is_looked_for_would_be_found(mails):
    assert "plain" in drawn(mails.open("agreement", project=FIRST, round="pilot"))
    assert CANARY in drawn(mails.open("agreement", project=SECOND, round="pilot"))


def test_a_draft_that_waits_for_its_annotator_is_that_of_the_project_in_hand(empty, twins_on_pages, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana")
    assert "plain text 4" in tab.open("label", project=FIRST, round="going on").markup
    assert f"{CANARY} text 4" in tab.open("label", project=SECOND, round="going on").markup
    opened(inside(empty, FIRST), tab.person, "only here", draft_ids=("d04",))
    tab.open("label", project=FIRST, round="only here")
    assert tab.open("label", project=SECOND).refusal == "", "the round labelled last is forgotten with its project"
    home = tab.open("", project=FIRST)
    assert "2 drafts are waiting for you in Support" in home.text and CANARY not in drawn(home)


@pytest.mark.parametrize("verb", LISTS, ids=" ".join)
def test_no_list_of_a_command_shows_anything_of_another_project(verb, empty, twins_on_pages):
    assert CANARY not in done(*verb, "--project", FIRST)
    if "report" not in verb or "--set" in verb:
        assert CANARY.casefold() in done(*verb, "--project", SECOND).casefold() or verb[0] == "score"


def test_what_is_chosen_from_is_the_projects_own(engine, twins):
    first, second = inside(engine, FIRST), inside(engine, SECOND)
    assert len(all_sources(first)) == len(all_sources(second)) and CANARY not in " ".join(all_sources(first))
    assert {each.file_name for each in imports_so_far(first)} == {"plain-tasks.jsonl", "plain-drafts.jsonl"}
