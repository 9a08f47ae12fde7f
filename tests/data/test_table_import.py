"""A table comes in as it is mapped, and an import can be undone while nothing was done with it."""

from dataclasses import replace

import pytest

from db.engine import migrate, reading
from db.store import tasks as stored_tasks
from tests.support.older_stores import older_copy
from tests.support.small_stores import RUBRIC, draft, jsonl, opened, people, rows, save, task
from tests.support.tables import COLUMNS, csv_of
from tests.support.tables import rows as tickets
from touchstone.data.table.mapping import TableMapping, TitledColumn
from touchstone.data.table.source_table import read_table
from touchstone.data.task_file import TaskFile
from touchstone.errors import Refused
from workflow.data.table_import import import_table, offered_roles, preview_table
from workflow.data.task_import import import_drafts, import_file, import_tasks, imports_so_far, store_whole, whats_there
from workflow.data.undoing import undo_import, what_undoing_removes
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.maintenance.store_check import check_store
from workflow.rounds.closing import close_round

SHOWN = (TitledColumn("message", "Customer message"),)
MAPPING = TableMapping((TitledColumn("reply", "reply"),), "ticket", SHOWN, slices=("plan",))
SOURCE = csv_of(tickets())


def refusal(verb, *args, **more) -> Refused:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value


def test_a_table_comes_in_and_the_same_again_adds_nothing(engine):
    (lead,) = people(engine, "lead")
    made = import_table(lead, engine, SOURCE, "tickets.csv", MAPPING, partition="train")
    assert made.sentence == "tickets.csv: 4 tasks and 4 drafts imported into First project, a new project"
    assert rows(engine, "SELECT task_id, partition, cluster FROM tasks WHERE task_id = 'T-1'") == [("T-1", "train", "T-1")]
    whole = preview_table(read_table(SOURCE, "tickets.csv"), MAPPING)
    known = store_whole(lead, engine, TaskFile([], whole.drafts, []), SOURCE, "drafts.csv")
    assert (known.drafts_added, known.drafts_known, known.project) == (0, 4, "First project")
    again = import_table(lead, engine, SOURCE, "again.csv", MAPPING, partition="train")
    assert again.sentence == "again.csv: nothing new, all 8 are in the store already"


