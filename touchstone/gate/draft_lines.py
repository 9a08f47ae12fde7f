"""Drafts as they come on a stream, a JSON line each, and a decision on each: no more is kept of the stream than one line."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from touchstone.data.task import Draft, Task
from touchstone.data.task_file import read_file, read_record
from touchstone.english import many
from touchstone.errors import Problem, Refused
from touchstone.files.json_records import record_of_line
from touchstone.files.text import lines_as_they_come
from touchstone.gate.deciding import Gate, GateDecision
from touchstone.gate.policy import GatePolicy, fit_problems, parse_policy
from touchstone.rubric.model import Rubric

EXAMPLE = '{"task_id": …, "text": …}'
JUDGES = "judges"  # the field of a draft with what judges say: {"stars-v3": 0.7}


class DecidedLine(NamedTuple):
    """A line of the stream with its decision; `problem` where it holds no draft that can be judged: then it is not passed."""

    line: int
    task_id: str | None
    draft_id: str | None
    decision: GateDecision
    problem: Problem | None

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "task_id": self.task_id, "draft_id": self.draft_id, **self.decision.as_json()}


def ready_gate(source: bytes, name: str, rubric: Rubric | None) -> Gate:
    """The gate of a policy's bytes and its rubric. Raises Refused with every line that is wrong, or does not fit."""
    read = parse_policy(source)
    problems = fit_problems(read, rubric) if read.policy and rubric else read.problems
    if read.policy is None or problems:
        raise Refused(f"{name} is no policy that a gate can use yet: {many(len(problems), 'problem')}", problems)
    return Gate(read.policy, rubric)


def rubric_file(policy: GatePolicy, policy_file: Path) -> Path:
    """The file of the rubric version that a policy names: beside the policy, or in a folder rubric_versions there or here. Raises
    Refused where it is in none of them."""
    places = (policy_file.parent, policy_file.parent / "rubric_versions", Path("rubric_versions"))
    for folder in places:
        if (file := folder / f"{policy.file.rubric}.yml").is_file():
            return file
    looked = f"beside {policy_file.name}, in rubric_versions there, and in rubric_versions here"
    raise Refused(f"{policy.file.rubric}.yml, the rubric of the policy, is not there; looked {looked}", way=("rubric FILE",))


def tasks_of_files(files: list[tuple[str, bytes]]) -> dict[str, Task]:
    """The tasks of files (name, bytes), by id. Raises Refused with every line that is wrong."""
    problems: list[Problem] = []
    tasks: dict[str, Task] = {}
    for name, source in files:
        read = read_file(source, name)
        problems += [problem.within(name) for problem in read.problems]
        for task in read.tasks:
            if tasks.setdefault(task.task_id, task).digest != task.digest:
                problems.append(Problem(task.line, f"{name}: task {task.task_id} was there before with different content"))
    if problems:
        raise Refused(f"the files of tasks cannot be used: {many(len(problems), 'problem')}", problems)
    return tasks


def decisions_on(gate: Gate, tasks: Mapping[str, Task] | None, stream: BinaryIO) -> Iterator[DecidedLine]:
    """A decision on each line of a stream that is not blank, each as it comes. `tasks` None: drafts are judged without one; else
    a draft of a task that is not among them cannot be judged."""
    for line, text in lines_as_they_come(stream):
        if isinstance(text, str) and not text.strip():
            continue
        draft = text if isinstance(text, Problem) else _draft_in(line, text, tasks)
        if isinstance(draft, Problem):
            yield DecidedLine(line, None, None, gate.failed(gate.policy.mode, str(draft)), draft)
            continue
        judges = draft.extra.get(JUDGES)
        task = as_given(tasks[draft.task_id]) if tasks and draft.task_id in tasks else None
        yield DecidedLine(line, draft.task_id, draft.draft_id, gate.decide(task, draft.text, judges), None)


def as_given(task: Task) -> Mapping[str, Any]:
    """A task as `gate` takes it."""
    return {**task.extra, "task_id": task.task_id, "input": task.input}


def _draft_in(line: int, text: str, tasks: Mapping[str, Task] | None) -> Draft | Problem:
    record = record_of_line(line, text, EXAMPLE)
    if isinstance(record, Problem):
        return record
    try:
        task, draft = read_record(record, line)
    except ValueError as wrong:
        return Problem(line, str(wrong))
    if draft is None:
        return Problem(line, "this is a task, not a draft; tasks come in a file of their own", way=("tasks FILE",))
    if JUDGES in draft.extra and not isinstance(draft.extra[JUDGES], dict):
        return Problem(line, f'{JUDGES} of {draft.draft_id} takes an object, the share by judge: {{"stars-v3": 0.7}}')
    if tasks is not None and task is None and draft.task_id not in tasks:
        return Problem(line, f"draft {draft.draft_id} is written for task {draft.task_id}, which no file of tasks contains")
    return draft
