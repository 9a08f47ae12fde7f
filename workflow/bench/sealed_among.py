"""Tasks of a file that are sealed in the store: what is done to such a file must not undo the seal unawares."""

from collections.abc import Collection

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import sealing as stored
from touchstone.english import listed, many
from workflow.people.people import Person
from workflow.people.verbs import verb


@verb
def sealed_among(person: Person, engine: sa.Engine, task_ids: Collection[str]) -> str:
    """Which of these tasks, by their ids, are sealed in the project in hand, or in any of the store where none is, as the end of
    a sentence ("2 tasks of held_out, which is sealed"); "" for none. Ids alone are compared: whether a text is sealed is told to
    nobody who guesses it."""
    with reading(engine, person) as connection:
        found = stored.sealed_by_partition(connection, task_ids)
    if not found:
        return ""
    are = "which is sealed" if len(found) == 1 else "which are sealed"
    told = [many(number, "task") + f" of {name}" for name, number in found.items()]
    return f"{listed(told)}, {are}"
