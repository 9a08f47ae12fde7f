"""A project's gate: published, switched, asked with a token, counted, overridden, and the round that comes of that."""

import datetime

import pytest
import sqlalchemy as sa

from db.engine import reading
from tests.gate.policies import HEAD, policy_source
from tests.support.small_stores import inside, label_all, people, rows
from touchstone.errors import Refused
from workflow import clock
from workflow.data.task_import import import_drafts, import_tasks
from workflow.data.undoing import undo_import, what_undoing_removes
from workflow.gate import asking, figures, overrides, policies, tokens
from workflow.projects.projects import archive_project, delete_project, new_project
from workflow.rounds.rounds import all_rounds

SURE = {"stars": 0.9}


def ask(engine, token, text, judges=SURE):
    return asking.ask_gate(engine, token, text, None, judges)


@pytest.mark.both_databases
def test_a_gate_is_asked_counted_overridden_and_made_a_round_of(engine, gated):
    lead, token = gated
    answers = {text: ask(engine, token, text) for text in ("Thanks.", "As per this.\r\nYes.", "Rubbish.", "Rubbish. ")}
    assert [each.decision.enforced for each in answers.values()] == ["pass", "review", "block", "block"]
    kept = rows(engine, "SELECT decision, enforced, mode, reasons FROM gate_decisions ORDER BY id")
    assert kept[1:3] == [
        ("review", "review", "enforce", "tone below 2"),
        ("block", "block", "enforce", "tone below 1\ntone below 2"),
    ]
    assert "Rubbish" not in str(rows(engine, "SELECT * FROM gate_decisions")), "no text is kept"

    wrong = answers["As per this.\r\nYes."].number
    draft = overrides.override(lead, engine, wrong, "As per this.\nYes.", "block", "worse than that")  # as a browser's box has it
    overrides.override(lead, engine, wrong, "As per this.\r\nYes.", "pass", "it is fine after all")
    overrides.override(lead, engine, answers["Rubbish."].number, "Rubbish.", "pass", "they said it themselves")
    assert rows(engine, f"SELECT text FROM drafts WHERE draft_id = '{draft}'") == [("As per this.\r\nYes.",)]
    found = figures.gate_figures(lead, engine)
    assert [(each.decision, each.number, each.overridden) for each in found.by_decision] == [
        ("pass", 1, 0),
        ("review", 1, 1),
        ("block", 2, 1),
    ]
    assert (found.decided, found.overridden, found.override_rate.value) == (4, 2, 0.5)
    assert found.override_rate.low < 0.5 < found.override_rate.high
    assert {each.key: each.number for each in found.by_reason} == {"tone below 2": 3, "tone below 1": 2}

    assert len(overrides.drafts_to_label(lead, engine)) == 2
    ana, ben = people(engine, "ana", "ben")
    made = overrides.open_round_of_overrides(lead, engine, "after the gate", ["ana", "ben"])
    assert (made.drafts, made.rubric) == (2, "replies-v1")
    assert overrides.drafts_to_label(lead, engine) == []
    with pytest.raises(Refused, match="no draft of an override waits for a round"):
        overrides.open_round_of_overrides(lead, engine, "again", ["ana", "ben"])
    label_all(engine, ana, {draft: (2, "answer", 1)}, round_name="after the gate", dimensions=("tone", "sort", "depth"))
    assert [each.name for each in all_rounds(engine)] == ["after the gate"]
    assert delete_project(lead, engine, "Mails", typed="Mails") > 10
    assert rows(engine, "SELECT count(*) FROM gate_policies") == [(0,)]


@pytest.mark.both_databases
def test_the_kill_switch_holds_from_the_next_call_on_in_every_process(engine, gated):
    lead, token = gated
    assert ask(engine, token, "Rubbish.").decision.enforced == "block"
    other = sa.create_engine(engine.url)  # another process has an engine of its own
    policies.switch_gate(lead, engine, "off", "it blocks too much")
    try:
        with reading(other) as connection:
            assert asking._behind(connection, token).mode == "off"
    finally:
        other.dispose()
    off = ask(engine, token, "Rubbish.")
    assert (off.number, off.decision.mode, off.decision.enforced, off.decision.levels) == (None, "off", "pass", {})
    policies.switch_gate(lead, engine, "shadow", "to see")
    shadow = ask(engine, token, "Rubbish.").decision
    assert (shadow.decision, shadow.enforced) == ("block", "pass")
    assert rows(engine, "SELECT mode, enforced FROM gate_decisions ORDER BY id") == [("enforce", "block"), ("shadow", "pass")]
    told = policies.gate_of_project(lead, engine)
    assert [(each.mode, each.reason) for each in told.switches] == [
        ("shadow", "to see"),
        ("off", "it blocks too much"),
        ("enforce", "first policy"),
    ]
    assert policies.in_words(told).startswith("replies-v1 is in shadow:")
    with pytest.raises(Refused, match="say why"):
        policies.switch_gate(lead, engine, "enforce", " ")
    with pytest.raises(Refused, match="there is no mode “on”; use off, shadow or enforce"):
        policies.switch_gate(lead, engine, "on", "why")


