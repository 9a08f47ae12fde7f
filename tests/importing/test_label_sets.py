"""Labels from elsewhere come in whole, with where they came from, and stay apart from rounds."""

import json

import pytest

from tests.support.small_stores import CTA, TONE, change, opened, people, rows, stock
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA
from touchstone.errors import Refused
from touchstone.importing.vocabulary import Answers
from workflow.agreement.clusters import by_clusters
from workflow.agreement.disagreements import draft_of
from workflow.agreement.papers import report as paper
from workflow.agreement.reports import agreement_of_set
from workflow.gold.export import files_of
from workflow.importing.label_files import File, Joined
from workflow.importing.label_preview import preview_labels
from workflow.importing.label_sets import all_label_sets, import_labels, names_of_sets, suspicions_told
from workflow.planning.plan import plan_of_pilot

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
    assert made.sentence == "Outside: 8 labels of 2 units by x, y, 2 dimensions, in tenacious, a new project"
    assert made.left_out == {"x.csv": ("mood",), "y.csv": ("mood",)}
    (row,) = all_label_sets(engine)
    assert names_of_sets(engine) == [row.name]
    assert (row.name, row.made_by, row.rubric, row.annotators, row.left_out) == (
        "Outside",
        "model",
        "tenacious-v1",
        ["x", "y"],
        {"x.csv": ["mood"], "y.csv": ["mood"]},
    )
    assert [(file["name"], file["annotator"], len(file["digest"])) for file in row.files] == [
        ("x.csv", "x", 64),
        ("y.csv", "y", 64),
    ]


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


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"made_by": ""}, "who made the labels is one of person-blind, person-not-blind, program, model, copy, not blank"),
        ({"made_by": "me"}, "who made the labels is one of person-blind, person-not-blind, program, model, copy, not me"),
        ({"annotators": ["ana"]}, "1 annotator named for 2 files; name one per file"),
        ({"name": " "}, "a label set needs a name; it is empty"),
    ],
)
def test_what_must_be_said_is_asked_for(engine, lead, more, said):
    assert refused(engine, lead, **more).sentence == said


def test_a_bad_line_refuses_all_files_and_is_named_with_its_file(engine, lead):
    bad = File("z.csv", f"task_id,{TONE}\nt01,9\nt02,\n".encode())
    found = refused(engine, lead, [X, bad])
    assert found.sentence == "the labels were not imported: 2 problems, nothing was stored"
    assert [str(each) for each in found.problems] == [
        f"line 2: z.csv: {TONE} takes 0, 1, 2 and 3, not 9",
        f"line 3: z.csv: {TONE} is blank; say whether a blank means no label",
    ]


def test_strict_refuses_a_column_that_is_no_dimension(engine, lead):
    found = refused(engine, lead, strict=True)
    assert str(found.problems[0]) == (
        "line 1: x.csv: mood is neither a dimension nor an alias of one; remove it, or let such columns be left out"
    )
    assert found.problems[0].way == ("strict",)


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


# What is asked, passed over, suspected


RATERS = File(
    "raters.csv",
    f"task_id,rater 1 {TONE},rater 2 {TONE},rater 1 {CTA},rater 2 {CTA}\n".encode()
    + b"".join(b"t%02d,%d,%d,%d,%d\n" % (n, n % 4, (n + (n % 5 == 0)) % 4, n % 3, n % 3) for n in range(1, 21)),
)


def look(engine, person, files=(X, Y), **more):
    return preview_labels(person, engine, files, **{"rubric": "tenacious-v1", **more})


