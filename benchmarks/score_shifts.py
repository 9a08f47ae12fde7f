"""Delta A and Delta B of the seed as what they are, shifts between two scores, beside agreement with people: docs/benchmarks.md.

The folder that TOUCHSTONE_SHARED names has them in `seed/`: `ablation_results.json` (a score of the judge and of what it was
held beside for each of 40 tasks, twice; the seed's own file, by that name in its repository) and `preference_pairs_v3.jsonl`, the
pairs that its judge was taught with. No label of a person is among them, so what a shift is worth is shown on `judging/cebab`,
where people's are. Of your own scores: python manage.py judge shifts FILE. Nothing of their texts is printed or kept.

Run: PYTHONPATH=. TOUCHSTONE_SHARED=FOLDER python benchmarks/score_shifts.py
"""

import json
import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.judges import cebab, held_by
from benchmarks.machine import machine
from touchstone.agreement.figure import in_words, short
from touchstone.judging.controls import layout_of
from touchstone.judging.ordinal_head import folds, out_of_fold
from touchstone.judging.shifts.score_shifts import ShiftBesidePeople, beside_people
from touchstone.judging.shifts.table import shift_lines
from touchstone.preferences.layout_only import layout_accuracy
from touchstone.preferences.training_pairs import DraftOfPair, TrainingPair

TOP = 1.0
DELTAS = {"delta_a": "Delta A: judge − scorer", "delta_b": "Delta B: adapter − backbone"}


def main() -> int:
    named = os.environ.get("TOUCHSTONE_SHARED", "")
    if not named:
        print("no scores to show shifts of: set TOUCHSTONE_SHARED to the folder that holds seed/ and judging/")
        return 0
    folder = Path(named)
    print(machine())
    for path, show in (
        (folder / "seed" / "ablation_results.json", show_deltas),
        (folder / "seed" / "preference_pairs_v3.jsonl", show_pairs),
        (folder / "judging" / "cebab" / "labels.csv", lambda path: show_with_people(path.parents[1])),
    ):
        if path.is_file():
            show(path)
        else:
            print(f"{path.relative_to(folder)} is not there, so it is left out")
    return 0


def show_deltas(path: Path) -> None:
    rows = json.loads(path.read_text(encoding="utf-8"))["results"]
    of_judge: dict[str, dict[str, float]] = {}
    for key, name in DELTAS.items():
        own = [row for row in rows if row["delta"] == key]
        new, old = ([float(row[which]) for row in own] for which in ("judge_score", "deterministic_score"))
        tell(beside_people(name, new, old, [row["task_id"] for row in own], top=TOP))
        of_judge[key] = dict(zip([row["task_id"] for row in own], new, strict=True))
    first, second = of_judge.values()
    both = sorted(first.keys() & second.keys())
    other = sum(first[task] != second[task] for task in both)
    print(
        f"the judge's own scores differ between the two in {other} of {len(both)} tasks (means "
        f"{np.mean([*first.values()]):.3f} and {np.mean([*second.values()]):.3f}): "
        "so they are not of the same texts, judged in the same way"
    )


def show_pairs(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [pair_of(at, row) for at, row in enumerate(rows)]
    same = sum(pair.chosen.text.split() == pair.rejected.text.split() for pair in pairs)
    left = [pair for pair in pairs if pair.chosen.text.split() != pair.rejected.text.split()]
    tasks = len({pair.task for pair in pairs})
    print(f"the seed's {len(pairs)} pairs are of {tasks} tasks; {same} have the same text on both sides")
    print(f"  layout alone tells chosen from rejected in {in_words(layout_accuracy(left))} of the others")


def pair_of(at: int, row: dict) -> TrainingPair:
    chosen, rejected = (
        DraftOfPair(f"{at} {side}", row["task_id"], row["task_id"], None, "", row[side]["output"])
        for side in ("chosen", "rejected")
    )
    return TrainingPair(chosen, rejected, Fraction(0), "")


def show_with_people(folder: Path) -> None:
    """CEBaB's stars: the trained judge beside one that sees layout alone, and the highest score throughout beside the judge."""
    stars = cebab(folder)[0]
    units = sorted({unit for own in stars.people.values() for unit in own})
    held = held_by(stars, dict.fromkeys(units, stars.levels[0]))
    steps, fold = np.arange(held.q) / (held.q - 1), folds(held.cluster)
    people = held.counts @ steps / held.counts.sum(axis=1)
    texts = [stars.text_of[unit] for unit in held.units]
    judge, layout = (out_of_fold(given, held.counts, fold).probabilities @ steps for given in (texts, layout_of(texts)))
    clusters = [stars.task_of[unit] for unit in held.units]
    print("CEBaB stars, of the scale from 0 to 1, with people's labels:")
    for name, new, old in named_scores(judge, layout):
        tell(beside_people(name, new, old, clusters, people, TOP))


def named_scores(judge: np.ndarray, layout: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    yield "TF-IDF judge − layout alone", judge, layout
    yield "highest score throughout − TF-IDF judge", np.full(len(judge), TOP), judge
    yield "TF-IDF judge, .05 higher − TF-IDF judge", judge + 0.05, judge


def tell(made: ShiftBesidePeople) -> None:
    for line in shift_lines([made]):
        print(line)
    if made.new_order.value is not None and made.shift.mean.value is not None:
        gained = made.new_order.value - made.old_order.ends.value
        print(f"  so {short(made.shift.mean.value)} of shift, and {short(gained)} of order")


if __name__ == "__main__":
    sys.exit(main())
