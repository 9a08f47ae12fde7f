"""The page on which a new rubric is begun and written, without a browser."""

import pytest

from tests.rubric.test_revision_pages import widget
from tests.support.page_tab import HOSTILE, Tab
from ui.base import navigation
from workflow.rubric import rubrics
from workflow.rubric.new_dimensions import keep_rule
from workflow.rubric.new_rubric import begin_empty, begin_from_template
from workflow.rubric.next_version import keep_words

PASTED = "| Criterion | 1 Poor | 2 Good |\n|---|---|---|\n| Clarity | Not | All |\n\nSome prose\n"


@pytest.fixture
def tab(empty, rubric_folder, monkeypatch):
    return Tab(monkeypatch, empty, "ana")


def area(tab: Tab, label: str):
    return next(each for each in tab.at.text_area if each.label.startswith(label))


def line(tab: Tab, label: str):
    return next(each for each in tab.at.text_input if each.label == label)


def type_in(tab: Tab, box, words: str) -> Tab:
    box.set_value(words)
    return tab.run()


def test_a_rubric_begins_from_a_template_and_becomes_a_file(tab):
    tab.open("new-rubric")
    assert tab.title == "New rubric" and "Argument" in tab.text
    tab.press("Begin from this template")
    assert "A rubric needs a name" in tab.refusal
    type_in(tab, line(tab, "Name"), "essays")
    tab.press("Begin from this template")
    assert tab.title == "New rubric essays-v1" and "No errors" in tab.text
    assert line(tab, "Title").value == "Argument" and "How far is a position stated" in tab.text
    assert area(tab, "Anchor of 1").value == "The essay takes no position on the question."
    assert "Not scored: people alone" in tab.text and not any("Weight in the final score" in label for label in tab.labels)
    tab.press(r"Save as essays\-v1.yml")
    assert "essays-v1.yml is saved in rubric_versions/" in tab.done and tab.title == "essays-v1 is saved"
    assert (rubrics.FOLDER / "essays-v1.yml").exists() and "Open a round" in tab.text
    tab.press("Go on writing it")
    assert tab.title == "New rubric essays-v1" and (rubrics.FOLDER / "essays-v1.yml").exists()
    type_in(tab, line(tab, "Title of the rubric"), "Essays of ours")
    tab.press(r"Save as essays\-v1.yml")
    assert tab.title == "essays-v1 is saved" and "Essays of ours" in (rubrics.FOLDER / "essays-v1.yml").read_text("utf-8")
    tab.press("Discard it")
    assert "essays-v1 is discarded." in tab.done and not (rubrics.FOLDER / "essays-v1.yml").exists()


def test_a_server_that_cannot_write_its_tree_says_where_the_version_is(tab, monkeypatch):
    monkeypatch.setattr(rubrics, "copy_to_folder", lambda *_: None)  # as with a read-only tree: nothing comes into the folder
    tab.open("new-rubric")
    type_in(tab, line(tab, "Name"), "essays")
    tab.press("Begin from this template")
    tab.press(r"Save as essays\-v1.yml")
    assert "essays-v1 is saved in the store, as rubric_versions/ on this server cannot be written" in tab.done
    assert tab.title == "essays-v1 is saved"


def test_a_pasted_text_is_shown_as_it_is_read_before_it_is_begun(tab):
    tab.open("new-rubric", **{"from": "text"})
    type_in(tab, line(tab, "Name"), "pasted")
    type_in(tab, area(tab, "Table or list"), PASTED + HOSTILE)
    assert "Read: 1 dimension" in tab.text and "“Some prose” is not read" in tab.text and "<script>" not in tab.markup
    tab.press("Begin from this text")
    assert tab.title == "New rubric pasted-v1" and "1 box still to fill in before it can be saved" in tab.text
    tab.press(r"Save as pasted\-v1.yml")
    assert "is not a valid rubric yet; fix 1 problem in it" in tab.refusal and "question of clarity" not in tab.text, "said once"
    assert "Clarity: the question is empty." in tab.text and "line" not in tab.refusal
    assert not (rubrics.FOLDER / "pasted-v1.yml").exists()


def test_a_name_that_is_meant_is_taken_and_said(tab):
    tab.open("new-rubric", **{"from": "empty"})
    type_in(tab, line(tab, "Name"), "Product Summary")
    tab.press("Begin with one dimension")
    assert tab.title == "New rubric product-summary-v1" and "“Product Summary” is called product-summary" in tab.done


def test_what_is_wrong_leads_to_its_dimension_and_a_low_threshold_is_said(tab):
    begin_from_template(tab.person, tab.engine, "mine", "summary")
    keep_words(tab.person, tab.engine, "mine-v0", ("dimensions", 1, "levels", 0, "anchor"), "")
    keep_words(tab.person, tab.engine, "mine-v0", ("dimensions", 0, "question"), "")
    keep_rule(tab.person, tab.engine, "mine-v0", 2, "threshold", 0.0)
    tab.open("new-rubric", rubric="mine", dimension="3")
    assert "at a threshold of 0.00 hardly anything is ever flagged." in tab.text
    first, second = [each for each in tab.at.button if each.label.endswith("is empty\\.")]
    assert "the question is empty" in first.label and "the anchor of level" in second.label, "in the order of the boxes"
    title = second.label.split("\\:")[0]  # a button reads its label as Markdown
    second.click()
    tab.run()
    assert line(tab, "Title").value == title and tab.at.query_params["dimension"] == "2"


