"""How often the interval of kappa holds the truth, in 90 settings: the product's own interval, not a copy of it.

A setting is a truth and a size: 2 levels with 50, 70, 85 or 95 % on the commonest, 4 levels with 25, 70 or 95 % on one and the
rest shared evenly; kappa .6, .75, .9; 30, 80, 200 drafts; on 4 levels the unweighted and the quadratic kappa (on 2 they are
one figure, and counted once). 10 kinds x 3 x 3 = 90. Both annotators have those marginals, and the truth is the mixture
kappa * diagonal + (1 - kappa) * chance, under which kappa is that number by every weighting.

For each setting tables of that many drafts are drawn; of those on which kappa is defined, the share whose interval holds the
true kappa is the coverage. `report.figures` gives the interval. Beside it, on the same tables, the Wald interval
of statsmodels and a percentile bootstrap of 1,000 resamples (those without a kappa left out). `--quick` draws 200 tables
instead of 2,000; `--near` takes another truth, where all who differ differ by one level (4 levels only), beyond the 90.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two processes, each on its own core

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa

from benchmarks.machine import aim, machine
from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import agreement_weights, batch_of, patterns_of, values_of
from touchstone.agreement.estimation.intervals import ENDS

COMMONEST = {2: (0.5, 0.7, 0.85, 0.95), 4: (0.25, 0.7, 0.95)}
KAPPAS, SIZES = (0.6, 0.75, 0.9), (30, 80, 200)
TABLES, QUICK, RESAMPLES = 2_000, 200, 1_000
WANTED, OF_90 = 0.90, 86


class Truth(NamedTuple):
    """One table of probabilities and a number of drafts; `near`: those who differ, differ by one level."""

    q: int
    commonest: float
    kappa: float
    n: int
    near: bool = False

    @property
    def table(self) -> NDArray[np.float64]:
        share = np.full(self.q, (1 - self.commonest) / (self.q - 1))
        share[self.q // 2] = self.commonest
        if not self.near:
            return self.kappa * np.diag(share) + (1 - self.kappa) * np.outer(share, share)
        # Neighbours differ in proportion to the rarer of the two, as often as gives the wanted unweighted kappa.
        apart = np.zeros((self.q, self.q))
        for low in range(self.q - 1):
            apart[low, low + 1] = apart[low + 1, low] = min(share[low], share[low + 1])
        apart *= (1 - self.kappa) * (1 - share @ share) / apart.sum()
        return np.diag(share - apart.sum(axis=1)) + apart

    @property
    def weightings(self) -> tuple[str, ...]:
        return ("unweighted",) if self.q == 2 else ("unweighted", "quadratic")

    def true_kappa(self, weights: str) -> float:
        p, w = self.table, agreement_weights(range(self.q), weights)
        chance = (np.outer(p.sum(axis=1), p.sum(axis=0)) * w).sum()
        return float(((p * w).sum() - chance) / (1 - chance))


class Covered(NamedTuple):
    """Of one setting: the share of tables without a kappa, and of the others the share whose interval held the truth."""

    truth: Truth
    weights: str
    undefined: float
    ours: float
    wald: float
    bootstrap: float


def cover(truth: Truth, tables: int) -> list[Covered]:
    """Every weighting of one truth on the same tables; a table that came twice is worked out once."""
    rng = np.random.default_rng([truth.q, round(100 * truth.commonest), round(100 * truth.kappa), truth.n, truth.near])
    drawn = Counter(map(tuple, rng.multinomial(truth.n, truth.table.ravel(), size=tables).tolist()))
    held = {weights: Counter() for weights in truth.weightings}
    for flat, times in drawn.items():
        table = np.array(flat).reshape(truth.q, truth.q)
        for weights, found in intervals_of(table, truth.weightings, rng).items():
            true = truth.true_kappa(weights)
            held[weights]["defined"] += times
            for how, (low, high) in found.items():
                held[weights][how] += times * bool(low <= true <= high)
    return [
        Covered(
            truth, weights, 1 - each["defined"] / tables, *(each[how] / each["defined"] for how in ("ours", "wald", "bootstrap"))
        )
        for weights, each in held.items()
    ]


def intervals_of(
    table: NDArray[np.int64], weightings: tuple[str, ...], rng: np.random.Generator
) -> dict[str, dict[str, tuple[float, float]]]:
    """The three intervals of each weighting; none where kappa is undefined."""
    q = len(table)
    patterns = patterns_of({(i, j): int(table[i, j]) for i in range(q) for j in range(q)}, (0, 1), range(q))
    names = {weights: Coefficient("kappa", weights) for weights in weightings}
    ours = figures(patterns, list(names.values()))
    resampled = batch_of(patterns, rng.multinomial(table.sum(), table.ravel() / table.sum(), size=RESAMPLES).astype(float))
    found = {}
    for weights, name in names.items():
        figure = ours[name]
        if figure.value is None:
            continue
        how = {} if weights == "unweighted" else {"weights": np.arange(q), "wt": "quadratic"}
        with np.errstate(divide="ignore", invalid="ignore"):
            wald = cohens_kappa(table, **how)
        again = values_of(resampled, patterns, name)
        found[weights] = {
            "ours": (figure.low, figure.high),
            "wald": (wald.kappa_low, wald.kappa_upp),
            "bootstrap": tuple(np.nanquantile(again, ENDS)),
        }
    return found


def settings(near: bool) -> list[Truth]:
    return [
        Truth(q, commonest, kappa, n, near)
        for q, shares in COMMONEST.items()
        for commonest in shares
        for kappa in KAPPAS
        for n in SIZES
        if not near or (q == 4 and commonest < 0.9)
    ]


def measured(near: bool, tables: int) -> Iterator[Covered]:
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None) as workers:
        for found in workers.map(partial(cover, tables=tables), settings(near)):
            yield from found


def show(found: list[Covered], tables: int) -> None:
    print("  levels  commonest  kappa    n  weights     undefined  coverage    Wald  bootstrap")
    for each in found:
        truth = each.truth
        print(
            f"  {truth.q:6}  {truth.commonest:8.0%}   {truth.true_kappa(each.weights):5.2f}  {truth.n:3}  {each.weights:10}"
            f"  {each.undefined:9.1%}     {each.ours:.3f}{' ' if each.ours >= WANTED else '*'}  {each.wald:.3f}"
            f"      {each.bootstrap:.3f}"
        )
    for how in ("ours", "wald", "bootstrap"):
        of = [getattr(each, how) for each in found]
        print(
            f"  {how:9}: at least {WANTED:.2f} in {sum(value >= WANTED for value in of)} of {len(of)}, "
            f"from {min(of):.3f} to {max(of):.3f}, mean {np.mean(of):.3f}"
        )
    print(
        f"  Monte Carlo error of a coverage of .90 from {tables:,} tables: {np.sqrt(0.9 * 0.1 / tables):.4f} (one standard "
        "error; more where tables without a kappa leave fewer)"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help=f"{QUICK} tables a setting instead of {TABLES:,}")
    asked.add_argument("--near", action="store_true", help="only neighbouring levels are confused; not among the 90")
    options = asked.parse_args()
    tables = QUICK if options.quick else TABLES
    print(machine())
    began = time.perf_counter()
    found = list(measured(options.near, tables))
    print(f"  {len(found)} settings, {tables:,} tables each, {time.perf_counter() - began:.0f} s; * is under {WANTED:.2f}")
    show(found, tables)
    if not options.near:
        good = sum(each.ours >= WANTED for each in found)
        print(aim(f"coverage at least {WANTED:.2f} in {good} of {len(found)} settings", f"{OF_90} of 90", good >= OF_90))


if __name__ == "__main__":
    main()
