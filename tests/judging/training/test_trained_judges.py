"""A judge trained on gold: kept with digests, off until it has shown what it must, then judging drafts and serving the gate."""

import json

import numpy as np
import pytest

from db.engine import reading
from tests.judging.training.gold_for_tests import MORE, NUMBER, WORDS
from tests.support.small_stores import TONE, change, draft, jsonl, label_all, opened, rows
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.embedding import is_installed
from touchstone.errors import NotYourTurn, Refused
from workflow.bench.sealing import SealDesign, seal_partition
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gate import policies, tokens
from workflow.gate.asking import ask_gate
from workflow.judging.against import judge_against
from workflow.judging.llm.drafts_asked import AskAbout
from workflow.judging.training.gold import gold_of
from workflow.judging.training.judging import is_trained, judge_drafts
from workflow.judging.training.trained_judges import switch_trained_judge, trained_judges
from workflow.judging.training.training import train_judge
from workflow.people.people import Person
from workflow.projects.projects import delete_project
from workflow.rounds.closing import close_round

LABELS = 3 * NUMBER
POLICY = b"gate: mail\nversion: 1\nrubric: tenacious-v1\nmode: enforce\nreview: [{judge: tone-v2, p_pass_below: 0.5}]\n"
NEW = tuple(f"w{at:02}" for at in range(NUMBER + 1, NUMBER + MORE + 1))


def someone(engine, name):
    return Person(rows(engine, "SELECT id FROM people WHERE name = :name", name=name)[0][0], name, False)


def on(engine, lead, name="tone"):
    made = train_judge(lead, engine, name, TONE, ["pilot"])
    return switch_trained_judge(lead, engine, made.name, True, "it holds")


def test_a_switch_of_a_page_that_had_not_seen_the_last_one_is_refused(engine, lead, enough):
    made = train_judge(lead, engine, "tone", TONE, ["pilot"])
    switched = switch_trained_judge(lead, engine, made.name, True, "it holds", made.last_switch)
    switch_trained_judge(lead, engine, made.name, False, "it errs", switched.last_switch)
    for stale in (made.last_switch, switched.last_switch):
        with pytest.raises(Refused, match="tone-v2 was switched off by lead after what you saw: it errs"):
            switch_trained_judge(lead, engine, made.name, True, "on again", stale)


@pytest.mark.both_databases
def test_it_is_kept_with_digests_of_what_it_is_and_of_what_it_was_trained_on(engine, lead):
    (made,) = trained_judges(lead, engine)
    assert (made.name, made.dimension, made.rubric, made.rounds) == ("tone-v1", TONE, "tenacious-v1", ("pilot",))
    assert (made.reads, made.cut, made.is_on, made.by) == ("words", "2", False, "lead")
    assert (made.figures["labels"], made.figures["people"], made.figures["drafts"]) == (LABELS, 3, NUMBER)
    assert made.figures["report"]["verdict"] == "may stand in" and made.figures["report"]["judge"]["value"] > 0.7
    assert made.missing == [f"{LABELS} labels of people: it takes 200, so {200 - LABELS} more"]
    assert made.stands == f"tone-v1 is off, and what is missing is {made.missing[0]}"
    assert made.figures["curve"]["sentence"].startswith("What twice the gold would bring cannot be said")
    again = train_judge(lead, engine, "tone", TONE, ["pilot"])
    assert again.name == "tone-v2" and (again.digest, again.labels_digest) == (made.digest, made.labels_digest)
    assert b"drab" not in rows(engine, "SELECT kept FROM trained_judges")[0][0], "no word of a draft"
    document = made.as_json()
    assert json.loads(json.dumps(document))["missing"] == made.missing


def test_it_stays_off_until_nothing_is_missing_and_who_switched_it_stands_there(engine, lead, enough):
    with pytest.raises(Refused, match=f"tone-v1 stays off: what is missing is {LABELS} labels of people"):
        switch_trained_judge(lead, engine, "tone-v1", True, "please")
    made = on(engine, lead)
    assert made.is_on and made.missing == [] and made.switched[0] == "lead" and made.switched[2] == "it holds"
    with pytest.raises(Refused, match="say why the judge is switched"):
        switch_trained_judge(lead, engine, "tone-v2", False, " ")
    off = switch_trained_judge(lead, engine, "tone-v2", False, "no more")
    assert not off.is_on and off.stands == "tone-v2 is off; nothing is missing, so it may be switched on"
    with pytest.raises(Refused, match="there is no trained judge tone-v9"):
        switch_trained_judge(lead, engine, "tone-v9", True, "x")


