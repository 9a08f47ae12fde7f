"""How often the 95 % interval of a difference between two rounds holds the truth, and what the worst of five does by itself.

Invented rounds: a draft has a true level and is easy or hard, which makes its labels more or less often right. In rounds that
share drafts an annotator keeps an earlier label with probability `kept`, else labels anew. The truth is worked out from the
probabilities, not from labels. "without" is the same interval with nothing added for what was not seen (`smoothing`):
a plain paired Bayesian bootstrap. No timing stands here; the number of pairs of rounds in a row (100) is the first argument.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.machine import machine
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA
from touchstone.agreement.estimation.formulas import patterns_of, points
from touchstone.comparison import two_rounds
from touchstone.comparison.two_rounds import Labelled, change


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


class World(NamedTuple):
    """`levels`: how often each is the true one; `before`, `after`: how often a label of an easy and of a hard draft is right;
    `kept`: see the module."""

    levels: tuple[float, ...]
    before: tuple[float, float]
    after: tuple[float, float]
    kept: float


EVEN, SKEWED, TWO = (0.2, 0.2, 0.3, 0.3), (0.05, 0.05, 0.2, 0.7), (0.5, 0.5)
SAME, BETTER = ((0.97, 0.8), (0.97, 0.8)), ((0.95, 0.7), (0.99, 0.95))
HOLDS = 0.90


def given(levels: Sequence[float], right: float) -> np.ndarray:
    """(q, q): the chance of each level by the true one; a wrong label is a neighbour."""
    q = len(levels)
    near = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) == 1
    return np.eye(q) * right + near / near.sum(axis=1, keepdims=True) * (1 - right)


def rounds(rng: np.random.Generator, world: World, drafts: int, annotators: int) -> tuple[np.ndarray, np.ndarray]:
    """(drafts, annotators) codes before and after, on the same drafts."""
    true, hard = rng.choice(len(world.levels), drafts, p=world.levels), rng.integers(0, 2, drafts)

    def fresh(right: tuple[float, float]) -> np.ndarray:
        chance = np.stack([given(world.levels, each) for each in right])[hard, true].cumsum(axis=1)
        return (rng.random((drafts, annotators, 1)) > chance[:, None, :-1]).sum(axis=2)

    first, anew = fresh(world.before), fresh(world.after)
    return first, np.where(rng.random(first.shape) < world.kept, first, anew)


def truth(world: World, annotators: int) -> tuple[float, float]:
    """The statistic before and after of endlessly many drafts. Annotators are alike, so kappa of two and alpha of more are one
    figure of the expected table of a pair."""
    found = []
    for share in (1.0, world.kept):
        table = np.zeros((len(world.levels),) * 2)
        for first, later in zip(world.before, world.after, strict=True):
            chance = share * given(world.levels, first) + (1 - share) * given(world.levels, later)
            table += 0.5 * np.einsum("t,ti,tj->ij", world.levels, chance, chance)
        patterns = patterns_of({cell: round(1e9 * n) for cell, n in np.ndenumerate(table)}, (0, 1), range(len(table)))
        found.append(points(patterns, [KAPPA])[KAPPA])
    return found[0], found[1]


def side(codes: np.ndarray, q: int, first: int) -> Labelled:
    patterns = {f"d{first + n}": tuple(row) for n, row in enumerate(codes.tolist())}
    return Labelled(tuple("abcdef"[: codes.shape[1]]), tuple(range(q)), Rule(), patterns)


def coverage(world: World, drafts: int, common: float, annotators: int, times: int) -> Iterator[tuple[float, float]]:
    """Share of intervals that hold the truth and their mean width: as shipped, then without what is added."""
    rng = np.random.default_rng(1)
    was, now = truth(world, annotators)
    name = KAPPA if annotators == 2 else NOMINAL_ALPHA
    found = {True: [], False: []}
    none = patch.object(two_rounds, "not_seen", lambda patterns, size, rng: np.zeros((size, len(patterns.codes))))
    for _ in range(times):
        one, other = rounds(rng, world, drafts, annotators)
        shared = int(drafts * common)
        other = np.concatenate([other[:shared], rounds(rng, world, drafts, annotators)[1][shared:]])
        before, after = side(one, len(world.levels), 0), side(other, len(world.levels), 0)
        moved = {draft if n < shared else f"x{n}": each for n, (draft, each) in enumerate(after.patterns.items())}
        after = Labelled(after.annotators, after.levels, after.rule, moved)
        for shipped in found:
            with nullcontext() if shipped else none:
                made = change(before, after, name).difference
            if made.value is not None:
                found[shipped].append((made.low <= now - was <= made.high, made.high - made.low))
    for each in found.values():
        yield tuple(np.mean(each, axis=0))


def grid(times: int) -> None:
    print(f"95 % interval of the difference, {times} pairs of rounds a row: share that hold the truth, mean width")
    print("  levels  annotators  drafts  in common  kept  before   truth    covers  width    without  width")
    worst = {"shipped": 1.0, "without": 1.0}
    for annotators, shapes in ((2, (EVEN, SKEWED, TWO)), (3, (EVEN,))):
        for levels in shapes:
            for (before, after), drafts in ((SAME, 30), (SAME, 100), (BETTER, 30)):
                for common, kept in ((0.0, 0.0), (0.5, 0.8), (1.0, 0.0), (1.0, 0.8)):
                    world = World(levels, before, after, kept)
                    was, now = truth(world, annotators)
                    (held, width), (plain, narrow) = coverage(world, drafts, common, annotators, times)
                    worst = {"shipped": min(worst["shipped"], held), "without": min(worst["without"], plain)}
                    name = {EVEN: "4", SKEWED: "4 skew", TWO: "2"}[levels]
                    print(
                        f"  {name:<7} {annotators:>10} {drafts:>7} {common:>10.0%} {kept:>5.1f} {was:>7.2f} {now - was:>+7.2f} "
                        f"{held:>9.3f} {width:>6.2f} {plain:>10.3f} {narrow:>6.2f}"
                        + ("" if held >= HOLDS else f"   UNDER {HOLDS}"),
                        flush=True,
                    )
    print(f"  least coverage: {worst['shipped']:.3f} as shipped, {worst['without']:.3f} without what is added")


def worst_of_five(times: int) -> None:
    """Five dimensions that are all alike, thirty drafts: the lowest kappa, and the same dimension on thirty other drafts."""
    rng = np.random.default_rng(2)
    world = World(EVEN, (0.93, 0.93), (0.93, 0.93), 0.0)
    pairs = []
    for _ in range(times):
        kappas = []
        for _ in range(5):
            both = (rounds(rng, world, 30, 2)[0] for _ in range(2))
            kappas.append(
                [points(patterns_of(Counter(map(tuple, codes.tolist())), (0, 1), range(4)), [KAPPA])[KAPPA] for codes in both]
            )
        pairs.append(min(kappas))
    was, now = np.mean(pairs, axis=0)
    rose = np.mean([after > before for before, after in pairs])
    print(
        f"regression to the mean, {times:,} times: five dimensions of kappa {truth(world, 2)[0]:.3f}, 30 drafts, nothing changed"
    )
    print(f"  the lowest of the five is {was:.3f} on average; measured again on 30 other drafts {now:.3f}; it rose in {rose:.0%}")


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(machine())
    worst_of_five(10 * times)
    grid(times)


if __name__ == "__main__":
    main()
