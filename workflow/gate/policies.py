"""Publish a policy for the project in hand, and switch its gate: which policy it goes by, and in which mode."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from db.engine import reading
from db.store import projects as stored_projects
from db.store import rounds as stored_rounds
from db.store.gate import policies as stored
from touchstone.english import day, listed, many, there_are
from touchstone.errors import Refused
from touchstone.gate.draft_lines import ready_gate
from touchstone.gate.policy import MODES, parse_policy, read_policy
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import refuse_archived, settle, settle_rubric
from workflow.rubric import rubrics

SWITCHES_SHOWN = 50
NO_PROJECT = "there is no project yet; import tasks first"
NO_POLICY = "the project has no policy for a gate yet; publish one"


@dataclass(frozen=True)
class PublishedPolicy:
    name: str
    digest: str
    rubric: str
    published_at: datetime
    person: str


@dataclass(frozen=True)
class Switch:
    """How a gate was switched: by which policy it goes from then on, in which mode, and why."""

    policy: str
    digest: str
    mode: str
    reason: str
    switched_at: datetime
    person: str
    number: int = 0


@dataclass(frozen=True)
class ProjectGate:
    """A project's gate: its policies and how it was switched, the latest first. Without a switch there is no gate yet.
    `conditions` of the policy that it goes by, as decision and what must hold; `judges` that these name; `on_error`."""

    policies: tuple[PublishedPolicy, ...]
    switches: tuple[Switch, ...]
    conditions: tuple[tuple[str, str], ...] = ()
    judges: tuple[str, ...] = ()
    on_error: str = ""

    @property
    def now(self) -> Switch | None:
        return self.switches[0] if self.switches else None


@verb
def publish_policy(person: Person, engine: sa.Engine, source: bytes, file_name: str = "the policy") -> PublishedPolicy:
    """Publish a policy for the project in hand; its rubric version is published with it. The first one switches the gate on, in
    the mode that it has; a later one waits to be switched to. Raises Refused with every line that is wrong or does not fit the
    rubric, and for a version that is published with other bytes."""
    read = parse_policy(source)
    if read.policy is None:
        ready_gate(source, file_name, None)  # refuses, with every line
        raise AssertionError
    policy = read.policy
    with recorded(person, engine, "publish gate policy", policy=policy.name) as connection:
        project = settle_rubric(person, connection, policy.file.rubric)
        stored_projects.hold_names(connection, project.id)
        rubric, version = rubrics.ready_to_use(connection, policy.file.rubric)
        ready_gate(source, file_name, rubric)
        known = stored.policy_called(connection, project.id, policy.file.gate, policy.file.version)
        if known is not None and known.digest != policy.digest:
            raise Refused(
                f"{policy.name} is published with other content, and a version never changes; "
                f"give this one version: {policy.file.version + 1} or later"
            )
        if known is None:
            if not stored_rounds.published(connection, rubric.name):
                stored_rounds.publish(connection, version, person=person.id, at=clock.now())
            made = stored.add_policy(
                connection,
                {
                    "project": project.id,
                    "person": person.id,
                    "rubric_version": version,
                    "name": policy.file.gate,
                    "version": policy.file.version,
                    "digest": policy.digest,
                    "source": source,
                    "published_at": clock.now(),
                },
            )
            if not stored.switches(connection, 1):
                _switch(connection, person, project.id, made, policy.mode, "first policy")
        return next(each for each in _policies(connection) if each.name == policy.name)


@verb
def switch_gate(person: Person, engine: sa.Engine, mode: str, reason: str, policy: str = "", seen: int | None = None) -> Switch:
    """Switch the gate of the project in hand: "off", "shadow" or "enforce", by the policy of that name ("outreach-v2"); by the
    one it goes by now where none is named. It holds from the next call on, in every process. `seen`: the number of the last
    switch that whoever asks saw. Raises Refused without a reason, where it was switched since `seen`, and in an archived
    project, whose gate answers no program at all."""
    if mode not in MODES:
        raise Refused(f"there is no mode “{mode}”; use {listed(MODES, 'or')}")
    why = texts.fit(reason, "reason")
    if not why:
        raise Refused("say why the gate is switched: whoever looks at it later reads that")
    with recorded(person, engine, "switch gate", mode=mode) as connection:
        project = settle(connection)
        if project is None:
            raise Refused(NO_PROJECT)
        refuse_archived(project)
        stored_projects.hold_names(connection, project.id)  # of two who switch at once the later one sees the earlier
        latest = stored.switches(connection, 1)
        if seen is not None and latest and latest[0].id != seen:
            raise Refused(_switched_since(latest[0]))
        there = {f"{each.name}-v{each.version}": each.id for each in stored.all_policies(connection)}
        if policy and policy not in there:
            raise Refused(f"there is no policy {policy}; {there_are(list(there), NO_POLICY)}")
        if not policy and not latest:
            raise Refused(NO_POLICY)
        number = there[policy] if policy else latest[0].policy
        _switch(connection, person, project.id, number, mode, why)
        return _switches(connection)[0]


@verb
def gate_of_project(person: Person, engine: sa.Engine) -> ProjectGate:
    """The gate of the project in hand."""
    with reading(engine, person) as connection:
        if settle(connection) is None:
            return ProjectGate((), ())
        found = ProjectGate(tuple(_policies(connection)), tuple(_switches(connection)))
        return _with_conditions(connection, found) if found.now else found


@verb
def last_switch(person: Person, engine: sa.Engine) -> int:
    """The number of the last switch of the gate of the project in hand; 0 where there was none."""
    with reading(engine, person) as connection:
        latest = stored.switches(connection, 1) if settle(connection) else ()
        return latest[0].id if latest else 0


def _with_conditions(connection: sa.Connection, found: ProjectGate) -> ProjectGate:
    source, version = stored.policy_source(connection, stored.switches(connection, 1)[0].policy)
    policy = read_policy(source)
    dimensions = {each.key: each for each in rubrics.rubric_of(connection, version).dimensions}
    told = tuple((then, each.in_words(dimensions.get(each.dimension or ""))) for then, each in policy.conditions)
    judges = tuple(dict.fromkeys(each.judge for _, each in policy.conditions if each.judge is not None))
    return replace(found, conditions=told, judges=judges, on_error=policy.file.on_error)


def _switched_since(latest: sa.Row) -> str:
    how = {"off": "switched off", "shadow": "put in shadow", "enforce": "enforced"}[latest.mode]
    when = f"{latest.switched_at:%H:%M:%S} UTC on {day(latest.switched_at)}"
    return (
        f"{latest.name}-v{latest.version} was {how} at {when} by {latest.person}, after what you saw: {latest.reason}; "
        "nothing was changed, so look at it as it is now and say again what you want"
    )


def _switch(connection: sa.Connection, person: Person, project: int, policy: int, mode: str, reason: str) -> None:
    values = {"project": project, "person": person.id, "policy": policy, "mode": mode, "reason": reason}
    stored.switch(connection, {**values, "switched_at": clock.now()})


def _policies(connection: sa.Connection) -> list[PublishedPolicy]:
    return [
        PublishedPolicy(f"{row.name}-v{row.version}", row.digest, row.rubric, row.published_at, row.person)
        for row in stored.all_policies(connection)
    ]


def _switches(connection: sa.Connection) -> list[Switch]:
    return [
        Switch(f"{row.name}-v{row.version}", row.digest, row.mode, row.reason, row.switched_at, row.person, row.id)
        for row in stored.switches(connection, SWITCHES_SHOWN)
    ]


def in_words(gate: ProjectGate) -> str:
    """How a gate stands, in one sentence."""
    now = gate.now
    if now is None:
        return "No gate yet: publish a policy."
    does = {
        "off": "is off: every draft passes, and none is scored",
        "shadow": "is in shadow: decisions are told and counted, and every draft passes",
        "enforce": "is enforced",
    }[now.mode]
    others = len(gate.policies) - 1
    return f"{now.policy} {does}." + (f" {many(others, 'other policy', 'other policies')} published." if others else "")
