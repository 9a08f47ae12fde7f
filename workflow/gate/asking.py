"""What a program with a token is told of a draft. Nobody is signed in: the token says of which project."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store.gate import decisions as stored_decisions
from db.store.gate import policies as stored
from touchstone.errors import Refused
from touchstone.gate.deciding import Gate, GateDecision
from touchstone.gate.policy import read_policy
from touchstone.gate.task_fields import NeededFields, given_strictly
from touchstone.scorer.scoring import DraftScore
from workflow import clock
from workflow.bounded_cache import BoundedCache
from workflow.gate.tokens import BEGINS
from workflow.judging.training.giving import shares_for_gate
from workflow.people.people import digest
from workflow.people.verbs import verb
from workflow.rubric import rubrics
from workflow.scorer.scorers import scorer_of

LONGEST_TOKEN = 100
# The gates of a process by the digests of their policy and rubric, which say all that they are: compiled once.
_GATES: BoundedCache[Gate] = BoundedCache(most=16)


class NoSuchToken(Refused):
    """A token that was never made, or has ended."""


class Answered(NamedTuple):
    """A decision, and its number, under which a person can say something against it; None where nothing was decided (off)."""

    number: int | None
    decision: GateDecision


@verb
def ask_gate(
    engine: sa.Engine, token: str, text: str, task: Mapping[str, Any] | None, judges: Mapping[str, float] | None
) -> Answered:
    """The decision on a draft by the gate of the token's project, as it is switched at this moment; it is counted before it is
    told. Trained judges that the policy names are asked here, whatever `judges` says of them. Raises
    NoSuchToken, and Refused for a project without a gate."""
    with reading(engine) as connection:
        asked = _behind(connection, token)
        gate = _gate(connection, asked)
        given = _with_trained(connection, asked, gate, text, task, judges)
    decision = gate.decide(task, text, given, asked.mode)
    if asked.mode == "off":
        return Answered(None, decision)
    with writing(engine) as connection:
        number = stored_decisions.add_decision(
            connection,
            {
                "project": asked.project,
                "policy": asked.policy,
                "mode": decision.mode,
                "decision": decision.decision,
                "enforced": decision.enforced,
                "reasons": "\n".join(sorted(each.key for each in decision.reasons)),
                "text_digest": decision.text_digest,
                "decided_at": clock.now(),
            },
        )
    return Answered(number, decision)


class ScoredForToken(NamedTuple):
    """A draft's score, and the rubric version that gave it."""

    rubric: str
    rubric_digest: str
    score: DraftScore
    without: Mapping[str, list[str]]  # by dimension, the fields it is held against and the task does not give


@verb
def ask_score(engine: sa.Engine, token: str, text: str, task: Mapping[str, Any] | None) -> ScoredForToken:
    """The score of a draft by the rubric version of the gate's policy, whatever the gate's mode. Raises as `ask_gate`, and
    Refused for a task that is none."""
    with reading(engine) as connection:
        gate = _gate(connection, _behind(connection, token))
    assert gate.scorer is not None
    try:
        given = given_strictly(task)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    rubric = gate.scorer.rubric
    needed = NeededFields(gate.scorer.compiled, rubric.keys)
    without = {key: [each.field for each in needed.faults(key, *given)] for key in rubric.keys}
    return ScoredForToken(
        rubric.name, rubric.digest, gate.scorer.score(text, *given), {key: own for key, own in without.items() if own}
    )


@verb
def standing_tokens(engine: sa.Engine) -> frozenset[str]:
    """Digests of all tokens that stand, of every project: for who looks whether a token is one without asking for each."""
    with reading(engine) as connection:
        return stored.standing_tokens(connection)


def _behind(connection: sa.Connection, token: str) -> sa.Row:
    is_one = token.startswith(BEGINS) and len(token) <= LONGEST_TOKEN
    found = stored.behind_token(connection, digest(token)) if is_one else None
    if found is None:
        raise NoSuchToken("this token is none, or has ended; ask a lead of the project for one")
    if found.archived_at is not None:
        raise Refused("the project is archived, so its gate decides nothing; a lead brings it back, or hold the draft up")
    if found.policy is None:
        raise Refused("the project has no policy for a gate yet; a lead publishes one")
    return found


def _with_trained(
    connection: sa.Connection,
    asked: sa.Row,
    gate: Gate,
    text: str,
    task: Mapping[str, Any] | None,
    judges: Mapping[str, float] | None,
) -> Mapping[str, float] | None:
    """What judges say, with the word of the project's own trained judges in the place of what was sent for them; one that is off
    says nothing, so that its condition leads to review."""
    named = sorted({each.judge for _, each in gate.policy.conditions if each.judge is not None})
    if not named or asked.mode == "off":
        return judges
    own = shares_for_gate(connection, asked.project, named, text, task)
    others = {name: share for name, share in (judges or {}).items() if name not in own}
    return {**others, **{name: share for name, share in own.items() if share is not None}}


def _gate(connection: sa.Connection, asked: sa.Row) -> Gate:
    """The gate that a project goes by: read from the store where this process has not compiled one of these digests."""

    def made() -> Gate:
        source, version = stored.policy_source(connection, asked.policy)
        return Gate(read_policy(source), scorer_of(rubrics.rubric_of(connection, version)))

    return _GATES.get((asked.policy_digest, asked.rubric_digest), made)