def test_a_bad_row_keeps_the_whole_table_out(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    source = csv_of([*tickets(), ("", "who?", "nobody", "free")])
    refused = refusal(import_table, lead, sqlite_engine, source, "tickets.csv", MAPPING)
    assert [each.line for each in refused.problems] == [10]
    assert (whats_there(sqlite_engine), imports_so_far(sqlite_engine)) == ((0, 0), [])
    unread = refusal(import_table, lead, sqlite_engine, b"", "tickets.csv", MAPPING)
    assert unread.sentence == "tickets.csv cannot be read as a table: 1 problem in it"


def test_a_text_column_that_is_mapped_to_nothing_is_refused_on_request(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    some = TableMapping(MAPPING.texts, "ticket")
    refused = refusal(import_table, lead, sqlite_engine, SOURCE, "tickets.csv", some, strict=True)
    assert "message could hold texts and is mapped to nothing" in refused.sentence
    assert whats_there(sqlite_engine) == (0, 0)


def test_a_table_for_each_model_makes_drafts_of_the_same_tasks(engine):
    (lead,) = people(engine, "lead")
    first, second = (replace(MAPPING, texts=(TitledColumn("reply", name),)) for name in ("model one", "model two"))
    other = csv_of([(ticket, message, f"Another {reply}", plan) for ticket, message, reply, plan in tickets()])
    import_table(lead, engine, SOURCE, "one.csv", first)
    assert import_table(lead, engine, other, "two.csv", second).sentence.startswith("two.csv: 4 drafts imported")
    assert rows(engine, "SELECT draft_id, author FROM drafts WHERE draft_id LIKE 'T-1%' ORDER BY draft_id") == [
        ("T-1", "model one"),
        ("T-1-a594df", "model two"),
    ]
    for source, mapping in ((SOURCE, first), (other, second)):
        assert "nothing new" in import_table(lead, engine, source, "again.csv", mapping).sentence
    changed = refusal(import_table, lead, engine, other, "one.csv", first)
    assert "draft T-1 is in the store with different content" in str(changed.problems[0])
    nobody = csv_of([("T-1", tickets()[0][1], "A third text", "team")])
    refused = refusal(import_table, lead, engine, nobody, "three.csv", MAPPING)
    assert "T-1 has another text in the store; if this is a second draft of it, say who wrote it" in str(refused.problems[0])


def test_labels_are_sent_to_where_labels_go(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    table = read_table(b"id,label\n1,2\n", "labels.csv")
    assert "import it under Label sets" in refusal(preview_table, table, TableMapping(())).sentence


def test_the_mapping_is_kept_and_offered_for_the_next_table_that_has_its_columns(engine):
    (lead,) = people(engine, "lead")
    table = read_table(SOURCE, "tickets.csv")
    guess = offered_roles(lead, engine, table)
    assert guess.kept_from == "" and all(each.reason for each in guess.roles)
    import_table(lead, engine, SOURCE, "tickets.csv", MAPPING)
    wider = read_table(csv_of([(*each, "x") for each in tickets()], (*COLUMNS, "more")), "april.csv")
    kept = offered_roles(lead, engine, wider)
    assert kept.kept_from == "tickets.csv"
    assert {each.column: (each.role, each.title) for each in kept.roles} == {
        "ticket": ("id", ""),
        "message": ("shown", "Customer message"),
        "reply": ("text", "reply"),
        "plan": ("slice", ""),
        "more": ("ignored", ""),
    }
    other = read_table(b"id,body\n1,some words here\n", "other.csv")
    assert offered_roles(lead, engine, other).kept_from == ""
    undo_import(lead, engine, 1)
    assert offered_roles(lead, engine, table).kept_from == "", "a mapping that was taken back is no start"


def test_an_import_is_undone_as_a_whole_and_stays_in_the_list(engine):
    (lead,) = people(engine, "lead")
    import_file(lead, engine, jsonl({"id": "a", "text": "x"}), "texts.jsonl")
    import_table(lead, engine, SOURCE, "tickets.csv", MAPPING)
    with reading(engine) as connection:
        before = stored_tasks.state_of_drafts(connection)
    assert what_undoing_removes(lead, engine, 2).sentence == "undoing import 2 (tickets.csv) removes 4 tasks and 4 drafts"
    assert undo_import(lead, engine, 2).what == "4 tasks and 4 drafts"
    assert whats_there(engine) == (1, 1)
    newest = imports_so_far(engine)[0]
    assert (newest.file_name, newest.drafts_added, newest.undone_by) == ("tickets.csv", 4, "lead")
    assert "was undone on" in refusal(undo_import, lead, engine, 2).sentence
    assert refusal(what_undoing_removes, lead, engine, 7).sentence == "there is no import 7; there are 1"
    import_table(lead, engine, csv_of(tickets(5)[1:]), "others.csv", MAPPING)
    with reading(engine) as connection:
        assert stored_tasks.state_of_drafts(connection) != before, "what was computed for drafts of these ids is computed anew"
    assert check_store(engine) == []


def test_a_round_open_or_closed_keeps_its_drafts_from_being_removed(sqlite_engine):
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    import_table(lead, sqlite_engine, SOURCE, "tickets.csv", MAPPING)
    opened(sqlite_engine, lead, drafts=3)
    refused = refusal(undo_import, lead, sqlite_engine, 1)
    assert refused.sentence == "import 1 (tickets.csv) cannot be undone: the open round pilot holds 3 of its drafts"
    for person in (ana, ben):
        for (name,) in rows(sqlite_engine, "SELECT draft_id FROM round_drafts JOIN drafts ON drafts.id = draft"):
            save(sqlite_engine, person, name, (1, 1))
    close_round(lead, sqlite_engine, "pilot")
    assert "the closed round pilot holds 3" in what_undoing_removes(lead, sqlite_engine, 1).sentence
    assert whats_there(sqlite_engine) == (4, 4)


def test_labels_from_elsewhere_and_drafts_of_others_keep_an_import(engine):
    (lead,) = people(engine, "lead")
    import_tasks(lead, engine, jsonl(task(1)), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(draft(1)), "drafts.jsonl")
    labels = File("ana.csv", b"task_id,annotator,dimension,value\nt01,ana,tone_compliance,2\n")
    import_labels(lead, engine, [labels], name="elsewhere", made_by="person-blind", rubric=RUBRIC)
    refused = refusal(undo_import, lead, engine, 1).sentence
    assert "the label set elsewhere has labels of them" in refused
    assert "import 2 (drafts.jsonl) brought 1 draft for its tasks: undo that one first" in refused
    undo_import(lead, engine, 2)
    assert whats_there(engine) == (1, 0)


def test_no_import_has_a_number_that_no_database_takes(engine):
    (lead,) = people(engine, "lead")
    for number in (10**20, 0, -1):
        assert refusal(undo_import, lead, engine, number).sentence == f"there is no import {number}; there is none to undo"


def test_a_store_from_before_keeps_its_imports(sqlite_engine, empty_url):
    (lead,) = people(sqlite_engine, "lead")
    import_tasks(lead, sqlite_engine, jsonl(task(1)), "tasks.jsonl")
    old = older_copy(sqlite_engine, empty_url, "0006")
    assert migrate(old) == "older"
    (kept,) = imports_so_far(old)
    assert (kept.file_name, kept.mapping, kept.undone_at) == ("tasks.jsonl", None, None)
    assert undo_import(lead, old, 1).what == "1 task"
    old.dispose()
