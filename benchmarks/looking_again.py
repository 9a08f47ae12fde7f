"""How often stopping at the first verdict is wrong at the threshold, by the number of looks, without and with a plan.

    python benchmarks/looking_again.py [ROUNDS] [--quick]

The true value is the threshold, so every verdict is wrong. Drafts come in equal parts, each part is a look, and labelling
stops at the first verdict. "planned": the looks are planned beforehand (alpha spending, Lan and DeMets 1983). Beside both stands
what `error_of_looking` says of unplanned looks, for an interval that errs .05 at one. 1,000 rounds a setting; `--quick`: 200, two
settings.
"""

import argparse
from collections import Counter
from typing import NamedTuple

import numpy as np

from benchmarks.coverage_of_many import patterns_of_codes, world
from benchmarks.machine import aim, machine
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import points
from touchstone.agreement.figure import VerdictInterval
from touchstone.agreement.looks import Looks, error_of_looking
from touchstone.agreement.verdict import stretched, verdict
from touchstone.data.look_plan import LookPlan


class Setting(NamedTuple):
    annotators: int
    levels: int
    common: float
    knows: float
    looks: int
    part: int


SETTINGS = [
    Setting(2, 4, 0.25, 0.9, 10, 20),
    Setting(2, 2, 0.5, 0.9, 10, 20),
    Setting(3, 4, 0.25, 0.9, 10, 20),
    Setting(2, 4, 0.25, 0.9, 3, 40),
    Setting(2, 4, 0.7, 0.9, 5, 30),
    Setting(3, 2, 0.8, 0.9, 5, 30),
]


def wrong(setting: Setting, rounds: int) -> tuple[float, float, float]:
    """The shares of rounds with a verdict at one look (the last), at the first verdict of all looks, and so with a plan."""
    q, m = setting.levels, setting.annotators
    draw, coefficient = world(q, m, setting.knows, setting.common, False, m), KAPPA if m == 2 else NOMINAL_ALPHA
    true = points(patterns_of_codes(draw(np.random.default_rng(1), 400_000), range(q)), [coefficient])[coefficient]
    sizes = [setting.part * look for look in range(1, setting.looks + 1)]
    plan, rng, found = LookPlan(setting.looks, sizes[-1]), np.random.default_rng(list(setting[:1]) + sizes), Counter()
    for _ in range(rounds):
        codes, decided = draw(rng, sizes[-1]), Counter()
        for look, size in enumerate(sizes, start=1):
            figure = figures(patterns_of_codes(codes[:size], range(q)), [coefficient])[coefficient]
            if figure.value is None:
                continue
            plain = VerdictInterval("unit", size, *figure.ends[1:])
            planned = stretched(plain, figure, Looks(tuple(sizes[:look]), plan).stretch)
            for kind, interval in (("unplanned", plain), ("planned", planned)):
                is_decided = verdict(interval.low, interval.high, true) != "undecided"
                decided[kind] += is_decided
                decided["last"] += kind == "unplanned" and look == setting.looks and is_decided
        found.update(kind for kind, times in decided.items() if times)
    return found["last"] / rounds, found["unplanned"] / rounds, found["planned"] / rounds


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("rounds", nargs="?", type=int)
    asked.add_argument("--quick", action="store_true")
    options = asked.parse_args()
    rounds = options.rounds or (200 if options.quick else 1_000)
    print(machine())
    print("  annotators  levels  common  looks  drafts   one look  first verdict  said to be  planned")
    worst = 0.0
    for setting in SETTINGS[: 2 if options.quick else None]:
        last, unplanned, planned = wrong(setting, rounds)
        worst = max(worst, planned - last)
        said = error_of_looking([setting.part * look for look in range(1, setting.looks + 1)])
        print(
            f"  {setting.annotators:10}  {setting.levels:6}  {setting.common:6.2f}  {setting.looks:5}"
            f"  {setting.looks * setting.part:6}  {last:9.3f}  {unplanned:13.3f}  {said:10.3f}  {planned:7.3f}",
            flush=True,
        )
    print(aim(f"planned looks err at most {worst:.3f} more than one look", ".02", worst <= 0.02))


if __name__ == "__main__":
    main()
