"""The sample workspace: something to look at, marked as sample, loaded once."""

import pytest

from tests.support.small_stores import inside
from touchstone.errors import Refused
from workflow.agreement.reports import agreement_of_rounds
from workflow.data import sample
from workflow.data.sample import CLOSED, OPEN, is_new, load_sample
from workflow.data.task_import import whats_there
from workflow.gold.adjudication import open_disagreements
from workflow.gold.gold import tally_of_round
from workflow.maintenance.store_check import check_store
from workflow.people.home import to_do
from workflow.people.people import everyone, person_named
from workflow.projects.projects import all_projects
from workflow.rounds.rounds import all_rounds, queries_of


def test_the_sample_loads_into_a_new_store_and_again_changes_nothing(engine):
    assert is_new(engine)
    assert load_sample(engine)
    assert not is_new(engine)
    before = (whats_there(engine), all_rounds(engine), everyone(engine))
    assert not load_sample(engine)
    assert (whats_there(engine), all_rounds(engine), everyone(engine)) == before
    assert check_store(engine) == []


def test_all_of_the_sample_is_marked_as_sample(sqlite_engine):
    load_sample(sqlite_engine)
    found = (*everyone(sqlite_engine), *all_rounds(sqlite_engine))
    assert all(each.is_sample and each.name.startswith("Sample ") for each in found)
    (project,) = all_projects(sqlite_engine)
    assert (project.name, project.is_sample, project.rubric) == ("Sample", True, "tenacious")
    tasks, drafts = whats_there(inside(sqlite_engine, "Sample"))
    assert tasks >= 24 and drafts == project.drafts >= 48


def test_personalization_is_flagged_in_the_closed_round_and_nothing_else(sqlite_engine):
    load_sample(sqlite_engine)
    report = agreement_of_rounds(everyone(sqlite_engine)[0], sqlite_engine, [CLOSED])
    assert [each.dimension for each in report.flagged] == ["personalization_depth"]
    assert all(each.judged.value is not None for each in report.dimensions.values())
    assert report.is_sample and report.as_json()["sample"]


def test_half_of_the_disagreements_wait_and_two_drafts_are_queried(sqlite_engine):
    load_sample(sqlite_engine)
    cleo = person_named(sqlite_engine, "Sample Cleo")
    queue = open_disagreements(cleo, sqlite_engine, CLOSED)
    assert (len(queue.waiting), len(queue.decided), queue.held_back) == (10, 10, 0)
    (closed,) = [each for each in all_rounds(sqlite_engine) if each.name == CLOSED]
    assert tally_of_round(sqlite_engine, closed) == (10, 140)
    assert len(queries_of(cleo, sqlite_engine, CLOSED)) == 2


def test_there_is_an_open_round_to_try(sqlite_engine):
    load_sample(sqlite_engine)
    ana = person_named(sqlite_engine, "Sample Ana")
    doing = to_do(ana, sqlite_engine)
    assert [(each.round.name, each.left) for each in doing.labelling] == [(OPEN, 22)]
    assert doing.sentence == f"You have 22 drafts to label in {OPEN}."


@pytest.mark.parametrize("name", ["close_round", "decide_from_rows", "open_disagreements"])
def test_a_sample_that_was_interrupted_is_finished_by_loading_it_again(request, sqlite_engine, monkeypatch, name):

    def cut(*args, **more):
        raise Refused("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(sample, name, cut)
        with pytest.raises(Refused, match="power cut"):
            load_sample(sqlite_engine)
    assert load_sample(sqlite_engine)
    cleo = person_named(sqlite_engine, "Sample Cleo")
    assert len(open_disagreements(cleo, sqlite_engine, CLOSED).decided) == 10
    assert len(queries_of(cleo, sqlite_engine, CLOSED)) == 2
