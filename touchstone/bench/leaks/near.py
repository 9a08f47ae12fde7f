"""Layer three: near-copies. Each field by the five-character shingles two texts share, each weighed by how rare it is.

Time and memory grow with the tasks, not with their pairs: only what shares some rare shingles, or some longer runs, is compared
in full (candidates.py).

    alike (weighted Jaccard)   sum of w over the shared shingles / sum of w over all of both
    close (TF-IDF cosine)      sum of w^2 over the shared / sqrt(sum of w^2 of the one * sum of w^2 of the other)
    throughout                 the lowest share of w that is shared, of any quarter of either text: a paraphrase keeps some of
                               each part, where two texts that quote the same share parts alone
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.bench.leaks import shingles
from touchstone.bench.leaks.candidates import BATCH, WAYS, candidates, indexed
from touchstone.bench.leaks.compared import Progress
from touchstone.bench.leaks.shingles import Weights

PARTS = 4  # of a text that is looked at throughout
SOME = 0.2  # alike from which on it is

# What is a near-copy; measured in docs/benchmarks.md.
ALIKE, CLOSE, THROUGHOUT = 0.8, 0.75, 0.25
FEWEST_LETTERS = 20  # shingles that are not boilerplate: fewer are no text


class Alike(NamedTuple):
    """A held and a train task (positions) by one field: figures from 0 to 1. `shared`: how many shingles that are not
    boilerplate both have."""

    held: int
    train: int
    alike: float
    close: float
    throughout: float
    shared: int

    @property
    def why(self) -> str:
        """What makes it a near-copy; "" where it is none."""
        if self.shared < FEWEST_LETTERS:
            return ""
        if self.alike >= ALIKE:
            return f"alike to {self.alike:.2f} of 1 (a near-copy from {ALIKE})"
        if self.close >= CLOSE:
            return f"close to {self.close:.2f} of 1 by its rare words (a near-copy from {CLOSE})"
        if self.throughout >= THROUGHOUT:
            return f"alike in each of its parts, to {self.throughout:.2f} of 1 at least (a near-copy from {THROUGHOUT})"
        return ""


def alike_in(train: Sequence[str], held: Sequence[str], progress: Progress = lambda share, what: None) -> Iterator[Alike]:
    """The pairs of one field's texts (without case and punctuation, "" where a task has none) that have something rare in
    common, at most COMPARED for a held text and way to find them."""
    counts = []
    for texts in (train, held):
        counts.append(np.zeros(1 << shingles.BITS, np.int32))
        for start in range(0, len(texts), BATCH):
            shingles.count(counts[-1], texts[start : start + BATCH])
    weights = shingles.weigh(counts[0], counts[1], sum(bool(text) for texts in (train, held) for text in texts))
    indexes = [indexed(train, marks, weights) for marks in WAYS]
    for start in range(0, len(held), BATCH):
        progress(start / len(held), "compared")
        found = candidates(held[start : start + BATCH], indexes, weights)
        yield from _compared(train, held, start, found, weights)


def _compared(
    train: Sequence[str], held: Sequence[str], start: int, pairs: NDArray[np.int64], weights: Weights
) -> Iterator[Alike]:
    """Each pair compared by all of its shingles."""
    for begin in range(0, len(pairs), BATCH):
        some = pairs[begin : begin + BATCH]
        ours = shingles.keys_of([train[each] for each in some[:, 1]])
        theirs = shingles.keys_of([held[start + each] for each in some[:, 0]])
        both = shingles.shared(ours, theirs)
        first, second, shared = (_sums(keys, len(some), weights) for keys in (ours, theirs, both))
        number = np.bincount(shingles.texts_of(both), weights.weight[shingles.shingles_of(both)] > 0, len(some))
        union = first[0] + second[0] - shared[0]
        norm = np.sqrt(first[1] * second[1])
        for at, (of_held, of_train) in enumerate(some):
            if norm[at] > 0:
                alike, close = float(shared[0][at] / union[at]), float(shared[1][at] / norm[at])
                is_some = SOME <= alike < ALIKE and close < CLOSE
                parts = _throughout(train[of_train], held[start + of_held], weights) if is_some else 0.0
                yield Alike(
                    start + int(of_held), int(of_train), alike, close, max(parts, alike * (alike >= ALIKE)), int(number[at])
                )


def _throughout(one: str, other: str, weights: Weights) -> float:
    first, second = shingles.in_order(one), shingles.in_order(other)
    return min(_lowest(first, second, weights), _lowest(second, first, weights))


def _lowest(of: NDArray[np.int64], other: NDArray[np.int64], weights: Weights) -> float:
    of, other = of[weights.weight[of] > 0], np.sort(other)
    weight = weights.weight[of].astype(np.float64)
    at = np.minimum(np.searchsorted(other, of), len(other) - 1)
    shared = np.cumsum(np.concatenate([[0.0], weight * (other[at] == of)]))
    whole = np.cumsum(np.concatenate([[0.0], weight]))
    cuts = np.linspace(0, len(of), PARTS + 1).astype(int)
    parts = np.diff(whole[cuts])
    return float(np.min(np.diff(shared[cuts]) / np.where(parts > 0, parts, 1)))


def _sums(keys: shingles.Keys, texts: int, weights: Weights) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By text: the sum of its shingles' weights, and of their squares."""
    weight = weights.weight[shingles.shingles_of(keys)].astype(np.float64)
    of = shingles.texts_of(keys)
    sums = [np.bincount(of, each, texts).astype(np.float64) for each in (weight, weight**2)]
    return sums[0], sums[1]
