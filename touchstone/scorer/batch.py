"""Many drafts scored: read from files of tasks and drafts, in one process or in several."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any, NamedTuple

from touchstone.data.task import Draft, Task
from touchstone.data.task_file import read_file
from touchstone.english import many
from touchstone.errors import Problem, Refused
from touchstone.rubric.model import Rubric
from touchstone.scorer.scoring import DraftScore, ReadNumber, Scorer

AT_ONCE = 500  # drafts handed to one process


class DraftToScore(NamedTuple):
    """A draft with what its task gives."""

    task_id: str
    draft_id: str
    text: str
    input: Mapping[str, Any]
    extra: Mapping[str, Any]


class ScoredDraft(NamedTuple):
    """One line of `score`."""

    task_id: str
    draft_id: str
    score: DraftScore
    numbers: tuple[ReadNumber, ...] | None = None  # where they were asked for

    def as_json(self) -> dict[str, Any]:
        read = {} if self.numbers is None else {"numbers": [number.as_json() for number in self.numbers]}
        return {"task_id": self.task_id, "draft_id": self.draft_id, **self.score.as_json(), **read}


def drafts_of_files(files: Sequence[tuple[str, bytes]]) -> list[DraftToScore]:
    """The drafts of files (name, bytes) with their tasks, whichever file holds which. Plain texts need no tasks.

    Raises Refused with every bad line.
    """
    problems: list[Problem] = []
    tasks: dict[str, Task] = {}
    drafts: dict[str, Draft] = {}
    for name, source in files:
        read = read_file(source, name)
        problems += [problem.within(name) for problem in read.problems]
        tasks |= {task.task_id: task for task in read.tasks}
        for draft in read.drafts:
            if drafts.setdefault(draft.draft_id, draft).digest != draft.digest:
                twice = f"draft {draft.draft_id} appears twice with different content; give one of them another id"
                problems.append(Problem(draft.line, f"{name}: {twice}"))
    for draft in drafts.values():
        if draft.task_id not in tasks:
            missing = f"draft {draft.draft_id} is written for task {draft.task_id}, which no file contains"
            problems.append(Problem(draft.line, f"{missing}; name its file", way=("tasks FILE",)))
    if not drafts and not problems:
        problems.append(Problem(None, "the files contain no draft; name a file of drafts", way=("drafts FILE",)))
    if problems:
        raise Refused(f"nothing was scored: {many(len(problems), 'problem')} in the files", problems)
    return [
        DraftToScore(draft.task_id, draft.draft_id, draft.text, tasks[draft.task_id].input, tasks[draft.task_id].extra)
        for draft in drafts.values()
    ]


def score_drafts(
    rubric: Rubric, drafts: Sequence[DraftToScore], jobs: int = 1, with_numbers: bool = False
) -> Iterator[ScoredDraft]:
    """The score of each draft, in order, with what its numbers were read as where that is asked for; in `jobs` processes where
    there are drafts enough for them."""
    if jobs <= 1 or len(drafts) <= AT_ONCE:
        yield from _scored(Scorer(rubric), drafts, with_numbers)
        return
    with ProcessPoolExecutor(jobs, initializer=_compile_in_worker, initargs=(rubric, with_numbers)) as pool:
        for part in pool.map(_score_in_worker, _parts(drafts)):
            yield from part


def _scored(scorer: Scorer, drafts: Iterable[DraftToScore], with_numbers: bool) -> Iterator[ScoredDraft]:
    for draft in drafts:
        read = scorer.numbers(draft.text, draft.input) if with_numbers else None
        yield ScoredDraft(draft.task_id, draft.draft_id, scorer.score(draft.text, draft.input, draft.extra), read)


def _parts(drafts: Iterable[DraftToScore]) -> Iterator[list[DraftToScore]]:
    left = iter(drafts)
    while part := list(islice(left, AT_ONCE)):
        yield part


# A worker process belongs to one pool and so to one rubric, compiled once as it starts and gone when it ends.
_scorer_of_worker: list[tuple[Scorer, bool]] = []


def _compile_in_worker(rubric: Rubric, with_numbers: bool) -> None:
    _scorer_of_worker.append((Scorer(rubric), with_numbers))


def _score_in_worker(part: list[DraftToScore]) -> list[ScoredDraft]:
    scorer, with_numbers = _scorer_of_worker[0]
    return list(_scored(scorer, part, with_numbers))
