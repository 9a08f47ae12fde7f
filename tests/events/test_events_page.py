"""The page Events, and its commands: the list, what it is narrowed to, whether the chain holds."""

import json

from tests.support.commands import done, refused, sentence
from tests.support.full_store import another_hand
from tests.support.page_tab import Tab, label_of
from tests.support.sample_store import ANA, CLEO, CLOSED
from workflow.people.people import sign_in


def test_the_page_lists_the_projects_events_and_the_whole_stores_where_that_is_asked_for(sample, monkeypatch):
    sign_in(sample, 1)
    tab = Tab(monkeypatch, sample, CLEO).open("events")
    assert "close round" in tab.text and f"round {CLOSED}" in tab.text and "sign in" not in tab.text.split("To what")[1]
    assert [label_of(each) for each in tab.at.get("download_button")] == ["Events as CSV", "Events as JSONL"]
    assert "of the whole store not shown: of another project, or of none." in tab.text and "The whole store" in tab.labels
    tab.open("events", of="all")
    assert "sign in" in tab.text.split("To what")[1] and "not shown" not in tab.text


def test_the_page_is_narrowed_and_says_what_is_no_day(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("events", person=ANA, verb="save labels")
    assert tab.text.count("save labels") >= 1 and "close round" not in tab.text.split("To what")[1]
    assert "No event is like that" in Tab(monkeypatch, sample, CLEO).open("events", since="2999-01-01").text
    assert "is no day" in Tab(monkeypatch, sample, CLEO).open("events", since="soon").text


def test_events_are_listed_and_verified_by_commands(sample_url, sample):
    said = done("events", "--verb", "close round")
    assert f"{CLEO}  close round  round {CLOSED}" in said
    found = json.loads(done("events", "--person", ANA, "--json"))
    assert {each["person"] for each in found} == {ANA} and found[0]["subject"]
    assert "there is no such event" in done("events", "--since", "2999-01-01")
    assert "is no day" in sentence("events", "--since", "soon")
    document = json.loads(done("verify-events", "--json"))
    assert document["holds"] and done("verify-events", "--head", document["head"]).endswith(f"digest {document['head']}\n")
    assert "cut short" in refused("verify-events", "--head", "0123456789")
    sample.dispose()
    with another_hand(sample) as connection:
        connection.exec_driver_sql("DROP TRIGGER keep_events_update")
        connection.exec_driver_sql("UPDATE events SET person = NULL WHERE id = 5")
        connection.commit()
    assert "event 5" in refused("verify-events")
    assert "the trigger keep_events_update of events is gone" in refused("check-store")
