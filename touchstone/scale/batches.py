"""A batch of rows scored: one pure function, the same in one process, in a pool, under Dask and under Spark."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from touchstone.data.task import Task
from touchstone.errors import MOST_PROBLEMS, Problem, Refused
from touchstone.rubric.model import Rubric
from touchstone.scale.rows import draft_of_row, line_of
from touchstone.scorer.batch import ScoredDraft
from touchstone.scorer.loading import load_rubric
from touchstone.scorer.scoring import Scorer

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema

MODULUS = 1 << 256


class WrongRows(ValueError):
    """Rows that are no drafts, each with its number in the batch as the line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:20]))
        self.problems = problems

    def __reduce__(self) -> tuple[type["WrongRows"], tuple[list[Problem]]]:
        return WrongRows, (self.problems,)


class BatchScorer:
    """A rubric version and the tasks that were named, ready to score batches of rows. It can be sent to another process or
    machine: patterns are compiled where the first batch comes, once."""

    def __init__(self, rubric: Rubric, tasks: Mapping[str, Task] | None = None) -> None:
        self.rubric, self.tasks = rubric, tasks
        self._scorer: Scorer | None = None

    @classmethod
    def of_file(cls, path: str | Path) -> "BatchScorer":
        """A rubric file, proved. Raises Refused with every line that is wrong, and OSError where it cannot be read."""
        rubric, problems = load_rubric(Path(path).read_bytes(), Path(path).name)
        if rubric is None:
            raise Refused(f"{Path(path).name} is not a valid rubric yet", problems)
        return cls(rubric)

    def __getstate__(self) -> dict[str, Any]:
        return {"rubric": self.rubric, "tasks": self.tasks, "_scorer": None}

    @property
    def schema(self) -> "Schema":
        """The columns of what comes out, pyarrow's: those of a line of `score`, nested as there."""
        import pyarrow

        finding = {"check": pyarrow.string(), "start": pyarrow.int64(), "end": pyarrow.int64(), "text": pyarrow.string()}
        findings = pyarrow.list_(pyarrow.struct({**finding, "message": pyarrow.string(), "differs": pyarrow.bool_()}))
        scores = {
            dimension.key: pyarrow.struct(
                {
                    "value": pyarrow.int64() if _numbers(dimension.values) else pyarrow.string(),
                    "because": pyarrow.string(),
                    "reason": pyarrow.string(),
                    "findings": findings,
                }
            )
            for dimension in self.rubric.dimensions
        }
        return pyarrow.schema(
            {
                "task_id": pyarrow.string(),
                "draft_id": pyarrow.string(),
                "final": pyarrow.float64(),
                "penalty": pyarrow.int64(),
                "scores": pyarrow.struct(scores),
            }
        )

    def score_rows(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """A line of `score` for each row, as a mapping. Raises WrongRows with every row that is no draft, up to a thousand."""
        scorer = self._scorer = self._scorer or Scorer(self.rubric)
        scored, problems = list[dict[str, Any]](), list[Problem]()
        for number, row in enumerate(rows, 1):
            try:
                draft = draft_of_row(row, self.tasks)
            except ValueError as wrong:
                problems.append(Problem(number, str(wrong)))
                if len(problems) == MOST_PROBLEMS:
                    break
                continue
            if not problems:
                score = scorer.score(draft.text, draft.input, draft.extra)
                scored.append(ScoredDraft(draft.task_id, draft.draft_id, score).as_json())
        if problems:
            raise WrongRows(problems)
        return scored

    def score_batch(self, batch: "RecordBatch") -> "RecordBatch":
        """A pyarrow batch of drafts in, a batch of as many scores out, in order. Raises as `score_rows`."""
        return self.as_batch(self.score_rows(batch.to_pylist()))

    def score_batches(self, batches: Iterable["RecordBatch"]) -> Iterator["RecordBatch"]:
        """What `mapInArrow` of Spark calls."""
        for batch in batches:
            yield self.score_batch(batch)

    def as_batch(self, scored: list[dict[str, Any]]) -> "RecordBatch":
        import pyarrow

        return pyarrow.RecordBatch.from_pylist(scored, schema=self.schema)


def _numbers(levels: Iterable[int | str]) -> bool:
    return all(isinstance(level, int) for level in levels)


class LinesDigest:
    """A digest of lines in any order: the sum of their SHA-256, to 256 bits. Equal scores have equal digests however they were
    cut into parts, and a line that is there twice counts twice. It tells runs apart; it is no proof against a forger."""

    def __init__(self, digest: str = "0") -> None:
        self._sum = int(digest, 16)

    def add(self, scored: Mapping[str, Any]) -> None:
        self._sum += int.from_bytes(hashlib.sha256(line_of(scored).encode("utf-8", "surrogatepass")).digest(), "big")

    def join(self, digest: str) -> None:
        """What another digest has, too."""
        self._sum += int(digest, 16)

    def __str__(self) -> str:
        return f"{self._sum % MODULUS:064x}"


def line_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a scored part as `score` has it: a finding says "differs" only where it does."""
    return {
        **row,
        "scores": {
            key: {
                **score,
                "findings": [
                    {name: value for name, value in finding.items() if name != "differs" or value}
                    for finding in score["findings"]
                ],
            }
            for key, score in row["scores"].items()
        },
    }
