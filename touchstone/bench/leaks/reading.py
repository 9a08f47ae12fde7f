"""A file of tasks as they are compared: of each only what is looked at is kept, so that a large file takes little memory."""

import json
from collections.abc import Mapping, Sequence

from touchstone.bench.keys import Key, groups_of, made_with
from touchstone.bench.leaks.compared import ComparedTask, PackedFields, flat
from touchstone.data.task import Task
from touchstone.data.task_file import records_of_tasks
from touchstone.english import many
from touchstone.errors import Problem, Refused

NO_GROUPS: Mapping[str, str] = {}
KINDS_OF_ORIGIN = ("trace", "values", "key")  # what tells of an origin from which task or row it is


def compared(task: Task, keys: Sequence[Key] = ()) -> ComparedTask:
    """A task as it is compared."""
    groups, origin = groups_of(task, keys), origin_of(made_with(task).get("origin"))
    return ComparedTask(task.task_id, PackedFields(flat(task.input)), groups or NO_GROUPS, origin)


def origin_of(given: object) -> str:
    """What a task was made from, as a key: an origin that is a word, or says a trace, a row's values or a key. How it was made
    says nothing of it: two tasks that somebody wrote are not alike by that."""
    if isinstance(given, str):
        return given.strip()
    if not isinstance(given, Mapping):
        return ""
    told = {name: given[name] for name in (*KINDS_OF_ORIGIN, "space") if given.get(name)}
    return json.dumps(told, sort_keys=True, ensure_ascii=False) if set(told) & set(KINDS_OF_ORIGIN) else ""


def compared_tasks(source: bytes, file_name: str, keys: Sequence[Key] = ()) -> list[ComparedTask]:
    """The tasks of a file. Raises Refused with every bad line, or where it has no task."""
    problems: list[Problem] = []
    digests: dict[str, bytes] = {}
    found: list[ComparedTask] = []
    for task, _ in records_of_tasks(source, file_name, problems):
        if task is None:
            continue
        known, own = digests.get(task.task_id), bytes.fromhex(task.digest)
        if known is None:
            digests[task.task_id] = own
            found.append(compared(task, keys))
        elif known != own:
            reason = f"task_id {task.task_id} is there before with different content; give one of them another id"
            problems.append(Problem(task.line, reason, "a task_id is there before with different content"))
    if problems:
        raise Refused(f"{file_name} is refused: {many(len(problems), 'problem')}", problems)
    if not found:
        raise Refused(f'{file_name} holds no task; a line is {{"task_id": …, "input": {{…}}}}')
    return found
