"""The rounds there are, and how far each is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import actor_of, has_reader, reading, within
from db.store import assignments as stored_assignments
from db.store import rounds as stored
from db.store.closing import withheld as stored_withheld
from touchstone.data.look_plan import LookPlan
from touchstone.english import listed, many, there_are
from touchstone.errors import NotYourTurn, Refused
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import standing, verb
from workflow.projects.settling import the_one
from workflow.rounds.kinds import DOUBLE, compared_names


class Progress(NamedTuple):
    """How far one annotator is: counted drafts saved, skipped and waiting; practice drafts waiting; seconds spent."""

    person: int
    name: str
    saved: int
    skipped: int
    waiting: int
    practice: int
    seconds: float

    @property
    def total(self) -> int:
        return self.saved + self.skipped + self.waiting


@dataclass(frozen=True)
class Round:
    """A round as lists and headings show it: nothing in it tells how a draft was labelled."""

    id: int
    name: str
    kind: str
    rubric: str
    rubric_digest: str
    dimensions: tuple[str, ...]
    drafts: int
    progress: tuple[Progress, ...]
    is_sample: bool
    opened_at: datetime
    closed_at: datetime | None
    early_reason: str | None
    of_round: str | None = None  # the round a retest repeats, or a calibration has its key from
    forced: bool = False  # a retest opened before the gap had passed
    feedback: str | None = None  # of a calibration: "each" or "end"
    planned_looks: int | None = None  # at its agreement, over this round and those that continue it,
    planned_drafts: int | None = None  # up to so many drafts
    project: str = ""
    closed_by: int | None = None  # the person (id) who closed it
    first_read_at: datetime | None = None  # when what a closed round kept back was read first
    held_back: int = 0  # of a closed round: drafts that count and are in nothing this reader is told, progress included;
    sealed: int = 0  # so many of them because they are sealed, and what is read leaves in a file

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_unread(self) -> bool:
        """Whether it is closed and nobody has read what it kept back: until then its closing can be taken back."""
        return not self.is_open and self.first_read_at is None

    @property
    def annotators(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.progress)

    @property
    def compared(self) -> tuple[str, ...]:
        """The names under which its report sets labels against each other."""
        return compared_names(self.kind, self.annotators)

    @property
    def told(self) -> int:
        """How many of its drafts the reader may be told of."""
        return self.drafts - self.held_back

    @property
    def left_out(self) -> str:
        """That drafts are held back from the reader, in a sentence for beside what is told; "" where none is."""
        if not self.held_back:
            return ""
        are, they, them = ("is", "it is", "it") if self.held_back == 1 else ("are", "they are", "them")
        whys = [f"{they} sealed"] if self.sealed else []
        whys += [f"you are labelling {them} in an open round"] if self.sealed < self.held_back else []
        return f"{self.held_back:,} of {many(self.drafts, 'draft')} {are} left out: {' or '.join(whys)}"

    @property
    def has_gold(self) -> bool:
        """Whether its cells are adjudicated and become gold: those of the other kinds repeat what is settled elsewhere."""
        return self.kind == DOUBLE

    @property
    def plan(self) -> LookPlan | None:
        """How often its agreement is to be looked at, over this round and those that continue it; None without a plan."""
        return _plan(self.planned_looks, self.planned_drafts)

    @property
    def purpose(self) -> str:
        """What kind of round it is, in words; "" for the ordinary one."""
        return (
            ""
            if self.has_gold
            else {"retest": "retest of ", "calibration": "calibration on the gold of "}[self.kind] + str(self.of_round)
        )


def _plan(looks: int | None, drafts: int | None) -> LookPlan | None:
    return LookPlan(looks, drafts) if looks and drafts else None


def row_of(connection: sa.Connection, name: str, *, lock: bool = False) -> sa.Row:
    """The round's own row, cheap whatever its size; its project is in hand from here on. Raises Refused when there is none,
    naming those there are, and when there are several."""
    row = the_one(connection, stored.by_folded(connection, fold(name), lock=lock), "round")
    if row is None:
        if actor_of(connection) is not None:  # not everybody is told of every round
            raise Refused(f"there is no round “{name.strip()}” in the project in hand")
        known = [each.name for each in stored.all_rounds(connection)]
        elsewhere = stored.projects_with_round(connection, fold(name))
        where = f" here, only in the project {listed(elsewhere)}" if elsewhere else ""
        raise Refused(
            f"there is no round “{name.strip()}”{where}; " + there_are(known, "there is none yet: open one under Rounds")
        )
    return row


def found_round(connection: sa.Connection, name: str) -> Round:
    """The round of that name. Raises Refused when there is none, naming those there are."""
    return _as_round(connection, row_of(connection, name))


def closed_round(connection: sa.Connection, name: str) -> Round:
    """The round of that name, closed. Raises NotYourTurn for an open one."""
    found = found_round(connection, name)
    if found.is_open:
        raise NotYourTurn(f"{found.name} is open: its labels stay hidden until it is closed, so that everyone labels blind")
    return found


def refuse_all_held_back(found: Round) -> None:
    """Raises NotYourTurn where the reader labels every draft of a closed round in an open one, and Refused where every draft is
    sealed and a file would leave: nothing is left to tell."""
    if found.sealed and found.sealed == found.drafts:
        raise Refused(f"every draft of {found.name} is sealed, and nothing sealed leaves; its keeper opens the partition first")
    if found.held_back and not found.told:
        raise NotYourTurn(
            f"you are labelling every draft of {found.name} in an open round; what they were given here is held back until that "
            "is closed"
        )


def refuse_without_gold(found: Round) -> None:
    """Raises Refused for a round whose cells are not adjudicated and never gold."""
    if not found.has_gold:
        raise Refused(
            f"{found.name} is a {found.purpose}: its labels are never gold and there is nothing in it to "
            f"adjudicate; use {found.of_round}"
        )


def progress_of(connection: sa.Connection, round_: int) -> tuple[Progress, ...]:
    """How far each annotator of a round is, in the order they were named."""
    return tuple(Progress(*row[1:]) for row in stored.delivered(connection, round_))


def _as_round(connection: sa.Connection, row: sa.Row) -> Round:
    return Round(
        row.id,
        row.name,
        row.kind,
        row.rubric,
        row.rubric_digest,
        tuple(stored.dimensions_of(connection, row.id)),
        stored.drafts_in(connection, row.id),
        progress_of(connection, row.id),
        row.is_sample,
        row.opened_at,
        row.closed_at,
        row.early_reason,
        None if row.of_round is None else stored.by_id(connection, row.of_round).name,
        bool(row.forced),
        row.feedback,
        row.planned_looks,
        row.planned_drafts,
        row.project_name,
        row.closed_by,
        row.first_read_at,
        stored_withheld.many_of(connection, row.id) if has_reader(connection) and row.closed_at is not None else 0,
        stored_withheld.sealed_of(connection, row.id) if row.closed_at is not None else 0,
    )


@verb
def all_rounds(engine: sa.Engine) -> list[Round]:
    """Every round, the newest first; of closed ones how far everybody was as the reader of `engine` may know it, where it has one
    (`db.engine.seen_by`)."""
    with reading(engine) as connection:
        return [_as_round(connection, row) for row in stored.all_rounds(connection)]


@verb
def held_back_from(person: Person, engine: sa.Engine, found: Round) -> str:
    """A digest of which drafts of a closed round are held back from a person; "" for none. What was computed for one digest is
    the same for whoever has it: kept values are kept by it."""
    with reading(engine, person) as connection:
        held = stored_withheld.drafts_of(connection, found.id)
    return sha256(repr(held).encode()).hexdigest() if held else ""


@verb
def own_rounds(person: Person, engine: sa.Engine) -> list[Round]:
    """The rounds in which the person has a seat, the newest first; with who does not lead there, their own progress alone."""
    leads = standing(engine).leads
    with reading(engine, person) as connection:
        mine = {row.id for row in stored.in_short(connection, person.id) if row.mine}
        found = [_as_round(connection, row) for row in stored.all_rounds(connection) if row.id in mine]
    return [
        each if leads else replace(each, progress=tuple(one for one in each.progress if one.person == person.id))
        for each in found
    ]


@verb
def seen_from(engine: sa.Engine, name: str) -> sa.Engine:
    """The store as seen from inside the project of the round of that name. Raises Refused as `row_of` does."""
    with reading(engine) as connection:
        return within(engine, row_of(connection, name).project)


@verb
def closed_names(engine: sa.Engine) -> list[str]:
    """The names of closed rounds, the newest first: for choosing one, without counting anything in them."""
    with reading(engine) as connection:
        return [row.name for row in stored.all_rounds(connection) if row.closed_at is not None]


@verb
def version_in_use(engine: sa.Engine, versions: Sequence[str]) -> int:
    """Which of these rubric versions, by its place, the newest round was opened under; the first where none was."""
    with reading(engine) as connection:
        used = [row.rubric for row in stored.all_rounds(connection)]
    return next((versions.index(each) for each in used if each in versions), 0)


@verb
def chain_of(engine: sa.Engine, name: str) -> list[str]:
    """Names of the closed rounds that a round continues, the first one first, and its own."""
    with reading(engine) as connection:
        row = row_of(connection, name)
        names = [row.name]
        while row.continues_round is not None:
            row = stored.by_id(connection, row.continues_round)
            if row.closed_at is not None:
                names.insert(0, row.name)
        return names


class PlannedChain(NamedTuple):
    """The plan of looks that stands with a round or one it continues, and the names of the rounds from that one on up to it."""

    plan: LookPlan
    names: tuple[str, ...]


def planned_chain(connection: sa.Connection, round_: Round) -> PlannedChain | None:
    """The plan that a round is under, whether it is its own or came with the round it continues; None without one."""
    plan, names, row = round_.plan, [round_.name], stored.by_id(connection, round_.id)
    while plan is None and row.continues_round is not None:
        row = stored.by_id(connection, row.continues_round)
        names.insert(0, row.name)
        plan = _plan(row.planned_looks, row.planned_drafts)
    return PlannedChain(plan, tuple(names)) if plan else None


@verb
def poolable_with(engine: sa.Engine, name: str) -> list[str]:
    """Names of the other closed rounds, the newest first, that may be reported together with this one: people labelled in
    them under the same rubric file. That they share no draft is looked at when they are pooled."""
    with reading(engine) as connection:
        mine = row_of(connection, name)
        return [
            row.name
            for row in stored.all_rounds(connection)
            if row.closed_at is not None
            and row.kind == mine.kind == DOUBLE
            and row.id != mine.id
            and row.rubric_digest == mine.rubric_digest
        ]


@verb
def waiting_for(person: Person, engine: sa.Engine) -> list[str]:
    """Names of the open rounds in which the person has drafts left to label, the oldest first."""
    with reading(engine, person) as connection:
        return stored.waiting_for(connection, person.id)


class Queried(NamedTuple):
    """An annotator's request that someone look at a draft."""

    draft_id: str
    annotator: str
    note: str
    asked_at: datetime


@verb
def queries_of(person: Person, engine: sa.Engine, name: str) -> list[Queried]:
    """The round's queries, those left out on drafts the person labels in an open round: a note could sway them. So it could in
    one just closed, which may be reopened: those follow when somebody has read its labels."""
    with reading(engine, person) as connection:
        found = row_of(connection, name)
        held = stored_assignments.in_open_rounds(connection, person.id, or_unread=True)
        return [Queried(*row) for row in stored.queries_of(connection, found.id) if row.draft_id not in held]
