"""Ids and annotators in other forms are one only where somebody says so, and files without a unit in common are never silent."""

import pytest

from tests.support.small_stores import TONE, people, rows, stock
from touchstone.errors import Refused
from touchstone.importing.same_form import as_one, form_of, spellings
from touchstone.importing.vocabulary import Answers
from workflow.importing.label_files import File
from workflow.importing.label_preview import preview_labels
from workflow.importing.label_sets import all_label_sets, import_labels


@pytest.fixture
def lead(engine):
    (lead,) = people(engine, "lead")
    return lead


def bring(engine, person, *files, **said):
    given = [File(f"r{place}.csv", source.encode()) for place, source in enumerate(files)]
    return import_labels(
        person, engine, given, name="Outside", made_by="person-blind", rubric="tenacious-v1", said=Answers(**said)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoe\u0308", "Zo\u00eb"),
        ("T-7", "t-7"),
        ("T 7", "T7"),
        ("007", "7"),
        ("7.0", "7"),
        ("7,00", "007"),
        ("\uff17", "7"),
        ("STRASSE", "straße"),
    ],
)
def test_names_that_differ_in_form_have_one_form(one, other):
    assert form_of(one) == form_of(other)


@pytest.mark.parametrize(("one", "other"), [("7", "70"), ("T-7", "T-70"), ("7.5", "7"), ("a-7", "a-007"), ("0", "00a")])
def test_names_that_differ_in_more_have_not(one, other):
    assert form_of(one) != form_of(other)


def test_only_names_of_several_spellings_are_in_question_and_a_preferred_one_stays():
    groups = spellings(["a", "7", "A", "007", "b", "7"])
    assert groups == [["a", "A"], ["7", "007"]]
    assert as_one(groups, preferred=["007"]) == {"a": "a", "A": "a", "7": "007", "007": "007"}


MIA = f"id,{TONE}\nZoe\u0308,1\n007,2\n3.0,0\n"
NOA = f"id,{TONE}\nZo\u00eb,1\n7,2\n3,1\n"


def test_ids_in_other_forms_are_asked_about_and_joined_when_they_are_the_same(engine, lead):
    with pytest.raises(Refused) as found:
        bring(engine, lead, MIA, NOA)
    assert [str(each) for each in found.value.problems] == [
        "there are ids that differ only in their form: Zo\u00eb in two Unicode forms; 007 and 7; 3.0 and 3; say whether they are "
        "the same"
    ]
    assert found.value.problems[0].way == ("same_ids yes, or no",)
    assert rows(engine, "SELECT count(*) FROM set_labels") == [(0,)]
    made = bring(engine, lead, MIA, NOA, same_ids=True)
    assert (made.units, made.told) == (3, ())
    assert not bring(engine, lead, MIA, NOA, same_ids=True).is_new


def test_ids_that_are_said_to_differ_stay_apart_and_that_no_unit_is_shared_is_told_for_ever(engine, lead):
    made = bring(engine, lead, MIA, NOA, same_ids=False)
    assert made.units == 6
    assert made.told[0].startswith("no unit has labels by two annotators, so nothing can be compared: r0 has Zoe")
    (row,) = all_label_sets(engine)
    assert row.read_as["remarks"] == list(made.told)


def test_the_preview_asks_what_the_import_refuses(engine, lead):
    given = [File("r0.csv", MIA.encode()), File("r1.csv", NOA.encode())]
    made = preview_labels(lead, engine, given, rubric="tenacious-v1")
    assert [(each.key, each.choices) for each in made.questions] == [("same_ids", ("yes", "no"))]
    answered = preview_labels(lead, engine, given, rubric="tenacious-v1", said=Answers(same_ids=False))
    assert (answered.questions, len(answered.told)) == ((), 1)


def test_the_spelling_of_the_store_is_the_one_that_stays(engine, lead):
    stock(engine, lead, 1)  # the task t01
    made = bring(engine, lead, f"id,{TONE}\nT01,1\n", f"id,{TONE}\nt01,2\n", same_ids=True)
    assert (made.joined.tasks, made.units) == (1, 1)


def test_annotators_in_other_forms_are_asked_about(engine, lead):
    source = f"id,annotator,{TONE}\nt1,Mia,1\nt1,Noa,1\nt2,mia,2\nt2,Noa,0\n"
    with pytest.raises(Refused, match="1 problem") as found:
        bring(engine, lead, source)
    assert "annotators that differ only in their form: Mia and mia" in str(found.value.problems[0])
    assert bring(engine, lead, source, same_annotators=True).annotators == ("Mia", "Noa")


def test_two_labels_that_become_one_cell_are_refused_with_their_lines(engine, lead):
    source = f"id,annotator,{TONE}\nt1,Mia,1\nt1,mia,2\n"
    with pytest.raises(Refused) as found:
        bring(engine, lead, source, same_annotators=True)
    assert str(found.value.problems[0]) == f"line 3: r0.csv: t1 has {TONE} by Mia already (line 2); keep one"


def test_an_annotator_who_shares_no_unit_is_named_among_those_who_do(engine, lead):
    made = bring(engine, lead, f"id,{TONE}\nt1,1\n", f"id,{TONE}\nt1,1\n", f"id,{TONE}\nx9,1\n")
    assert made.told == ("none of 1 unit of r2 has labels by another annotator",)


def test_few_units_in_common_are_told_and_a_fair_part_is_not(engine, lead):
    """Of ten units of r0 one is shared (a tenth); of two of r1, one (a half)."""
    ten = "".join(f"t{n},1\n" for n in range(10))
    made = bring(engine, lead, f"id,{TONE}\n{ten}", f"id,{TONE}\nt9,1\nx1,1\n")
    assert made.told == ("only 1 of 10 units of r0 has labels by another annotator",)


def test_an_id_that_differs_from_a_draft_s_in_its_form_alone_is_asked_about_too(engine, lead):
    stock(engine, lead, 2)  # d01, d02 of t01, t02
    file = f"id,{TONE}\nD01,1\nt-99,2\nT02 ,0\n"
    with pytest.raises(Refused) as found:
        bring(engine, lead, file)
    differ = "there are ids that differ only in their form: D01 and d01; T02 and t02"
    assert [each.reason for each in found.value.problems] == [f"{differ}; say whether they are the same"]
    assert bring(engine, lead, file, same_ids=True).joined == (1, 1, 1)
    assert rows(engine, "SELECT unit FROM set_labels ORDER BY unit") == [("d01",), ("t-99",), ("t02",)]


def test_ids_that_are_said_to_differ_stay_as_they_are(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    stock(sqlite_engine, lead, 2)
    assert bring(sqlite_engine, lead, f"id,{TONE}\nD01,1\nd02,0\n", same_ids=False).joined == (1, 0, 1)
