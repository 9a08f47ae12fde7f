"""Labels from elsewhere come in whole, with where they came from, and stay apart from rounds."""

import pytest

from tests.building import CTA, TONE, opened, people, rows, stock
from touchstone.errors import Refused
from workflow.gold import files_of
from workflow.label_sets import File, all_label_sets, import_labels
from workflow.reports import agreement_of_set, draft_of

X = File("x.csv", f"task_id,{TONE},mood,{CTA}\nt01,1,ok,2\nt02,0,ok,3\n".encode())
Y = File("y.csv", f"task_id,{TONE},mood,{CTA}\nt01,1,ok,2\nt02,2,ok,3\n".encode())
LONG = File("long.csv", f"unit,annotator,dimension,value\nu1,x,{TONE},1\nu1,y,{TONE},2\n".encode())


@pytest.fixture
def lead(engine):
    (lead,) = people(engine, "lead")
    return lead


def bring(engine, person, files=(X, Y), **more):
    return import_labels(person, engine, files, **{"name": "Outside", "made_by": "model", "rubric": "tenacious-v1", **more})


def refused(engine, person, files=(X, Y), **more) -> Refused:
    with pytest.raises(Refused) as found:
        bring(engine, person, files, **more)
    assert rows(engine, "SELECT count(*) FROM set_labels") == [(0,)]
    return found.value


def test_a_file_an_annotator_comes_in_with_its_provenance(engine, lead):
    made = bring(engine, lead)
    assert made.sentence == "Outside: 8 labels of 2 units by x, y, 2 dimensions"
    assert made.left_out == {"x.csv": ("mood",), "y.csv": ("mood",)}
    (row,) = all_label_sets(engine)
    assert (row.name, row.made_by, row.rubric, row.annotators, row.left_out) == (
        "Outside", "model", "tenacious-v1", ["x", "y"], {"x.csv": ["mood"], "y.csv": ["mood"]})
    assert [(file["name"], file["annotator"], len(file["digest"])) for file in row.files] == [
        ("x.csv", "x", 64), ("y.csv", "y", 64)]


def test_the_same_files_again_change_nothing_and_say_so(engine, lead):
    bring(engine, lead)
    again = bring(engine, lead, name="OUTSIDE")
    assert again.sentence == "OUTSIDE: the same files are in the store already; nothing changed"
    assert (len(all_label_sets(engine)), rows(engine, "SELECT count(*) FROM set_labels")) == (1, [(8,)])


@pytest.mark.parametrize("more", [{"files": (X,)}, {"made_by": "program"}, {"annotators": ["a", "b"]}])
def test_another_set_under_a_name_that_is_taken_is_refused(engine, lead, more):
    bring(engine, lead)
    with pytest.raises(Refused, match="there is a label set named “Outside” already, of other files or another origin"):
        bring(engine, lead, **more)


def test_annotators_may_be_named_one_per_file(engine, lead):
    assert bring(engine, lead, annotators=["ana", "ben"]).annotators == ("ana", "ben")


def test_a_long_file_names_its_own(engine, lead):
    made = bring(engine, lead, [LONG])
    assert (made.annotators, made.dimensions, made.units) == (("x", "y"), (TONE,), 1)
    assert agreement_of_set(lead, engine, "outside").dimensions[TONE].pairs[0].n == 1


@pytest.mark.parametrize(("more", "said"), [
    ({"made_by": ""}, "who made the labels is one of person-blind, person-not-blind, program, model, copy, not blank"),
    ({"made_by": "me"}, "who made the labels is one of person-blind, person-not-blind, program, model, copy, not me"),
    ({"annotators": ["ana"]}, "1 annotator named for 2 files; name one per file"),
    ({"name": " "}, "a label set needs a name; it is empty"),
])
def test_what_must_be_said_is_asked_for(engine, lead, more, said):
    assert refused(engine, lead, **more).sentence == said


def test_a_bad_line_refuses_all_files_and_is_named_with_its_file(engine, lead):
    bad = File("z.csv", f"task_id,{TONE}\nt01,9\nt02,\n".encode())
    found = refused(engine, lead, [X, bad])
    assert found.sentence == "the labels were not imported: 2 problems, nothing was stored"
    assert [str(each) for each in found.problems] == [
        f"line 2: z.csv: {TONE} takes 0, 1, 2 and 3, not 9",
        f"line 3: z.csv: {TONE} is blank; if a blank is no label, say so: --blank missing"]


def test_strict_refuses_a_column_that_is_no_dimension(engine, lead):
    found = refused(engine, lead, strict=True)
    assert str(found.problems[0]) == ("line 1: x.csv: mood is no dimension and no alias of one; take it out, "
                                      "or import without --strict")


def test_one_annotator_in_two_files_is_refused(engine, lead):
    assert refused(engine, lead, annotators=["ana", "ana"]).sentence.startswith("two files are by ana")


def test_no_file_is_no_label_set(engine, lead):
    refused(engine, lead, [])


def test_a_set_without_a_single_label_is_refused(engine, lead):
    refused(engine, lead, [File("x.csv", f"task_id,{TONE}\nt01,\n".encode())], blank="missing")


def test_units_are_joined_to_the_drafts_and_clusters_that_are_stored(engine, lead):
    stock(engine, lead, 2, cluster="one-trace")
    bring(engine, lead)
    report = agreement_of_set(lead, engine, "outside")
    assert (report.dimensions[TONE].units, report.dimensions[TONE].clusters) == (2, 1)
    assert draft_of(lead, engine, "t01", report.rubric).text == "Hello, this is invented draft 1."
    assert draft_of(lead, engine, "u9", report.rubric) == ((), None)


def test_a_unit_that_is_a_task_is_shown_with_its_input(engine, lead):
    stock(engine, lead, 1)
    bring(engine, lead)
    assert draft_of(lead, engine, "t01", agreement_of_set(lead, engine, "outside").rubric).fields


def test_a_label_set_publishes_no_rubric_is_no_round_and_is_never_gold(engine, lead):
    people(engine, "ana", "ben")
    stock(engine, lead, 1)
    bring(engine, lead)
    assert rows(engine, "SELECT published_at FROM rubric_versions") == [(None,)]
    assert rows(engine, "SELECT count(*) FROM labels UNION ALL SELECT count(*) FROM rounds") == [(0,), (0,)]
    with pytest.raises(Refused, match="there is no round “outside”"):
        files_of(lead, engine, "outside", partial=True)
    opened(engine, lead)
    assert rows(engine, "SELECT count(*) FROM rubric_versions") == [(1,)]
