"""The round in hand: every page of a round shows it, the address says it, and one place changes it (docs/decisions/0017)."""

import html
import re

import pytest

from tests.support.page_tab import Tab
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN
from tests.support.small_stores import inside, people, stock
from ui.base.navigation import ADDRESSES, GROUPS, OF_A_ROUND
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.people.people import person_named
from workflow.projects import projects, renaming
from workflow.rounds import in_hand, rounds
from workflow.rounds.closing import close_round

OF_CLOSED = sorted(OF_A_ROUND - {"label"})


def below_the_bar(tab: Tab) -> str:
    """What the page itself says."""
    return html.unescape(re.sub("<[^>]+>", " ", tab.below))


@pytest.fixture
def two_closed(cleo) -> Tab:
    """Two closed rounds; the newer is what pages begin with."""
    close_round(cleo.person, cleo.engine, OPEN, early="enough")
    return cleo


@pytest.mark.parametrize("page", OF_CLOSED)
def test_every_page_of_a_round_shows_the_round_in_hand(page, two_closed, monkeypatch):
    tab = Tab(monkeypatch, two_closed.engine, ANA)
    tab.open("rounds", round=CLOSED).open(ADDRESSES[page])
    assert (tab.round_in_hand, tab.asks("round"), tab.asks("project")) == (CLOSED, CLOSED, "Sample")
    assert "Round" not in [each.label for each in tab.at.selectbox], "one place changes it: the bar"
    said = below_the_bar(tab)
    if page not in ("plan", "findings"):
        assert CLOSED in said and (OPEN not in said or said.index(CLOSED) < said.index(OPEN))
    if page == "plan":
        assert tab.at.selectbox[0].value == ("round", CLOSED)


def test_a_round_is_changed_in_the_bar_and_every_page_follows(two_closed):
    tab = two_closed.open("gold", round=CLOSED)
    assert f"/gold?project=Sample&amp;round={OPEN.replace(' ', '+')}" in tab.bar, "the menu stays at the page"
    assert tab.open("gold", round=OPEN).title.startswith(f"Gold of {OPEN}")
    assert OPEN in tab.open("slices").title and OPEN in tab.open("adjudicate").title


def test_a_choice_in_one_tab_does_not_move_another(two_closed, monkeypatch):
    one, other = (Tab(monkeypatch, two_closed.engine, CLEO) for _ in range(2))
    one.open("gold", round=CLOSED)
    other.open("gold", round=OPEN)
    assert CLOSED in one.open("agreement").title and OPEN in other.open("agreement").title


def test_until_somebody_chooses_each_page_begins_where_work_waits(sample, monkeypatch):
    ana = Tab(monkeypatch, sample, ANA)
    begins = {page: ana.open(page).round_in_hand for page in ("label", "agreement", "rounds", "adjudicate", "my-labels", "")}
    assert begins == {"label": OPEN, "agreement": CLOSED, "rounds": OPEN, "adjudicate": CLOSED, "my-labels": OPEN, "": OPEN}
    assert ana.open("label").asks("round") == OPEN, "a copied link shows the same"
    assert ana.open("").asks("round") == "", "what is only shown is nobody's choice"


def test_the_links_of_a_round_that_is_only_shown_lead_to_no_page_that_cannot_show_it(cleo):
    row = re.search('<nav class="ts-pages".*?</nav>', cleo.open("rounds").bar, re.DOTALL)[0]
    assert cleo.round_in_hand == OPEN and "/agreement?project=Sample&#34;" not in row
    assert re.findall(r'href="/(\w+)\?project=Sample&amp;round=', row) == ["rounds", "drafts", "team"], (
        "Agreement begins with a closed one"
    )


def test_the_round_that_is_labelled_stays_when_it_is_done(ana):
    tab = ana.open("label")
    for _ in range(2):
        tab.choose([0, 1, 2, 3, 1]).press("Save and next")
    assert tab.round_in_hand == OPEN == tab.asks("round") and tab.mine.saved == 2


@pytest.mark.parametrize("page", ["agreement", "adjudicate", "gold", "revision", "scorer", "slices", "findings"])
def test_a_page_says_in_a_sentence_why_it_does_not_show_an_open_round(page, cleo):
    tab = cleo.open(page, round=OPEN)
    assert f"{OPEN} is open: its labels stay hidden until it is closed, so that everyone labels blind." in tab.text
    assert tab.refusal == "" and f"See how far {OPEN} is, and close it" in tab.labels
    assert any(label.endswith(f" of {CLOSED}") for label in tab.labels)


def test_label_says_that_a_closed_round_has_nothing_to_label(two_closed, monkeypatch):
    tab = Tab(monkeypatch, two_closed.engine, BEN).open("label", round=OPEN)
    assert f"{OPEN} is closed: its labels are final" in tab.text and tab.refusal == ""
    assert "Choices that were not saved were not counted." in tab.text
    assert f"My labels in {OPEN}" in tab.labels and "Save and next" not in tab.labels


def test_a_renamed_round_is_found_by_its_old_name_and_that_is_told(cleo):
    renaming.rename_round(cleo.person, cleo.engine, CLOSED, "March")
    tab = cleo.open("agreement", round=CLOSED)
    assert f"“{CLOSED}” is called March now." in tab.text
    assert (tab.title, tab.asks("round")) == ("Agreement of Marchsample", "March")
    assert "is called March" not in tab.open("gold").text and tab.round_in_hand == "March"