def test_it_judges_drafts_it_was_not_trained_on_as_a_label_set_of_a_model(engine, lead, enough):
    with pytest.raises(Refused, match="tone-v1 is off, so it judges nothing"):
        judge_drafts(lead, engine, "tone-v1", AskAbout(drafts=NEW))
    on(engine, lead)
    made = judge_drafts(lead, engine, "tone-v2", AskAbout(drafts=(*NEW, "w01")))
    assert (made.labels, made.left_out, made.is_new) == (MORE, ("1 draft left out, on which it was trained",), True)
    assert (
        made.label_set == "tone-v2 on 5 drafts"
        and is_trained(lead, engine, "tone-v2")
        and not is_trained(lead, engine, "otter-v1")
    )
    assert judge_drafts(lead, engine, "tone-v2", AskAbout(drafts=(*NEW, "w01"))).is_new is False
    assert rows(engine, "SELECT made_by FROM label_sets") == [("model",)]
    with pytest.raises(Refused, match="no draft of pilot is left to judge"):
        judge_drafts(lead, engine, "tone-v2", AskAbout(round="pilot"))
    opened(engine, lead, "new", annotators=("ana", "ben"), draft_ids=list(NEW), dimensions=(TONE,))
    with pytest.raises(NotYourTurn):
        judge_drafts(lead, engine, "tone-v2", AskAbout(drafts=NEW))


def test_labels_of_open_rounds_and_drafts_they_hold_are_never_trained_on(engine, lead):
    opened(engine, lead, "again", annotators=("lead", "ben"), draft_ids=["w01", "w02"], dimensions=(TONE,))
    with pytest.raises(NotYourTurn, match="again is open"):
        train_judge(lead, engine, "tone", TONE, ["again"])
    ana, ben = (someone(engine, name) for name in ("ana", "ben"))
    with reading(engine, ana) as connection:
        gold = gold_of(connection, ["pilot"], TONE, "", "words")
    assert (len(gold.rows), gold.left_out) == (NUMBER - 2, 2) and {"w01", "w02"}.isdisjoint(gold.held.units)
    (theirs,) = trained_judges(ben, engine)
    assert (theirs.figures, theirs.held_back, theirs.missing) == (None, 2, [])
    assert "held back: you are labelling 2 drafts" in theirs.stands and "kappa" not in json.dumps(theirs.as_json())
    assert trained_judges(ana, engine)[0].figures is not None
    with pytest.raises(Refused, match="tone-v1 stays as it is: you are labelling 2 drafts of it now"):
        switch_trained_judge(ben, engine, "tone-v1", True, "please")


def test_what_cannot_be_trained_is_refused_in_words(engine, lead):
    for args, said in (
        (("tone", TONE, []), "name one or more"),
        (("tone", "nowhere", ["pilot"]), "have no labels on nowhere; there is tone_compliance"),
        (("Tone!", TONE, ["pilot"]), "is no name of a judge"),
        (("tone-v1", TONE, ["pilot"]), "there is a judge tone-v1 already"),
        (("tone", TONE, ["nowhere"]), "no round “nowhere”"),
    ):
        with pytest.raises(Refused, match=said):
            train_judge(lead, engine, *args)
    with pytest.raises(Refused, match="cannot be cut at 9; choose from 1, 2 or 3"):
        train_judge(lead, engine, "tone", TONE, ["pilot"], cut="9")
    with pytest.raises(Refused, match="reads words or meaning, not tea"):
        train_judge(lead, engine, "tone", TONE, ["pilot"], reads="tea")

    def stop(share, words):
        raise Refused("stopped")

    with pytest.raises(Refused, match="stopped"):
        train_judge(lead, engine, "tone", TONE, ["pilot"], tell=stop)
    assert len(trained_judges(lead, engine)) == 1


def test_a_row_that_was_changed_is_no_judge(engine, lead, enough):
    on(engine, lead)
    change(engine, "UPDATE trained_judges SET digest = 'x' || substr(digest, 2)")
    with pytest.raises(Refused, match="is not what was trained"):
        judge_drafts(lead, engine, "tone-v2", AskAbout(drafts=NEW))


def test_the_gate_asks_it_itself_and_where_it_is_off_the_draft_is_for_review(engine, lead, enough):
    policies.publish_policy(lead, engine, POLICY)
    token = tokens.make_token(lead, engine, "mailer")

    def ask(text, judges=None):
        made = ask_gate(engine, token, text, None, judges).decision
        return made.enforced, [each.key for each in made.reasons]

    assert ask("It was best.", {"tone-v2": 0.9}) == ("pass", []), "nobody has trained it yet: what is sent counts"
    assert ask("It was best.") == ("review", ["tone-v2 absent"])
    on(engine, lead)
    assert ask("It was best, best indeed.") == ("pass", [])
    assert ask("It was drab, drab indeed.", {"tone-v2": 1.0}) == ("review", ["tone-v2 p_pass below 0.5"]), "its own word counts"
    switch_trained_judge(lead, engine, "tone-v2", False, "kill it")
    assert ask("It was best, best indeed.", {"tone-v2": 1.0}) == ("review", ["tone-v2 absent"]), "off from the next call on"
    switch_trained_judge(lead, engine, "tone-v2", True, "again")
    change(engine, "UPDATE trained_judges SET digest = 'y' || substr(digest, 2)")
    assert ask("It was best, best indeed.") == ("review", ["tone-v2 absent"]), "what went wrong never passes"


