"""What people say against a gate's decision, with the draft and the reason; and the round that is made of such drafts."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from db.engine import reading
from db.store.gate import decisions as stored
from db.store.gate import policies as stored_policies
from touchstone.data.task import Draft, Task
from touchstone.data.task_file import TaskFile
from touchstone.english import listed
from touchstone.errors import Refused
from touchstone.gate.policy import STRICTEST_LAST
from workflow import clock
from workflow import text as texts
from workflow.data.task_import import bring_in
from workflow.events.recording import recorded
from workflow.gate.policies import NO_POLICY
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import refuse_archived, settle
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import Round

FILE = "drafts of the gate"
LARGEST = 2**31 - 1


@verb
def override(person: Person, engine: sa.Engine, decision: int, text: str, given: str, reason: str, task: str = "") -> str:
    """Say something against a decision of the gate (by its number): what is right instead, "pass", "review" or "block", and why.
    The draft's text comes with it, as the gate keeps none, and must be the one that was decided on; it is a draft of the project
    from then on, of the task of that id, or of one of its own; a text that is a draft of the project already is that draft. Its
    draft_id. What was said before stays on record; the latest counts, and may take it back by saying what was decided. Raises
    Refused for another text and without a reason."""
    why = texts.fit(reason, "reason")
    if not why:
        raise Refused("say why the gate was wrong: the next round and the next policy are made of that")
    if given not in STRICTEST_LAST:
        raise Refused(f"a draft gets {listed(STRICTEST_LAST, 'or')}, not “{given}”")
    with recorded(person, engine, "override gate", decision=decision) as connection:
        project = settle(connection)
        found = stored.decision(connection, decision) if project and 0 < decision <= LARGEST else None
        if project is None or found is None:
            raise Refused(f"the gate has made no decision {decision}; its number is in the answer, as “number”")
        said = stored.last_override(connection, found.id)
        refuse_archived(project)
        if (said or found.decision) == given:
            stands = (
                f"people said {given} of decision {decision} already"
                if said
                else f"that decision ({decision}) is {given} already"
            )
            raise Refused(f"{stands}; say what is right instead, if it is wrong")
        if found.text_digest is None:
            raise Refused(f"the draft of decision {decision} was no text, so there is nothing to say against it")
        text = next((each for each in (text, text.replace("\n", "\r\n")) if _digest(each) == found.text_digest), "")
        if not text:
            raise Refused(
                f"this is not the text of decision {decision}: every character of it counts, spaces and line ends too"
            )  # a box in a browser makes one kind of line end of both
        draft = _stored(connection, person, found.text_digest, text, task.strip())
        values = {"decision": found.id, "person": person.id, "draft": draft.id, "given": given, "reason": why}
        stored.add_override(connection, {**values, "made_at": clock.now()})
        return draft.draft_id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _stored(connection: sa.Connection, person: Person, text_digest: str, text: str, task: str) -> sa.Row:
    """The draft of a text, put into the project where it is not there: of another task it is another draft, with a name of its
    own."""
    if known := stored.draft_of_text(connection, text, task):
        return known
    own = f"gate-{text_digest[:12]}"
    if stored.is_draft(connection, own):
        own = f"{own}-{hashlib.sha256(task.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
    drafts = [Draft(own, task or own, text)]
    read = TaskFile([] if task else [Task(own, {}, cluster=own)], drafts, [])
    bring_in(connection, person, read, text.encode("utf-8", "surrogatepass"), FILE)
    return stored.draft_called(connection, own)


@verb
def drafts_to_label(person: Person, engine: sa.Engine) -> list[str]:
    """The drafts of overrides that no round of the project in hand holds yet."""
    with reading(engine, person) as connection:
        return stored.drafts_to_label(connection) if settle(connection) else []


@verb
def open_round_of_overrides(person: Person, engine: sa.Engine, name: str, annotators: Sequence[str]) -> Round:
    """Open a blind round of those drafts, under the rubric version of the policy that the gate goes by: what people said against
    the gate is shown to no annotator. Raises Refused where there is none."""
    drafts = drafts_to_label(person, engine)
    if not drafts:
        raise Refused("no draft of an override waits for a round; they are labelled already, or nobody has said anything yet")
    with reading(engine, person) as connection:
        settle(connection)
        latest = stored_policies.switches(connection, 1)
        if not latest:
            raise Refused(NO_POLICY)
        rubric = next(each.rubric for each in stored_policies.all_policies(connection) if each.id == latest[0].policy)
    return open_round(person, engine, RoundDesign(name, rubric, tuple(annotators), draft_ids=tuple(drafts)))
