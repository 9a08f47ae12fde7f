"""What an import is held against where the person who imports also labels.

Whether a file is what the store has already tells what the store has. Of drafts that somebody still labels, and of their tasks,
they see the text and the input alone: so that is all their import is held against, until that round is closed. Otherwise the
answer would tell a right guess of the author, or of a task's own fields, from a wrong one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from db.store import assignments
from db.store import tasks as stored
from touchstone.data.task import Draft, Task
from workflow.people.people import Person


@dataclass(frozen=True)
class SeenAlike:
    """Of the tasks and drafts that the person labels in an open round, by id: whether all that they see of them is as stored."""

    tasks: Mapping[str, bool] = field(default_factory=dict)
    drafts: Mapping[str, bool] = field(default_factory=dict)

    def task_differs(self, task: Task, digest: str) -> bool:
        return not self.tasks[task.task_id] if task.task_id in self.tasks else digest != task.digest

    def draft_differs(self, draft: Draft, digest: str) -> bool:
        return not self.drafts[draft.draft_id] if draft.draft_id in self.drafts else digest != draft.digest


def seen_alike(person: Person, connection: sa.Connection, tasks: Iterable[Task], drafts: Iterable[Draft]) -> SeenAlike:
    """For what a file holds."""
    labelled = assignments.in_open_rounds(connection, person.id)
    if not labelled:
        return SeenAlike()
    of_tasks = set(labelled.values())
    own_tasks = {task.task_id: task for task in tasks if task.task_id in of_tasks}
    own_drafts = {draft.draft_id: draft for draft in drafts if draft.draft_id in labelled}
    inputs = stored.inputs_of_tasks(connection, sorted(own_tasks))
    texts = stored.texts_of_drafts(connection, sorted(own_drafts))
    return SeenAlike(
        {key: task.input == inputs.get(key) for key, task in own_tasks.items()},
        {key: (draft.task_id, draft.text) == (labelled[key], texts.get(key)) for key, draft in own_drafts.items()},
    )
