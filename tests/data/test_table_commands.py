"""import-table and undo-import."""

import pytest

from tests.support.commands import document, done, refused, run, sentence
from tests.support.tables import csv_of, rows


@pytest.fixture
def file(tmp_path, new_url):
    path = tmp_path / "tickets.csv"
    path.write_bytes(csv_of(rows()))
    return path


def test_a_preview_shows_what_is_guessed_and_stores_nothing(file):
    told = done("import-table", file, "--preview")
    assert "nothing was stored; tickets.csv (4 rows, 4 columns) would give 4 tasks and 4 drafts" in told
    assert "  message: shown beside the text, as “Message” (a guess: by its name, and it holds texts)" in told
    assert "  > Invented answer 1, with a line / break" in told
    assert "(not shown to annotators: plan team)" in told
    assert done("undo-import") == "nothing was imported yet\n"


def test_a_guess_is_not_imported_without_a_word(file):
    assert sentence("import-table", file).endswith("then say it, as in --text reply (a guess)")
    assert "say which holds the text to judge, too: --text reply" in sentence("import-table", file, "--id", "ticket")


def test_a_table_comes_in_as_said_and_the_next_one_alike(file):
    told = done("import-table", file, "--id", "Ticket", "--text", "reply", "--slices", "plan")
    assert told.splitlines() == [
        "! mapped to nothing, and could hold texts: message",
        "tickets.csv: 4 tasks and 4 drafts imported into First project, a new project",
    ]
    file.write_bytes(csv_of(rows(6)))
    assert "mapped as tickets.csv was" in (told := done("import-table", file))
    assert "2 tasks and 2 drafts imported, 8 were in the store already" in told


def test_titles_and_names_with_commas_and_equals_signs(tmp_path, new_url):
    path = tmp_path / "odd.csv"
    path.write_bytes(csv_of([("1", "Why so?", "a=b", "Because")], ["id", "ask, first", "x=y", "reply, last"]))
    shown = '"ask, first=Asked, at first",x=y=Sign'
    found = document("import-table", path, "--id", "id", "--text", "reply, last", "--show", shown, "--preview", "--json")
    assert found["first"] == [
        {
            "task_id": "1",
            "draft_id": "1",
            "author": None,
            "shown": {"Asked, at first": "Why so?", "Sign": "a=b"},
            "text": "Because",
        }
    ]
    assert sentence("import-table", path, "--text", "nowhere") == (
        "there is no column nowhere; the table has id, ask, first, x=y, reply, last"
    )


def test_json_says_what_was_stored(file):
    found = document("import-table", file, "--id", "ticket", "--text", "reply", "--show", "message", "--json")
    assert found["stored"] == {"tasks_added": 4, "drafts_added": 4, "tasks_known": 0, "drafts_known": 0}
    assert found["left_over"] == [{"column": "plan", "could_hold_texts": False}]
    assert found["columns"]["message"] == {"role": "shown", "title": "message", "guess": ""}


def test_what_would_be_refused_is_said_in_the_preview(file):
    file.write_bytes(csv_of([*rows(), ("", "", "a reply to nobody", "")]))
    told = refused("import-table", file, "--id", "ticket", "--text", "reply", "--preview")
    assert "as it stands this would be refused" in told and "line 10: there is a text and no ticket" in told


def test_an_import_is_undone_once_it_is_said(file):
    done("import-table", file, "--id", "ticket", "--text", "reply")
    assert done("undo-import").startswith("1: tickets.csv, 4 tasks and 4 drafts, ")
    assert done("undo-import", "1") == ("undoing import 1 (tickets.csv) removes 4 tasks and 4 drafts; say --yes to remove it\n")
    assert done("undo-import", "1", "--yes") == "import 1 is undone: 4 tasks and 4 drafts removed\n"
    assert "; undone on " in done("undo-import")
    assert "already" in sentence("undo-import", "1", "--yes")
    assert "'tickets.csv' is not the number of an import; undo-import without one lists them" in sentence(
        "undo-import", "tickets.csv"
    )


def test_further_fields_of_a_file_that_needs_no_mapping_are_named(tmp_path, new_url):
    path = tmp_path / "texts.csv"
    path.write_bytes(b"id,text,context\n1,Hello.,Said at the door\n")
    assert done("import-tasks", path).splitlines() == [
        "texts.csv: 1 task and 1 draft imported into First project, a new project",
        "  kept, and not shown to annotators: context",
    ]


def test_an_option_given_again_adds_to_what_it_said_or_is_wrong_usage_and_nothing_is_dropped(tmp_path, new_url):
    path = tmp_path / "logs.csv"
    path.write_bytes(csv_of([("1", "Why?", "pro", "t1", "Because"), ("2", "How?", "free", "t1", "So")], HEADER.split(",")))
    asked = (
        "import-table",
        path,
        "--id",
        "id",
        "--text",
        "reply",
        "--show",
        "ask=Question",
        "--show",
        "plan",
        "--slices",
        "plan",
    )
    found = document(*asked, "--show", "trace", "--cluster", "trace", "--preview", "--json")
    assert [each["shown"] for each in found["first"]] == [
        {"Question": "Why?", "plan": "pro", "trace": "t1"},
        {"Question": "How?", "plan": "free", "trace": "t1"},
    ]
    assert found["columns"]["trace"]["role"] == "shown and cluster"
    done(*asked, "--show", "trace", "--cluster", "trace")
    assert "is mapped twice" in sentence(*asked, "--show", "ask")
    for option in ("--id", "--author"):
        twice = run(*asked, option, "plan", option, "trace")
        assert twice.exit_code == 2 and f"Invalid value for {option}" in twice.stderr
    assert run(*asked, "--author", "plan", "--author", "plan", "--preview").exit_code == 0, "the same is said once"


HEADER = "id,ask,plan,trace,reply"
