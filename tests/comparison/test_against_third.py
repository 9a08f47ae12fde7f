"""Two sources, each against a third: kappas, their paired difference, recall and false alarms at the usual cut."""

import pytest

from tests.comparison.test_sources import ANA, BEN, bring
from tests.support.commands import document, done
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import TONE, label_all, opened, people, stock
from touchstone.errors import NotYourTurn, Refused
from workflow.comparison.against_third import compare_against
from workflow.comparison.two_sources import sources_of
from workflow.importing.label_files import File
from workflow.rounds.closing import close_round

THIRD, FIRST, SECOND = "00112233", "20112233", "01112231"
NAMES = ("set:first", "set:second", "set:third")


def brought(engine, person):
    for name, levels in (("third", THIRD), ("first", FIRST), ("second", SECOND + "0")):
        lines = "".join(f"u{place},{level}\n" for place, level in enumerate(levels))
        bring(engine, person, File(f"{name}.csv", f"task_id,{TONE}\n{lines}".encode()), name=name, made_by="model")


@pytest.fixture
@kept
def lead(engine):
    (lead,) = people(engine, "lead")
    brought(engine, lead)
    return lead


def test_each_of_two_has_its_kappa_with_the_third_and_the_difference_is_paired(engine, lead):
    """Eight units of all three, the third's levels equally frequent, so chance is 1/4 whatever the others give. The first
    agrees on 7: (7/8 - 1/4) / (3/4) = 5/6. The second on 6: 4/6. Below 2 are four of the third's: the first puts three of them
    there, and none of the other four; the second all four, and one of the others."""
    made = compare_against(lead, engine, *NAMES)
    (tone,) = made.dimensions
    assert (made.units, tone.n) == (8, 8)
    assert (tone.a.kappa.value, tone.b.kappa.value) == (pytest.approx(5 / 6), pytest.approx(4 / 6))
    assert tone.difference.value == pytest.approx(1 / 6)
    assert tone.difference.low < 0 < tone.difference.high and tone.higher == ""
    cuts = [side.at_cut for side in (tone.a, tone.b)]
    at = [(each.cut, each.caught, each.bad, each.alarms, each.good) for each in cuts]
    assert at == [(2, 3, 4, 0, 4), (2, 4, 4, 1, 4)]
    assert "no dimension shows which of the two agrees more with set:third" in made.sentence
    turned = compare_against(lead, engine, NAMES[1], NAMES[0], NAMES[2]).dimensions[0]
    assert turned.difference.value == pytest.approx(-1 / 6)


def test_a_difference_beyond_chance_is_said_and_undefined_says_whose(engine, lead):
    for name, levels in (("same", THIRD * 5), ("far", "33001122" * 5), ("truth", THIRD * 5), ("constant", "1" * 40)):
        lines = "".join(f"v{place},{level}\n" for place, level in enumerate(levels))
        bring(engine, lead, File("f.csv", f"task_id,{TONE}\n{lines}".encode()), name=name)
    made = compare_against(lead, engine, "set:same", "set:far", "set:truth")
    assert made.dimensions[0].higher == "the first" and "the first (+1.33" in made.sentence
    undefined = compare_against(lead, engine, "set:same", "set:constant", "set:truth").dimensions[0]
    assert (undefined.difference.value, undefined.difference.reason) == (None, "the second: annotator constant")
    nothing = compare_against(lead, engine, "set:same", "set:far", "set:third")
    assert (nothing.units, nothing.dimensions) == (0, ()) and "nothing to compare" in nothing.sentence


def test_one_of_three_twice_and_an_open_round_are_refused(engine, lead):
    with pytest.raises(Refused, match="set:first cannot be compared with itself: name three sources"):
        compare_against(lead, engine, "set:first", "set:second", "set:first")
    stock(engine, lead, 4)
    opened(engine, lead, annotators=people(engine, "ana", "ben") and ("ana", "ben"))
    with pytest.raises(NotYourTurn, match="pilot is open"):
        compare_against(lead, engine, *NAMES[:2], "round:pilot/ana")


def test_sources_are_read_in_the_order_they_are_named(engine, lead):
    found = sources_of(lead, engine, NAMES[::-1])
    assert [each.name for each in found] == list(NAMES[::-1]) and {each.held_back for each in found} == {0}
    assert found[0].side.labels["u2"] == {TONE: 1}
    with pytest.raises(Refused, match="there is no label set"):
        sources_of(lead, engine, ("set:first", "set:fourth"))


def test_units_the_reader_labels_in_an_open_round_are_left_out(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    opened(engine, lead)
    label_all(engine, ana, ANA)
    label_all(engine, ben, BEN)
    close_round(lead, engine, "pilot")
    bring(engine, lead, File("m.csv", f"draft_id,{TONE}\nd01,1\nd02,0\nd03,1\nd04,3\n".encode()))
    opened(engine, lead, "again", annotators=("ana", "lead"), draft_ids=["d01", "d02"])
    made = compare_against(ana, engine, "round:pilot/ana", "round:pilot/ben", "set:machine")
    assert (made.units, made.held_back) == (2, 2)
    assert any("2 units held back" in note for note in made.notes)


def test_the_command_and_the_page_show_the_same(empty, monkeypatch):
    brought(empty, Tab(monkeypatch, empty, "ana").person)
    made = document("compare-sources", *NAMES[:2], "--against", NAMES[2], "--json")
    tone = made["against"]["dimensions"][TONE]
    assert (made["against"]["source"], tone["n"], made["dimensions"][TONE]["n"]) == ("set:third", 8, 8)
    assert tone["a"]["kappa"]["value"] == pytest.approx(5 / 6) and tone["b"]["at_cut"]["false_alarms"]["drafts"] == 1
    said = done("compare-sources", *NAMES[:2], "--against", NAMES[2])
    assert "kappa of the first minus that of the second +.17" in said and "below 2: recall .75" in said
    tab = Tab(monkeypatch, empty, "ana").open("two-sources", a=NAMES[0], b=NAMES[1])
    assert "Which of the two agrees more with" in tab.labels and "paired by unit" not in tab.text
    tab.open("two-sources", a=NAMES[0], b=NAMES[1], against=NAMES[2])
    assert "On 8 units of all three" in tab.text and "+.17" in tab.text and "paired by unit" in tab.text
