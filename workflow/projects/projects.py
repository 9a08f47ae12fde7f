"""Make projects, list them, choose one, put it away, delete it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import label_sets as stored_label_sets
from db.store import projects as stored
from db.store import rounds as stored_rounds
from db.store.preferences import comparisons as stored_comparisons
from touchstone.errors import Refused
from touchstone.rubric.model import RUBRIC_NAME
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import LONGEST_NAME, fit_name, fold, rubric_name
from workflow.people.people import Person
from workflow.people.verbs import may_act_in, own_projects, verb
from workflow.projects.settling import project_named


@dataclass(frozen=True)
class Project:
    """A project as lists show it. `rubric`: its rubric's name without a version, "" until a round or label set says."""

    id: int
    name: str
    rubric: str
    is_sample: bool
    archived_at: datetime | None
    drafts: int = 0
    rounds: int = 0
    label_sets: int = 0
    last_activity: datetime | None = None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def marks(self) -> str:
        """What stands behind its name in a list: " (sample)", " (archived)"."""
        says_so = fold(self.name).startswith("sample")
        told = (("sample", self.is_sample and not says_so), ("archived", self.is_archived))
        marks = [word for word, holds in told if holds]
        return f" ({', '.join(marks)})" if marks else ""

    def as_json(self) -> dict[str, object]:
        """The project in the document of `projects --json`."""
        return {
            "name": self.name,
            "rubric": self.rubric or None,
            "sample": self.is_sample,
            "archived": self.is_archived,
            "drafts": self.drafts,
            "rounds": self.rounds,
            "label_sets": self.label_sets,
            "last_activity": self.last_activity and self.last_activity.isoformat(),
        }


def _project(row: sa.Row) -> Project:
    return Project(row.id, row.name, row.rubric or "", row.is_sample, row.archived_at)


@verb
def new_project(person: Person, engine: sa.Engine, name: str, *, rubric: str = "") -> Project:
    """Make a project; `rubric` is a rubric's name, with or without a version. Raises Refused for a name another one has."""
    shown = fit_name(name, "project")
    rubric = rubric_name(rubric.strip())
    if rubric and (len(rubric) > LONGEST_NAME or not re.fullmatch(RUBRIC_NAME.strip("^$"), rubric)):
        raise Refused(f"{rubric[:LONGEST_NAME]!r} is no name for a rubric; name one of rubric_versions/, such as support-replies")
    with recorded(person, engine, "make project") as connection:
        if stored.by_folded(connection, fold(shown)):
            raise Refused(f"there is a project named “{shown}” already; give the new one another name")
        made = stored.add(
            connection, name=shown, folded=fold(shown), rubric=rubric or None, is_sample=False, person=person.id, at=clock.now()
        )
    return _project(made)


@verb
def all_projects(engine: sa.Engine) -> list[Project]:
    """Every project with what is in it: the team's own by name, then the sample, those archived last. In team mode those that are
    one's own (`own_projects`), as in every list of projects."""
    own = own_projects(engine)
    with reading(engine) as connection:
        counted, last = stored.counted(connection), stored.last_activity(connection)
        return [
            replace(
                _project(row),
                drafts=counted["drafts"].get(row.id, 0),
                rounds=counted["rounds"].get(row.id, 0),
                label_sets=counted["label_sets"].get(row.id, 0),
                last_activity=last.get(row.id),
            )
            for row in stored.every(connection)
            if own is None or row.id in own
        ]


@verb
def in_short(engine: sa.Engine) -> list[Project]:
    """Every project in the same order, nothing in it counted."""
    own = own_projects(engine)
    with reading(engine) as connection:
        return [_project(row) for row in stored.every(connection) if own is None or row.id in own]


@verb
def named(engine: sa.Engine, name: str) -> Project:
    """The project of that name. Raises Refused when there is none, naming those there are."""
    own = own_projects(engine)
    with reading(engine) as connection:
        return _project(project_named(connection, name, own))


