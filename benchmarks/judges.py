"""Judges and controls on labels of people that lie outside the project: the table of docs/benchmarks.md, split by task.

The folder of labels is `judging/` in the folder that TOUCHSTONE_SHARED names. Of `cebab` (reviews; stars and food, five people a
cell) and `pandalm` (pairs of answers; preference of three people). Nothing of their texts is printed or kept.

With the extra `embed` (.venv-embed, which `make test-embed` makes) there is a head by meaning, too.

Run: PYTHONPATH=. TOUCHSTONE_SHARED=FOLDER .venv-embed/bin/python benchmarks/judges.py
"""

import csv
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.machine import aim, machine
from touchstone.agreement.figure import in_words, short, signed
from touchstone.agreement.label_table import DeclaredDimension
from touchstone.comparison.classification import below
from touchstone.embedding import NAME, embedder, is_installed
from touchstone.judging.controls import LAYOUT, LENGTH, layout_of, length_of, trained_controls
from touchstone.judging.held import HeldLabels, hold
from touchstone.judging.ordinal_head import folds, out_of_fold, words_of
from touchstone.judging.population import population_mean
from touchstone.judging.report import JudgeReport, judge_report
from touchstone.judging.seat_tables import DRAWS, tables_of

CROWD, EXPERT = 0.1, 0.2
LABELLED, SAMPLES = 100, 300


