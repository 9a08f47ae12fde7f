"""A table is mapped on the page: guesses, what annotators will see, what is left over; then undone."""

import html

from tests.support.page_tab import HOSTILE, Tab
from tests.support.tables import csv_of, rows, workbook_of
from workflow.data.task_import import imports_so_far, whats_there
from workflow.projects.projects import new_project

TICKETS = csv_of(rows())


def chosen(tab: Tab, name: str, source: bytes) -> Tab:
    tab.at.get("file_uploader")[0].upload(name, source)
    return tab.run()


def role(tab: Tab, column: str):
    return next(each for each in tab.at.selectbox if each.label.replace("\\", "") == f"What {column} is")


def test_a_table_is_guessed_looked_at_changed_imported_and_undone(empty, monkeypatch):
    tab = chosen(Tab(monkeypatch, empty, "ana").open("import"), "tickets.csv", TICKETS)
    assert "4 rows, 4 columns. What is chosen below are guesses: look at each." in tab.text
    assert "A guess: by its name, and it holds texts" in tab.text
    assert (role(tab, "message").value, role(tab, "plan").value) == ("shown", "slice")
    assert tab.shows("Invented answer 1, with a line\nbreak") and tab.shows("Invented question 1, please help")
    assert not tab.shows("Invented answer 4"), "three drafts are enough to see"
    tab.field("text_input", "title-shown-").input("Asked by a customer")
    role(tab, "plan").select("ignored")
    tab.run()
    assert "<h3>Asked by a customer</h3>" in tab.markup and "Ignored: plan." in tab.text
    tab.press("Import")
    assert "tickets.csv: 4 tasks and 4 drafts imported" in tab.done
    assert imports_so_far(empty)[0].mapping["shown"] == [["message", "Asked by a customer"]]

    chosen(tab, "april.csv", csv_of(rows(6)))
    assert "as in tickets.csv, the last table with these columns" in tab.text
    assert tab.field("text_input", "title-shown-").value == "Asked by a customer"
    tab.press("Import")
    assert whats_there(empty) == (6, 6)

    tab.field("selectbox", "to-undo-").select(2)
    tab.run()
    assert "Undoing import 2 (april.csv) removes 2 tasks and 2 drafts." in tab.text
    tab.press("Undo this import")
    assert "Import 2 is undone: 2 tasks and 2 drafts removed." in tab.done
    assert whats_there(empty) == (4, 4)


def test_a_pasted_table_and_a_file_of_tasks_come_in_together(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.field("text_area", "pasted-").input("id\treply\n1\tsome words here\n2\tother words there")
    chosen(tab, "texts.csv", b"id,text\na,Hello.\n")
    tab.press("Import")
    done = " ".join(tab.done.split())
    first = "texts.csv: 1 task and 1 draft imported into First project, a new project"
    assert done == f"Done. {first}; pasted table: 2 tasks and 2 drafts imported."


def test_several_tables_are_mapped_alike_and_one_with_other_columns_is_named(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("march.csv", TICKETS)
    tab.at.get("file_uploader")[0].upload("other.csv", b"number,words\n1,some words here\n")
    tab.run()
    assert "1 other table will be mapped the same way." in tab.text
    tab.press("Import")
    assert "march.csv: 4 tasks and 4 drafts imported" in tab.done
    assert "other.csv was not imported: there is no column reply; the table has number, words" in tab.refusal


def test_what_cannot_be_imported_says_why_and_cannot_be_pressed(empty, monkeypatch):
    tab = chosen(Tab(monkeypatch, empty, "ana").open("import"), "tickets.csv", TICKETS)
    role(tab, "reply").select("id")
    tab.run()
    assert "ticket and reply are both the id of the task; keep one" in tab.refusal
    role(tab, "ticket").select("ignored")
    tab.run()
    assert "no column is mapped as the text to judge" in tab.refusal.replace("No", "no")
    assert next(each for each in tab.at.button if each.label == "Import").disabled


def test_what_is_shown_keeps_the_order_that_is_asked_for(empty, monkeypatch):
    tab = chosen(Tab(monkeypatch, empty, "ana").open("import"), "tickets.csv", TICKETS)
    role(tab, "plan").select("shown")
    tab.run()
    order = tab.field("multiselect", "order-")
    order.set_value(["plan", "message"])
    tab.run()
    assert tab.markup.index("<h3>Plan</h3>") < tab.markup.index("<h3>Message</h3>")


def test_a_sheet_and_a_missing_header_can_be_said(empty, monkeypatch):
    book = workbook_of([["a", "b"], ["1", "2"]], [["id", "reply"], ["1", "some words here"], ["2", "some other words"]])
    tab = chosen(Tab(monkeypatch, empty, "ana").open("import"), "book.xlsx", book)
    role(tab, "b").select("text")
    tab.run()
    assert (role(tab, "b").value, tab.field("selectbox", "sheet-").value) == ("text", "Sheet 1")
    tab.field("selectbox", "sheet-").select("Sheet 2")
    tab.run()
    assert "To be imported: 2 tasks and 2 drafts." in tab.text
    tab.field("checkbox", "header-").uncheck()
    tab.run()
    assert "3 rows, 2 columns" in tab.text and "the columns are numbered" not in tab.refusal


def test_hostile_names_and_texts_stay_text(empty, monkeypatch):
    source = csv_of(
        [(str(n), f"{HOSTILE} and more {n}", f"=cmd|' /C calc'!A0 \u202e {HOSTILE} {n}") for n in range(3)],
        ["id", HOSTILE, "reply"],
    )
    tab = chosen(Tab(monkeypatch, empty, "ana").open("import"), f"{HOSTILE}.csv", source)
    role(tab, "reply")
    assert "<script>" not in tab.markup and "<b>f</b>" not in tab.markup
    assert html.escape(HOSTILE, quote=False) in tab.markup
    tab.press("Import")
    assert whats_there(empty) == (3, 3) and "<script>" not in tab.markup


def test_examples_have_the_fields_of_the_project_s_rubric_and_else_neutral_ones(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    assert '"input": {"message": "…", "plan": "…"}' in tab.text
    new_project(tab.person, empty, "replies", rubric="support-replies-v1")
    tab = Tab(monkeypatch, empty, "ana").open("import", project="replies")
    assert '"input": {"customer_message": "…", "customer_account": "…"}' in tab.text
