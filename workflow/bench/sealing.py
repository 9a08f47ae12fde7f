"""Seal a partition, and open it: while it is sealed, what its tasks and drafts say is told to nobody but who is seated on
them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import people as stored_people
from db.store.bench import sealing as stored
from touchstone.bench.records import record_of, record_of_draft
from touchstone.bench.sealing.commitments import SealedTask
from touchstone.bench.sealing.sealed_file import check_recipient, encrypted, manifest_of
from touchstone.data.task import Draft, Task
from touchstone.english import day, listed, many, there_are
from touchstone.errors import NotYourTurn, Refused
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle
from workflow.rounds.closing import count_slices_again

SALT_BYTES = 32
SEALED = "This draft is sealed."


@dataclass(frozen=True)
class SealDesign:
    """`recipient`: the public key of age that the file is sealed for; whoever has its secret key can open that file. `until`:
    the day the keeper promises to keep it sealed until."""

    partition: str
    keeper: str
    recipient: str
    until: date | None = None


@dataclass(frozen=True)
class Seal:
    partition: str
    keeper: str
    until: date | None
    tasks: int
    drafts: int
    root: str
    canary: str
    recipient: str
    sealed_at: datetime
    sealed_by: str
    opened_at: datetime | None = None
    opened_by: str | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None

    @property
    def sentence(self) -> str:
        what = f"{self.partition} ({many(self.tasks, 'task')}, {many(self.drafts, 'draft')})"
        if self.opened_at is not None:
            return f"{what} was opened by {self.opened_by} on {day(self.opened_at)}: {self.reason}"
        until = f" until {day(self.until)}" if self.until else ""
        return f"{what} is sealed{until} since {day(self.sealed_at)}; {self.keeper} keeps it"


@dataclass(frozen=True)
class SealedFiles:
    """A new seal, with its two files: the sealed one, and the manifest that everybody may have."""

    seal: Seal
    age: bytes
    manifest: bytes


@dataclass(frozen=True)
class Partition:
    """A partition of the project's tasks, with its seal where it has one."""

    name: str
    tasks: int
    drafts: int
    seal: Seal | None


@verb
def partitions_of(person: Person, engine: sa.Engine) -> list[Partition]:
    """The partitions of the project, by name."""
    with reading(engine, person) as connection:
        settle(connection)
        found = {row.partition: _seal(row) for row in stored.every_seal(connection)}
        return [
            Partition(row.partition, row.tasks, row.drafts, found.get(row.partition)) for row in stored.partitions(connection)
        ]


@verb
def seals_of(person: Person, engine: sa.Engine) -> list[Seal]:
    """Every seal of the project, open ones too, the newest first."""
    with reading(engine, person) as connection:
        settle(connection)
        return [_seal(row) for row in stored.every_seal(connection)]


def _seal(row: sa.Row) -> Seal:
    return Seal(
        row.partition,
        row.keeper_name,
        row.until,
        row.tasks,
        row.drafts,
        row.root,
        row.canary,
        row.recipient,
        row.sealed_at,
        row.sealed_by,
        row.opened_at,
        row.opened_by,
        row.reason,
    )


@verb
def seal_partition(person: Person, engine: sa.Engine, design: SealDesign) -> SealedFiles:
    """Seal a partition: from here on its tasks and drafts are under other names and say nothing, but to who labels or adjudicates
    them. Raises Refused where there is no such partition, it has a seal already, the day is past, or it was shown before: in a
    round, or by a label set. What was said to be sealed and was seen is not."""
    recipient = check_recipient(design.recipient)
    if design.until and design.until < clock.now().date():
        raise Refused(f"{day(design.until)} is past, and nothing is sealed until then; give a later day, or none")
    with recorded(person, engine, "seal partition", partition=design.partition) as connection:
        project = settle(connection)
        there = {row.partition: row for row in stored.partitions(connection)}
        if project is None or design.partition not in there:
            raise Refused(f"there is no partition {design.partition!r}; {there_are(sorted(there), 'no task has one')}")
        if before := next((each for each in stored.every_seal(connection) if each.partition == design.partition), None):
            raise Refused(f"{_seal(before).sentence}; a partition is sealed once")
        keeper = stored_people.by_folded(connection, fold(design.keeper))
        if keeper is None or keeper.kind != "person":
            raise Refused(f"nobody is named “{design.keeper.strip()}” who could keep the seal; add them as a person first")
        if shown := stored.shown_in(connection, project.id, design.partition):
            raise Refused(
                f"{design.partition} cannot be sealed: {listed(shown[:4])} had some of it before, and what was shown is no "
                "secret; seal a partition that nobody was shown"
            )
        return _sealed(connection, person, project.id, keeper, design, recipient)


def _sealed(
    connection: sa.Connection, person: Person, project: int, keeper: sa.Row, design: SealDesign, recipient: str
) -> SealedFiles:
    rows = stored.tasks_to_seal(connection, project, design.partition)
    written: dict[int, list[sa.Row]] = {row.id: [] for row in rows}
    for draft in stored.drafts_to_seal(connection, project, design.partition):
        written[draft.task].append(draft)
    sealed = [SealedTask(secrets.token_hex(SALT_BYTES), record_of(_task(row)), _records(row, written[row.id])) for row in rows]
    now = clock.now()
    manifest = manifest_of(
        sealed, partition=design.partition, keeper=keeper.name, until=design.until, sealed_on=now.date(), recipient=recipient
    )
    values = {
        "project": project,
        "person": person.id,
        "keeper": keeper.id,
        "partition": design.partition,
        "until": design.until,
        "tasks": len(rows),
        "drafts": sum(map(len, written.values())),
        "root": manifest.root,
        "canary": manifest.canary,
        "recipient": recipient,
        "sealed_at": now,
    }
    number = stored.add_seal(connection, values)
    _put_away(connection, number, project, design.partition, rows, written, sealed)
    seal = next(_seal(each) for each in stored.every_seal(connection) if each.partition == design.partition)
    return SealedFiles(seal, encrypted(sealed, manifest), manifest.as_bytes())


