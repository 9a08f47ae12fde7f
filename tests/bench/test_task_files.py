"""Files of tasks and the store: exported ones read back as the same tasks; what is sealed leaves in none, and is not split."""

import json

import pytest

from db.store.bench import partitions
from tests.bench.test_sealing import RECIPIENT, SECRET, secret_task
from tests.support.commands import document, done, run, sentence
from tests.support.kept_stores import kept
from tests.support.modules import PROJECT
from tests.support.small_stores import inside, jsonl, people, rows, stock
from touchstone.errors import Refused
from workflow.bench.sealing import SealDesign, open_partition, seal_partition
from workflow.data.task_import import import_file, import_tasks
from workflow.exporting.task_export import export_tasks
from workflow.projects.projects import new_project

SAME = "SELECT task_id, digest, cluster FROM tasks WHERE project = :project ORDER BY task_id"


@pytest.fixture
@kept
def team(engine):
    """Four plain tasks in train, one with a text alone, a plain text, tasks of every typed kind, three sealed."""
    lead, kim = people(engine, "lead", "kim")
    stock(engine, lead, 4, partition="train", cluster="of one trace")
    texts = {"task_id": "text", "input": "A text alone.", "partition": "train", "output_kind": "a further field"}
    import_tasks(lead, engine, jsonl(texts), "text.jsonl")
    import_file(lead, engine, jsonl({"id": "plain", "text": "A plain text.", "partition": "dev"}), "plain.jsonl")
    import_tasks(lead, engine, (PROJECT / "sample/outreach/bench/kinds.jsonl").read_bytes(), "kinds.jsonl")
    import_tasks(lead, engine, jsonl(*map(secret_task, range(1, 4))), "secret.jsonl")
    seal_partition(lead, engine, SealDesign("held_out", "kim", RECIPIENT))
    return lead, kim


def test_exported_tasks_read_back_as_the_same_tasks_in_another_project_and_are_there_already_in_this(
    engine, team, tmp_path, monkeypatch
):
    lead, _ = team
    made = export_tasks(lead, engine, tmp_path / "all.jsonl")
    source = (tmp_path / "all.jsonl").read_bytes()
    monkeypatch.setattr(partitions, "CHUNK", 2)  # tasks in hand at a time
    assert export_tasks(lead, engine, tmp_path / "again.jsonl") == made
    assert (tmp_path / "again.jsonl").read_bytes() == source
    assert made.sealed == 3 and made.cluster_by == "" and made.tasks == source.count(b"\n") > 6
    assert SECRET.encode() not in source and b"sealed-" not in source
    again = import_tasks(lead, engine, source, "all.jsonl")
    assert (again.tasks_added, again.tasks_known) == (0, made.tasks)
    new_project(lead, engine, "other")
    import_tasks(lead, inside(engine, "other"), source, "all.jsonl")
    ours, theirs = ([row for row in rows(engine, SAME, project=n) if not row[0].startswith("sealed-")] for n in (1, 2))
    assert theirs == ours and len(theirs) == made.tasks
    assert rows(engine, "SELECT verb FROM events WHERE verb = 'export tasks'") == [("export tasks",)] * 2


def test_one_partition_is_exported_alone_and_a_sealed_one_is_not(engine, team, tmp_path):
    lead, kim = team
    assert export_tasks(lead, engine, tmp_path / "train.jsonl", "train").tasks == 5
    assert {json.loads(line)["partition"] for line in (tmp_path / "train.jsonl").open()} == {"train"}
    for partition, said in (
        ("held_out", "held_out is sealed: its tasks leave once its keeper opens it"),
        ("nowhere", "no task is in the partition 'nowhere'; there are dev, held_out"),
    ):
        with pytest.raises(Refused, match=said):
            export_tasks(lead, engine, tmp_path / "none.jsonl", partition)
    with pytest.raises(Refused, match="train.jsonl is there already; name a new file"):
        export_tasks(lead, engine, tmp_path / "train.jsonl", "train")
    assert not (tmp_path / "none.jsonl").exists()
    open_partition(kim, engine, "held_out", "it is over")
    assert export_tasks(lead, engine, tmp_path / "held.jsonl", "held_out") == (3, 0, "")
    assert SECRET in (tmp_path / "held.jsonl").read_text()


def test_clusters_that_were_taken_from_a_group_say_the_option_that_reads_them_back(sqlite_engine, tmp_path):
    lead, *_ = people(sqlite_engine, "lead")
    records = [json.loads(line) for line in (PROJECT / "shipped_benchmark/hand-written.jsonl").read_text("utf-8").splitlines()]
    firms = [{**each, "groups": {**each["groups"], "firm": f"f{n // 2}"}} for n, each in enumerate(records)]
    import_tasks(lead, sqlite_engine, jsonl(*firms), "typed.jsonl", cluster_by="firm")
    made = export_tasks(lead, sqlite_engine, tmp_path / "all.jsonl")
    assert made == (len(firms), 0, "firm")
    source = (tmp_path / "all.jsonl").read_bytes()
    assert import_tasks(lead, sqlite_engine, source, "all.jsonl", cluster_by=made.cluster_by).tasks_added == 0
    with pytest.raises(Refused):
        import_tasks(lead, sqlite_engine, source, "all.jsonl")


def test_the_commands_do_so_and_neither_split_nor_compare_what_is_sealed_unawares(sqlite_engine, monkeypatch, tmp_path):
    lead, *_ = people(sqlite_engine, "lead", "kim")
    stock(sqlite_engine, lead, 4, partition="train")
    sealed = jsonl(*map(secret_task, range(1, 4)))
    import_tasks(lead, sqlite_engine, sealed, "secret.jsonl")
    seal_partition(lead, sqlite_engine, SealDesign("held_out", "kim", RECIPIENT))
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", str(sqlite_engine.url))
    train, held = tmp_path / "train.jsonl", tmp_path / "held.jsonl"
    assert f"{train}: 4 tasks; 3 sealed tasks left out" in done("export-tasks", "--to", str(train))
    assert document("export-tasks", "--to", str(tmp_path / "t.jsonl"), "--json")["tasks"] == 4
    held.write_bytes(sealed)
    split = ("bench split", str(held), "--by", "company_signal", "--sizes", "2/1", "--to", str(tmp_path / "split"))
    told = "held.jsonl holds 3 tasks of held_out, which is sealed, and what is sealed stays where it is"
    assert told in sentence(*split) and not (tmp_path / "split").exists()
    found = run("bench leaks", str(train), str(held), "--json")
    assert "held.jsonl holds 3 tasks of held_out, which is sealed: what is found tells of them" in found.stderr
    assert found.exit_code == 0 and "pairs" in json.loads(found.stdout)
    new_project(lead, sqlite_engine, "other")
    done(*split, "--project", "other")
    ((first,),) = rows(sqlite_engine, "SELECT name FROM projects WHERE id = 1")
    assert "3 tasks of held_out" in sentence(*split, "--project", first)
    done("bench split", str(train), "--by", "company_signal", "--sizes", "2/2")