@verb
def archive_project(person: Person, engine: sa.Engine, name: str, *, back: bool = False) -> Project:
    """Put a project away, or take it back (`back`). Nothing comes into an archived one; all of it can still be read."""
    with recorded(person, engine, "bring back project" if back else "archive project") as connection:
        row = project_named(connection, name, may_act_in(engine))
        if (row.archived_at is None) == back:
            raise Refused(
                f"{row.name} is not archived; archive it first" if back else f"{row.name} is archived already; bring it back"
            )
        stored.set_archived(connection, row.id, None if back else clock.now())
        _on_record(connection, person, row, "brought back" if back else "archived")
        return _project(stored.by_id(connection, row.id))


@verb
def delete_project(person: Person, engine: sa.Engine, name: str, *, typed: str) -> int:
    """Delete a project with its tasks, drafts, rounds, labels, decisions, meetings and label sets; how many rows went. Drafts
    that a round of another project holds stay, as that project's. Raises Refused unless `typed` is its name exactly as it is."""
    with recorded(person, engine, "delete project", project=name) as connection:
        row = project_named(connection, name)
        if typed != row.name:
            raise Refused(
                f"{row.name} was not deleted: “{typed}” is not its name. Type the name exactly, with its capitals, to delete the "
                "project and all its labels; a backup is the only way back"
            )
        gone = stored.delete(connection, row.id)
        _on_record(connection, person, row, "deleted")
        return gone


def _on_record(connection: sa.Connection, person: Person, row: sa.Row, verb: str) -> None:
    stored.add_change(
        connection,
        person=person.id,
        project=None if verb == "deleted" else row.id,
        verb=verb,
        what={"kind": "project", "name": row.name, "project": row.name},
        at=clock.now(),
    )


@verb
def changes_so_far(engine: sa.Engine) -> list[sa.Row]:
    """What was renamed, archived, brought back and deleted, the latest first: by, verb, what, changed_at."""
    with reading(engine) as connection:
        return list(stored.changes_so_far(connection))


@verb
def choose(person: Person, engine: sa.Engine, project: int) -> None:
    """The person has this project in hand from here on; the next tab begins with it."""
    own = own_projects(engine)
    with writing(engine, person) as connection:
        if any(row.id == project and (own is None or row.id in own) for row in stored.every(connection)):
            stored.keep_last(connection, person.id, project)


@verb
def to_begin_with(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> int | None:
    """The project (its id) a new tab has in hand: the only one that has the round or label set the address names; else the one
    the person had last; else one where drafts wait for them; else that in which they opened a round last; else the
    newest of the team's own, or the first sample. For a sample's people it is a sample. None in a store without projects."""
    own = own_projects(engine)
    with reading(engine, person) as connection:
        named_there = [*(stored_rounds.by_folded(connection, fold(round_name)) if round_name else ())]
        named_there += stored_label_sets.by_folded(connection, fold(label_set)) if label_set else ()
        holding = {row.project for row in named_there if own is None or row.project in own}
        if len(holding) == 1:
            return holding.pop()
        if (last := stored.last_of(connection, person.id)) is not None and (own is None or last in own):
            return last
        there = [row for row in stored.every(connection) if row.archived_at is None and (own is None or row.id in own)]
        waiting, led = stored.waiting_by_project(connection, person.id), stored.led_last(connection, person.id)
        there = [row for row in there if row.id in waiting] or [row for row in there if row.id == led] or there
        there = [row for row in there if row.is_sample == person.is_sample] or there
        of_team = [row.id for row in there if not row.is_sample]
        return max(of_team) if of_team else min((row.id for row in there), default=None)


class WaitingElsewhere(NamedTuple):
    """What waits for somebody in another project: drafts to label and pairs to compare, in its open rounds."""

    project: str
    drafts: int
    pairs: int = 0


@verb
def waiting_elsewhere(person: Person, engine: sa.Engine, here: int | None) -> list[WaitingElsewhere]:
    """The other projects in which something waits for the person."""
    with reading(engine, person) as connection:
        drafts = stored.waiting_by_project(connection, person.id)
        pairs = stored_comparisons.waiting_by_project(connection, person.id)
        every = [WaitingElsewhere(row.name, drafts.get(row.id, 0), pairs.get(row.id, 0)) for row in _others(connection, here)]
        return [each for each in every if each.drafts or each.pairs]


def _others(connection: sa.Connection, here: int | None) -> list[sa.Row]:
    return [row for row in stored.every(connection) if row.id != here]