def _task(row: sa.Row) -> Task:
    return Task(
        row.task_id,
        row.input,
        row.partition,
        row.dimension,
        row.source_mode,
        row.difficulty,
        row.cluster,
        row.extra,
        typed=row.document,
    )


def _records(task: sa.Row, drafts: Sequence[sa.Row]) -> list[dict[str, Any]]:
    return [record_of_draft(Draft(each.draft_id, task.task_id, each.text, each.author, each.extra)) for each in drafts]


def _put_away(
    connection: sa.Connection,
    seal: int,
    project: int,
    partition: str,
    rows: Sequence[sa.Row],
    written: Mapping[int, Sequence[sa.Row]],
    sealed: Sequence[SealedTask],
) -> None:
    """Keep what they say, and leave in its place names that tell nothing; which tasks make a cluster stays known."""
    proposed = stored.candidates_named(connection, project, [row.task_id for row in rows])
    clusters: dict[str, str] = {}
    kept, kept_drafts = [], []
    shown: dict[int, Mapping[str, Any]] = {}
    shown_drafts: dict[int, Mapping[str, Any]] = {}
    shown_candidates: dict[int, Mapping[str, Any]] = {}
    for at, (row, one) in enumerate(zip(rows, sealed, strict=True), start=1):
        name = f"sealed-{partition}-{at:04}"
        cluster = name if row.cluster == row.task_id else clusters.setdefault(row.cluster, f"sealed-{partition}-of-{at:04}")
        blank = Task(name, {}, partition, cluster=cluster)
        content = {
            key: getattr(row, key) for key in ("task_id", "dimension", "source_mode", "difficulty", "cluster", "extra", "digest")
        }
        content |= {"method": row.method, "document": row.document}
        if candidate := proposed.get(row.task_id):
            content["candidate"] = {
                "id": candidate.id,
                **{key: getattr(candidate, key) for key in ("document", "draft", "about")},
            }
            shown_candidates[candidate.id] = {"task_id": name, "document": {}, "draft": None, "about": {}}
        kept.append(
            {"task": row.id, "seal": seal, "salt": one.salt, "commitment": one.commitment, "input": row.input, "content": content}
        )
        none = dict.fromkeys(("dimension", "source_mode", "difficulty"))
        shown[row.id] = {"task_id": name, "cluster": cluster, "input": {}, "extra": {}, "digest": blank.digest, **none}
        for each, draft in enumerate(written[row.id], start=1):
            blank_draft = Draft(f"{name}-{each}", name, SEALED)
            own = {key: getattr(draft, key) for key in ("draft_id", "author", "extra", "digest")}
            kept_drafts.append({"draft": draft.id, "seal": seal, "text": draft.text, "content": own})
            shown_drafts[draft.id] = {
                "draft_id": blank_draft.draft_id,
                "author": None,
                "text": SEALED,
                "extra": {},
                "digest": blank_draft.digest,
            }
    stored.take_typed(connection, [row.id for row in rows if row.document is not None])
    stored.keep(connection, kept, kept_drafts)
    stored.say_instead(connection, shown, shown_drafts, shown_candidates)


@verb
def open_partition(person: Person, engine: sa.Engine, partition: str, reason: str) -> Seal:
    """Open a sealed partition: its tasks and drafts are what they were, for everyone. Its keeper does that, with a reason, which
    is on record. Raises Refused where there is no such seal, it is open, or no reason is given; NotYourTurn for anybody else."""
    why = texts.fit(reason, "reason")
    with recorded(person, engine, "open partition", partition=partition) as connection:
        project = settle(connection)
        every = stored.every_seal(connection)
        row = next((each for each in every if each.partition == partition), None)
        if project is None or row is None:
            sealed = [each.partition for each in every if each.opened_at is None]
            raise Refused(f"there is no seal on {partition!r}; {there_are(sealed, 'no partition is sealed')}")
        if row.opened_at is not None:
            raise Refused(f"{_seal(row).sentence}; it cannot be opened twice")
        if row.keeper != person.id:
            raise NotYourTurn(f"{row.keeper_name} keeps {partition}, and {person.name} cannot open it; ask {row.keeper_name}")
        if not why:
            raise Refused("opening a seal needs a reason: it is on record, and cannot be undone")
        _put_back(connection, row.id)
        stored.add_opening(connection, row.id, person.id, why, clock.now())
        return _seal(next(each for each in stored.every_seal(connection) if each.partition == partition))


def _put_back(connection: sa.Connection, seal: int) -> None:
    kept, drafts = stored.kept_of(connection, seal)
    own = ("task_id", "dimension", "source_mode", "difficulty", "cluster", "extra", "digest")
    stored.say_instead(
        connection,
        {row.task: {"input": row.input, **{key: row.content[key] for key in own}} for row in kept},
        {row.draft: {"text": row.text, **row.content} for row in drafts},
        {
            each["id"]: {"task_id": row.content["task_id"], **{key: each[key] for key in ("document", "draft", "about")}}
            for row in kept
            if (each := row.content.get("candidate"))
        },
    )
    count_slices_again(connection, [row.task for row in kept])
    typed = [row for row in kept if row.content["document"] is not None]
    stored.put_back_typed(
        connection, [{"task": row.task, "method": row.content["method"], "document": row.content["document"]} for row in typed]
    )
