"""Labels of several origins in one set: each annotator's own, at every figure."""

import pytest

from tests.support.commands import done, sentence
from tests.support.sample_store import RUBRIC
from tests.support.small_stores import TONE, people
from touchstone.errors import Refused
from workflow.agreement.reports import agreement_of_set
from workflow.comparison.two_sources import compare_sources
from workflow.importing.label_files import File
from workflow.importing.label_preview import preview_labels
from workflow.importing.label_sets import import_labels

ANA = File("ana.csv", f"id,{TONE}\nt1,1\nt2,2\n".encode())
SCORER = File("scorer.csv", f"id,{TONE}\nt1,1\nt2,0\n".encode())
JUDGED = File("judged.csv", f"id,judge,{TONE}\nt1,m-1,1\nt2,m-1,2\n".encode())


@pytest.fixture
def lead(engine):
    (lead,) = people(engine, "lead")
    return lead


def bring(engine, person, *files, **more):
    about = {"name": "Mixed", "made_by": "person-blind", "rubric": "tenacious-v1"}
    return import_labels(person, engine, files, **{**about, **more})


def test_each_annotator_has_an_origin_of_its_own(engine, lead):
    made = bring(engine, lead, ANA, SCORER, JUDGED, origins={"scorer": "program", "m-1": "model"})
    assert made.made_by_in_words == "people, blind, a program and a model"
    report = agreement_of_set(lead, engine, "mixed")
    assert report.mark == "labels made by people, blind, a program and a model"
    assert "made otherwise than the rest: scorer by a program and m-1 by a model" in report.notes
    compared = compare_sources(lead, engine, "set:mixed/ana", "set:mixed/m-1")
    assert (compared.a.made_by, compared.b.made_by) == ("person-blind", "model")
    assert compared.mark == "set:Mixed/m-1 made by a model"


def test_the_labels_of_all_have_the_origin_farthest_from_people_who_labelled_blind(engine, lead):
    bring(engine, lead, ANA, SCORER, origins={"scorer": "program"})
    bring(engine, lead, ANA, name="Alone")
    assert compare_sources(lead, engine, "set:mixed", "set:alone").a.made_by == "program"


def test_a_judge_that_a_file_names_is_no_person(engine, lead):
    with pytest.raises(Refused, match="the files say that m-1 is no person") as found:
        bring(engine, lead, ANA, JUDGED)
    assert found.value.sentence.endswith("say who made them, or who made those of m-1 alone")
    assert found.value.way == ("made-by model", "origin m-1=model")
    shown = preview_labels(lead, engine, [ANA, JUDGED], rubric="tenacious-v1", made_by="person-blind")
    assert [each.reason for each in shown.problems] == [found.value.sentence]
    assert bring(engine, lead, JUDGED, made_by="model").annotators == ("m-1",)


@pytest.mark.parametrize(
    ("origins", "said"), [({"zoe": "model"}, "no labels of zoe"), ({"ana": "me"}, "one of person-blind, person-not-blind")]
)
def test_an_origin_of_nobody_or_of_no_kind_is_refused(engine, lead, origins, said):
    with pytest.raises(Refused, match=said):
        bring(engine, lead, ANA, origins=origins)


def test_the_same_files_with_another_origin_are_another_set(engine, lead):
    bring(engine, lead, ANA, SCORER, origins={"scorer": "program"})
    assert not bring(engine, lead, ANA, SCORER, origins={"scorer": "program"}).is_new
    with pytest.raises(Refused, match="already, of other files or another origin"):
        bring(engine, lead, ANA, SCORER)


def test_the_command_takes_an_origin_an_annotator(new_url, tmp_path):
    for file in (ANA, SCORER):
        (tmp_path / file.name).write_bytes(file.source)
    files = [tmp_path / file.name for file in (ANA, SCORER)]
    options = ("--set", "mixed", "--made-by", "person-blind", "--rubric", RUBRIC)
    assert "--origin takes NAME=KIND" in sentence("import-labels", *files, *options, "--origin", "program")
    assert "made by people, blind and a program" in done("import-labels", *files, *options, "--origin", "scorer=program")
