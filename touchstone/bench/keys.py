"""Keys that tasks are compared and split by: a field as it stands, or what a pattern finds in one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.bench.leaks.compared import flat
from touchstone.data.task import Task
from touchstone.english import there_are
from touchstone.errors import Refused
from touchstone.scorer.regex import compiled, group_text

OF_TASK: Mapping[str, Callable[[Task], str | None]] = {
    "partition": lambda task: task.partition,
    "dimension": lambda task: task.dimension,
    "source_mode": lambda task: task.source_mode,
    "difficulty": lambda task: task.difficulty,
    "cluster": lambda task: task.cluster if task.cluster != task.task_id else None,
}


class Key(NamedTuple):
    """A key called `name`: what `pattern` (RE2) finds in `field` of the input, its first group where it has one; the whole field
    where there is no pattern."""

    name: str
    field: str
    pattern: str = ""

    def value(self, fields: Mapping[str, str]) -> str:
        """Of one task's flat input; "" where the field is missing or the pattern finds nothing."""
        text = fields.get(self.field, "")
        if not self.pattern or not text:
            return text
        found = compiled(self.pattern, longest=False).search(text)
        return group_text(found, min(1, compiled(self.pattern, longest=False).groups)).strip() if found else ""


def read_key(written: str) -> Key:
    """ "company=signal:Company: ([^(]+)" is what the pattern finds in the field signal; "company=name" the field as it stands.

    Raises Refused where it is neither, or RE2 does not take the pattern.
    """
    name, equals, rest = written.partition("=")
    field, _, pattern = rest.partition(":")
    if not (name.strip() and equals and field.strip()):
        raise Refused(f"the key {written!r} is not NAME=FIELD or NAME=FIELD:PATTERN; write it as company=signal:Company: ([^(]+)")
    try:
        compiled(pattern, longest=False)
    except ValueError as wrong:
        raise Refused(f"the pattern {pattern!r} of the key {name.strip()} cannot be used: {wrong}; mend it") from None
    return Key(name.strip(), field.strip(), pattern.strip())


def made_with(task: Task) -> Mapping[str, Any]:
    """Where a task's groups and origin stand: in the typed task that it renders, else beside its input."""
    return task.extra if task.typed is None else task.typed


def groups_of(task: Task, keys: Sequence[Key] = ()) -> dict[str, str]:
    """The groups of a task: those it was made with, its cluster, and the keys given."""
    given = made_with(task).get("groups")
    found = {str(name): str(value).strip() for name, value in given.items()} if isinstance(given, Mapping) else {}
    if cluster := OF_TASK["cluster"](task):
        found.setdefault("cluster", cluster)
    fields = flat(task.input) if keys else {}
    found |= {key.name: value for key in keys if (value := key.value(fields))}
    return {name: value for name, value in found.items() if value}


def value_of(task: Task, name: str, keys: Sequence[Key] = ()) -> str:
    """A task's value of a key, a group, one of its own fields or a field of its input, the first that there is; "" for none."""
    if value := groups_of(task, keys).get(name, ""):
        return value
    if name in OF_TASK:
        return OF_TASK[name](task) or ""
    return flat({**task.extra, **task.input}).get(name, "")


def names_of(tasks: Sequence[Task], keys: Sequence[Key] = ()) -> list[str]:
    """What tasks can be grouped by: keys, their own fields that some task has, groups, fields of the input; by name."""
    known = {key.name for key in keys} | {each for each in OF_TASK if any(OF_TASK[each](task) for task in tasks)}
    return sorted(known | {name for task in tasks for name in (*groups_of(task), *flat(task.input))})


def check_fields(tasks: Sequence[Task], names: Sequence[str], keys: Sequence[Key]) -> None:
    """Raises Refused where no task has a field of this name."""
    for name in names:
        if not any(value_of(task, name, keys) for task in tasks):
            raise Refused(f"no task has {name}; {there_are(names_of(tasks, keys), 'the tasks have no field to split by')}")
