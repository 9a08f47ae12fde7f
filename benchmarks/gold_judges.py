"""Judges trained on gold, on labels of people that lie outside the project: how each stands, its learning curve, whether the gain
that it foretells comes, and how long it takes to train and to judge one draft.

As benchmarks/judges.py: `cebab` in the folder that TOUCHSTONE_SHARED names, tasks whole in five folds, nothing of the texts kept.

Run: PYTHONPATH=. TOUCHSTONE_SHARED=FOLDER python benchmarks/gold_judges.py
"""

import os
import statistics
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from benchmarks.judges import Labelled, cebab, held_by
from benchmarks.machine import machine
from touchstone.agreement.figure import in_words, short, signed
from touchstone.judging.controls import trained_controls
from touchstone.judging.ordinal_head import folds
from touchstone.judging.report import judge_report
from touchstone.judging.training.gold_head import Readings, passing_of, train_on_gold
from touchstone.judging.training.kept_head import head_bytes, head_from
from touchstone.judging.training.learning_curve import learning_curve
from touchstone.judging.training.readiness import missing_of

SIZES = (250, 500, 1_000, 2_000)


def some_of(of: Labelled, number: int) -> list[str]:
    """Units of so many drafts, tasks whole, the same each time; of a larger number those of a smaller one and more."""
    tasks = sorted(set(of.task_of.values()), key=lambda task: sha256(task.encode()).digest())
    units: list[str] = []
    by_task: dict[str, list[str]] = {}
    labelled = {unit for own in of.people.values() for unit in own}
    for unit in sorted(labelled):
        by_task.setdefault(of.task_of[unit], []).append(unit)
    for task in tasks:
        if len(units) >= number:
            break
        units += by_task.get(task, [])
    return units


def on(of: Labelled, number: int) -> float:
    """Train on so many drafts and print how it stands and what its curve foretells; its kappa."""
    held = held_by(of, dict.fromkeys(some_of(of, number), of.levels[0]))
    rising, fold = np.argsort(held.values, kind="stable"), folds(held.cluster)
    readings = Readings([of.text_of[unit] for unit in held.units], np.zeros((len(held.units), 0)))
    begun = time.perf_counter()
    made = train_on_gold(readings, (), held.counts[:, rising], fold, of.scale)
    trained = time.perf_counter() - begun
    features = {"length": of.length_of, "layout": of.layout_of}
    passing = None if of.cut is None else passing_of(made.held_out, [level >= of.cut for level in of.levels])
    judged = replace(held, judge=rising[made.held_out.levels], passing=passing)
    rows = {name: np.array([each[unit] for unit in held.units]) for name, each in features.items()}
    report = judge_report(judged, trained_controls(judged, rows), cut=of.cut)
    begun = time.perf_counter()
    curve = learning_curve(held, readings, rising, fold, made.scores)
    print(f"{of.name}, {len(held.units):,} drafts: kappa {in_words(report.judge)}, less a person's {signed(report.difference)}")
    missing = "; ".join(missing_of(report, len(held.level))) or "nothing"
    print(f"  trained in {trained:.1f} s, its curve in {time.perf_counter() - begun:.1f} s; missing: {missing}")
    if (found := report.pass_fail) is not None:
        brier = f"{in_words(found.brier)} (base {short(found.base)})"
        print(f"  pass: AUC {in_words(found.auc)}, Brier {brier}, ECE {in_words(found.ece)}")
    print("  curve: " + ", ".join(f"{each.drafts:,} {in_words(each.kappa)}" for each in curve.points))
    print(f"  {curve.sentence}")
    if number == SIZES[-1]:
        show_giving(head_bytes(made.head), readings)
    return report.judge.ends.value


def show_giving(kept: bytes, readings: Readings) -> None:
    begun = time.perf_counter()
    head = head_from(kept)
    read, took = time.perf_counter() - begun, []
    for at in range(min(1_000, len(readings.texts))):
        one = readings.some(np.array([at]))
        begun = time.perf_counter()
        head.gives(one)
        took.append(1_000 * (time.perf_counter() - begun))
    cuts = statistics.quantiles(took, n=100)
    print(f"  kept in {len(kept):,} bytes, read in {1_000 * read:.0f} ms; one draft p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms")


def main() -> int:
    folder = Path(os.environ.get("TOUCHSTONE_SHARED", "")) / "judging"
    if not os.environ.get("TOUCHSTONE_SHARED") or not folder.is_dir():
        told = folder if os.environ.get("TOUCHSTONE_SHARED") else "TOUCHSTONE_SHARED is not set"
        print(f"no gold to train on ({told}): set TOUCHSTONE_SHARED to the folder that holds judging/")
        return 0
    print(machine())
    stars, food = cebab(folder)
    kappas = [on(stars, number) for number in SIZES]
    gains = [f"{low:,} to {high:,} {b - a:+.2f}" for low, high, a, b in zip(SIZES, SIZES[1:], kappas, kappas[1:], strict=False)]
    print(f"what twice the drafts did bring: {', '.join(gains)}")
    on(food, SIZES[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