def test_a_preview_stores_nothing_and_says_how_each_column_is_read(engine, lead):
    made = look(engine, lead)
    assert rows(engine, "SELECT (SELECT count(*) FROM label_sets) + (SELECT count(*) FROM rubric_versions)") == [(0,)]
    assert made.sentence == "8 labels of 2 units by x, y, 2 dimensions"
    assert made.files[0].fields == (
        ("task_id", "the unit"),
        (TONE, f"{TONE}: 2 labels (0: 1, 1: 1)"),
        ("mood", "left out"),
        (CTA, f"{CTA}: 2 labels (2: 1, 3: 1)"),
    )
    assert (made.questions, made.problems, made.suspicions) == ((), (), ())
    assert made.scale.startswith("as in the rubric: ")


def test_a_preview_keeps_questions_apart_from_what_must_be_mended(engine, lead):
    made = look(engine, lead, [File("x.csv", f"task_id,{TONE}\nt1,\nt2,n/a\nt3,9\n".encode())])
    assert [each.key for each in made.questions] == ["blank", "na"]
    assert [str(each) for each in made.problems] == [f"line 4: x.csv: {TONE} takes 0, 1, 2 and 3, not 9"]
    answered = look(engine, lead, [File("x.csv", f"task_id,{TONE}\nt1,\nt2,2\n".encode())], said=Answers({"blank": "missing"}))
    assert (answered.questions, answered.labels, answered.files[0].does_not_count) == ((), 1, "a blank 1×")


def test_units_that_are_stored_are_counted(engine, lead):
    stock(engine, lead, 1)
    assert look(engine, lead).joined.sentence == "of 2 units 1 is tasks in the store; 1 is neither"
    assert bring(engine, lead).joined == Joined(0, 1, 1)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Answers({"blank": "zero"}), "a blank means missing, or a level of tenacious-v1 (0, 1, 2, 3), not zero"),
        (Answers(dimension="mood"), "mood is not a dimension of tenacious-v1; it has "),
        (Answers(unstated="maybe"), "responses without a status can be said to be submitted, not maybe"),
    ],
)
def test_an_answer_that_can_mean_nothing_is_refused(engine, lead, said, sentence):
    assert refused(engine, lead, said=said).sentence.startswith(sentence)


def test_a_format_nobody_knows_is_refused_with_those_there_are(engine, lead):
    assert "not excel" in refused(engine, lead, format="excel").sentence


def test_slots_that_are_no_people_have_no_pairs_and_are_judged_on_alpha(engine, lead):
    assert refused(engine, lead, [RATERS]).problems[0].way == ("slots_are_people yes, or no",)
    bring(engine, lead, [RATERS], said=Answers(slots_are_people=False))
    report = agreement_of_set(lead, engine, "outside")
    tone = report.dimensions[TONE]
    assert (tone.pairs, tone.statistic, tone.judged) == ((), "alpha", tone.overall[NOMINAL_ALPHA])
    assert tone.overall[KAPPA].reason == "slots are not people"
    assert any(note.startswith("its annotators are slots in a file") for note in report.notes)
    assert report.no_pairs(tone).startswith("Figures per pair are not given")
    assert by_clusters(lead, engine, report)[TONE].judged.value == pytest.approx(tone.judged.value)
    assert [each.coefficient for each in counts_plan(engine, lead)] == [NOMINAL_ALPHA] * 2


def counts_plan(engine, lead):
    return plan_of_pilot(lead, engine, label_set="outside", threshold=0.8).dimensions.values()


def test_slots_that_are_people_are_compared_like_people(engine, lead):
    bring(engine, lead, [RATERS], said=Answers(slots_are_people=True))
    assert agreement_of_set(lead, engine, "outside").dimensions[TONE].pairs[0].n == 20


def test_the_same_files_with_other_answers_are_another_set(engine, lead):
    bring(engine, lead, [RATERS], said=Answers(slots_are_people=True))
    with pytest.raises(Refused, match="already, of other files or another origin"):
        bring(engine, lead, [RATERS], said=Answers(slots_are_people=False))
    assert not bring(engine, lead, [RATERS], said=Answers(slots_are_people=True)).is_new


