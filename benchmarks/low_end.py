"""Does one disagreement fewer ever lower the low end of kappa's interval? Random tables, one disagreement each settled.

A disagreement (i, j) is settled on i or on j: one unit moves to that diagonal cell. Above the kappa that `safe_from` gives no
quantile can fall; what falls there in the report falls by the noise of its two separate sets of 4,000 draws. To tell the two
apart every move is also drawn together (`drawn_together`), where there is no noise. Only tables with kappa above 0 count.
`--quick` makes 150 moves instead of 1,500.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Sequence

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from touchstone.agreement.coefficient import KAPPAS
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import Patterns, agreement_weights, batch_of, patterns_of, values_of
from touchstone.agreement.estimation.intervals import ENDS

MOVES, QUICK, TOGETHER = 1_500, 150, 4_000
Table = NDArray[np.int64]


def patterns_of_table(table: Table) -> Patterns:
    q = len(table)
    return patterns_of({(i, j): int(table[i, j]) for i in range(q) for j in range(q)}, (0, 1), range(q))


def settled(table: Table, i: int, j: int, k: int) -> Table:
    """The table with one unit less in (i, j) and one more in (k, k)."""
    after = table.copy()
    after[i, j] -= 1
    after[k, k] += 1
    return after


def safe_from(q: int, weights: str, i: int, j: int, k: int) -> float:
    """The kappa from which settling a disagreement (i, j) on k cannot lower it, whatever the other cells hold.

    kappa = 1 - Do / De with d = 1 - w. Moving mass to (k, k) takes d_ij from Do for each unit of it; what it takes from De is
    the mean, over the labels of the annotator who did not change, of d(l, old) - d(l, k): at most M, its largest. So kappa
    cannot fall while d_ij / Do >= M / De, that is while kappa >= 1 - d_ij / M. M is d_ij itself where d keeps the triangle
    inequality, as it does unweighted and linear."""
    apart = 1 - agreement_weights(range(q), weights)
    old = j if k == i else i
    return float(1 - apart[i, j] / (apart[:, old] - apart[:, k]).max())


def drawn_together(table: Table, i: int, j: int, k: int, names: Sequence[str], size: int) -> dict[str, list[NDArray]]:
    """Draws of each figure before and after, without noise between them: Gamma(n) is Gamma(n - 1) and an Exp(1) of its own,
    and the draws after are those before with that unit's share moved from (i, j) to (k, k)."""
    q = len(table)
    rng = np.random.default_rng(table.ravel())
    without = table.astype(float) + 1 / q**2
    without[i, j] -= 1
    kept, moved = rng.standard_gamma(without, size=(size, q, q)), rng.standard_exponential(size)
    before, after = kept.copy(), kept.copy()
    before[:, i, j] += moved
    after[:, k, k] += moved
    patterns = patterns_of_table(table)
    batches = [batch_of(patterns, each.reshape(size, -1)) for each in (before, after)]
    return {name: [values_of(batch, patterns, name) for batch in batches] for name in names}


def random_move(rng: np.random.Generator) -> tuple[Table, int, int, int]:
    """A table of 2 to 7 levels, of few disagreements or many, with one of them and a level to settle it on."""
    q = int(rng.integers(2, 8))
    table = (
        rng.integers(0, 26, (q, q))
        if rng.random() < 0.5
        else np.where(np.eye(q) > 0, rng.integers(0, 40, (q, q)), rng.integers(0, 4, (q, q)))
    )
    table = table + np.diag([2] * q)
    found = np.argwhere((table > 0) & (np.eye(q) == 0))
    if not len(found):
        return random_move(rng)
    i, j = found[rng.integers(len(found))].tolist()
    return table, i, j, int(rng.choice([i, j]))


def main() -> None:
    print(machine())
    rng = np.random.default_rng(5)
    moves, in_report, together = defaultdict(int), defaultdict(list), defaultdict(list)
    for _ in range(QUICK if "--quick" in sys.argv else MOVES):
        table, i, j, k = random_move(rng)
        before, after = (figures(patterns_of_table(each), KAPPAS) for each in (table, settled(table, i, j, k)))
        for name, drawn in drawn_together(table, i, j, k, KAPPAS, TOGETHER).items():
            if before[name].value is None or before[name].value <= 0:
                continue
            lows = [float(np.quantile(each, ENDS[0])) for each in drawn]
            kind = name, min(before[name].low, lows[0]) >= safe_from(len(table), name.kind, i, j, k)
            moves[kind] += 1
            in_report[kind].append(before[name].low - after[name].low)
            together[kind].append(lows[0] - lows[1])
    print("                                        the report's low end         drawn together, no noise")
    for (name, safe), many in sorted(moves.items(), key=lambda each: (KAPPAS.index(each[0][0]), not each[0][1])):
        fell = [[each for each in found[name, safe] if each > 1e-9] for found in (in_report, together)]
        told = [f"fell {len(each):3}" + (f", by {max(each):.4f} at most" if each else "") for each in fell]
        print(f"  {str(name):16} {'safe' if safe else 'not safe':8} {many:5,} moves: {told[0]:27} {told[1]}")


if __name__ == "__main__":
    main()
