"""How often 95 % intervals of three annotators or more, and of pools, hold the true value.

    python benchmarks/coverage_of_many.py [TABLES] [--quick] [--settings FILE]

A unit has a true level. An annotator knows it with a chance that is the same for all, else guesses by how common the levels are
(far errors), or says a neighbour (near errors). The true value of each coefficient is that of 400,000 units. Each setting is
simulated TABLES times (1,000), and `formulas.draws` gives the interval, with 1,000 draws instead of 4,000. Tables on which a
coefficient is undefined are left out and their share is printed; "over" is how often the whole interval is over the true value:
the chance of a false "meets" at a threshold just above it.

FILE holds settings as JSON: `tag`, `levels`, `annotators`, `n`, `cells` (pattern, probability), `truth` (coefficient, value).
A setting fails at two standard errors under .90. `--quick`: 200 tables, every fourth setting.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import aim, machine
from touchstone.agreement import formulas
from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.intervals import ends_of, sorted_draws

WANTED = 0.90
DRAWS = 1_000
UNITS = 400_000
OF_MANY = [
    Coefficient.parse(key) for key in ("alpha nominal", "alpha ordinal", "alpha interval", "ac unweighted", "kappa unweighted")
]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Setting:
    """`draw(rng, n)` gives the patterns (n, annotators) of n units, -1 where a label is missing."""

    tag: str
    levels: tuple[int, ...]
    n: int
    draw: Callable[[np.random.Generator, int], Codes]
    truth: Mapping[Coefficient, float]


def world(q: int, m: int, knows: float, common: float, near: bool, given: int) -> Callable[[np.random.Generator, int], Codes]:
    """Units of m annotators of whom `given` label each: all, or a pool."""
    shares = np.full(q, (1 - common) / (q - 1))
    shares[0] = common

    def draw(rng: np.random.Generator, n: int) -> Codes:
        true = rng.choice(q, size=(n, 1), p=shares)
        step = np.where(rng.random((n, m)) < 0.5, 1, -1)
        beside = np.where((true + step < 0) | (true + step >= q), true - step, true + step)
        other = beside if near else rng.choice(q, size=(n, m), p=shares)
        codes = np.where(rng.random((n, m)) < knows, true, other)
        if given < m:
            codes[np.argsort(rng.random((n, m)), axis=1) >= given] = -1
        return codes

    return draw


def patterns_of_codes(codes: Codes, levels: Sequence[int]) -> formulas.Patterns:
    rows, counts = np.unique(codes, axis=0, return_counts=True)
    histogram = {
        tuple(None if code < 0 else code for code in row): int(n) for row, n in zip(rows.tolist(), counts.tolist(), strict=True)
    }
    return formulas.patterns_of(histogram, range(codes.shape[1]), levels)


def own_settings() -> Iterator[Setting]:
    truths = np.random.default_rng(1)
    designs: list[tuple[int, int, float, float, bool, int]] = []
    for m, q in ((3, 2), (3, 4), (3, 7), (4, 2), (4, 5), (6, 3), (6, 7)):
        for knows, near in ((0.8, False), (0.95, False), (0.9, True)):
            if q > 2 or not near:
                designs += [(q, m, knows, common, near, m) for common in (1 / q, 0.95)]
    designs += [(q, m, 0.9, common, False, given) for m, given, q, common in ((5, 2, 2, 0.5), (5, 2, 4, 0.7), (4, 3, 3, 0.5))]
    for q, m, knows, common, near, given in designs:
        levels = tuple(range(q))
        draw = world(q, m, knows, common, near, given)
        truth = formulas.points(patterns_of_codes(draw(truths, UNITS), levels), OF_MANY)
        for n in (12, 30, 80) if given == m else (30, 80):
            pool = f" of {m}" if given < m else ""
            tag = (
                f"{given}{pool} annotators, {q} levels, {'near' if near else 'far'}, know {knows:.2f}, common {common:.2f}, n={n}"
            )
            yield Setting(tag, levels, n, draw, truth)


def given_cells(cells: Codes, shares: NDArray[np.float64], rng: np.random.Generator, n: int) -> Codes:
    return cells[rng.choice(len(cells), size=n, p=shares)]


def settings_of(path: Path) -> Iterator[Setting]:
    for item in json.loads(path.read_text(encoding="utf-8")):
        place = {level: code for code, level in enumerate(item["levels"])}
        cells = np.array([[-1 if level is None else place[level] for level in cell] for cell, _ in item["cells"]])
        shares = np.array([share for _, share in item["cells"]])
        truth = {Coefficient.parse(key): value for key, value in item["truth"].items()}
        yield Setting(item["tag"], tuple(item["levels"]), item["n"], partial(given_cells, cells, shares / shares.sum()), truth)


@dataclass
class Tally:
    """What became of one coefficient's intervals in one setting."""

    tables: int
    defined: int = 0
    held: int = 0
    over: int = 0
    width: float = 0.0

    @property
    def judged(self) -> bool:
        return self.defined >= self.tables / 2

    @property
    def coverage(self) -> float:
        return self.held / self.defined

    @property
    def is_short(self) -> bool:
        """At two standard errors under what is wanted."""
        return self.judged and self.coverage + 2 * np.sqrt(WANTED * (1 - WANTED) / self.defined) < WANTED

    def __str__(self) -> str:
        if not self.defined:
            return "  undefined in every table            "
        remark = "SHORT" if self.is_short else "" if self.judged else "not judged"
        shares = f"{self.coverage:8.3f} {self.over / self.defined:5.3f}  {self.width / self.defined:5.3f}"
        return f"  {shares}  {1 - self.defined / self.tables:9.2f}  {remark:10}"


