"""What a newcomer meets: Home leads, Import says what was not done, empty pages lead on, Enter adds a person."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.page_tab import Tab, label_of
from tests.support.small_stores import draft, jsonl, label_all, opened, stock, task
from tests.support.small_stores import people as added
from workflow.data import task_import
from workflow.gold import export_folder
from workflow.rounds import closing


def links(tab: Tab) -> list[tuple[str, str]]:
    """Label and page of every link drawn by a page, in order."""
    return [(re.sub(r"\\([^\w\s])", r"\1", label_of(each)), each.proto.page) for each in tab.at.get("page_link")]


def sentence(tab: Tab) -> str:
    return re.search(r"<header.*?<p>(.*?)</p>", tab.markup, re.DOTALL)[1]


FIRST_STEPS = [
    ("1. Import tasks and drafts", "import"),
    ("2. Make the rubric, or open the round under one that is there", "new-rubric"),
    ("3. Add the people who label: two or more", "people"),
    ("4. Open a round: its rubric is the project’s from then on", "rounds"),
]

# Home


def test_an_empty_store_offers_import_and_no_round_yet(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("")
    assert sentence(tab) == "The store is empty. Begin with a table of drafts, and a rubric to judge them by."
    assert links(tab) == [("Import", "import"), ("New rubric", "new-rubric"), *FIRST_STEPS]


def test_own_drafts_are_led_to_a_round_and_the_sample_is_a_project_beside_them(sample, monkeypatch):
    (lea,) = added(sample, "Lea")  # those of the sample label nothing of hers
    stock(sample, lea, 3)
    tab = Tab(monkeypatch, sample, "Lea").open("")
    assert sentence(tab) == "3 drafts are waiting for a round: open one."
    assert links(tab)[0] == ("Open a round", "rounds")
    assert links(tab)[3:] == [("1. Import tasks and drafts – done", "import"), *FIRST_STEPS[1:]]
    assert "Sample round 1" not in tab.text
    tab.open("", project="Sample")
    assert "10 cells to adjudicate" in tab.text and "made-up drafts to try things out" in tab.text


def test_home_follows_an_own_round_from_closing_to_gold_that_has_left(sample, monkeypatch, tmp_path):
    monkeypatch.setattr(export_folder, "EXPORTS", tmp_path / "exports")
    lea, ana, ben = added(sample, "Lea", "Ana Ng", "Ben")
    stock(sample, lea, 4)
    opened(sample, lea, "pilot", annotators=("Ana Ng", "Ben"))
    tab = Tab(monkeypatch, sample, "Ana Ng").open("")
    assert sentence(tab) == "You have 4 drafts to label in pilot."
    for person in (ana, ben):
        label_all(sample, person, {f"d{number:02}": (number % 4, 1) for number in range(1, 5)})
    tab = Tab(monkeypatch, sample, "Lea").open("")
    assert sentence(tab) == "Everyone is done in pilot: it can be closed."
    assert links(tab)[0] == ("Close the round", "rounds")
    closing.close_round(lea, sample, "pilot")
    tab = Tab(monkeypatch, sample, "Lea").open("")
    assert sentence(tab) == "pilot is closed: read its agreement."
    assert links(tab)[0] == ("Read its agreement", "agreement")
    assert "nobody has read its labels yet" in tab.text
    assert "pilot" in Tab(monkeypatch, sample, "Ben").open("agreement", round="pilot").text
    tab = Tab(monkeypatch, sample, "Lea").open("")
    assert sentence(tab) == "The gold of pilot is ready to export."
    assert links(tab)[0] == ("Export gold", "gold")
    Tab(monkeypatch, sample, "Lea").open("gold", round="pilot").press("Export gold")
    tab = Tab(monkeypatch, sample, "Lea").open("")
    assert sentence(tab) == "The gold of pilot is exported to exports/pilot."
    assert "ready to export" not in tab.text
    assert "pilot: closed" in tab.text and "Sample round 1" not in tab.text


# Import


def upload(tab: Tab, **files: bytes) -> Tab:
    for name, source in files.items():
        tab.at.get("file_uploader")[0].upload(name.replace("__", "."), source)
    return tab.run().press("Import")


def test_what_was_not_tried_is_not_called_done(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    upload(tab, bad__jsonl=b"{", tasks__jsonl=jsonl(task(1)), bom__csv=b"id,text\n1,x\n")
    assert tab.done == "", "nothing was done"
    assert "bad.jsonl was not imported" in tab.refusal
    assert "tasks.jsonl and bom.csv were not tried after it" in tab.refusal
    assert task_import.whats_there(empty) == (0, 0)


def test_what_was_done_before_a_bad_file_is_said_apart_from_it(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    upload(tab, tasks__jsonl=jsonl(task(1)), bad__jsonl=b"{", drafts__jsonl=jsonl(draft(1)))
    assert "tasks.jsonl: 1 task imported into First project, a new project." in tab.done and "tried" not in tab.done
    assert "drafts.jsonl was not tried after it" in tab.refusal


def test_one_cause_on_105_lines_is_one_line_on_the_page(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    upload(tab, drafts__jsonl=jsonl(*(draft(number) for number in range(1, 106))))
    assert "105 problems" in tab.refusal
    assert re.findall("<li>(.*?)</li>", tab.markup) == [
        "line 1: draft d01 is written for task t01, which is not in the store; import its tasks first "
        "(and the same on lines 2 to 105)"
    ]


def test_a_table_of_labels_brought_to_import_is_sent_where_it_belongs(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("labels.csv", b"task_id,annotator,dimension,value\nt1,ana,tone,2\n")
    assert "Label sets" in tab.run().refusal and "manage.py" not in tab.refusal


# Refusals, tables, empty pages, people


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("a person needs a name; it is empty", "A person needs a name; it is empty"),
        ("there is no round “x”", "There is no round “x”"),
        ("“command line” is the name", "“command line” is the name"),
        ("pilot was closed on 4 March", "pilot was closed on 4 March"),
        ("tasks.jsonl was not imported", "tasks.jsonl was not imported"),
        ("drafts.jsonl was not imported", "drafts.jsonl was not imported"),
        ("a-team is closed", "a-team is closed"),
        ("d01 / tone is decided", "d01 / tone is decided"),
    ],
)
def test_a_refusal_begins_large_unless_it_begins_with_a_name(sentence, shown):
    def page(sentence):
        from ui.base import panels

        panels.refusal(sentence)

    at = AppTest.from_function(page, args=(sentence,)).run()
    assert f"<b>That didn’t work.</b> {shown}</div>" in at.get("html")[0].value


def test_a_tables_header_is_in_sentence_case_but_for_symbols_and_names():
    def page():
        from ui.base import panels

        panels.table(("Level", "ben", "agreement on it", "n", "when (UTC)"), [], caption="", names=(1,))

    heads = re.findall("<th .*?>(.*?)</th>", AppTest.from_function(page).run().get("html")[0].value)
    shown = [re.sub("</?dfn[^>]*>", "", each) for each in heads]
    assert shown == ["Level", "ben", "Agreement on it", "n", "When (UTC)"]


@pytest.mark.parametrize("page", ["my-labels", "gold"])
def test_an_empty_page_has_one_heading_and_leads_on(page, empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open(page)
    assert len(re.findall("<h1>", tab.markup)) == 1
    assert links(tab) == [("See the rounds", "rounds"), ("Home", "")]


def test_without_a_rubric_file_there_is_a_way_on(empty, monkeypatch):
    monkeypatch.setattr("workflow.rubric.rubrics.rubric_files", lambda engine: [])
    tab = Tab(monkeypatch, empty, "ana").open("rubrics")
    assert tab.title == "No rubric yet" and len(re.findall("<h1>", tab.markup)) == 1
    assert links(tab) == [("New rubric", "new-rubric"), ("Home", "")]


def test_enter_in_the_name_field_adds_the_person_and_takes_the_old_message_away(new_page, server, sqlite_engine):
    from tests.support.browsing import expect, sign_in

    added(sqlite_engine, "ana")
    app = server(sqlite_engine)
    page = new_page()
    sign_in(page, app, "ana", "/people")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="A person needs a name")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Dora")
    page.get_by_role("textbox", name="Name").press("Enter")
    expect(page.locator(".ts-table")).to_contain_text("Dora")
    expect(page.get_by_role("alert").filter(has_text="needs a name")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")


@pytest.mark.whole_run("the link that begins labelling is looked at in the short run")
def test_links_stand_at_the_left_edge_of_the_page_and_under_the_text_of_an_empty_one(new_page, server, sqlite_engine):
    from tests.support.browsing import expect, sign_in

    added(sqlite_engine, "ana")
    app = server(sqlite_engine)
    page = new_page()

    def left(selector: str) -> float:
        expect(page.locator(selector).first).to_be_visible()
        return page.locator(selector).first.bounding_box()["x"]

    sign_in(page, app, "ana", "/label")
    expect(page.locator(".ts-empty")).to_be_visible()
    assert abs(left(".stPageLink p") - left(".ts-empty p")) < 1
    page.goto(f"{app.url}/rounds")
    assert abs(left(".stPageLink p") - left(".stExpander p.ts-text")) < 1


def test_the_window_s_title_names_the_page_and_a_followed_link_leads_to_its_heading(new_page, server, sqlite_engine):
    from tests.support.browsing import expect, settled, sign_in

    added(sqlite_engine, "ana")
    app = server(sqlite_engine)
    page = new_page()
    page.goto(app.url)
    expect(page).to_have_title("Sign in · Touchstone")
    sign_in(page, app, "ana", "/rounds")
    expect(page).to_have_title("Rounds · Touchstone")
    settled(page)
    link = page.get_by_role("navigation", name="Pages: Rounds").get_by_role("link", name="Gold")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_title("Gold · Touchstone")
