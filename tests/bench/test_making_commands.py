"""bench cover and bench make: what a terminal shows, what the store and files hold, what is refused."""

import json

import pytest

from db.engine import reading
from db.store.bench import typed_tasks as stored
from tests.bench.spaces import REPAIRS
from tests.bench.spaces import space as space_of
from tests.support.commands import document, done, refused, sentence
from tests.support.small_stores import people, rows
from touchstone.errors import Refused
from workflow.bench.spaces import counted_methods, covered_in_store, make_tasks
from workflow.data.task_import import imports_so_far
from workflow.data.undoing import undo_import


def made_in(engine, person, text=REPAIRS, **more):
    return make_tasks(person, engine, space_of(text), text.encode(), **more).remade


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "repairs.yml"
    path.write_text(REPAIRS)
    return path


def test_cover_counts_against_the_enumerated_space(file):
    found = document("bench cover", file, "--json")
    assert (found["all_rows"], found["parameters"], found["strength"], found["own"]) == (36, 4, 2, 1)
    assert found["valid_rows"] == len(space_of().parts[0].rows) * len(space_of().parts[1].rows)
    assert found["found"] == found["possible"] > 20 and found["missing"] == []
    assert len(found["table"]) == found["rows"] and found["table"][0]["wear"] == "heavy"
    assert f"{found['possible']} of {found['possible']} possible pairs are covered" in done("bench cover", file)
    assert document("bench cover", file, "--strength", "3", "--json")["rows"] > found["rows"]


def test_what_tasks_of_a_file_cover_is_counted_and_what_they_lack_is_named(file, tmp_path):
    tasks = tmp_path / "tasks.jsonl"
    done("bench make", file, "--to", tasks)
    lines = tasks.read_text().splitlines()
    tasks.write_text("\n".join(lines[:3]))
    said = done("bench cover", file, "--tasks", tasks)
    assert "3 tasks, 1 of them own: " in said and "not covered: part " in said
    found = document("bench cover", file, "--tasks", tasks, "--json")
    assert len(found["missing"]) == found["possible"] - found["found"] > 0


def test_a_file_made_again_keeps_what_people_wrote_and_every_id(file, tmp_path):
    tasks = tmp_path / "tasks.jsonl"
    done("bench make", file, "--to", tasks)
    first = tasks.read_text().splitlines()
    own = json.dumps({"task_id": "mine", "signals": [{"field": "report", "value": "a squeak"}]})
    tasks.write_text("\n".join([own, *first]))
    file.write_text(REPAIRS.replace("[2, 9]", "[2, 9, 30]"))
    said = done("bench make", file, "--to", tasks)
    assert f"{len(first)} of the space kept, 1 of other origins untouched" in said
    again = [json.loads(line)["task_id"] for line in tasks.read_text().splitlines()]
    assert again[: len(first) + 1] == ["mine", *(json.loads(line)["task_id"] for line in first)]
    assert len(again) > len(first) + 1
    assert "0 tasks made" in done("bench make", file, "--to", tasks)


def test_a_wrong_space_or_file_is_refused_and_nothing_is_written(file, tmp_path):
    file.write_text(REPAIRS.replace("space: repairs", "space: R"))
    assert "line 1: space is “R”" in refused("bench make", file)
    assert "nowhere.yml cannot be read" in sentence("bench cover", "nowhere.yml")
    file.write_text(REPAIRS)
    tasks = tmp_path / "tasks.jsonl"
    tasks.write_text('{"task_id": "a", "signals": 3}\n')
    assert "line 1: signals is 3" in refused("bench make", file, "--to", tasks)
    assert tasks.read_text() == '{"task_id": "a", "signals": 3}\n'


def test_tasks_are_made_in_the_store_once_and_counted_by_how_they_were_made(engine):
    (lead,) = people(engine, "lead")
    made = made_in(engine, lead)
    assert counted_methods(lead, engine) == {"space": len(made.added)}
    again = made_in(engine, lead)
    assert (len(again.kept), again.added) == (len(made.added), ())
    assert len(imports_so_far(engine)) == 1
    found = covered_in_store(lead, engine, space_of())
    assert found.coverage.found == found.coverage.possible
    (told,) = rows(engine, "SELECT verb FROM events WHERE verb = 'make tasks'")
    assert told == ("make tasks",)


def test_more_of_a_space_adds_tasks_and_leaves_those_there_are(engine):
    (lead,) = people(engine, "lead")
    first = made_in(engine, lead)
    more = made_in(engine, lead, REPAIRS.replace("[2, 9]", "[2, 9, 30]"))
    assert len(more.kept) == len(first.added) and more.added
    with reading(engine) as connection:
        there = {row.task_id for row in stored.of_project(connection)}
    assert there == {each.task_id for each in (*first.added, *more.added)}


def test_a_space_that_says_stored_tasks_differently_is_refused_until_their_import_is_undone(engine):
    (lead,) = people(engine, "lead")
    made_in(engine, lead)
    other = REPAIRS.replace("in stock", "sold out")
    with pytest.raises(Refused, match="give the changed space another name, or undo the import"):
        made_in(engine, lead, other)
    undo_import(lead, engine, imports_so_far(engine)[0].id)
    assert made_in(engine, lead, other).added


def test_making_that_is_stopped_stores_nothing(engine):
    (lead,) = people(engine, "lead")

    class Stopped(Exception):
        pass

    def stop(step):
        if step.rows > 2:
            raise Stopped

    with pytest.raises(Stopped):
        made_in(engine, lead, tell=stop)
    assert counted_methods(lead, engine) == {}
