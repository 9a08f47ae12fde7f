"""Stores for benchmarks, made in a temporary folder: drafts of the size of real ones, and a round two people label."""

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from db.engine import migrate, open_engine
from workflow.data import task_import
from workflow.people import people
from workflow.rounds import opening
from workflow.rounds.design import RoundDesign

RUBRIC = "tenacious-v1"
ROUND = "benchmark"
WORDS = [
    "we",
    "saw",
    "your",
    "team",
    "open",
    "several",
    "roles",
    "this",
    "quarter",
    "and",
    "wondered",
    "whether",
    "the",
    "work",
    "is",
    "waiting",
    "for",
    "the",
    "people",
    "or",
    "the",
    "people",
    "for",
    "the",
    "work",
    "so",
    "a",
    "short",
    "call",
    "next",
    "week",
    "could",
    "help",
]


def tasks(number: int, prefix: str = "t") -> bytes:
    """A JSONL file of tasks with an input of about 400 bytes each, the same for the same number."""
    dice = random.Random(number)
    return b"".join(
        json.dumps(
            {
                "task_id": f"{prefix}{each}",
                "partition": "bench",
                "dimension": f"d{each % 5}",
                "difficulty": "medium",
                "source_mode": "made",
                "cluster": f"c{each % 50}",
                "input": {
                    "company_signal": sentence(dice, 30),
                    "bench_summary": sentence(dice, 20),
                    "prior_thread": sentence(dice, 15),
                },
            }
        ).encode()
        + b"\n"
        for each in range(number)
    )


def drafts(number: int, prefix: str = "t") -> bytes:
    """One draft of about 770 bytes for each of those tasks."""
    dice = random.Random(number + 1)
    return b"".join(
        json.dumps(
            {
                "task_id": f"{prefix}{each}",
                "draft_id": f"{prefix}{each}-1",
                "author": "made",
                "text": f"Subject: {each}\n\n" + "\n\n".join(sentence(dice, 45) for _ in range(3)),
            }
        ).encode()
        + b"\n"
        for each in range(number)
    )


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(words)).capitalize() + "."


@contextmanager
def new_store(url: str | None = None) -> Iterator[sa.Engine]:
    """A migrated store: at `url`, else a SQLite file in a temporary folder that goes again."""
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as folder:
        engine = open_engine(url or f"sqlite:///{Path(folder) / 'store.db'}")
        try:
            migrate(engine)
            yield engine
        finally:
            engine.dispose()


def with_round(engine: sa.Engine, number: int, name: str = ROUND) -> tuple[people.Person, people.Person]:
    """Two people and an open round of `number` drafts that both label."""
    ana, ben = (people.add_person(None, engine, each) for each in ("ana", "ben"))
    task_import.import_tasks(ana, engine, tasks(number, name), "tasks.jsonl")
    task_import.import_drafts(ana, engine, drafts(number, name), "drafts.jsonl")
    opening.open_round(
        ana,
        engine,
        RoundDesign(name, rubric=RUBRIC, annotators=["ana", "ben"], draft_ids=[f"{name}{each}-1" for each in range(number)]),
    )
    return ana, ben
