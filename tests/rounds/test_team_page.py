"""Team: who owes what in an open round, how fast it goes, and the forms that change who labels what; and the commands."""

from datetime import timedelta

import pytest

from db.store.team import open_drafts
from tests.support.commands import done, refused
from tests.support.page_tab import Tab
from tests.support.small_stores import RUBRIC, TONE, change, label_all, opened, people, rows, save, skip_draft, stock
from ui.rounds import team as drawing
from workflow import clock
from workflow.labelling.labelling import query
from workflow.labelling.next_draft import next_assignment
from workflow.rounds.closing import close_round
from workflow.rounds.team.pace import pace_of_round
from workflow.rounds.team.reassigning import changes_in

OF = """
    SELECT draft_id FROM assignments JOIN drafts ON drafts.id = draft JOIN people ON people.id = person
    WHERE people.name = :name ORDER BY position
"""


@pytest.fixture
def pilot(empty):
    """Eight drafts, each for two of ana, ben and cleo; dora has no seat."""
    lead, *_ = people(empty, "lead", "ana", "ben", "cleo", "dora")
    stock(empty, lead, 12)
    opened(empty, lead, annotators=("ana", "ben", "cleo"), per_draft=2, drafts=8, dimensions=(TONE,))
    return empty


def drafts_of(engine, name):
    return [row[0] for row in rows(engine, OF, name=name)]


def test_pace_is_told_from_what_was_delivered(pilot):
    lead, ana, ben = people(pilot, "lead", "ana", "ben")
    start = clock.now()
    with clock.at(start):
        next_assignment(ana, pilot, "pilot")
        query(ana, pilot, next_assignment(ana, pilot, "pilot").assignment, "?")
    for hours, draft in enumerate(drafts_of(pilot, "ana")[:2]):
        with clock.at(start + timedelta(hours=hours)):
            save(pilot, ana, draft, (1,), dimensions=(TONE,))
    with clock.at(start + timedelta(days=2)):
        skip_draft(pilot, ana, drafts_of(pilot, "ana")[2], "no text")
        change(pilot, "UPDATE assignments SET seconds = 40 WHERE state = 'saved'")
        by = {each.name: each for each in pace_of_round(lead, pilot, "pilot")}
    mine = by["ana"]
    assert (mine.delivered, mine.queries, mine.progress.skipped, mine.a_day) == (3, 1, 1, 1.5)
    assert mine.days_left == mine.left / 1.5 and (mine.seconds, mine.work_left) == (40, 40 * mine.left)
    assert (by["ben"].a_day, by["ben"].days_left, by["ben"].seconds, by["ben"].work_left) == (None,) * 4
    with clock.at(start + timedelta(days=30)):
        assert pace_of_round(lead, pilot, "pilot")[0].a_day is None, "nothing lately"


def test_a_time_is_the_average_of_what_was_delivered_last_and_says_so(pilot, monkeypatch):
    monkeypatch.setattr(open_drafts, "PACED", 2)
    monkeypatch.setattr(drawing, "PACED", 2)
    lead, ana = people(pilot, "lead", "ana")
    start = clock.now()
    for hours, draft in enumerate(drafts_of(pilot, "ana")[:4]):
        with clock.at(start + timedelta(hours=hours)):
            save(pilot, ana, draft, (1,), dimensions=(TONE,))
    change(pilot, "UPDATE assignments SET seconds = 10 * position WHERE state = 'saved'")
    (mine,) = [each for each in pace_of_round(lead, pilot, "pilot") if each.name == "ana"]
    positions = rows(pilot, "SELECT position FROM assignments WHERE state = 'saved' ORDER BY delivered_at DESC LIMIT 2")
    assert mine.seconds == 5 * sum(row[0] for row in positions) and mine.delivered == 4
    assert drawing._of_the_last([mine]) == " (of the last 2 of each annotator)"
    (other,) = [each for each in pace_of_round(lead, pilot, "pilot") if each.name == "ben"]
    assert drawing._of_the_last([other]) == ""


def test_the_page_says_what_is_owed_and_gives_drafts_to_somebody_else(pilot, monkeypatch):
    lead = Tab(monkeypatch, pilot, "lead").open("team", round="pilot")
    had = {name: len(drafts_of(pilot, name)) for name in ("ana", "ben", "cleo")}
    assert f"16 drafts still to label: ana {had['ana']}, ben {had['ben']} and cleo {had['cleo']}." in lead.text
    assert "Nothing came from ana, ben or cleo in the last week." in lead.text
    lead.field("selectbox", "team-from").set_value("ana")
    lead.field("selectbox", "team-to").set_value("dora")
    lead.field("number_input", "team-drafts").set_value(2)
    lead.press("Reassign")
    assert "2 drafts went from ana to dora" in lead.done and len(drafts_of(pilot, "dora")) == 2
    assert "What was changed while it was open" in lead.text and "dora" in lead.text
    lead.press("Reassign")
    assert "nobody is named" in lead.refusal.lower()
    lead.field("selectbox", "team-new").set_value("lead")
    lead.press("Add")
    assert "lead came in, with 3 drafts that others had not begun." in lead.done
    lead.field("number_input", "team-further").set_value(4)
    lead.press("Draw them")
    assert "4 drafts came in for ana, ben, cleo, dora and lead." in lead.done
    assert len(changes_in(pilot, "pilot")) == 3


def test_of_a_closed_round_the_page_shows_the_record_alone(pilot, monkeypatch):
    (lead,) = people(pilot, "lead")
    done("reassign", "pilot", "--from", "ana", "--to", "dora", "--drafts", "1", "--as", "lead")
    for person in people(pilot, "ana", "ben", "cleo", "dora"):
        label_all(pilot, person, {draft: (1,) for draft in drafts_of(pilot, person.name)}, dimensions=(TONE,))
    close_round(lead, pilot, "pilot")
    tab = Tab(monkeypatch, pilot, "lead").open("team", round="pilot")
    assert "1 draft went from ana to dora (lead," in tab.text and "Change who labels what" not in tab.text
    assert "pilot was closed on" in tab.text
    assert "those of the last week." in tab.text and "goes on like this" not in tab.text


def test_commands_do_the_same(pilot):
    had = len(drafts_of(pilot, "ana"))
    assert f"pilot: {had} drafts went from ana to dora" in done("reassign", "pilot", "--from", "ana", "--to", "dora")
    assert "ana has no draft left to label in pilot" in refused("reassign", "pilot", "--from", "ana", "--to", "dora")
    assert "pilot: lead came in, with 3 drafts" in done("add-annotator", "pilot", "lead", "--as", "lead")
    assert "pilot: 2 drafts came in for ana, ben, cleo, dora and lead" in done("add-drafts", "pilot", "--drafts", "2")
    assert "3 drafts asked for, and there are 2 drafts to draw from" in refused("add-drafts", "pilot", "--drafts", "3")
    assert RUBRIC in done("rounds")
