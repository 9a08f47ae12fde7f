"""A file is taken whole or not at all."""

import pytest

from tests.support.sample_store import with_sample
from tests.support.small_stores import draft, inside, jsonl, opened, people, rows, stock, task
from touchstone.errors import Refused
from workflow.data.task_import import import_drafts, import_file, import_tasks, imports_so_far, whats_there


def refusal(verb, *args, **more) -> Refused:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value


def test_tasks_and_drafts_come_in_with_all_they_carry(engine):
    (lead,) = people(engine, "lead")
    tasks = import_tasks(lead, engine, jsonl(task(1), task(2, cluster="c")), "tasks.jsonl", partition="train")
    drafts = import_drafts(lead, engine, jsonl(draft(1), draft(2, draft_id="d02b"), draft(2)), "drafts.jsonl")
    assert (tasks.sentence, drafts.sentence) == (
        "tasks.jsonl: 2 tasks imported into First project, a new project",
        "drafts.jsonl: 3 drafts imported",
    )
    assert whats_there(engine) == (2, 3)
    assert rows(engine, "SELECT task_id, partition, difficulty, source_mode, cluster FROM tasks ORDER BY task_id") == [
        ("t01", "train", "hard", "hidden-mode", "t01"),
        ("t02", "train", "easy", "hidden-mode", "c"),
    ]
    assert [each.file_name for each in imports_so_far(engine)] == ["drafts.jsonl", "tasks.jsonl"]


def test_the_same_file_twice_changes_nothing_and_says_so(engine):
    (lead,) = people(engine, "lead")
    source = jsonl(task(1), task(2))
    import_tasks(lead, engine, source, "tasks.jsonl")
    again = import_tasks(lead, engine, source, "again.jsonl")
    assert again.sentence == "again.jsonl: nothing new, all 2 are in the store already"
    assert (len(imports_so_far(engine)), whats_there(engine)) == (1, (2, 0))


def test_a_longer_file_adds_what_is_new(engine):
    (lead,) = people(engine, "lead")
    import_tasks(lead, engine, jsonl(task(1)), "tasks.jsonl")
    more = import_tasks(lead, engine, jsonl(task(1), task(2), task(3)), "more.jsonl")
    assert more.sentence == "more.jsonl: 2 tasks imported, 1 were in the store already"


def test_a_file_with_bad_lines_is_refused_whole_with_every_line(engine):
    (lead,) = people(engine, "lead")
    source = jsonl(task(1)) + b"nonsense\n" + jsonl(task(2)) + b"[]\n"
    refused = refusal(import_tasks, lead, engine, source, "tasks.jsonl")
    assert refused.sentence == "tasks.jsonl was not imported: 2 problems in it, nothing was stored"
    assert [each.line for each in refused.problems] == [2, 4]
    assert (whats_there(engine), imports_so_far(engine)) == ((0, 0), [])


def test_an_empty_file_is_refused(engine):
    (lead,) = people(engine, "lead")
    assert str(refusal(import_tasks, lead, engine, b"", "tasks.jsonl").problems[0]).startswith("the file is empty")


def test_other_content_under_a_stored_id_is_refused(engine):
    (lead,) = people(engine, "lead")
    stock(engine, lead, 2)
    changed = refusal(import_tasks, lead, engine, jsonl(task(1), task(2, notes="new")), "tasks.jsonl")
    assert [str(each) for each in changed.problems] == [
        "line 2: task t02 is in the store with different content (or another partition or cluster); "
        "import it as it was, undo its import first, or give the changed task a new task_id"
    ]
    other = refusal(import_drafts, lead, engine, jsonl(draft(3), draft(1, text="new")), "drafts.jsonl")
    assert [str(each) for each in other.problems] == [
        "line 1: draft d03 is written for task t03, which is not in the store; import its tasks first",
        "line 2: draft d01 is in the store with different content; undo its import first, or give the changed draft a new "
        "draft_id",
    ]


def test_the_same_tasks_under_another_partition_are_other_content(engine):
    (lead,) = people(engine, "lead")
    import_tasks(lead, engine, jsonl(task(1)), "tasks.jsonl", partition="train")
    assert (
        "another partition" in refusal(import_tasks, lead, engine, jsonl(task(1)), "t.jsonl", partition="dev").problems[0].reason
    )


