"""A split as somebody asks for it: keys, strata, sizes with their partitions; and what it leaves as files."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from touchstone.bench.keys import Key, check_fields, value_of
from touchstone.bench.leaks.report import FAILING
from touchstone.bench.splits.spellings import alike
from touchstone.bench.splits.splitting import SECONDS, Split, SplitTask, joined, split_tasks
from touchstone.data.task import Task
from touchstone.english import listed, many
from touchstone.errors import Refused, command

NAMES = {2: ("train", "held_out"), 3: ("train", "dev", "held_out")}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
LEAKING = "what leaks"  # the key of tasks that are kept together
TOGETHER = "+"  # of fields that make one key: tasks are of a group where all of them are equal


@dataclass(frozen=True)
class SplitDesign:
    """`by`: keys whose values must not cross, each a field or several joined by +. `strata`: fields to spread alike. `methods`:
    of a project's tasks only those that were made by these are split; all where none is named. `together`: pairs of tasks (ids)
    that are not to be parted whatever their keys, as those that were found to leak."""

    by: Sequence[str]
    sizes: Mapping[str, int]
    strata: Sequence[str] = ()
    keys: Sequence[Key] = ()
    seconds: float = SECONDS
    methods: Sequence[str] = ()
    together: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class SplitReport:
    """`counts`: tasks by stratum ("difficulty: hard") and partition. `notes`: what to look at before it is used, in sentences."""

    design: SplitDesign
    split: Split
    counts: Mapping[str, Mapping[str, int]]
    notes: Sequence[str] = ()

    @property
    def sentence(self) -> str:
        sizes = listed([f"{number:,} {name}" for name, number in self.design.sizes.items()])
        how = (
            "as even in its strata as its groups let it be" if self.split.is_best else "the most even that was found in the time"
        )
        even = f"; it is {how}" if self.counts else ""
        return (
            f"{many(len(self.split.partition), 'task')} in {many(self.split.groups, 'group')}: {sizes}; no group crosses{even}."
        )

    def as_json(self) -> dict[str, Any]:
        ids: dict[str, list[str]] = {name: [] for name in self.design.sizes}
        for task, name in self.split.partition.items():
            ids[name].append(task)
        return {
            "sentence": self.sentence,
            "partitions": ids,
            "groups": self.split.groups,
            "crossing": 0,
            "off": self.split.off,
            "proven": self.split.is_best,
            "strata": self.counts,
            "notes": list(self.notes),
        }


def read_sizes(written: str, names: Sequence[str] = ()) -> dict[str, int]:
    """ "100/60/40" as sizes by partition: train, dev and held_out where no names are given."""
    parts = [each.strip() for each in written.split("/")]
    if len(parts) < 2 or not all(each.isascii() and each.isdecimal() and 0 < int(each) < 10**9 for each in parts):
        raise Refused(f"the sizes are {written!r}; write the number of tasks of each partition, as 100/60/40")
    named = tuple(names) or NAMES.get(len(parts)) or tuple(f"part_{at}" for at in range(1, len(parts) + 1))
    if len(set(named)) != len(parts):
        raise Refused(f"{many(len(parts), 'size')} need as many names of partitions, each once; there are {', '.join(named)}")
    if wrong := [each for each in named if not _NAME.fullmatch(each)]:
        raise Refused(f"a partition cannot be called {wrong[0]!r}; take letters, digits, _ and -")
    return dict(zip(named, map(int, parts), strict=True))


def read_leaking(source: bytes, file_name: str) -> list[tuple[str, str]]:
    """The pairs that fail the check of leaks, of what `bench leaks --json` prints."""
    try:
        pairs = json.loads(source)["pairs"]
        return [(str(each["held"]), str(each["train"])) for each in pairs if each["layer"] in FAILING]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(
            f"{file_name} has no pairs as a check for leaks tells them; save all pairs of one",
            way=(command("bench leaks", "json"),),
        ) from None


def _linked(tasks: Sequence[Task], pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """By task that is kept together with others: the first of them, as a key. Raises Refused where a pair names no task."""
    known = {task.task_id for task in tasks}
    if missing := next((name for pair in pairs for name in pair if name not in known), None):
        raise Refused(f"no task is called {missing}, which is to be kept together with another; compare these tasks again")
    places = {name: at for at, name in enumerate(dict.fromkeys(name for pair in pairs for name in pair))}
    of_pairs = [SplitTask(name, {}, {}) for name in places]
    for at, pair in enumerate(pairs):
        for name in pair:
            of_pairs[places[name]] = of_pairs[places[name]]._replace(keys={**of_pairs[places[name]].keys, str(at): "one of it"})
    return {of_pairs[at].id: {LEAKING: of_pairs[group[0]].id} for group in joined(of_pairs) for at in group}


def split(tasks: Sequence[Task], design: SplitDesign) -> SplitReport:
    """Raises Refused where no task has one of the fields, or no split is to be had."""
    parts = [each.split(TOGETHER) for each in design.by]
    check_fields(tasks, [name for part in parts for name in part], design.keys)
    check_fields(tasks, design.strata, design.keys)
    linked = _linked(tasks, design.together)
    asked = [
        SplitTask(
            task.task_id,
            {key: _together(task, part, design.keys) for key, part in zip(design.by, parts, strict=True)}
            | linked.get(task.task_id, {}),
            {name: value for name in design.strata if (value := value_of(task, name, design.keys))},
        )
        for task in tasks
    ]
    made = split_tasks(asked, design.sizes, seconds=design.seconds)
    counts: dict[str, dict[str, int]] = {}
    for task in asked:
        for name, value in task.strata.items():
            of = counts.setdefault(f"{name}: {value}", dict.fromkeys(design.sizes, 0))
            of[made.partition[task.id]] += 1
    spelt = (alike(name, (value_of(task, name, design.keys) for task in tasks)) for part in parts for name in part)
    return SplitReport(design, made, dict(sorted(counts.items())), tuple(filter(None, dict.fromkeys(spelt))))


def _together(task: Task, part: Sequence[str], keys: Sequence[Key]) -> str:
    values = [value_of(task, name, keys) for name in part]
    return values[0] if len(values) == 1 else json.dumps(values) if any(values) else ""
