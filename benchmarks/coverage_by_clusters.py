"""How often the interval by clusters holds the true value, and how often it lies over it, by the number of clusters.

    python benchmarks/coverage_by_clusters.py [TABLES] [--quick]

Annotators know the level of a draft, else guess; how often they guess is a cluster's own. A little alike: error rates vary
between clusters (beta, intraclass correlation .3), and half of a cluster's drafts share a level. Much alike: correlation .9, all
share it. Copies: all drafts of a cluster have the same labels. Kappa of two annotators, nominal alpha of three. The true value
is that of 60,000 clusters. Beside it stand coverage and width of the ordinary interval on the same tables. A setting fails at
two standard errors under .90. 400 tables a setting; `--quick`: 100, a third of the settings.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import aim, machine
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA
from touchstone.agreement.estimation.clusters import LEAST_CLUSTERS, interval_by_clusters
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import patterns_of, points
from touchstone.data.counts import Counts

WANTED = 0.90
NUMBERS = (6, 8, 12, 20, 40, 60)
ALIKE = {"a little": (0.3, 0.5), "much": (0.9, 1.0), "copies": (None, 1.0)}
TRUE_CLUSTERS = 60_000
Codes = NDArray[np.int64]


class World(NamedTuple):
    """`errors`: how often an annotator guesses; `common`: the share of the commonest level."""

    annotators: int
    levels: int
    common: float
    errors: float
    size: int
    alike: str

    def clusters(self, rng: np.random.Generator, number: int) -> Codes:
        """(number, size, annotators)."""
        shares = np.full(self.levels, (1 - self.common) / (self.levels - 1))
        shares[0] = self.common
        correlation, together = ALIKE[self.alike]
        shape = (number, self.size, self.annotators)
        level = rng.choice(self.levels, size=(number, 1), p=shares)
        own = rng.choice(self.levels, size=shape[:2], p=shares)
        true = np.where(rng.random(shape[:2]) < together, level, own)[:, :, None]
        if correlation is None:
            one = np.where(
                rng.random((number, 1, self.annotators)) < self.errors,
                rng.choice(self.levels, (number, 1, self.annotators), p=shares),
                true[:, :1],
            )
            return np.broadcast_to(one, shape)
        spread = (1 - correlation) / correlation
        rates = rng.beta(self.errors * spread, (1 - self.errors) * spread, size=(number, 1, 1))
        return np.where(rng.random(shape) < rates, rng.choice(self.levels, size=shape, p=shares), true)

    @property
    def coefficient(self):
        return KAPPA if self.annotators == 2 else NOMINAL_ALPHA

    def true_value(self) -> float:
        units = Counter(map(tuple, self.clusters(np.random.default_rng(5), TRUE_CLUSTERS).reshape(-1, self.annotators).tolist()))
        return points(patterns_of(units, range(self.annotators), range(self.levels)), [self.coefficient])[self.coefficient]


class Held(NamedTuple):
    defined: int
    coverage: float
    over: float
    width: float
    ordinary: float
    ordinary_width: float


def held(world: World, number: int, true: float, tables: int) -> Held:
    """Of the tables on which there is an interval by clusters."""
    rng, found = np.random.default_rng([number, world.size, world.levels]), []
    for _ in range(tables):
        histograms = [Counter(map(tuple, cluster)) for cluster in world.clusters(rng, number).tolist()]
        together = sum(histograms, Counter())
        counts = Counts("d", "nominal", tuple(range(world.levels)), tuple("abc"[: world.annotators]), together, number)
        patterns = patterns_of(together, range(world.annotators), counts.levels)
        figure = figures(patterns, [world.coefficient])[world.coefficient]
        if interval := interval_by_clusters(counts, histograms, world.coefficient, figure):
            ends = figure.ends
            found.append(
                (
                    interval.low <= true <= interval.high,
                    interval.low > true,
                    interval.high - interval.low,
                    ends.low <= true <= ends.high,
                    ends.high - ends.low,
                )
            )
    return Held(len(found), *np.mean(found, axis=0))


def worlds() -> Iterator[World]:
    for alike, size in product(ALIKE, (4, 10)):
        for annotators, levels, common, errors in ((2, 4, 0.25, 0.15), (3, 2, 0.5, 0.05), (2, 2, 0.8, 0.1), (2, 2, 0.5, 0.03)):
            yield World(annotators, levels, common, errors, size, alike)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("tables", nargs="?", type=int)
    asked.add_argument("--quick", action="store_true")
    options = asked.parse_args()
    tables = options.tables or (100 if options.quick else 400)
    print(machine())
    print("  clusters  size  alike     annotators  levels  common  true   no interval  coverage   over  width   ordinary  width")
    good = judged = 0
    worst = 0.0
    for world in list(worlds())[:: 3 if options.quick else 1]:
        true = world.true_value()
        for number in NUMBERS:
            found = held(world, number, true, tables)
            short = found.coverage + 2 * np.sqrt(WANTED * (1 - WANTED) / found.defined) < WANTED
            if number >= LEAST_CLUSTERS:
                judged, good, worst = judged + 1, good + (not short), max(worst, found.over)
            print(
                f"  {number:8}  {world.size:4}  {world.alike:8}  {world.annotators:10}  {world.levels:6}  {world.common:6.2f}"
                f"  {true:.2f}  {1 - found.defined / tables:11.2f}  {found.coverage:8.3f}  {found.over:.3f}  {found.width:.3f}"
                f"  {found.ordinary:8.3f}  {found.ordinary_width:.3f}{'  SHORT' if short else ''}",
                flush=True,
            )
    what = f"from {LEAST_CLUSTERS} clusters on not two standard errors under {WANTED:.2f}: {good} of {judged}"
    print(aim(what, "all", good == judged))
    print(f"  the whole interval over the true value: at most {worst:.3f} there")


if __name__ == "__main__":
    main()
