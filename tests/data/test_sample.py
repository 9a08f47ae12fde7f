"""The samples in a store: something to look at, marked as sample, each loaded once."""

import pytest

from db.engine import open_engine
from tests.support.sample_store import CLEO, CLOSED, OPEN, OUTREACH, SUPPORT, copied_sample
from tests.support.small_stores import inside
from touchstone.errors import Refused
from workflow.agreement.reports import agreement_of_rounds
from workflow.data import sample
from workflow.data.sample import is_new, load_sample
from workflow.data.sample_manifest import sample_named, samples
from workflow.data.task_import import whats_there
from workflow.gold.adjudication import open_disagreements
from workflow.gold.gold import tally_of_round
from workflow.maintenance.store_check import check_store
from workflow.people.home import to_do
from workflow.people.people import everyone, person_named
from workflow.projects.projects import all_projects
from workflow.rounds.rounds import all_rounds, queries_of, version_in_use

LABELLED, TO_LABEL = (each.name for each in SUPPORT.rounds)


def round_named(engine, name):
    return next(each for each in all_rounds(engine) if each.name == name)


@pytest.fixture
def loaded(tmp_path):
    """load_sample's own store with a sample of this name in it."""
    opened = []

    def store(name: str):
        opened.append(open_engine(copied_sample(tmp_path, name)))
        return opened[-1]

    yield store
    for engine in opened:
        engine.dispose()


@pytest.fixture
def outreach(loaded):
    return loaded(OUTREACH.name)


@pytest.fixture
def support(loaded):
    return loaded(SUPPORT.name)


def test_the_samples_load_into_a_new_store_and_again_change_nothing(engine):
    assert is_new(engine)
    assert [load_sample(engine, each) for each in samples()] == [True, True]
    assert not is_new(engine)
    before = (whats_there(engine), all_rounds(engine), everyone(engine))
    assert not any(load_sample(engine, each) for each in samples())
    assert (whats_there(engine), all_rounds(engine), everyone(engine)) == before
    assert check_store(engine) == []
    assert version_in_use(engine, [SUPPORT.rubric, OUTREACH.rubric]) == 1
    assert version_in_use(engine, [SUPPORT.rubric, "another-v1"]) == 0


def test_all_of_the_samples_is_marked_as_sample_and_outreach_is_the_newest(outreach):
    before = all_rounds(outreach)
    assert load_sample(outreach, SUPPORT)
    found = (*everyone(outreach), *all_rounds(outreach))
    assert all(each.is_sample and each.name.startswith("Sample ") for each in found)
    projects = {each.name: each for each in all_projects(outreach)}
    assert {name: (each.is_sample, each.rubric, each.drafts) for name, each in projects.items()} == {
        "Sample": (True, "tenacious", 52),
        "Sample replies": (True, "support-replies", 61),
    }
    assert whats_there(inside(outreach, "Sample")) == (26, 52) and whats_there(inside(outreach, "Sample replies")) == (24, 61)
    assert all_rounds(outreach)[:2] == before  # so that pages without a round in their address open on them


def test_a_sample_is_chosen_by_its_folder(outreach):
    assert [each.name for each in samples()] == ["outreach", "support"]
    with pytest.raises(Refused, match="there is no sample “replies”; there are outreach, support"):
        sample_named("replies")


@pytest.mark.parametrize("chosen", samples(), ids=lambda each: each.name)
def test_a_sample_ends_with_an_open_round_so_that_an_interrupted_one_is_seen_to_be(chosen):
    *others, last = chosen.rounds
    assert not last.labels and not last.closed
    assert all(each.labels and each.closed and each.adjudications for each in others)
    moments = [chosen.imported, *(moment for each in others for moment in (each.opened, *each.labelled.values(), each.closed))]
    assert [*moments, last.opened] == sorted([*moments, last.opened])


def test_personalization_is_flagged_in_the_closed_round_and_nothing_else(outreach):
    report = agreement_of_rounds(everyone(outreach)[0], outreach, [CLOSED])
    assert [each.dimension for each in report.flagged] == ["personalization_depth"]
    assert all(each.judged.value is not None for each in report.dimensions.values())
    assert report.is_sample and report.as_json()["sample"]


def test_half_of_the_disagreements_wait_and_two_drafts_are_queried(outreach):
    cleo = person_named(outreach, CLEO)
    queue = open_disagreements(cleo, outreach, CLOSED)
    assert (len(queue.waiting), len(queue.decided), queue.round.held_back) == (10, 10, 0)
    assert tally_of_round(cleo, outreach, round_named(outreach, CLOSED)) == (10, 140)
    assert len(queries_of(cleo, outreach, CLOSED)) == 2


def test_there_is_an_open_round_to_try(outreach):
    doing = to_do(person_named(outreach, "Sample Ana"), outreach)
    assert [(each.round.name, each.left) for each in doing.labelling] == [(OPEN, 22)]
    assert doing.sentence == f"You have 22 drafts to label in {OPEN}."


def test_of_three_annotators_two_delivered_and_the_third_was_not_waited_for(support):
    closed = round_named(support, LABELLED)
    assert [(each.saved, each.skipped, each.waiting) for each in closed.progress] == [(41, 2, 0), (42, 1, 0), (37, 1, 5)]
    assert closed.early_reason.startswith("Fay is away")
    assert [each.total for each in round_named(support, TO_LABEL).progress] == [12, 12, 12]  # 18 drafts, each by two


def test_one_dimension_of_support_is_flagged_one_meets_its_threshold_and_one_is_nominal(support):
    report = agreement_of_rounds(person_named(support, SUPPORT.lead), support, [LABELLED])
    found = {key: (each.flagged, each.verdict) for key, each in report.dimensions.items()}
    assert found == {
        "factual_accuracy": (False, "undecided"),
        "request_settled": (True, "undecided"),
        "customer_tone": (False, "meets"),
        "next_step_named": (False, "undecided"),
        "kind_of_reply": (False, "undecided"),
    }
    assert all(0.45 < each.judged.value < 0.92 for each in report.dimensions.values())


def test_cells_of_support_are_agreed_and_adjudicated_and_wait_for_disagreeing_or_for_a_second_label(support):
    queue = open_disagreements(person_named(support, SUPPORT.lead), support, LABELLED)
    waiting = [each.state for each in queue.waiting]
    assert len(queue.decided) == 29
    assert {state: waiting.count(state) for state in set(waiting)} == {"disagreement": 32, "skipped": 5}
    assert tally_of_round(person_named(support, SUPPORT.lead), support, round_named(support, LABELLED)) == (37, 178)


@pytest.mark.parametrize("name", ["close_round", "decide_from_rows", "open_disagreements"])
def test_a_sample_that_was_interrupted_is_finished_by_loading_it_again(sqlite_engine, monkeypatch, name):

    def cut(*args, **more):
        raise Refused("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(sample, name, cut)
        with pytest.raises(Refused, match="power cut"):
            load_sample(sqlite_engine, OUTREACH)
    assert load_sample(sqlite_engine, OUTREACH)
    cleo = person_named(sqlite_engine, CLEO)
    assert len(open_disagreements(cleo, sqlite_engine, CLOSED).decided) == 10
    assert len(queries_of(cleo, sqlite_engine, CLOSED)) == 2