def test_a_version_never_changes_and_the_next_one_waits_to_be_switched_to(engine, gated):
    lead, token = gated
    with pytest.raises(Refused, match="give this one version: 2 or later"):
        policies.publish_policy(lead, engine, policy_source("shadow"))
    assert policies.publish_policy(lead, engine, policy_source()).name == "replies-v1"  # the same again is no other
    later = HEAD.replace("version: 1", "version: 2") + "mode: enforce\nblock: [{dimension: tone, below: 2}]\n"
    policies.publish_policy(lead, engine, later.encode())
    assert ask(engine, token, "As per this.").decision.decision == "review"
    with pytest.raises(Refused, match="there is no policy replies-v3; there are replies-v2, replies-v1"):
        policies.switch_gate(lead, engine, "enforce", "stricter", "replies-v3")
    policies.switch_gate(lead, engine, "enforce", "stricter", "replies-v2")
    assert ask(engine, token, "As per this.").decision.decision == "block"
    assert figures.gate_figures(lead, engine).decided == 1, "figures are of the policy in use"
    with pytest.raises(Refused, match="the policy is no policy that a gate can use yet: 1 problem") as why:
        policies.publish_policy(lead, engine, later.replace("below: 2", "below: 9").encode())
    assert [str(each) for each in why.value.problems] == ["line 5: tone has no level 9; it has 0, 1, 2"]


def test_a_token_is_of_one_project_shown_once_and_ends(engine, gated):
    lead, token = gated
    assert token not in str(rows(engine, "SELECT * FROM gate_tokens"))
    [known] = tokens.tokens_of(lead, engine)
    assert (known.name, known.person, known.ended_at) == ("mailer", "lead", None)
    with pytest.raises(Refused, match="there is a token named “mailer” already"):
        tokens.make_token(lead, engine, "mailer")
    tokens.end_token(lead, engine, "mailer")
    for wrong in (token, token[:-1], "", "tsg_" + "x" * 1_000, "other"):
        with pytest.raises(asking.NoSuchToken):
            ask(engine, wrong, "Thanks.")
    with pytest.raises(Refused, match="no token named “mailer” stands"):
        tokens.end_token(lead, engine, "mailer")
    assert tokens.tokens_of(lead, engine)[0].ended_at is not None


def test_a_project_without_a_policy_has_no_gate(engine, gated):
    lead, _ = gated
    new_project(lead, engine, "Bare")
    bare = inside(engine, "Bare")
    token = tokens.make_token(lead, bare, "mailer")
    with pytest.raises(Refused, match="no policy for a gate yet"):
        ask(engine, token, "Thanks.")
    assert figures.gate_figures(lead, bare) is None and policies.gate_of_project(lead, bare).now is None
    with pytest.raises(Refused, match="no policy for a gate yet; publish one"):
        policies.switch_gate(lead, bare, "off", "why")


@pytest.mark.parametrize(
    ("given", "text", "reason", "words"),
    [
        ("pass", "Rubbish!", "why", "this is not the text of decision"),
        ("pass", "Rubbish.", " ", "say why the gate was wrong"),
        ("block", "Rubbish.", "why", "is block already"),
        ("fine", "Rubbish.", "why", "a draft gets pass, review or block, not “fine”"),
    ],
)
def test_an_override_is_of_that_very_draft_with_a_reason(engine, gated, given, text, reason, words):
    lead, token = gated
    number = ask(engine, token, "Rubbish.").number
    with pytest.raises(Refused, match=words):
        overrides.override(lead, engine, number, text, given, reason)
    with pytest.raises(Refused, match="the gate has made no decision"):
        overrides.override(lead, engine, number + 1, "Rubbish.", "pass", "why")
    assert rows(engine, "SELECT count(*) FROM drafts") == [(0,)]


def test_an_override_is_taken_back_by_saying_the_decision_itself(engine, gated):
    lead, token = gated
    number = ask(engine, token, "Rubbish.").number
    draft = overrides.override(lead, engine, number, "Rubbish.", "pass", "they said it")
    assert overrides.override(lead, engine, number, "Rubbish.", "block", "no, it was right") == draft
    found = figures.gate_figures(lead, engine)
    assert (found.overridden, [each.overridden for each in found.by_decision]) == (0, [0, 0, 0])
    assert rows(engine, "SELECT given FROM gate_overrides ORDER BY id") == [("pass",), ("block",)], "both stay on record"
    with pytest.raises(Refused, match=f"people said block of decision {number} already"):
        overrides.override(lead, engine, number, "Rubbish.", "block", "again")


