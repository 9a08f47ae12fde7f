"""The Claims page without a browser: figures typed in, a file by itself and against labels, refusals."""

from tests.claims.test_checking import FILE
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import CLEO, CLOSED, OPEN


def fill(tab: Tab, kind: str, label: str, value) -> Tab:
    next(each for each in tab.at.get(kind) if each.label == label).set_value(value)
    return tab.run()


def test_the_page_begins_with_what_to_do(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("claims")
    assert tab.title == "Claims" and "Enter n and at least one figure" in tab.text
    assert tab.at.get("html") and not tab.refusal


def test_figures_typed_in_are_answered_and_a_wrong_one_is_refused(sample, monkeypatch):
    tab = fill(Tab(monkeypatch, sample, CLEO).open("claims"), "text_input", "Percent agreement", "89.3")
    assert "Now enter n" in tab.text
    fill(tab, "number_input", "n (units)", 30)
    assert "89.3 % of 30 is impossible (27/30 = 90.0, 26/30 = 86.7)." in tab.text and ">impossible<" in tab.markup
    assert "percent “many” is not a figure" in fill(tab, "text_input", "Percent agreement", "many").refusal
    assert not fill(tab, "text_input", "Percent agreement", "90").refusal


def bring(tab: Tab, source: bytes, name: str = "claims.md") -> Tab:
    tab.at.get("button_group")[0].set_value("file")
    tab.run()
    tab.at.get("file_uploader")[0].upload(name, source)
    return tab.run()


def test_a_file_is_checked_alone_and_held_against_a_closed_round(sample, monkeypatch):
    tab = bring(Tab(monkeypatch, sample, CLEO).open("claims"), FILE)
    assert "1 of 3 figures impossible: 85 %." in tab.text and "How it was read" in tab.text
    fill(tab, "selectbox", "Compared with", ("round", CLOSED))
    assert f"compared with {CLOSED} (labels made by people, blind, sample)" in tab.text
    assert "Not among the" in tab.text
    assert ("round", OPEN) not in next(each for each in tab.at.get("selectbox") if each.label == "Compared with").options


def test_a_file_that_holds_no_claim_or_is_hostile_is_refused_or_drawn_as_text(sample, monkeypatch):
    tab = bring(Tab(monkeypatch, sample, CLEO).open("claims"), b"nothing here")
    assert "contains no agreement figure" in tab.refusal and "cannot be checked" in tab.text
    text = f"n = 30\n\n| {HOSTILE} | κ |\n|---|---|\n| {HOSTILE} | 0.8 |\n"
    tab = bring(Tab(monkeypatch, sample, CLEO).open("claims"), text.encode(), "<script>.md")
    assert not tab.refusal and "<script>alert" not in tab.markup and "alert(1)" in tab.text


def test_the_address_of_a_round_opens_the_page_at_it(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("claims", round=CLOSED)
    assert "Choose a file" in tab.text
    assert next(each for each in tab.at.get("selectbox")).value == ("round", CLOSED)
