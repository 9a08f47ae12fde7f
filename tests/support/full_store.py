"""A store with at least one row in every table, all of it through the verbs; and what another hand could do to each."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from db.chain.covered import kind_of
from db.store import rounds as stored_rounds
from db.store import tasks as stored_tasks
from db.store.judging import trained as stored_trained
from tests.bench.spaces import REPAIRS
from tests.bench.stub_models import serving
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, save, stock
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.bench.synthesis.recipe import AskedModel
from touchstone.judging.training.gold_head import GoldHead
from touchstone.judging.training.kept_head import head_bytes
from touchstone.judging.training.word_weights import WordWeights
from touchstone.releasing.policy import Policy
from workflow import clock
from workflow.bench.leaks import VERDICTS, sign_list
from workflow.bench.models import Answer, Models
from workflow.bench.sealing import SealDesign, open_partition, seal_partition
from workflow.bench.spaces import make_tasks, space_in
from workflow.bench.synthesis import recipe_in, synthesise
from workflow.data.task_import import import_drafts, import_tasks
from workflow.data.undoing import undo_import
from workflow.events.recording import recorded
from workflow.gate import asking, overrides, policies, tokens
from workflow.gold.adjudication import adjudicate
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.judging.llm.drafts_asked import AskAbout
from workflow.judging.llm.judges import judge_in
from workflow.judging.llm.running import run_judge
from workflow.judging.training.trained_judges import switch_trained_judge
from workflow.labelling.labelling import choose, keep_note, query, skip
from workflow.labelling.own_labels import assignment_of
from workflow.people.accounts.identities import Identity, sign_in_with_identity
from workflow.people.accounts.invitations import Link, create_admin, invite, redeem
from workflow.people.people import Person, add_person, person_named, sign_in
from workflow.people.roles import set_role
from workflow.preferences import comparing, opening
from workflow.projects import projects
from workflow.projects.renaming import rename_person
from workflow.releasing import releases, spot_checks
from workflow.releasing.asked import Asked
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.team.reassigning import add_annotator
from workflow.rubric import meetings, next_version, versions
from workflow.subgroups import size

RECIPE = """
recipe: repairs-by-models
wanted: 1
generator: {model: heron, family: heron, address: "http://127.0.0.1:1"}
judge: {model: otter, family: otter, address: "http://127.0.0.1:1"}
ask: Write a task.
criteria: Accept it.
"""
POLICY = b"gate: mail\nversion: 1\nrubric: tenacious-v1\nreview: [{judge: any, p_pass_below: 0.5}]\n"
JUDGE = """
judge: otter
version: 1
rubric: tenacious-v1
dimensions: [tone_compliance]
model: otter
address: "{at}"
parameters: {{logprobs: true}}
"""
PASSWORD = "correct horse battery staple"


def full(engine: sa.Engine, with_benchmark: bool = True) -> tuple[Person, Person, Person]:
    """Two closed rounds and two open ones, decisions, a meeting, a published version, a label set, an import that was undone."""
    lead, ana, ben = people(engine, "lead", "ana", "benn")
    rename_person(lead, engine, "benn", "ben")
    sign_in(engine, lead.id)
    stock(engine, lead, 4)
    opened(engine, lead, draft_ids=["d01", "d02"])
    label_all(engine, ana, {"d01": (0, 1), "d02": (2, 2)})
    save(engine, ana, "d01", (1, 1))
    label_all(engine, ben, {"d01": (3, 1), "d02": (2, 2)})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(size, "DEALT_AS_DRAFTS", 0)  # as a large round, of which more is kept
        close_round(lead, engine, "pilot")
    adjudicate(lead, engine, "pilot", "d01", TONE, 2, "why", "slip")
    adjudicate(lead, engine, "pilot", "d01", TONE, 1, "why not", "slip", revising=1)
    meetings.decide(lead, engine, "pilot", "d01", TONE, "say what shouting is")
    meetings.keep_note(lead, engine, "pilot", TONE, "ü")
    versions.publish(lead, engine, "tenacious-v2", "clearer", round_name="pilot")
    open_round(lead, engine, RoundDesign("calib", annotators=("ana",), kind="calibration", of="pilot"))
    opened(engine, lead, "second", continues="pilot")
    label_all(engine, ana, {"d03": (1, 1)}, round_name="second")
    mine = assignment_of(ana, engine, "second", "d04")
    assert mine
    choose(ana, engine, mine, CTA, 3)
    keep_note(ana, engine, mine, "half a thought")
    query(ana, engine, mine, "look")
    theirs = assignment_of(ben, engine, "second", "d03")
    assert theirs
    skip(ben, engine, theirs, "no idea", 0)
    file = File("x.csv", f"id,{TONE}\nd01,1\nd02,2\n".encode())
    import_labels(lead, engine, [file], name="outside", made_by="model", rubric="tenacious-v1")
    import_drafts(lead, engine, jsonl(draft(5, task_id="t04")), "later.jsonl")
    undo_import(lead, engine, 3)
    next_version.keep_file(lead, engine, "tenacious-v2", "half: a version\n")
    projects.choose(lead, engine, 1)
    if with_benchmark:
        _benchmark(engine, lead)
        _sealed(engine, lead)
    _compared(engine, lead)
    _released(engine, lead)
    _gated(engine, lead)
    _trained(engine, lead)
    _team(engine, lead)
    if with_benchmark:
        _judged(engine, lead)
    return lead, ana, ben


def _benchmark(engine: sa.Engine, lead: Person) -> None:
    """Tasks of a space, and one that a model wrote and another let pass."""
    space = REPAIRS.replace("strength: 2", "strength: 1")
    make_tasks(lead, engine, space_in(space.encode(), "repairs.yml"), space.encode())
    synthesise(lead, engine, recipe_in(RECIPE.encode(), "recipe.yml"), Scripted())


def _judged(engine: sa.Engine, lead: Person) -> None:
    """A model that judged a draft, and said nothing of use of another."""

    def said(body: dict[str, Any]) -> dict[str, Any] | int:
        answer = json.dumps({"reason": "ü", "level": 1})
        content = [{"token": each, "logprob": -0.1, "top_logprobs": []} for each in (answer[:-2], "1", "}")]
        whole = {"message": {"content": answer}, "logprobs": {"content": content}}
        return 400 if "invented draft 12" in str(body["messages"]) else whole

    import_drafts(lead, engine, jsonl(draft(11, task_id="t01"), draft(12, task_id="t02")), "judged.jsonl")
    with pytest.MonkeyPatch.context() as patch, serving(said) as stub:
        patch.setenv("TOUCHSTONE_JUDGE_KEY", "none")
        run_judge(lead, engine, judge_in(JUDGE.format(at=stub.address).encode(), "otter-v1.yml"), AskAbout(drafts=("d11", "d12")))


def _trained(engine: sa.Engine, lead: Person) -> None:
    """A judge as a training leaves it, of the two drafts of a round, and switched off."""
    numbers = np.zeros((3, 2)), np.zeros(3), np.ones((3, 2))
    head = GoldHead("ordinal", 4, WordWeights(np.array([7], dtype=np.uint64), np.ones(1)), ("level",), *numbers)
    kept = head_bytes(head)
    with recorded(lead, engine, "train judge", judge="tone-v1") as connection:
        (of,) = stored_rounds.by_folded(connection, "pilot")
        values = {"project": of.project, "person": lead.id, "rubric_version": of.rubric_version, "name": "tone-v1"}
        values |= {"dimension": TONE, "reads": "words", "cut": "2", "digest": hashlib.sha256(kept).hexdigest(), "kept": kept}
        figures = {"report": {"verdict": None}, "sentence": "ü", "missing": ["labels"], "curve": {"sentence": "ü", "points": []}}
        values |= {"labels_digest": "0" * 64, "figures": figures, "trained_at": clock.now()}
        drafts = [row.id for row in stored_tasks.drafts_of_round_to_score(connection, of.id)]
        stored_trained.add_trained_judge(connection, values, [of.id], drafts)
    switch_trained_judge(lead, engine, "tone-v1", False, "as it was")


def _sealed(engine: sa.Engine, lead: Person) -> None:
    """Two sealed partitions, one of them open again; before, a list of nearest tasks was signed."""
    _, recipient = new_key()
    for partition in ("held", "past"):
        held = {"task_id": f"{partition}-1", "partition": partition, "input": {"company_signal": f"Firm of {partition}"}}
        import_tasks(lead, engine, jsonl(held), f"{partition}.jsonl")
        import_drafts(
            lead, engine, jsonl(draft(1, draft_id=f"{partition}-d1", task_id=held["task_id"])), f"{partition}-drafts.jsonl"
        )
    sign_list(lead, engine, "held-1", ["past-1"], next(iter(VERDICTS)), "read")
    for partition in ("held", "past"):
        seal_partition(lead, engine, SealDesign(partition, lead.name, recipient))
    open_partition(lead, engine, "past", "it is over")


def _compared(engine: sa.Engine, lead: Person) -> None:
    """An open comparison round of two drafts of one task, chosen in twice."""
    import_drafts(lead, engine, jsonl(draft(4, draft_id="d04b", text="Another.")), "another.jsonl")
    design = opening.ComparisonDesign("which", ["ana"], seed=3, dimensions=("overall", "tone_compliance"), rubric="tenacious-v1")
    opening.open_comparison(lead, engine, design)
    ana = person_named(engine, "ana")
    pair = comparing.next_pair(ana, engine, "which")
    assert pair
    for taken in ("left", "tie"):
        comparing.choose_draft(ana, engine, "which", pair.number, {each.key: taken for each in pair.dimensions}, "a note")


class Scripted(Models):
    """Models that answer without being asked."""

    def key_of(self, asked: AskedModel, usual: str) -> str:
        return "none"

    def ask(self, asked: AskedModel, *_: object) -> Answer:
        task = {"signals": [{"field": "report", "value": "A squeak"}]}
        return Answer(json.dumps(task if asked.model == "heron" else {"verdict": "accept", "reason": "ä"}), 1)


def _released(engine: sa.Engine, lead: Person) -> None:
    """A spot check of agreed cells, one checked; an answer for a datasheet; a release that takes the place of another."""
    spot_checks.draw_spot_check(lead, engine, "pilot", 2, 7)
    cell = spot_checks.next_to_check(lead, engine, "pilot")
    assert cell
    spot_checks.check_cell(lead, engine, "pilot", cell.draft_id, cell.dimension.key, 3, "why")
    releases.answer(lead, engine, {"purpose": "to judge"})
    asked = Asked(("pilot",), policy=Policy(partial=True, with_flagged=True))
    for _ in range(2):
        releases.release_archive(lead, engine, asked)


def _gated(engine: sa.Engine, lead: Person) -> None:
    """A policy, a token, a draft that the gate was asked about, and somebody who says otherwise."""
    policies.publish_policy(lead, engine, POLICY)
    answered = asking.ask_gate(engine, tokens.make_token(lead, engine, "mailer"), "Hello.", None, None)
    assert answered.number
    overrides.override(lead, engine, answered.number, "Hello.", "pass", "it is fine")


def _team(engine: sa.Engine, lead: Person) -> None:
    """What a team has beside: a role, somebody who joins a round, a password, an account at a provider."""
    set_role(lead, engine, "ana", "lead")
    add_person(None, engine, "dora")
    add_annotator(lead, engine, "second", "dora")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org")
        redeem(engine, _token_of(create_admin(None, engine, "eva")), PASSWORD, PASSWORD)
        link = invite(person_named(engine, "eva"), engine, "finn", "annotator", projects.in_short(engine)[0].name)
        digest = hashlib.sha256(_token_of(link).encode()).hexdigest()
        sign_in_with_identity(engine, Identity("https://issuer.example.org", "finn"), digest)


def _token_of(link: Link) -> str:
    return link.address.rpartition("/")[2]


def another(column: sa.Column, value: Any) -> Any:
    """Another value of a column's type, as another hand would write it."""
    kind = kind_of(column.type)
    if kind == "time":
        return datetime(2001, 1, 1, tzinfo=UTC)
    if isinstance(column.type, sa.Date):
        return date(2001, 1, 1)
    if kind == "json":
        return ["x", 1]
    if kind == "bool":
        return not value
    if kind == "float":
        return (value or 0.0) + 1.5
    if kind == "bytes":
        return b"other"
    if isinstance(column.type, sa.Integer):
        return (value or 0) + 1_000
    return f"{value or ''}x"


@contextmanager
def another_hand(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to the store that is none of this program's, to which nothing is refused. What is done in it is taken back
    at the end, unless it is committed."""
    hand = sa.create_engine(engine.url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(hand, "connect")
        def _by_hand(connection, _record) -> None:
            connection.isolation_level = None

        @sa.event.listens_for(hand, "begin")
        def _begin(connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with hand.connect() as connection:
            yield connection
    finally:
        hand.dispose()


def without_rules(connection: sa.Connection) -> None:
    """From here on the database checks nothing: no foreign key, no rule, no trigger."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
        return
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")


def by_another_hand(table: sa.Table, row: sa.RowMapping) -> Iterator[tuple[str, sa.UpdateBase]]:
    """What could be done to one row of a table: another value in each column, the row taken out, one like it put in."""
    this = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
    for column in table.columns:
        yield f"{table.name}.{column.name}", sa.update(table).where(this).values({column.name: another(column, row[column.name])})
    yield f"a row of {table.name} taken out", sa.delete(table).where(this)
    new = {column.name: another(column, row[column.name]) for column in table.columns}
    yield f"a row of {table.name} put in", sa.insert(table).values(new)