class Labelled(NamedTuple):
    """One dimension of one data set: levels of people by person and unit, the task of each unit, and what heads are trained on:
    the text of a unit, the features of two controls, and its sides: one text, or a pair's two."""

    name: str
    levels: tuple
    scale: str
    weights: str
    epsilon: float
    cut: int | None
    people: Mapping[str, Mapping[str, int | str]]
    task_of: Mapping[str, str]
    text_of: Mapping[str, str]
    length_of: Mapping[str, Sequence[float]]
    layout_of: Mapping[str, Sequence[float]]
    sides_of: Mapping[str, tuple[str, ...]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_unit(units: Iterable[str], values: Sequence) -> dict:
    return dict(zip(units, values, strict=True))


def given(path: Path, unit: str, dimension: str) -> dict[str, dict[str, str]]:
    people: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(path):
        if row["dimension"] == dimension:
            people[row["annotator"]][row[unit]] = row["value"]
    return people


def cebab(folder: Path) -> list[Labelled]:
    drafts = rows(folder / "cebab" / "drafts.csv")
    texts = {row["draft_id"]: row["text"] for row in drafts}
    tasks = {row["draft_id"]: row["task_id"] for row in drafts}
    length, layout = (by_unit(texts, made(list(texts.values())).tolist()) for made in (length_of, layout_of))
    stars = given(folder / "cebab" / "labels.csv", "draft_id", "stars")
    numbers = {who: {unit: int(value) for unit, value in own.items()} for who, own in stars.items()}
    food = given(folder / "cebab" / "labels.csv", "draft_id", "food")
    more = (tasks, texts, length, layout, {unit: (text,) for unit, text in texts.items()})
    return [
        Labelled("cebab stars", (1, 2, 3, 4, 5), "ordinal", "quadratic", CROWD, 4, numbers, *more),
        Labelled("cebab food", ("Negative", "unknown", "Positive"), "nominal", "unweighted", CROWD, None, food, *more),
    ]


def pandalm(folder: Path) -> list[Labelled]:
    """A pair is judged by how its two answers differ: features of a less those of b, and the words of each marked."""
    pairs = rows(folder / "pandalm" / "pairs.csv")
    names = [row["pair_id"] for row in pairs]
    sides = [[row[f"text_{side}"] for row in pairs] for side in "ab"]
    length, layout = (by_unit(names, (made(sides[0]) - made(sides[1])).tolist()) for made in (length_of, layout_of))
    marked = [" ".join(f"{side}x{word}" for side in "ab" for word in words_of(row[f"text_{side}"])) for row in pairs]
    return [
        Labelled(
            "pandalm preference",
            ("a", "tie", "b"),
            "ordinal",
            "unweighted",
            EXPERT,
            None,
            given(folder / "pandalm" / "labels.csv", "pair_id", "preference"),
            {row["pair_id"]: row["task_id"] for row in pairs},
            by_unit(names, marked),
            length,
            layout,
            by_unit(names, zip(*sides, strict=True)),
        )
    ]


def vectors(of: Labelled, units: Sequence[str]) -> np.ndarray:
    """(n, 384) of each unit's text by what it means; of a pair, that of a less that of b."""
    first, *rest = (embedder().vectors(texts) for texts in zip(*(of.sides_of[unit] for unit in units), strict=True))
    return (first - rest[0] if rest else first).astype(float)


def held_by(of: Labelled, judge: Mapping[str, int | str], passing: Mapping[str, float] | None = None) -> HeldLabels:
    return hold(judge, of.people, of.levels, scale=of.scale, weights=of.weights, cluster_of=of.task_of, passing=passing)


def table(of: Labelled) -> None:
    units = sorted({unit for own in of.people.values() for unit in own})
    constant = held_by(of, dict.fromkeys(units, of.levels[0]))
    features = {LENGTH: of.length_of, LAYOUT: of.layout_of}
    rows_of = {name: np.array([each[unit] for unit in units]) for name, each in features.items()}
    controls = trained_controls(constant, rows_of)
    fold = folds(constant.cluster)
    heads = {"TF-IDF + head": out_of_fold([of.text_of[unit] for unit in units], constant.counts, fold, scale=of.scale)}
    if is_installed():
        rows = vectors(of, units)
        heads[f"{NAME} + head"] = out_of_fold(rows, constant.counts, fold, scale=of.scale, even=False)
    most = of.levels[int(constant.counts.sum(axis=0).argmax())]
    shares = constant.counts.sum(axis=0) / constant.counts.sum()
    drawn = np.random.default_rng(1).choice(len(of.levels), size=len(units), p=shares)
    shown = {name: trained_levels for name, trained_levels in controls.levels.items() if name in features}
    named = {"random": drawn, **shown, **{name: head.levels for name, head in heads.items()}}
    judges = {"constant": dict.fromkeys(units, most)}
    judges |= {name: by_unit(units, [of.levels[at] for at in each]) for name, each in named.items()}
    passing = {}
    if of.cut is not None:
        fails = below(DeclaredDimension("", of.scale, of.levels), of.cut)
        over = np.array([level not in fails for level in of.levels])
        passing = {
            name: by_unit(units, head.probabilities[:, over].sum(axis=1).clip(0, 1).tolist()) for name, head in heads.items()
        }
    tasks = len({of.task_of[unit] for unit in units})
    kind = f"{of.weights} kappa, epsilon {short(of.epsilon)}"
    print(f"{of.name}: {len(units):,} units of {tasks:,} tasks, {len(of.people)} people, {kind}")
    for name, judge in judges.items():
        own = passing.get(name)
        held = held_by(of, judge, own)
        report = judge_report(held, trained_controls(held, rows_of), epsilon=of.epsilon, cut=of.cut)
        print(line(name, report))
        if own and report.pass_fail:
            show_pass(report)
    timed(constant)


def line(name: str, report: JudgeReport) -> str:
    test = report.alt_test
    passed = "passed" if test.passes else "not passed"
    alt = "–" if test.omega is None else f"{passed}, omega {short(test.omega)}, power {short(test.power)}"
    return (
        f"  {name:14} {in_words(report.judge):18} person {in_words(report.person):18} {signed(report.difference):20} "
        f"{report.stand_in.verdict:18} alt-test {alt}"
    )


def show_pass(report: JudgeReport) -> None:
    found = report.pass_fail
    half = next(each.wrong for each in found.risk if each.coverage == 0.5)
    print(
        f"    pass at or over {found.cut}: AUC {in_words(found.auc)}, Brier {in_words(found.brier)} (base {short(found.base)}), "
        f"ECE {in_words(found.ece)}, wrong {short(found.risk[0].wrong)}, in the surest half {short(half)}"
    )


def timed(held: HeldLabels) -> None:
    tables = tables_of(held)
    kept = np.ones(len(tables.names), dtype=bool)
    begun = time.perf_counter()
    tables.draws(kept)
    took = time.perf_counter() - begun
    print(aim(f"{DRAWS:,} draws of {len(tables.names)} seats: {took:.2f} s", "under 2 s", took < 2))


def population(of: Labelled) -> None:
    """The mean of all units from LABELLED of them with labels of people, and a judge on the rest: how often the interval has the
    mean that all labels give, and how much shorter it is."""
    units = sorted({unit for own in of.people.values() for unit in own})
    held = held_by(of, dict.fromkeys(units, of.levels[0]))
    judge = out_of_fold([of.text_of[unit] for unit in units], held.counts, folds(held.cluster), scale=of.scale).levels
    truth, f = held.counts @ np.arange(len(of.levels)) / held.counts.sum(axis=1), judge.astype(float)
    rng, covered, worth = np.random.default_rng(2), 0, []
    for _ in range(SAMPLES):
        order = rng.permutation(len(units))
        some, rest = order[:LABELLED], order[LABELLED:]
        made = population_mean(truth[some], f[some], f[rest], held.cluster[some], held.cluster[rest])
        covered += made.both.low <= truth.mean() <= made.both.high
        worth.append(made.worth)
    off = f.mean() - truth.mean()
    print(f"{of.name}, mean level: {LABELLED} units with labels of people, {len(units) - LABELLED:,} of the head alone:")
    sure = LABELLED * np.median(worth)
    print(f"  PPI++ covers it in {covered / SAMPLES:.3f} of {SAMPLES} draws, as sure as {sure:.0f} such units;")
    print(f"  the mean of the head's own levels is off by {off:+.3f}, whatever its number")


def main() -> int:
    folder = Path(os.environ.get("TOUCHSTONE_SHARED", "")) / "judging"
    if not os.environ.get("TOUCHSTONE_SHARED") or not folder.is_dir():
        told = folder if os.environ.get("TOUCHSTONE_SHARED") else "TOUCHSTONE_SHARED is not set"
        print(f"no labels to hold judges against ({told}): set TOUCHSTONE_SHARED to the folder that holds judging/")
        return 0
    print(machine())
    found = [*cebab(folder), *pandalm(folder)]
    for each in found:
        table(each)
    population(found[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
