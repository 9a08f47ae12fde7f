"""Drafts in Parquet for the tests of scoring at any size, and what is expected of their scores."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from touchstone.data.task import Task
from touchstone.scale.batches import BatchScorer, LinesDigest, line_of_row
from touchstone.scorer.batch import DraftToScore, score_drafts

PROJECT = Path(__file__).resolve().parents[2]
RUBRIC = PROJECT / "rubric_versions" / "tenacious-v3.yml"
ASKS = (
    "Would you be open to a 15-minute call next week?",
    "You closed your $14M Series A 52 days ago, and list 7 open roles.",
    "We have 2 Python engineers available in three weeks.",
    "Curious whether that “pace” holds — once the summer is over.",
)


class Deadly(BatchScorer):
    """Ends the process that it is sent to."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        os._exit(1)


def rows(number: int) -> list[dict[str, Any]]:
    """Drafts that differ, two to a task, each with its task's input."""
    return [
        {
            "task_id": f"t{place // 2}",
            "draft_id": f"d{place}",
            "text": f"Subject: Roles {place}\n\nHi Ada,\n\n{ASKS[place % 4]} {ASKS[place * 7 % 3]}\n\nBest,\nTobias",
            "input": {"company": "Larkspur", "open_roles": place // 2 % 9 + 1, "note": None if place // 2 % 2 else "seed"},
        }
        for place in range(number)
    ]


def written(path: Path, drafts: Sequence[dict[str, Any]], group: int) -> Path:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(drafts)), path, row_group_size=group)
    return path


def digest_of_lines(drafts: Sequence[dict[str, Any]]) -> str:
    """What `score` prints for the same drafts, from their texts and inputs alone."""
    digest = LinesDigest()
    given = [
        DraftToScore(each["task_id"], each["draft_id"], each["text"], {key: v for key, v in each["input"].items() if v}, {})
        for each in drafts
    ]
    for scored in score_drafts(BatchScorer.of_file(RUBRIC).rubric, given):
        digest.add(json.loads(json.dumps(scored.as_json())))
    return str(digest)


def digest_of_parts(folder: Path) -> str:
    """From what stands in the parts, not from what they say of themselves."""
    digest = LinesDigest()
    for part in sorted(folder.glob("*.parquet")):
        for row in pyarrow.parquet.read_table(part).to_pylist():
            digest.add(line_of_row(row))
    return str(digest)


def drafts_there(folder: Path) -> list[str]:
    return [
        row for part in sorted(folder.glob("part-*.parquet")) for row in pyarrow.parquet.read_table(part)["draft_id"].to_pylist()
    ]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "touchstone.cli.main", "score", "--rubric", str(RUBRIC), *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=PROJECT, capture_output=True, text=True, timeout=150)


def one_task(task_id: str, **given: Any) -> dict[str, Task]:
    return {task_id: Task(task_id, given)}
