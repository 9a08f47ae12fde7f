"""How often 95 % intervals hold the true value: of two annotators on three to ten levels, of three or more, and of pools.

    python benchmarks/coverage_of_many.py [TABLES] [--quick] [--two] [--least] [--settings FILE]

`coverage.py` has the kappas of two annotators who differ as chance has it. Here a unit has a true level. An annotator knows it
with a chance that is the same for all, else guesses by how common the levels are (far errors), or says a neighbour (near errors);
or all cut one normal scale at equal shares, each with an error of half its standard deviation (scale). The true value of each
coefficient is that of 400,000 units. Each setting is simulated TABLES times (1,000), and `formulas.quantiles_of` gives the
interval, with 1,000 draws instead of 4,000. Tables on which a coefficient is undefined are left out and their share is printed;
"over" is how often the whole interval is over the true value: the chance of a false "meets" at a threshold just above it.

FILE holds settings as JSON: `tag`, `levels`, `annotators`, `n`, `cells` (pattern, probability), `truth` (coefficient, value).
A setting fails at two standard errors under .90. `--quick`: 200 tables, every fourth setting. `--two`: two annotators only.
`--least`: only the false "meets" of three to six annotators on 6 to 40 units, by which the least units for a verdict were chosen;
with `--two` of two annotators on 4 to 30 units. The most frequent false "meets" and "below" of each size stand at the end.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import aim, machine
from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation import formulas
from touchstone.agreement.estimation.intervals import ENDS, holding

WANTED = 0.90
DRAWS = 1_000
UNITS = 400_000
OF_MANY, OF_TWO = (
    [Coefficient.parse(key) for key in keys]
    for keys in (
        ("alpha nominal", "alpha ordinal", "alpha interval", "ac unweighted", "kappa unweighted"),
        ("kappa unweighted", "kappa linear", "kappa quadratic", "alpha ordinal", "alpha interval", "ac quadratic"),
    )
)
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


def scale(q: int, m: int) -> Callable[[np.random.Generator, int], Codes]:
    """Units on a normal scale that m annotators cut into q levels of equal shares, each with an error of their own."""
    error = 0.5
    cuts = np.array([NormalDist(0, (1 + error**2) ** 0.5).inv_cdf(level / q) for level in range(1, q)])

    def draw(rng: np.random.Generator, n: int) -> Codes:
        return np.searchsorted(cuts, rng.standard_normal((n, 1)) + error * rng.standard_normal((n, m)))

    return draw


class Design(NamedTuple):
    """Settings that differ in the number of units alone."""

    tag: str
    q: int
    draw: Callable[[np.random.Generator, int], Codes]
    coefficients: Sequence[Coefficient]
    sizes: Sequence[int]


def guessing(m: int, q: int, knows: float, near: bool, common: float, given: int | None = None) -> Design:
    pool = f"{given} of {m}" if given else str(m)
    tag = f"{pool} annotators, {q} levels, {'near' if near else 'far'}, know {knows:.2f}, common {common:.2f}"
    coefficients, sizes = (OF_TWO, (12, 30, 80, 200)) if m == 2 else (OF_MANY, (30, 80) if given else (12, 30, 80))
    return Design(tag, q, world(q, m, knows, common, near, given or m), coefficients, sizes)


def designs(two: bool) -> Iterator[Design]:
    for q in (2, 3, 4, 5, 7, 10):
        for knows, near in ((0.9, False), (0.8, True), (0.9, True)):
            if q > 2 or not near:
                yield from (guessing(2, q, knows, near, common) for common in (1 / q, 0.7, 0.95))
        yield Design(f"2 annotators, {q} levels, scale", q, scale(q, 2), OF_TWO, (12, 30, 80, 200))
    for m, q in () if two else ((3, 2), (3, 4), (3, 7), (4, 2), (4, 5), (6, 3), (6, 7)):
        for knows, near in ((0.8, False), (0.95, False), (0.9, True)):
            if q > 2 or not near:
                yield from (guessing(m, q, knows, near, common) for common in (1 / q, 0.95))
    for m, given, q, common in () if two else ((5, 2, 2, 0.5), (5, 2, 4, 0.7), (4, 3, 3, 0.5)):
        yield guessing(m, q, 0.9, False, common, given)


def few_units_of_two() -> Iterator[Design]:
    for q in (2, 3, 4, 5):
        for knows in (0.5, 0.8, 0.95):
            for common in (1 / q, 0.7):
                design = guessing(2, q, knows, False, common)
                yield design._replace(coefficients=(Coefficient("kappa", "unweighted"),), sizes=(4, 8, 12, 15, 20, 25, 30))


def few_units() -> Iterator[Design]:
    alphas = OF_MANY[:3]
    for m, q in ((3, 2), (3, 3), (3, 5), (4, 2), (6, 4)):
        for knows, near in ((0.7, False), (0.9, False), (0.9, True)):
            if q > 2 or not near:
                for common in (1 / q, 0.8, 0.95):
                    yield guessing(m, q, knows, near, common)._replace(coefficients=alphas, sizes=(6, 10, 15, 20, 30, 40))


def own_settings(chosen: Iterable[Design]) -> Iterator[Setting]:
    truths = np.random.default_rng(1)
    for design in chosen:
        levels = tuple(range(design.q))
        truth = formulas.points(patterns_of_codes(design.draw(truths, UNITS), levels), design.coefficients)
        for n in design.sizes:
            yield Setting(f"{design.tag}, n={n}", levels, n, design.draw, truth)


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
    under: int = 0
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
        drawn = formulas.quantiles_of(patterns, list(setting.truth), ENDS, number=DRAWS)
        for coefficient, ends in drawn.items():
            if np.isnan(points[coefficient]):
                continue
            low, high = holding(points[coefficient], *ends)
            tally, true = found[coefficient], setting.truth[coefficient]
            tally.defined += 1
            tally.held += low <= true <= high
            tally.over += low > true
            tally.under += high < true
            tally.width += high - low
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="?", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--two", action="store_true")
    parser.add_argument("--least", action="store_true")
    parser.add_argument("--settings", type=Path)
    given = parser.parse_args()
    tables = given.tables or (200 if given.quick else 1_000)
    least = few_units_of_two if given.two else few_units
    chosen = least() if given.least else designs(given.two)
    settings = list(settings_of(given.settings) if given.settings else own_settings(chosen))
    settings = settings[:: 4 if given.quick and not given.settings else 1]
    print(machine())
    print("  coverage  over  width  undefined              coefficient       setting")
    tallies: list[Tally] = []
    sizes: list[int] = []
    for seed, setting in enumerate(settings):
        for coefficient, tally in simulated(setting, tables, seed).items():
            tallies.append(tally)
            sizes.append(setting.n)
            print(f"{tally}  {coefficient!s:16}  {setting.tag}", flush=True)
    judged = [tally for tally in tallies if tally.judged]
    good = sum(not tally.is_short for tally in judged)
    falsely = max((tally.over / tally.defined for tally in judged), default=0.0)
    print(aim(f"coverage not two standard errors under {WANTED:.2f}: {good} of {len(judged)}", "all", good == len(judged)))
    if given.least:
        for n in sorted(set(sizes)):
            of_n = [tally for tally, size in zip(tallies, sizes, strict=True) if size == n and tally.judged]
            over = max((tally.over / tally.defined for tally in of_n), default=0.0)
            under = max((tally.under / tally.defined for tally in of_n), default=0.0)
            print(f'n={n}: false "meets" at most {over:.3f}, false "below" at most {under:.3f}')
    print(aim(f'false "meets" just under the threshold: at most {falsely:.3f}', "under .05", falsely < 0.05))


if __name__ == "__main__":
    main()
