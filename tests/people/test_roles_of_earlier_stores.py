"""A store from before there were roles: everybody has those that follow from what they did, and nobody is admin."""

import pytest

from db.engine import migrate
from tests.support.older_stores import older_copy
from tests.support.small_stores import TONE, inside, jsonl, label_all, opened, people, rows, stock, task
from workflow.data.task_import import import_tasks
from workflow.gold.adjudication import adjudicate
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.people import roles
from workflow.people.people import command_line
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round

WERE = {
    "ana": {"mails": "annotator", "support": "lead"},  # labelled in one, and opened a round of the other
    "ben": {"mails": "annotator"},
    "cleo": {"mails": "lead"},  # closed
    "dana": {"mails": "lead"},  # adjudicated
    "eva": {"support": "lead"},  # imported labels
    "finn": {"mails": "annotator", "support": "annotator"},  # has a seat, and has not begun
    "gus": {},
    "lea": {"mails": "lead", "support": "lead"},  # imported drafts
}


@pytest.fixture
def before(engine, empty_url):
    """Two projects in which eight people did what they did, as the schema before had it; and a program, which gets no role."""
    lea, ana, ben, cleo, dana, eva, *_ = people(engine, "lea", "ana", "ben", "cleo", "dana", "eva", "finn", "gus")
    program = command_line(engine)
    for name in ("mails", "support"):
        new_project(lea, engine, name)
        stock(inside(engine, name), lea, 3)
    mails, support = inside(engine, "mails"), inside(engine, "support")
    import_tasks(program, support, jsonl(task(9)), "more.jsonl")
    opened(mails, lea, "pilot", dimensions=(TONE,), draft_ids=("d01",))
    label_all(mails, ana, {"d01": (1,)}, dimensions=(TONE,))
    label_all(mails, ben, {"d01": (2,)}, dimensions=(TONE,))
    close_round(cleo, mails, "pilot")
    adjudicate(dana, mails, "pilot", "d01", TONE, 1, "why", "slip")
    opened(mails, lea, "second", annotators=("finn", "ben"), draft_ids=("d02",))
    opened(support, ana, "first", annotators=("finn", "ana"), draft_ids=("d01",))
    import_labels(
        eva,
        support,
        [File("m.csv", b"draft_id,tone_compliance\nd01,1\n")],
        name="machine",
        made_by="model",
        rubric="tenacious-v1",
    )
    old = older_copy(engine, empty_url, "0010")
    yield old
    old.dispose()


def test_a_store_of_before_gives_everybody_the_roles_of_what_they_did(before):
    assert migrate(before) == "older"
    assert {each.name: each.roles for each in roles.people_here(None, before)} == WERE
    assert rows(before, "SELECT count(*) FROM people WHERE is_admin OR deactivated_at IS NOT NULL") == [(0,)]


def test_with_the_first_admin_everybody_has_the_roles_of_what_they_did_since(before):
    migrate(before)
    with before.begin() as connection:
        connection.exec_driver_sql("DELETE FROM memberships WHERE role = 'annotator'")
    assert roles.set_role(None, before, "gus", "annotator", "Mails") == "gus is an annotator of mails now"
    assert roles.make_admin(None, before, "gus") == "gus is an admin now"
    assert {each.name: each.roles for each in roles.people_here(None, before)} == WERE | {"gus": {"mails": "annotator"}}
    roles.set_role(None, before, "ben", "none", "mails")
    roles.make_admin(None, before, "lea")
    assert {each.name: each.roles for each in roles.people_here(None, before)}["ben"] == {}, "only the first brings them back"
