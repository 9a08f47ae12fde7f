"""How often the interval of interval alpha holds the true value, for ratings without levels. Not timed.

A rating is the unit's true value plus an error of its own: x = sqrt(rho) t + sqrt(1 - rho) e, both of variance 1, so that alpha
of unlimited units is rho. Normal: both are. Skewed: the units' values are exponential (most are low, a few far out), the errors
normal. 12, 20 and 40 units; 2 and 3 raters; rho .5, .8, .95. Beside it the Bayesian bootstrap over units alone, the method
until now, and how often the whole interval lies over the true value.

    PYTHONPATH=. .venv/bin/python benchmarks/coverage_of_ratings.py [--quick]
"""

import sys
from itertools import product

import numpy as np

from benchmarks.machine import aim, machine
from touchstone.agreement.estimation.interval_alpha import bootstrap, interval_alpha
from touchstone.agreement.estimation.intervals import ENDS

UNITS, RATERS, TRUE, SHAPES = (12, 20, 40), (2, 3), (0.5, 0.8, 0.95), ("normal", "skewed")
LEAST, SAMPLES, QUICK = 0.90, 2_000, 200


def ratings(rng: np.random.Generator, shape: str, units: int, raters: int, rho: float) -> np.ndarray:
    true = rng.standard_normal(units) if shape == "normal" else rng.standard_exponential(units) - 1
    return np.sqrt(rho) * true[:, None] + np.sqrt(1 - rho) * rng.standard_normal((units, raters))


def main() -> None:
    samples = QUICK if "--quick" in sys.argv else SAMPLES
    print(machine())
    print(f"{samples:,} samples a setting: coverage, share over the true value, mean width; the bootstrap's coverage alone")
    lowest = 1.0
    for place, (shape, units, raters, rho) in enumerate(product(SHAPES, UNITS, RATERS, TRUE)):
        rng = np.random.default_rng(100 + place)
        found = []
        for _ in range(samples):
            table = ratings(rng, shape, units, raters, rho)
            _, low, high = interval_alpha(table).ends
            plain = np.quantile(bootstrap(table), ENDS)
            found.append((low <= rho <= high, low > rho, high - low, plain[0] <= rho <= plain[1]))
        covered, over, width, alone = np.mean(found, axis=0)
        lowest = min(lowest, float(covered))
        print(
            f"  {shape:<6} {units} units, {raters} raters, alpha {rho:<4}: {covered:.3f}, over {over:.3f}, width {width:.2f}; "
            f"bootstrap {alone:.3f}"
        )
    print(aim(f"lowest coverage {lowest:.3f}", f"{LEAST} or more", lowest >= LEAST))


if __name__ == "__main__":
    main()