def test_a_text_that_is_a_draft_already_is_that_draft_and_of_another_task_another(engine, gated):
    lead, token = gated
    import_tasks(lead, engine, b"".join(b'{"task_id": "Q%d", "input": {"x": "y"}}\n' % at for at in (1, 2)), "tasks.jsonl")
    import_drafts(lead, engine, b'{"task_id": "Q1", "draft_id": "own", "text": "Rubbish."}\n', "drafts.jsonl")
    numbers = [ask(engine, token, "Rubbish.").number for _ in range(4)]
    assert overrides.override(lead, engine, numbers[0], "Rubbish.", "pass", "why") == "own"
    assert overrides.override(lead, engine, numbers[1], "Rubbish.", "pass", "why", "Q1") == "own"
    other = overrides.override(lead, engine, numbers[2], "Rubbish.", "pass", "why", "Q2")
    assert other.startswith("gate-") and overrides.override(lead, engine, numbers[3], "Rubbish.", "pass", "why", "Q2") == other
    new = ask(engine, token, "More rubbish.").number
    alone = overrides.override(lead, engine, new, "More rubbish.", "pass", "why")
    again = overrides.override(lead, engine, ask(engine, token, "More rubbish.").number, "More rubbish.", "pass", "why", "Q2")
    assert alone != again and rows(engine, "SELECT count(*) FROM drafts") == [(4,)]


def test_a_switch_says_what_it_saw_and_undoes_no_other(engine, gated):
    lead, token = gated
    seen = policies.gate_of_project(lead, engine).now.number
    assert policies.last_switch(lead, engine) == seen
    policies.switch_gate(lead, engine, "off", "it blocks too much", "", seen)
    with pytest.raises(Refused, match="replies-v1 was switched off at .* by lead, after what you saw: it blocks too much"):
        policies.switch_gate(lead, engine, "enforce", "go on", "replies-v1", seen)
    assert ask(engine, token, "Rubbish.").decision.mode == "off"
    policies.switch_gate(lead, engine, "enforce", "go on", "", policies.last_switch(lead, engine))
    assert ask(engine, token, "Rubbish.").decision.mode == "enforce"


def test_an_archived_projects_gate_is_put_away_with_it(engine, gated):
    lead, token = gated
    number = ask(engine, token, "Rubbish.").number
    mails = inside(engine, "Mails")
    archive_project(lead, engine, "Mails")
    with pytest.raises(Refused, match="the project is archived, so its gate decides nothing"):
        ask(engine, token, "Rubbish.")
    for refused in (
        lambda: policies.switch_gate(lead, mails, "off", "why"),
        lambda: policies.publish_policy(lead, mails, policy_source()),
        lambda: tokens.make_token(lead, mails, "other"),
        lambda: overrides.override(lead, mails, number, "Rubbish.", "pass", "why"),
    ):
        with pytest.raises(Refused, match="Mails is archived"):
            refused()
    tokens.end_token(lead, mails, "mailer")
    archive_project(lead, engine, "Mails", back=True)
    assert ask(engine, tokens.make_token(lead, engine, "other"), "Rubbish.").decision.decision == "block"


def test_what_was_said_against_the_gate_keeps_its_draft(engine, gated):
    lead, token = gated
    overrides.override(lead, engine, ask(engine, token, "Rubbish.").number, "Rubbish.", "pass", "why")
    assert what_undoing_removes(lead, engine, 1).in_the_way == ("1 override of the gate is about its drafts",)
    with pytest.raises(Refused, match="cannot be undone"):
        undo_import(lead, engine, 1)


def test_figures_say_when_it_moved(engine, gated):
    lead, token = gated
    day = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    for number in range(35):
        with clock.at(day + datetime.timedelta(days=number)):
            for text in ("Thanks.", "Rubbish." if number > 27 else "Thanks."):
                ask(engine, token, text)
            found = figures.gate_figures(lead, engine).drift
        if number == 0:
            assert found.moved is None and "Too few" in found.sentence
    assert found.moved is True and [each.held for each in found.weeks] == [7, 0, 0, 0, 0]
    with clock.at(day + datetime.timedelta(days=34)):
        for _ in range(10):
            ask(engine, token, "Rubbish.")
        found = figures.gate_figures(lead, engine).drift
    assert found.moved is True and found.sentence.startswith("It moved: 71 % held up in the last seven days, 0 %")
    assert [each.decided for each in found.weeks] == [24, 14, 14, 14, 14]
    assert [(str(each.day), each.decided, each.held, each.moved) for each in found.days[:2]] == [
        ("2026-04-04", 12, 11, False),
        ("2026-04-03", 2, 1, None),
    ]