def test_a_round_keeps_in_hand_what_is_renamed_meanwhile(cleo):
    tab = cleo.open("agreement", round=CLOSED)
    renaming.rename_round(cleo.person, cleo.engine, CLOSED, "March")
    assert (tab.run().title, tab.asks("round"), tab.refusal) == ("Agreement of Marchsample", "March", "")


@pytest.fixture
def another_project(sample):
    (lea,) = people(sample, "Lea")
    projects.new_project(lea, sample, "Letters")
    stock(inside(sample, "Letters"), lea, 2)
    return Tab


def test_a_round_of_another_project_is_told_with_the_way_there(sample, another_project, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("", project="Letters")
    tab.open("gold", round=CLOSED)
    assert f"“{CLOSED}” is a round of Sample, and Letters is in hand." in tab.text and tab.refusal == ""
    assert tab.asks("round") == CLOSED, "a refresh says the same"
    assert "There is no round" not in tab.open("").text


def test_a_round_that_is_nowhere_is_told_on_every_page_and_pages_of_a_round_offer_others(cleo):
    for page in ("", "agreement", "gold", "rubrics", "rounds", "label"):
        tab = cleo.open(page, round="Nowhere")
        assert tab.text.count("There is no round “Nowhere” in Sample.") == 1 and tab.refusal == "", page
    assert f"Gold of {CLOSED}" in cleo.open("gold", round="Nowhere").labels
    assert CLOSED in cleo.open("gold").title, "a link without a round begins anew"


def test_a_renamed_project_and_a_deleted_one_in_the_address_are_told(sample, another_project, monkeypatch):
    cleo = person_named(sample, CLEO)
    renaming.rename_project(cleo, sample, "Letters", "Mails")
    tab = Tab(monkeypatch, sample, CLEO).open("", project="Letters")
    assert "The project “Letters” is called Mails now." in tab.text and tab.asks("project") == "Mails"
    projects.delete_project(cleo, sample, "Mails", typed="Mails")
    assert "There is no project “Letters”" in Tab(monkeypatch, sample, CLEO).open("rubrics", project="Letters").text


def test_a_label_set_stands_in_place_of_a_round_and_the_round_stays_in_hand(cleo):
    files = [File(f"r{n}.csv", b"task_id,cta_quality\nt1,%d\nt2,2\n" % n) for n in range(2)]
    import_labels(cleo.person, inside(cleo.engine, "Sample"), files, name="machine", made_by="model", rubric="tenacious-v1")
    tab = cleo.open("gold", round=CLOSED)
    assert "/agreement?project=Sample&amp;set=machine" in tab.bar, "the menu has label sets too"
    tab.open("agreement", project="Sample", set="machine")
    assert (tab.round_in_hand, tab.asks("set"), tab.asks("round")) == ("machine (label set)", "machine", "")
    assert CLOSED in tab.open("agreement").title


def test_claims_begins_with_figures_whatever_round_is_in_hand(cleo):
    tab = cleo.open("gold", round=CLOSED)
    assert 'href="/claims?project=Sample"' in tab.open("compare").bar
    tab.open("claims")
    assert (tab.asks("round"), tab.round_in_hand) == ("", CLOSED)
    assert next(each for each in tab.at.get("button_group") if each.label == "What to check").value in ("figures", ["figures"])


def test_a_round_that_is_opened_is_in_hand(cleo):
    tab = cleo.open("rounds", round=CLOSED)
    tab.field("text_input", "new-name").set_value("third")
    tab.field("multiselect", "new-annotators").set_value([ANA, BEN])
    tab.run().press("Open the round")
    assert tab.done and (tab.round_in_hand, tab.asks("round")) == ("third", "third")


def test_the_bar_marks_where_one_is_and_every_page_is_in_its_groups(cleo):
    tab = cleo.open("gold", round=CLOSED)
    assert re.findall(r'aria-current="(\w+)">(.*?)</a>', tab.bar.split("ts-all")[0])[-1] == ("true", "Rounds")
    assert re.findall(r'aria-current="page">(.*?)</a>', tab.bar.split("ts-all")[0] + tab.bar.split("ts-pages")[1]) == ["Gold"]
    everywhere = re.findall(r'href="/([\w-]*)', tab.bar.split("ts-all")[1].split("</details>")[0])
    assert everywhere == [address for pages in GROUPS.values() for _, address, _ in pages]


def test_the_menu_of_rounds_is_bounded(cleo, monkeypatch):
    many = [
        each._replace(id=number, name=f"round {number}")
        for number in range(300)
        for each in in_hand.in_short(cleo.person, cleo.engine)[:1]
    ]
    monkeypatch.setattr(in_hand, "in_short", lambda *_: many)
    menu = re.search('<nav aria-label="Rounds">(.*?)</nav>', cleo.open("", round="round 299").bar, re.DOTALL)[1]
    assert menu.count("<a ") == 16 and "All rounds" in menu and "round 299" in menu
    assert "open" in menu and "sample" in menu, "each with its state in words"


def test_a_save_asks_for_the_rounds_once(ana, monkeypatch):
    tab = ana.open("label").choose([0, 1, 2, 3, 1])
    asked = []
    kept = in_hand.in_short
    monkeypatch.setattr(in_hand, "in_short", lambda *args: asked.append(1) or kept(*args))
    monkeypatch.setattr(rounds, "all_rounds", lambda *_: pytest.fail("nothing of a round is counted"))
    tab.press("Save and next")
    assert len(asked) == 1