def test_a_file_of_the_wrong_kind_is_refused_by_name(engine):
    (lead,) = people(engine, "lead")
    stock(engine, lead, 1)
    wrong = refusal(import_tasks, lead, engine, jsonl(draft(1)), "drafts.jsonl")
    assert str(wrong.problems[0]) == "line 1: d01 is a draft; import it with import-drafts"
    wrong = refusal(import_drafts, lead, engine, jsonl(task(1)), "tasks.jsonl")
    assert str(wrong.problems[0]) == "line 1: t01 is a task; import it with import-tasks"


def test_an_upload_takes_tasks_and_their_drafts_from_one_file(engine):
    (lead,) = people(engine, "lead")
    made = import_file(lead, engine, jsonl(draft(1), task(1)), "both.jsonl")
    assert made.sentence == "both.jsonl: 1 task and 1 draft imported into First project, a new project"


@pytest.mark.parametrize("verb", [import_tasks, import_drafts, import_file])
def test_plain_texts_come_in_by_any_of_the_verbs(sqlite_engine, verb):
    (lead,) = people(sqlite_engine, "lead")
    made = verb(lead, sqlite_engine, b"id,text\na,Hello\nb,Bye\n", "texts.csv")
    assert (made.tasks_added, made.drafts_added) == (2, 2)
    assert verb(lead, sqlite_engine, b"id,text\na,Hello\n", "texts.csv").sentence.endswith("all 2 are in the store already")


def test_a_cluster_comes_from_the_field_that_is_named(engine):
    (lead,) = people(engine, "lead")
    import_tasks(lead, engine, jsonl(task(1), task(2)), "tasks.jsonl", cluster_by="source_mode")
    assert rows(engine, "SELECT DISTINCT cluster FROM tasks") == [("hidden-mode",)]
    refused = refusal(import_tasks, lead, engine, jsonl(task(3)), "t.jsonl", cluster_by="trace")
    assert "t03 has no trace" in refused.problems[0].reason


def test_a_plain_text_keeps_the_partition_it_names(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    import_file(lead, sqlite_engine, jsonl({"id": "a", "text": "x", "partition": "dev"}), "texts.jsonl")
    assert rows(sqlite_engine, "SELECT partition FROM tasks") == [("dev",)]


def test_odd_characters_survive_the_store(engine):
    (lead,) = people(engine, "lead")
    text = "“Straße”\u2028\u200b \U0001f600 e\u0301 \x01 <b>*x*</b>"
    import_file(lead, engine, jsonl({"id": "ü-1", "text": text, "k": [1.5, None, {"a": text}]}), "texts.jsonl")
    assert rows(engine, "SELECT draft_id, text FROM drafts") == [("ü-1", text)]


def test_a_number_too_large_to_store_is_refused_with_its_line(engine):
    (lead,) = people(engine, "lead")
    refused = refusal(import_file, lead, engine, b'{"id": "a", "text": "x", "n": 1e999}', "texts.jsonl")
    assert refused.problems[0].line == 1


def test_a_round_of_the_teams_own_never_draws_from_the_sample(sqlite_engine):
    with_sample(sqlite_engine)
    (lead, _, _) = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 3)
    assert whats_there(inside(sqlite_engine, "First project")) == (3, 3)
    mine = opened(sqlite_engine, lead, "mine")
    assert (mine.drafts, mine.is_sample, mine.project) == (3, False, "First project")
    tried = opened(inside(sqlite_engine, "Sample"), lead, "tried")
    assert (tried.drafts, tried.is_sample, tried.project) == (52, True, "Sample")
    assert rows(
        sqlite_engine,
        "SELECT count(*) FROM round_drafts JOIN rounds ON rounds.id = round JOIN drafts ON drafts.id = draft "
        "WHERE rounds.project <> drafts.project",
    ) == [(0,)]


def test_a_draft_of_ones_own_for_a_sample_task_is_refused(sqlite_engine):
    with_sample(sqlite_engine)
    (lead,) = people(sqlite_engine, "lead")
    refusal(import_drafts, lead, sqlite_engine, jsonl({"task_id": "sample-01", "text": "mine"}), "drafts.jsonl")