def simulated(setting: Setting, tables: int, seed: int) -> dict[Coefficient, Tally]:
    rng, found = np.random.default_rng(seed), {coefficient: Tally(tables) for coefficient in setting.truth}
    for _ in range(tables):
        patterns = patterns_of_codes(setting.draw(rng, setting.n), setting.levels)
        points = formulas.points(patterns, list(setting.truth))
        for coefficients in formulas.drawn_together(patterns, setting.truth):
            whole = formulas.smoothed(patterns, coefficients[0])
            batches = [formulas.batch_of(whole, gamma) for gamma in formulas.drawn_tables(whole, DRAWS)]
            for coefficient in coefficients:
                if np.isnan(points[coefficient]):
                    continue
                drawn = sorted_draws([formulas.values_of(batch, whole, coefficient) for batch in batches])
                low, high = ends_of(points[coefficient], drawn)
                tally, true = found[coefficient], setting.truth[coefficient]
                tally.defined += 1
                tally.held += low <= true <= high
                tally.over += low > true
                tally.width += high - low
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="?", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--settings", type=Path)
    given = parser.parse_args()
    tables = given.tables or (200 if given.quick else 1_000)
    settings = list(settings_of(given.settings) if given.settings else own_settings())
    settings = settings[:: 4 if given.quick and not given.settings else 1]
    print(machine())
    print("  coverage  over  width  undefined              coefficient       setting")
    tallies: list[Tally] = []
    for seed, setting in enumerate(settings):
        for coefficient, tally in simulated(setting, tables, seed).items():
            tallies.append(tally)
            print(f"{tally}  {coefficient!s:16}  {setting.tag}", flush=True)
    judged = [tally for tally in tallies if tally.judged]
    good = sum(not tally.is_short for tally in judged)
    falsely = max((tally.over / tally.defined for tally in judged), default=0.0)
    print(aim(f"coverage not two standard errors under {WANTED:.2f}: {good} of {len(judged)}", "all", good == len(judged)))
    print(aim(f'false "meets" just under the threshold: at most {falsely:.3f}', "under .05", falsely < 0.05))


if __name__ == "__main__":
    main()
