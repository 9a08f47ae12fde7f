"""Tasks from one's own failures: the tasks of drafts that a closed round settled as bad, under other names."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.chain.capture import salt_of
from db.engine import leaving, reading
from db.store import tasks as stored_tasks
from db.store.bench import candidates as stored
from db.store.bench import typed_tasks as stored_typed
from touchstone.bench.pseudonyms.failed_tasks import RenamedTask, names_in, renamed_task
from touchstone.bench.tasks import TypedTask, WrongTask
from touchstone.comparison.classification import below, usual_cut
from touchstone.data.gold import Cell
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow import clock
from workflow.events.recording import recorded
from workflow.gold.gold import gold_in
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle_import
from workflow.rounds.rounds import found_round
from workflow.rubric.levels import declared


class Proposed(NamedTuple):
    """What a round's failed drafts came to: ids of candidates that are new, ids of those there were already, what stood in the
    way of others, and dimensions of which nobody knows what failing is."""

    round: str
    failed_drafts: int
    new: tuple[str, ...]
    known: tuple[str, ...]
    left_out: tuple[str, ...]
    without_order: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if not self.failed_drafts:
            return f"no draft of {self.round} is settled below the middle of a scale; there is nothing to make tasks of"
        drafts = many(self.failed_drafts, "failed draft")
        if not self.new and not self.known:
            return f"{drafts} of {self.round}, and none of their tasks could be renamed"
        known = f", {len(self.known):,} were there already" if self.known else ""
        waits = "waits" if len(self.new) == 1 else "wait"
        return f"{drafts} of {self.round}: {many(len(self.new), 'candidate')} under other names {waits} for a sign-off{known}"


@verb
def propose_from_drafts(person: Person, engine: sa.Engine, round_name: str) -> Proposed:
    """Make candidates of the tasks whose drafts failed in a closed round; one a task. The same names are the same in all.

    Raises NotYourTurn for an open round. Drafts that the person labels in an open round are left out of all of it.
    """
    with reading(leaving(engine), person) as connection:  # of a sealed draft nothing is known to make a task of
        gold = gold_in(connection, round_name)
        salt = salt_of(connection)
        if salt is None:
            raise Refused("this store has no salt to make pseudonyms with; run: python manage.py migrate")
        failed = failed_cells(gold.rubric, gold.cells)
        drafts = {draft for each in failed.values() for draft in each}
        texts = stored_tasks.texts_of_drafts(connection, sorted(drafts))
        made, left_out = _renamed(connection, gold.rubric, failed, texts, bytes.fromhex(salt))
    with recorded(person, engine, "propose tasks", round=gold.round.id) as connection:
        found_round(connection, round_name)
        project = settle_import(person, connection)
        known = stored.known(connection, [each.document["task_id"] for each in made])
        new = [each for each in made if each.document["task_id"] not in known]
        for each in new:
            stored.add(
                connection,
                project=project.id,
                person=person.id,
                method="drafts",
                task_id=each.document["task_id"],
                document=each.document,
                draft=each.draft,
                about={
                    "round": gold.round.id,
                    "replaced": len(each.replaced),
                    "kinds": dict(_kinds(each)),
                    "look_at": list(each.left_over),
                },
                at=clock.now(),
            )
    return Proposed(
        gold.round.name,
        len(drafts),
        tuple(each.document["task_id"] for each in new),
        tuple(sorted(known)),
        tuple(left_out),
        tuple(key for key in gold.round.dimensions if usual_cut(declared(gold.rubric, key)) is None),
    )


def failed_cells(rubric: Rubric, cells: Sequence[Cell]) -> dict[str, dict[str, list[str]]]:
    """By task and draft: the dimensions that are settled below the middle of their scale."""
    found: dict[str, dict[str, list[str]]] = {}
    for cell in cells:
        dimension = declared(rubric, cell.dimension)
        cut = usual_cut(dimension)
        if cut is not None and cell.value is not None and cell.value in below(dimension, cut):
            found.setdefault(cell.task_id, {}).setdefault(cell.draft_id, []).append(cell.dimension)
    return found


def _renamed(
    connection: sa.Connection, rubric: Rubric, failed: dict[str, dict[str, list[str]]], texts: dict[str, str], salt: bytes
) -> tuple[list[RenamedTask], list[str]]:
    tasks, left_out = {}, []
    for row in stored_typed.tasks_to_read(connection, list(failed)):
        plain = {
            **row.extra,
            "task_id": row.task_id,
            "input": row.input,
            "dimension": row.dimension,
            "difficulty": row.difficulty,
            "cluster": None if row.cluster == row.task_id else row.cluster,
        }
        try:
            tasks[row.task_id] = TypedTask.read(row.document or plain)
        except WrongTask as wrong:
            left_out.append(f"{row.task_id}: {wrong.problems[0]}")
    names = names_in(rubric, tasks.values())
    made = []
    for task_id, task in tasks.items():
        worst = max(failed[task_id], key=lambda draft: (len(failed[task_id][draft]), draft))
        dimensions = list(dict.fromkeys(key for keys in failed[task_id].values() for key in keys))
        made.append(renamed_task(task, texts[worst], dimensions, salt, names, "failed"))
    return made, left_out


def _kinds(made: RenamedTask) -> list[tuple[str, int]]:
    kinds = [each.kind for each in made.replaced]
    return [(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]


def told_of(kinds: dict[str, int]) -> str:
    """ "3 names and 1 link"."""
    return listed([many(number, kind, "mail addresses" if kind == "mail address" else None) for kind, number in kinds.items()])
