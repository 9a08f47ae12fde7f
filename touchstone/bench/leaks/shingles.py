"""Texts as sets of five characters in a row, hashed; how rare each is among the tasks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONG = 5  # characters
RUN, RUNS = 12, 32  # characters of a longer run, and how many of them a text is known by
BITS = 22
BOILERPLATE = 0.2  # of the tasks: what more of them have says nothing
FEWEST = 8  # tasks that make boilerplate, however few tasks there are
LONGEST = 20_000  # characters of a field that are compared

Keys = NDArray[np.uint64]  # of a text in a batch (its place), and one of its shingles in the lower BITS


class Weights(NamedTuple):
    """By shingle: its weight (0: boilerplate, or in one set alone), and the number of tasks that have it."""

    weight: NDArray[np.float32]
    tasks: NDArray[np.int32]


def keys_of(texts: Sequence[str]) -> Keys:
    """The shingles of a batch of texts, sorted, each once per text. A text shorter than a shingle has none."""
    points = _points("\0".join(text[:LONGEST] for text in texts))
    ends = points == 0
    of_text = np.cumsum(ends, dtype=np.uint64)
    hashed = _hashed(points)
    whole = (of_text[: len(hashed)] == of_text[LONG - 1 :]) & ~ends[: len(hashed)]
    return distinct((of_text[: len(hashed)][whole] << np.uint64(BITS)) | hashed[whole])


def runs_of(texts: Sequence[str], weights: "Weights") -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Longer runs of a batch of texts, hashed, that neither begin nor end in boilerplate, with the text of each: the RUNS of a
    text with the lowest hashes, which texts that share most runs share too (a bottom-k sketch)."""
    points = _points("\0".join(text[:LONGEST] for text in texts))
    ends = points == 0
    of_text = np.cumsum(ends, dtype=np.int64)
    says = weights.weight[_hashed(points).astype(np.int64)] > 0
    last = len(points) - RUN + 1
    if last <= 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    whole = (of_text[:last] == of_text[RUN - 1 :]) & ~ends[:last] & says[:last] & says[RUN - LONG :]
    codes, of_text = _hashed(points, RUN, 32)[whole].astype(np.int64), of_text[:last][whole]
    keys = distinct((of_text.astype(np.uint64) << np.uint64(32)) | codes.astype(np.uint64))
    codes, of_text = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64), (keys >> np.uint64(32)).astype(np.int64)
    kept = np.arange(len(keys)) - np.searchsorted(of_text, of_text) < RUNS
    return codes[kept], of_text[kept]


def distinct(keys: Keys) -> Keys:
    """The keys in order, each once: by sorting, as np.unique of 64-bit numbers takes ten times as long."""
    keys = np.sort(keys)
    first: Keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    return first


def shared(one: Keys, other: Keys) -> Keys:
    """What stands in both of two lists of distinct keys."""
    keys = np.sort(np.concatenate([one, other]))
    both: Keys = keys[:-1][keys[1:] == keys[:-1]]
    return both


def in_order(text: str) -> NDArray[np.int64]:
    """The shingles of one text as they follow each other."""
    return _hashed(_points(text[:LONGEST])).astype(np.int64)


def _points(text: str) -> Keys:
    """Its code points; zeros where the text is shorter than a shingle."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    return points if len(points) >= LONG else np.zeros(LONG, np.uint64)


def _hashed(points: Keys, long: int = LONG, bits: int = BITS) -> Keys:
    last = len(points) - long + 1
    mixed = np.zeros(last, np.uint64)
    for step in range(long):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + points[step : step + last] + np.uint64(1)
        mixed ^= mixed >> np.uint64(29)
    return (mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(64 - bits)


def shingles_of(keys: Keys) -> NDArray[np.int64]:
    return (keys & np.uint64((1 << BITS) - 1)).astype(np.int64)


def texts_of(keys: Keys) -> NDArray[np.int64]:
    """The place in its batch of the text that each key is of."""
    return (keys >> np.uint64(BITS)).astype(np.int64)


def count(into: NDArray[np.int32], texts: Sequence[str]) -> None:
    """Add to `into`, by shingle, the number of these texts that have it."""
    np.add.at(into, shingles_of(keys_of(texts)), 1)


def weigh(train: NDArray[np.int32], held: NDArray[np.int32], filled: int) -> Weights:
    """What each shingle says of two tasks that both have it: log(1 + tasks / tasks with it), 0 where it is boilerplate.
    `filled`: the tasks that have the field."""
    tasks = train + held
    weight = np.log1p(filled / np.maximum(tasks, 1)).astype(np.float32)
    weight[(tasks > max(FEWEST, BOILERPLATE * filled)) | (tasks == 0)] = 0
    return Weights(weight, np.where((train > 0) & (held > 0), tasks, 0).astype(np.int32))
