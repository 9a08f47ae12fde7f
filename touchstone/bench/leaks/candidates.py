"""Which train texts are worth comparing with a held text: those that share marks with it, looked up in an index.

A mark is a rare shingle or a longer run of characters. Few marks of a text are looked up, and few train texts of one mark are
taken, so that the work grows with the texts and not with their pairs. Rare shingles find paraphrases among thousands of tasks,
where most shingles are rare; runs find near-copies among hundreds of thousands, where no shingle is.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.bench.leaks import shingles
from touchstone.bench.leaks.shingles import Weights

BATCH, LOOKED_UP = 1_000, 500  # texts
RAREST = 32  # marks of a text that are looked up
POSTINGS = 32  # train texts of one mark
COMPARED = 4  # train texts of one held text, by either kind of mark
FEWEST_SHARED = 2  # marks

Marks = tuple[NDArray[np.int64], NDArray[np.int64]]  # codes, and the place of the text that each is of
Way = Callable[[Sequence[str], Weights], Marks]


class Index(NamedTuple):
    """The marks of the train texts, sorted, each with the text that has it; `way`: what makes them."""

    codes: NDArray[np.uint32]
    texts: NDArray[np.int32]
    way: Way


def rare_shingles(texts: Sequence[str], weights: Weights) -> Marks:
    """The rarest shingles of each text among those that both sets have."""
    keys = shingles.keys_of(texts)
    codes, of_text = shingles.shingles_of(keys), shingles.texts_of(keys)
    usable = (weights.tasks[codes] > 0) & (weights.weight[codes] > 0)
    codes, of_text = codes[usable], of_text[usable]
    order = np.lexsort((codes, weights.tasks[codes], of_text))  # the same order in every text, so that alike ones keep the same
    codes, of_text = codes[order], of_text[order]
    kept = np.arange(len(codes)) - np.searchsorted(of_text, of_text) < RAREST
    return codes[kept], of_text[kept]


WAYS: tuple[Way, ...] = (rare_shingles, shingles.runs_of)


def indexed(train: Sequence[str], way: Way, weights: Weights) -> Index:
    codes, texts = [np.empty(0, np.uint32)], [np.empty(0, np.int32)]
    for start in range(0, len(train), BATCH):
        found, of_text = way(train[start : start + BATCH], weights)
        codes.append(found.astype(np.uint32))
        texts.append((of_text + start).astype(np.int32))
    every = np.concatenate(codes)
    order = np.argsort(every, kind="stable")
    return Index(every[order], np.concatenate(texts)[order], way)


def candidates(held: Sequence[str], indexes: Sequence[Index], weights: Weights) -> NDArray[np.int64]:
    """Pairs of a held text of the batch and a train text, as rows of two columns, each once."""
    parts = range(0, len(held), LOOKED_UP)
    pairs = np.concatenate(
        [_by(index, held[start : start + LOOKED_UP], weights) + (start << 32) for start in parts for index in indexes]
    )
    pairs = shingles.distinct(pairs.astype(np.uint64)).astype(np.int64)
    return np.column_stack([pairs >> 32, pairs & 0xFFFFFFFF])


def _by(index: Index, held: Sequence[str], weights: Weights) -> NDArray[np.int64]:
    """The COMPARED train texts that share most with each held text, as held << 32 | train."""
    codes, of_text = index.way(held, weights)
    codes = codes.astype(np.uint32)
    first = np.searchsorted(index.codes, codes, "left")
    tasks = np.searchsorted(index.codes, codes, "right") - first
    many = np.minimum(tasks, POSTINGS)
    at = np.repeat(first, many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    pairs = (np.repeat(of_text, many) << 32) | index.texts[at]
    order = np.argsort(pairs, kind="stable")  # so that a sum does not depend on how many texts are looked up at once
    pairs, worth = pairs[order], np.repeat(1 / np.maximum(tasks, 1), many)[order]
    starts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]])) if len(pairs) else np.empty(0, np.int64)
    if not len(starts):
        return starts
    score, shared = np.add.reduceat(worth, starts), np.diff(np.append(starts, len(pairs)))
    pairs = pairs[starts]
    order = np.lexsort((pairs, -score, pairs >> 32))
    place = np.arange(len(pairs)) - np.searchsorted(pairs >> 32, pairs >> 32)  # both are by held text
    kept: NDArray[np.int64] = pairs[order[(place < COMPARED) & (shared[order] >= FEWEST_SHARED)]]
    return kept