def test_what_is_typed_shows_in_the_picture_of_the_label_form(tab):
    begin_empty(tab.person, tab.engine, "mine")
    tab.open("new-rubric", rubric="mine")
    assert "Go on with" not in tab.text and "5 boxes still to fill in" not in tab.title
    type_in(tab, line(tab, "Title"), f"Tone {HOSTILE}")
    type_in(tab, area(tab, "Anchor of pass"), "No phrase of blame.")
    assert '<div class="ts-anchors">' in tab.markup and "<span>No phrase of blame.</span>" in tab.markup
    assert "<script>" not in tab.markup
    type_in(tab, line(tab, "Key"), "Not A Key")
    assert tab.text.count("he key is Not A Key; it must be") == 2, "said at its box, and on top by its dimension"
    widget(tab, "selectbox", "scale-").set_value("5")
    assert "Anchor of 5" in "\n".join(tab.run().labels)
    tab.press("Undo")
    assert "Anchor of pass" in "\n".join(tab.labels) and area(tab, "Anchor of pass").value == "No phrase of blame."


def test_dimensions_are_added_moved_copied_and_removed_and_all_of_it_taken_back(tab):
    begin_from_template(tab.person, tab.engine, "mine", "summary")
    tab.open("new-rubric", rubric="mine", dimension="2")
    order = tab.markup.count("ts-question")
    tab.press("Duplicate").press("Move up").press("Remove").press("Add a dimension")
    assert tab.markup.count('class="ts-question"') == 5 and line(tab, "Title").value == ""
    for _ in range(4):
        tab.press("Undo")
    assert tab.markup.count("ts-question") == order and "No errors" in tab.text
    tab.press("Discard it")
    assert tab.title == "New rubric"


def test_a_check_is_written_in_boxes_with_its_texts_tried_beside_them(tab):
    begin_empty(tab.person, tab.engine, "mine")
    tab.open("new-rubric", rubric="mine")
    tab.press("Add a check")
    type_in(tab, line(tab, "Name"), "Stock phrases")
    type_in(tab, area(tab, "Phrases"), "touch base\ncircle back")
    type_in(tab, area(tab, "Must be found"), "Let us touch base.\nHello.")
    assert line(tab, "Name").value == "stock-phrases"
    assert "1 of 2 comes out wrong" in tab.text and "touch base</mark>" in tab.markup
    assert "Not scored: what its checks find is shown" in tab.text
    type_in(tab, area(tab, "Must be found"), "Let us touch base.")
    assert "1 text, as expected" in tab.text
    tab.press("Remove this check")
    assert "Not scored: people alone" in tab.text


def test_a_file_that_is_no_yaml_is_mended_in_its_box(tab):
    begin_from_template(tab.person, tab.engine, "mine", "essay")
    tab.open("new-rubric", rubric="mine")
    whole = area(tab, "The whole file")
    good = whole.value
    type_in(tab, whole, "rubric: [\n" + good)
    assert "the boxes come back" in tab.text and "1 problem to fix" in tab.text
    type_in(tab, area(tab, "The whole file"), good)
    assert "No errors" in tab.text


def test_rubrics_lead_to_a_new_one(tab, rubric_folder):
    assert "New rubric" in tab.open("rubrics").text
    for each in rubric_folder.iterdir():
        each.unlink()
    assert tab.open("rubrics").title == "No rubric yet" and "New rubric" in tab.text
    assert navigation.page("new_rubric").endswith("rubric/new_rubric.py")


def test_a_check_that_is_no_yaml_is_told_by_the_line_of_its_box_and_the_other_boxes_stay(tab):
    begin_from_template(tab.person, tab.engine, "mine", "outreach-email")
    tab.open("new-rubric", rubric="mine", dimension="4", check="stock-phrase (new)")
    widget(tab, "button_group", "check-as-").set_value("yaml")
    box = area(tab.run(), "The new check, as YAML")
    good = box.value
    type_in(tab, box, good.replace("tokens: [", "tokens: [["))
    assert "1 problem to fix" in tab.text and "Line 4 of this box: not YAML: a [ or { that is not closed" in tab.text
    assert "Check stock-phrase of Wording, line 4" in tab.text, "at the top as beside the box, not by a line of the file"
    assert tab.at.button(key="save-version").proto.type == "secondary", "nothing can be saved yet"
    assert good.splitlines()[3].startswith("tokens:") and line(tab, "Title").value == "Wording"
    type_in(tab, area(tab, "Guidance"), "Other words.")
    type_in(tab, area(tab, "The new check, as YAML"), good)
    assert "No errors" in tab.text and area(tab, "Guidance").value == "Other words."
    assert tab.at.button(key="save-version").proto.type == "primary"
    rest = area(tab, "New scoring and examples, as YAML")
    type_in(tab, rest, rest.value.replace("any: [stock-phrase]", "any: [stock]"))
    assert "Line 3 of this box: a scoring line of wording names the check or group stock" in tab.text
    assert "Scoring and examples of Wording, line 3" in tab.text and "of the file" not in tab.text
    assert "Weight in the final score" in "\n".join(tab.labels)
    widget(tab, "number_input", "Weight").set_value(None)
    assert "is scored and has no weight" in tab.run().text
