"""Tasks from failed drafts of a closed round: other names, a person's word, and nothing told of what is held back."""

import json

import pytest

from db.engine import reading
from db.store.bench import typed_tasks as stored
from tests.support.commands import done, refused, sentence
from tests.support.sample_store import ANA, CLOSED, OPEN
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, rows
from touchstone.errors import NotYourTurn, Refused
from workflow.bench.candidates import candidates_of, sign_off, turn_down
from workflow.bench.from_drafts import propose_from_drafts
from workflow.bench.spaces import counted_methods
from workflow.data.task_import import import_drafts, import_tasks
from workflow.rounds.closing import close_round

SIGNAL = "Company: Tidewrack Freight (Seed, $4M, closed 38 days ago). Open engineering roles: 6 (3 Python). Employee count: 19."


def small(engine, names=("lead", "ana", "ben")):
    """Three drafts of three tasks; the first two fail on tone, the third on nothing."""
    lead, ana, ben = people(engine, *names)
    tasks = [
        {
            "task_id": f"t{number:02}",
            "cluster": "trace-7",
            "input": {"company_signal": SIGNAL, "prior_thread": f"Mail jo{number}@tidewrack.com, says Rosa Lindqvist."},
        }
        for number in (1, 2, 3)
    ]
    import_tasks(lead, engine, jsonl(*tasks), "tasks.jsonl")
    texts = [draft(number, text=f"Hello Tidewrack, draft {number}.") for number in (1, 2, 3)]
    import_drafts(lead, engine, jsonl(*texts), "drafts.jsonl")
    opened(engine, lead)
    for each in (ana, ben):
        label_all(engine, each, {"d01": (0, 2), "d02": (1, 3), "d03": (3, 2)})
    return lead, ana, ben


def test_the_tasks_of_failed_drafts_wait_under_other_names_and_nothing_is_a_task_before_somebody_signs(engine):
    lead, *_ = small(engine)
    with pytest.raises(NotYourTurn):
        propose_from_drafts(lead, engine, "pilot")
    close_round(lead, engine, "pilot")
    made = propose_from_drafts(lead, engine, "pilot")
    assert made.sentence == "2 failed drafts of pilot: 2 candidates under other names wait for a sign-off"
    again = propose_from_drafts(lead, engine, "pilot")
    assert (again.new, len(again.known)) == ((), 2)
    first, second = candidates_of(lead, engine)
    for each in (first, second):
        text = json.dumps(each.document) + each.draft
        assert "tidewrack" not in text.casefold() and "jo1@" not in text and "trace-7" not in text and '"t0' not in text
        assert each.document["origin"]["failed"] == [TONE]
        assert "Rosa Lindqvist" in each.about["look_at"] and "Mail" not in each.about["look_at"], (
            "what no pattern knows is for a person to see"
        )
        assert "failed-" in each.task_id
    company = [each.document["signals"][0]["value"].split(" (")[0] for each in (first, second)]
    assert company[0] == company[1], "the same name is the same pseudonym in every task"
    assert first.document["groups"]["cluster"] == second.document["groups"]["cluster"] != "trace-7", "one cluster stays one"
    assert counted_methods(lead, engine) == {"plain": 3}


def test_a_sign_off_replaces_further_names_makes_the_task_and_is_kept(engine):
    lead, *_ = small(engine)
    close_round(lead, engine, "pilot")
    one, other = propose_from_drafts(lead, engine, "pilot").new
    sign_off(lead, engine, one, more_names=["Rosa Lindqvist"])
    with reading(engine) as connection:
        (document,) = stored.documents_of(connection, [one]).values()
    assert "Rosa" not in json.dumps(document) and document["origin"]["method"] == "drafts"
    assert counted_methods(lead, engine) == {"plain": 3, "drafts": 1}
    with pytest.raises(Refused, match="was accepted by lead already"):
        sign_off(lead, engine, one)
    turn_down(lead, engine, other, "too close to the first")
    assert [each.state for each in candidates_of(lead, engine)] == ["accepted by lead", "rejected by lead"]
    with pytest.raises(Refused, match="was rejected by lead already; none waits"):
        sign_off(lead, engine, other)
    with pytest.raises(Refused, match="there is no candidate nowhere to sign off"):
        sign_off(lead, engine, "nowhere")
    with pytest.raises(Refused, match="a reason has 1 to 1,000 characters"):
        turn_down(lead, engine, other, " ")
    verbs = [verb for (verb,) in rows(engine, "SELECT verb FROM events ORDER BY id")]
    assert verbs[-3:] == ["propose tasks", "sign off task", "turn down task"]


def test_a_sign_off_on_the_word_of_a_model_says_so_for_ever(engine):
    lead, *_ = small(engine)
    close_round(lead, engine, "pilot")
    one, other = propose_from_drafts(lead, engine, "pilot").new
    with pytest.raises(Refused, match="the model's name has 101 characters"):
        sign_off(lead, engine, one, by_model="m" * 101)
    sign_off(lead, engine, one, by_model="heron 2")
    sign_off(lead, engine, other)
    assert [each.state for each in candidates_of(lead, engine)] == [
        "accepted by lead on the word of a model (heron 2)",
        "accepted by lead",
    ]


def test_who_labels_a_failed_draft_in_another_round_is_told_of_no_candidate_of_it(engine):
    lead, ana, ben = small(engine)
    close_round(lead, engine, "pilot")
    propose_from_drafts(lead, engine, "pilot")
    opened(engine, lead, "second", annotators=("ana", "ben"), dimensions=(CTA,), draft_ids=("d01",))
    assert len(candidates_of(lead, engine)) == 2
    assert len(candidates_of(ana, engine)) == 1
    hidden = next(each.task_id for each in candidates_of(lead, engine) if each not in candidates_of(ana, engine))
    with pytest.raises(Refused, match="there is no candidate"):
        sign_off(ana, engine, hidden)
    assert propose_from_drafts(ana, engine, "pilot").failed_drafts == 1


def test_the_commands_say_what_waits_and_what_became_of_it(sample_url):
    assert "blind" in sentence("bench from-drafts", OPEN)
    said = done("bench from-drafts", CLOSED, "--as", ANA)
    assert "wait for a sign-off" in said
    shown = done("bench candidates")
    waiting = [line.split()[0] for line in shown.splitlines() if line.startswith("failed-")]
    assert f"{len(waiting)} candidates wait for a sign-off, 0 decided" in shown
    assert "is a task now" in done("bench sign-off", waiting[0], "--names", "Marlow House, Rosa")
    assert "was turned down" in done("bench sign-off", waiting[1], "--reject", "it gives the firm away")
    assert "accepted by" in refused("bench sign-off", waiting[0])
    assert "1 candidates" not in shown
