"""Every verb that changes something is on record, and what is on record holds no level."""

import ast
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import reading, within, writing
from db.store.record import events as stored
from db.store.record.events import Unrecorded
from tests.support.full_store import full
from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, TONE, inside, label_all, opened, people, rows, save, stock
from touchstone.errors import Refused
from workflow.events import listing, recording
from workflow.events.listing import EventFilter, events_of
from workflow.events.recording import note_event, recorded
from workflow.events.verifying import verify_events
from workflow.exporting.label_export import export_labels
from workflow.gold.export import export_gold
from workflow.labelling.labelling import choose, keep_note, query
from workflow.labelling.own_labels import assignment_of
from workflow.people.people import add_person, sign_in, sign_out
from workflow.projects.projects import delete_project, new_project
from workflow.rounds.closing import close_round, reopen_round

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
@kept
def team(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    return lead, ana, ben


def verbs(engine, lead, **asked):
    return [each.verb for each in reversed(events_of(lead, engine, EventFilter(**asked)).events)]


def test_each_verb_leaves_one_event_that_says_who_and_to_what(engine, team):
    lead, ana, ben = team
    label_all(engine, ana, {"d01": (1, 1), "d02": (2, 2)})
    label_all(engine, ben, {"d01": (1, 1), "d02": (2, 2)})
    close_round(lead, engine, "pilot")
    reopen_round(lead, engine, "pilot")
    found = events_of(lead, engine, EventFilter()).events
    assert [(each.verb, each.by) for each in reversed(found)] == [
        *[("add person", "the program")] * 3,
        ("import file", "lead"),
        ("import file", "lead"),
        ("open round", "lead"),
        *[("save labels", "ana")] * 2,
        *[("save labels", "ben")] * 2,
        ("close round", "lead"),
        ("reopen round", "lead"),
    ]
    assert found[0].subject["round"] == "pilot"
    mine = assignment_of(ana, engine, "pilot", "d02")
    assert next(each.subject for each in found if each.by == "ana") == {"saves": [{"assignment": mine, "revision": 1}]}
    assert verify_events(engine).wrong == ()


def test_what_changes_nothing_leaves_no_event(engine, team):
    _, ana, _ = team
    before = verify_events(engine).events
    mine = assignment_of(ana, engine, "pilot", "d01")
    choose(ana, engine, mine, CTA, 3)
    keep_note(ana, engine, mine, "half a thought")
    add_person(None, engine, "ANA")
    assert verify_events(engine).events == before
    query(ana, engine, mine, "look")
    save(engine, ana, "d01", (1, 3))
    after = verify_events(engine).events
    assert after == before + 2
    save(engine, ana, "d01", (1, 3))
    assert verify_events(engine).events == after


def test_no_level_and_no_text_is_in_an_event_and_equal_labels_have_unlike_digests(engine, team):
    _, ana, ben = team
    label_all(engine, ana, {"d01": (3, 2)})
    label_all(engine, ben, {"d01": (3, 2)})
    with reading(engine) as connection:
        told = [each for each in stored.in_order(connection) if each["verb"] == "save labels"]
    assert [set(json.loads(each["subject"])) for each in told] == [{"saves"}] * 2
    digests = [digest for each in told for digest in json.loads(each["rows"])["labels"]["each"].values()]
    assert len(set(digests)) == len(digests) == 4


def test_a_refusal_of_what_cannot_be_taken_back_or_is_held_back_is_on_record_and_others_are_not(engine, team):
    lead, ana, _ = team
    assert "cannot be closed yet" in refusal(close_round, lead, engine, "pilot")
    refusal(query, ana, engine, assignment_of(ana, engine, "pilot", "d01"), " ")
    last = events_of(lead, engine, EventFilter()).events[0]
    assert (last.verb, last.outcome, last.by, last.subject) == ("close round", "refused", "lead", {"round": "pilot"})


def test_exports_and_sign_ins_are_on_record_and_the_head_stands_in_the_manifest(engine, team, tmp_path):
    lead, ana, ben = team
    token = sign_in(engine, ana.id)
    for person in (ana, ben):
        label_all(engine, person, {"d01": (1, 1), "d02": (2, 2)})
    close_round(lead, engine, "pilot")
    export_labels(lead, engine, "pilot", tmp_path / "pilot.csv")
    head = verify_events(engine).head
    record = json.loads((export_gold(lead, engine, "pilot", tmp_path / "gold") / "manifest.json").read_text())["record"]
    assert record == {"head": head}
    sign_out(engine, token)
    note_event(lead, engine, "print it", round="pilot")
    last = [(each.verb, each.by) for each in events_of(lead, engine, EventFilter()).events[:4]]
    assert last == [("print it", "lead"), ("sign out", "ana"), ("export gold", "lead"), ("export labels", "lead")]
    assert verify_events(engine, head=record["head"]).wrong == ()


def test_the_events_of_a_deleted_project_stay_and_are_not_those_of_the_next(engine, team):
    lead, *_ = team
    new_project(lead, engine, "second")
    theirs = inside(engine, "second")
    stock(theirs, lead, 1, first=7)
    refusal(delete_project, lead, theirs, "second", typed="Second")
    assert verbs(theirs, lead) == ["make project", "import file", "import file", "delete project"]
    delete_project(lead, engine, "second", typed="second")
    new_project(lead, engine, "third")
    assert verbs(inside(engine, "third"), lead) == ["make project"]
    gone = events_of(lead, engine, EventFilter(verb="delete project")).events[0]
    assert "second" in gone.in_words and gone.outcome == "done"


def test_the_list_is_narrowed_and_leaves_as_a_file(engine, team):
    lead, ana, _ = team
    save(engine, ana, "d01", (1, 1))
    assert verbs(engine, lead, person="ANA") == ["save labels"]
    assert verbs(engine, lead, verb="open round") == ["open round"]
    assert verbs(engine, lead, since="2999-01-01") == []
    assert "is no day" in refusal(events_of, lead, engine, EventFilter(since="yesterday"))
    assert verbs(within(engine, 1), lead) == ["import file", "import file", "open round", "save labels"]
    lines = [json.loads(line) for line in listing.events_as_lines(lead, engine, EventFilter()).splitlines()]
    assert [each["event"] for each in lines] == list(range(1, 8)) and lines[-1]["subject"]["saves"][0]["revision"] == 1
    assert lines[-1]["before"] == lines[-2]["digest"]
    assert listing.events_as_csv(lead, engine, EventFilter(verb="save labels")).count(b"\n") == 2
    assert [each.id for each in listing.every_event(None, engine, EventFilter(person="ana"))] == [7]


def test_every_kind_of_event_can_be_listed(sqlite_engine):
    lead, *_ = full(sqlite_engine)
    found = events_of(lead, sqlite_engine, EventFilter())
    assert found.found > 25
    assert {"adjudicate", "publish version", "undo import", "rename person", "skip draft"} <= {*found.verbs}
    assert all(each.in_words for each in found.events)
    assert TONE in " ".join(each.in_words for each in found.events)


# That nothing is forgotten


def test_a_verb_that_changes_something_and_tells_no_event_is_an_error_and_changes_nothing(engine, team):
    lead, *_ = team
    (before,) = rows(engine, "SELECT seed FROM rounds")
    told = "rows of rounds were changed by a verb that tells no event"
    with pytest.raises(Unrecorded, match=told), writing(engine) as connection:
        connection.execute(sa.text("UPDATE rounds SET seed = seed + 1"))
    assert rows(engine, "SELECT seed FROM rounds") == [before]
    with recorded(lead, engine, "seed anew", round="pilot") as connection:
        connection.execute(sa.text("UPDATE rounds SET seed = seed + 1"))
    assert verbs(engine, lead)[-1] == "seed anew"
    with pytest.raises(Refused), recorded(lead, engine, "seed anew"):
        raise Refused("no")
    assert verify_events(engine).wrong == ()


def test_every_function_that_opens_a_writing_transaction_records_or_is_declared():
    """Read from the sources: `writing(` in workflow/ stands only where NOT_RECORDED has the reason."""
    found = set()
    for path in sorted((PROJECT / "workflow").rglob("*.py")):
        module = ".".join(path.relative_to(PROJECT / "workflow").with_suffix("").parts)
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and _opens_writing(function) and module != "events.recording":
                found.add(f"{module}.{function.name}")
    undeclared = sorted(found - recording.NOT_RECORDED.keys())
    assert not undeclared, (
        f"{undeclared}: open the transaction with workflow.events.recording.recorded(person, engine, verb), or, where nothing of "
        "it is to be recorded, say why in NOT_RECORDED there"
    )
    assert found == recording.NOT_RECORDED.keys()


def _opens_writing(function):
    called = [each.func for each in ast.walk(function) if isinstance(each, ast.Call)]
    return any(isinstance(each, ast.Name) and each.id == "writing" for each in called)
