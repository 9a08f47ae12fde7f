"""The trained judges of a project: how each stood when it was trained, what is missing before it may be on, and the switch."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store.judging import trained as stored
from touchstone.english import listed, many, there_are
from touchstone.errors import Refused
from touchstone.judging.training.gold_head import GoldHead
from touchstone.judging.training.kept_head import head_from
from workflow import clock
from workflow import text as texts
from workflow.bounded_cache import BoundedCache
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle

_HEADS: BoundedCache[GoldHead] = BoundedCache(8)  # by digest, which says all that they are


@dataclass(frozen=True)
class TrainedJudge:
    """`figures`: how it stood when it was trained: sentence, missing, report, curve, labels, people, drafts, clusters, left_out,
    sample; None where they are `held_back`: of so many drafts the reader is told nothing now. `switched`: who switched it last,
    when and why."""

    name: str
    dimension: str
    rubric: str
    reads: str
    cut: str | None
    digest: str
    labels_digest: str
    rounds: tuple[str, ...]
    trained_at: datetime
    by: str
    is_on: bool
    switched: tuple[str, datetime, str] | None
    figures: dict[str, Any] | None
    held_back: int

    @property
    def last_switch(self) -> str:
        """When it was switched last; "" where it never was."""
        return self.switched[1].isoformat() if self.switched else ""

    @property
    def missing(self) -> list[str]:
        """What is missing before it may be switched on."""
        return list(self.figures["missing"]) if self.figures else []

    @property
    def stands(self) -> str:
        """Whether it is on, and else what it takes, in one sentence."""
        if self.is_on:
            serves = "it judges drafts, and the gate where its policy names it"
            return f"{self.name} is on: {serves if self.cut else 'it judges drafts; without a cut a gate cannot use it'}"
        if self.figures is None:
            return f"{self.name} is off; its figures are held back: you are labelling {many(self.held_back, 'draft')} of it now"
        if self.missing:
            return f"{self.name} is off, and what is missing is {listed(self.missing)}"
        return f"{self.name} is off; nothing is missing, so it may be switched on"

    def as_json(self) -> dict[str, Any]:
        """One judge of `judge trained --json`."""
        told = {**vars(self), "rounds": list(self.rounds), "trained_at": self.trained_at.isoformat()}
        by = None
        if self.switched:
            by = {"by": self.switched[0], "at": self.switched[1].isoformat(), "reason": self.switched[2]}
        return {**told, "missing": self.missing, "stands": self.stands, "switched": by}


@verb
def trained_judges(person: Person, engine: sa.Engine) -> list[TrainedJudge]:
    """The project's trained judges, the newest first."""
    with reading(engine, person) as connection:
        settle(connection)
        return [_judge(connection, row) for row in stored.every_trained_judge(connection)]


@verb
def switch_trained_judge(
    person: Person, engine: sa.Engine, name: str, is_on: bool, reason: str, seen: str | None = None
) -> TrainedJudge:
    """Switch a judge on or off; off holds from the next draft on, in every process. `seen`: the last switch (`last_switch`) that
    whoever asks saw. Raises Refused without a reason, where it was switched since `seen`, and for one that has not shown what a
    judge must show, with what is missing."""
    why = texts.fit(reason, "reason")
    if not why:
        raise Refused("say why the judge is switched: whoever looks at it later reads that", way=("reason WHY",))
    with recorded(person, engine, "switch trained judge", judge=name) as connection:
        settle(connection)
        row = judge_row(connection, name)
        now = next(each for each in stored.every_trained_judge(connection) if each.id == row.id)
        if seen is not None and seen != (now.switched_at.isoformat() if now.switched_at else ""):
            raise Refused(
                f"{row.name} was switched {'on' if now.is_on else 'off'} by {now.switched_by} after what you saw: {now.reason}; "
                "nothing was changed, so look at it as it is now"
            )
        if is_on and (held := stored.held_back_behind(connection, row.id)):
            drafts = many(held, "draft")
            raise Refused(f"{row.name} stays as it is: you are labelling {drafts} of it now; switch it when that round is closed")
        missing = row.figures["missing"]
        if is_on and missing:
            raise Refused(f"{row.name} stays off: what is missing is {listed(list(missing))}")
        head_in(row)
        stored.switch_trained_judge(connection, judge=row.id, person=person.id, is_on=is_on, reason=why, at=clock.now())
    return next(each for each in trained_judges(person, engine) if each.name == row.name)


def judge_row(connection: sa.Connection, name: str) -> sa.Row:
    """The project's trained judge of that name. Raises Refused where there is none, naming those there are."""
    row = stored.trained_judge_named(connection, name.strip())
    if row is None:
        known = [each.name for each in stored.every_trained_judge(connection)]
        raise Refused(f"there is no trained judge {name.strip() or 'without a name'}; {there_are(known, 'train one')}")
    return row


def head_in(row: sa.Row) -> GoldHead:
    """What a judge's row is made of. Raises Refused where it is not what was trained."""

    def read() -> GoldHead:
        if sha256(row.kept).hexdigest() != row.digest:
            raise Refused(
                f"what the store keeps of {row.name} is not what was trained (digest {row.digest[:12]}); restore a backup"
            )
        return head_from(row.kept)

    return _HEADS.get(row.digest, read)


def _judge(connection: sa.Connection, row: sa.Row) -> TrainedJudge:
    held = stored.held_back_behind(connection, row.id)
    switched = (row.switched_by, row.switched_at, row.reason) if row.switched_at else None
    return TrainedJudge(
        row.name,
        row.dimension,
        row.rubric,
        row.reads,
        row.cut,
        row.digest,
        row.labels_digest,
        tuple(stored.rounds_behind(connection, row.id)),
        row.trained_at,
        row.by,
        bool(row.is_on),
        switched,
        None if held else row.figures,
        held,
    )
