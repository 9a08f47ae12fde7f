"""The scorer against the settled levels of mails, beside how far two readers agree: 120 by other systems, 80 invented.

    PYTHONPATH=. TOUCHSTONE_SHARED=FOLDER python benchmarks/scorer_on_mails.py [--rubric tenacious-v3] [--wrong]

The levels are in benchmarks/mail_labels, with the invented mails ("voices"); the others are read from FOLDER/mails, ../shared
where the variable is not set, and left out where they are not there. `--wrong` lists every cell that comes out otherwise, with
the line that gave its level.
"""

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import touchstone as ts
from benchmarks.machine import machine
from touchstone.rubric.model import Rubric
from touchstone.scorer.scoring import Score, Scorer
from workflow.rubric import rubrics

PROJECT = Path(__file__).resolve().parents[1]
LABELS = PROJECT / "benchmarks" / "mail_labels"
MAILS = Path(os.environ.get("TOUCHSTONE_SHARED") or PROJECT.parent / "shared") / "mails"
ROUNDS = {"development": MAILS, "held": MAILS, "voices": LABELS}  # and where their texts are


class Cell(NamedTuple):
    """One draft on one dimension: the readers' levels, the settled one, and the scorer's with its reason. `text` is "once" where
    no other mail has the same text but for names and numbers, else "repeated"."""

    draft: str
    text: str
    dimension: str
    readers: tuple[int | None, int | None]  # None: not scorable
    settled: int | None
    score: Score

    @property
    def is_right(self) -> bool:
        return self.score.value == self.settled


def records(folder: Path, pattern: str) -> Iterator[Mapping]:
    for file in sorted(folder.glob(pattern)):
        yield from map(json.loads, file.read_text("utf-8").splitlines())


def cells_of(name: str, scorer: Scorer) -> list[Cell]:
    tasks = {task["task_id"]: task for task in records(ROUNDS[name], "*-tasks.jsonl")}
    scores = {}
    for draft in records(ROUNDS[name], "*-drafts.jsonl"):
        task = tasks[draft["task_id"]]
        extra = {key: value for key, value in task.items() if key not in ("task_id", "input")}
        scores[draft["draft_id"]] = scorer.score(draft["text"], task["input"], extra).scores
    with (LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Cell(
                row["draft_id"],
                row["text"],
                row["dimension"],
                (level(row["reader_1"]), level(row["reader_2"])),
                level(row["settled"]),
                scores[row["draft_id"]][row["dimension"]],
            )
            for row in csv.DictReader(file)
        ]


def level(text: str) -> int | None:
    return int(text) if text else None


def kappa(cells: list[Cell], pairs: list[tuple[object, object]], levels: tuple[int | str, ...]) -> str:
    """Unweighted kappa of two labels a draft, with its 95 % interval."""
    rows = [
        {"unit": cell.draft, "annotator": who, "dimension": "d", "value": value}
        for cell, pair in zip(cells, pairs, strict=True)
        for who, value in zip(("one", "other"), pair, strict=True)
        if value is not None
    ]
    estimate = ts.agreement(rows, levels=list(levels))["d"].as_json()["pairs"][0]["kappa"]["unweighted"]
    if estimate["value"] is None:
        return f"undefined ({estimate['reason']})"
    return f"{estimate['value']:.2f} [{estimate['low']:.2f}, {estimate['high']:.2f}]"


def print_round(name: str, cells: list[Cell], rubric: Rubric) -> None:
    right = sum(cell.is_right for cell in cells)
    drafts = len({cell.draft for cell in cells})
    print(f"{rubric.name} on {name}: {drafts} drafts, {right} of {len(cells)} cells right ({100 * right / len(cells):.1f} %)")
    for text, about in (("once", "whose text occurs once"), ("repeated", "that are copies of nine texts")):
        mine = [cell for cell in cells if cell.text == text]
        share = sum(cell.is_right for cell in mine)
        if not mine or len(mine) == len(cells):
            continue
        print(f"  {len({cell.draft for cell in mine})} {about}: {share} of {len(mine)} ({100 * share / len(mine):.1f} %)")
    print(f"  {'dimension':24} {'right':>6}  {'kappa with the settled':24} the readers' own kappa")
    for dimension in rubric.dimensions:
        mine = [cell for cell in cells if cell.dimension == dimension.key]
        own = kappa(mine, [cell.readers for cell in mine], dimension.values)
        scorer = kappa(mine, [(cell.settled, cell.score.value) for cell in mine], dimension.values)
        print(f"  {dimension.key:24} {sum(cell.is_right for cell in mine):3} of {len(mine)} {scorer:24} {own}")


def main() -> None:
    chosen = sys.argv[sys.argv.index("--rubric") + 1] if "--rubric" in sys.argv else "tenacious-v3"
    rubric, problems, _ = rubrics.read_file(rubrics.FOLDER / f"{chosen}.yml")
    if rubric is None:
        sys.exit("\n".join(map(str, problems)))
    print(machine())
    scorer = Scorer(rubric)
    for name, folder in ROUNDS.items():
        if not folder.is_dir():
            print(f"{name}: its mails are not at {folder}; set TOUCHSTONE_SHARED to the folder that holds mails/")
            continue
        cells = cells_of(name, scorer)
        print_round(name, cells, rubric)
        for cell in cells if "--wrong" in sys.argv else ():
            if not cell.is_right:
                why = cell.score.because or cell.score.reason
                print(f"    {cell.draft} {cell.dimension}: settled {cell.settled}, scored {cell.score.value} ({why})")


if __name__ == "__main__":
    main()