def test_suspicions_are_told_at_import_and_stand_in_every_report(engine, lead):
    source = (f"task_id,{TONE}\n" + "".join(f"t{n},2\n" for n in range(30))).encode()
    files = [File(f"{who}.csv", source) for who in ("ana", "ben")]
    made = bring(engine, lead, files)
    assert made.suspicions[0] == "ana.csv and ben.csv are the same file, byte for byte"
    notes = agreement_of_set(lead, engine, "outside").notes
    assert [note for note in notes if note.startswith("suspicious: ")] == [f"suspicious: {each}" for each in made.suspicions]
    coded = agreement_of_set(lead, engine, "outside", codes=True).notes
    assert not any("ana" in note.split() or "ben" in note.split() for note in coded)


def test_what_was_said_and_what_did_not_count_stands_in_the_report(engine, lead):
    lines = "".join(
        json.dumps(
            {
                "text": "x",
                "meta": {"task_id": f"t{n}"},
                "accept": [f"{TONE}={n}" if n else f"{TONE}=?"],
                "answer": "accept" if n < 3 else "reject",
                "_session_id": "ana",
                "_input_hash": n,
            }
        )
        + "\n"
        for n in range(4)
    )
    bring(engine, lead, [File("p.jsonl", lines.encode())], said=Answers({"unsure": "missing"}, reverse=True))
    report = agreement_of_set(lead, engine, "outside")
    assert "not counted: 1 rejected answers" in report.notes
    assert "? was taken to mean no label" in report.notes
    assert "the scale was said to be reversed in the files: levels of ordinal dimensions were reversed" in report.notes
    assert rows(engine, "SELECT unit, value FROM set_labels ORDER BY unit") == [("t1", "2"), ("t2", "1")]


def test_one_label_in_two_files_is_refused_with_both_lines(engine, lead):
    long = [File(f"{name}.csv", f"unit,annotator,dimension,value\nu1,x,{TONE},1\n".encode()) for name in "ab"]
    assert [str(each) for each in refused(engine, lead, long).problems] == [
        f"line 2: b.csv: u1 has {TONE} by x in a.csv already (line 2); name another annotator for one of the files"
    ]


def test_two_files_of_one_name_may_be_two_people_s(engine, lead):
    made = bring(engine, lead, [X, Y._replace(name="x.csv")], annotators=["ana", "ben"])
    assert made.annotators == ("ana", "ben")


def test_a_set_from_before_it_was_kept_how_it_was_read_is_reported(engine, lead):
    bring(engine, lead)
    change(engine, "UPDATE label_sets SET read_as = NULL, suspicions = NULL, tasks = NULL, slots_are_people = NULL")
    assert agreement_of_set(lead, engine, "outside").dimensions[TONE].pairs
    assert not bring(engine, lead).is_new


@pytest.mark.parametrize("made_by", ["program", "model", "copy", "person-not-blind", "person-blind"])
def test_who_made_the_labels_stands_at_every_figure(engine, lead, made_by):
    bring(engine, lead, made_by=made_by)
    report = agreement_of_set(lead, engine, "outside")
    words, blind = report.made_by, made_by == "person-blind"
    assert report.as_json()["made_by"] == words
    for each in report.as_json()["dimensions"].values():
        assert (each["warnings"][:1] == [f"labels made by {words}"]) is not blind
    assert report.mark == ("" if blind else f"labels made by {words}")
    for drawn in (paper.html(report), paper.markdown(report)):
        assert drawn.count(f"labels made by {words}") >= (1 if blind else 6), "heading, overview, each dimension, its tables"


def test_what_looked_suspicious_as_it_came_in_is_told_of_the_set(engine, lead):
    bring(engine, lead)
    assert suspicions_told(lead, engine) == []
    same = X._replace(name="z.csv")
    bring(engine, lead, (X, same), name="Twice")
    ((name, sentence),) = suspicions_told(lead, engine)
    assert name == "Twice" and "x.csv and z.csv are the same file" in sentence