def test_it_is_held_against_people_of_a_later_round_and_goes_with_its_project(engine, lead, enough):
    on(engine, lead)
    opened(engine, lead, "later", annotators=("ana", "ben"), draft_ids=list(NEW), dimensions=(TONE,))
    for name in ("ana", "ben"):
        label_all(engine, someone(engine, name), {u: (2,) for u in NEW}, round_name="later", dimensions=(TONE,))
    close_round(lead, engine, "later")
    made = judge_drafts(lead, engine, "tone-v2", AskAbout(round="later"))
    assert judge_against(lead, engine, f"set:{made.label_set}", "round:later").dimensions[0].report.n == MORE
    assert delete_project(lead, engine, "First project", typed="First project") > 10
    assert rows(engine, "SELECT count(*) FROM trained_judges") == [(0,)]


class ByMeaning:
    """Stands for the model of the extra: what a text means is its word for a level."""

    def vectors(self, texts, told=lambda share: None):
        told(0.5)
        found = np.zeros((len(texts), 384), np.float32)
        for at, text in enumerate(texts):
            found[at, next((place for place, word in enumerate(WORDS) if word in text), 9)] = 1.0
        return found


def test_it_may_read_by_meaning_where_the_extra_is_installed(engine, lead, enough, monkeypatch):
    if not is_installed():
        with pytest.raises(Refused, match="embed"):
            train_judge(lead, engine, "meant", TONE, ["pilot"], reads="meaning")
    monkeypatch.setattr("workflow.judging.training.seen.embedder", ByMeaning)
    said = []
    made = train_judge(lead, engine, "meant", TONE, ["pilot"], reads="meaning", tell=lambda share, words: said.append(words))
    assert made.reads == "meaning" and made.figures["report"]["judge"]["value"] > 0.7 and "what the drafts mean" in said
    switch_trained_judge(lead, engine, "meant-v1", True, "it holds")
    policies.publish_policy(lead, engine, POLICY.replace(b"tone-v2", b"meant-v1"))
    token = tokens.make_token(lead, engine, "mailer")
    given = [ask_gate(engine, token, f"So {word}.", None, None).decision.enforced for word in ("drab", "best")]
    assert given == ["review", "pass"]


@pytest.mark.skipif(not is_installed(), reason="with `make test-embed` alone: it takes the extra embed")
def test_it_reads_by_meaning_with_the_real_weights(engine, lead, enough):
    made = train_judge(lead, engine, "meant", TONE, ["pilot"], reads="meaning")
    assert made.reads == "meaning" and made.figures["report"]["judge"]["value"] > 0.7
    switch_trained_judge(lead, engine, "meant-v1", True, "it holds")
    policies.publish_policy(lead, engine, POLICY.replace(b"tone-v2", b"meant-v1"))
    token = tokens.make_token(lead, engine, "mailer")
    given = [ask_gate(engine, token, text, None, None).decision.enforced for text in ("It was drab.", "It was best.")]
    assert given == ["review", "pass"]


def test_sealed_drafts_are_never_trained_on(engine, lead):
    held = {"task_id": "h1", "partition": "held", "input": {"company_signal": "Firm of the seal"}}
    import_tasks(lead, engine, jsonl(held), "held.jsonl")
    import_drafts(lead, engine, jsonl(draft(90, draft_id="h1a", task_id="h1", text="It was best.")), "held.jsonl")
    seal_partition(lead, engine, SealDesign("held", "ana", new_key()[1]))
    sealed = rows(engine, "SELECT draft_id FROM drafts WHERE draft_id LIKE 'sealed-%'")[0][0]
    units = [sealed, *NEW]
    opened(engine, lead, "later", annotators=("ana", "ben"), draft_ids=units, dimensions=(TONE,))
    for name in ("ana", "ben"):
        label_all(engine, someone(engine, name), {unit: (2,) for unit in units}, round_name="later", dimensions=(TONE,))
    close_round(lead, engine, "later")
    with reading(engine, lead) as connection:
        gold = gold_of(connection, ["pilot", "later"], TONE, "", "words")
    assert sealed not in gold.held.units and set(NEW) <= set(gold.held.units) and gold.left_out == 1
    assert sealed not in [row.draft_id for row in gold.rows]
