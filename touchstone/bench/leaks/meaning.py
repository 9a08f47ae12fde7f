"""The list by meaning: each held task's nearest train tasks by MiniLM, for what was said wholly anew.

    near = sum over fields of w * cosine

w is a field's share of what the tasks say of their own: its five-character shingles that are no boilerplate, as a mean over all
tasks. So a template counts by its few filled places, a thread by its whole. A field under LEAST of it is left out.

Every pair of texts is compared, by one product of matrices, block by block: what takes the time is each text's own vector.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from touchstone.bench.leaks import shingles
from touchstone.bench.leaks.candidates import BATCH
from touchstone.bench.leaks.compared import ComparedTask, Progress, field_names, words_alone
from touchstone.embedding import Embedder, Vectors

Nearest = list[list[tuple[int, float]]]  # by held task: train tasks (positions) and how near, the nearest first

LEAST = 0.1  # of what the tasks say of their own
CELLS = 4_000_000  # similarities that are held at once
DIGITS = 4  # that count: beyond them the order of equal texts would be chance


def nearest(
    train: Sequence[ComparedTask], held: Sequence[ComparedTask], model: Embedder, number: int, progress: Progress
) -> Nearest:
    """Of each held task the `number` nearest train tasks; none where a task has no text. Raises Refused for
    more texts than the model compares."""
    names = field_names(train, held)
    shares = own_shares(train, held, names)
    used = {name: share for name, share in shares.items() if share >= LEAST}
    texts = {name: [task.fields.get(name, "") for tasks in (train, held) for task in tasks] for name in used}
    found: list[Vectors] = []
    for at, (name, share) in enumerate(used.items()):

        def told(done: float, at: int = at, name: str = name) -> None:
            progress((at + done) / len(used), f"{name}, read by meaning")

        found.append(np.float32(np.sqrt(share)) * model.vectors(texts[name], told))
    if not found:
        return [[] for _ in held]
    return _nearest(np.concatenate(found, axis=1), len(train), number)


def _nearest(vectors: Vectors, train: int, number: int) -> Nearest:
    ours, theirs = vectors[:train], vectors[train:]
    rows, made = max(1, CELLS // max(train, 1)), []
    for start in range(0, len(theirs), rows):
        near = np.round(theirs[start : start + rows] @ ours.T, DIGITS)
        for each in near:
            least = np.partition(each, -number)[-number] if number < train else -1.0
            places = np.flatnonzero((each >= least) & (each > 0))
            best = places[np.lexsort((places, -each[places]))][:number]
            made.append([(int(place), float(each[place])) for place in best])
    return made


def own_shares(train: Sequence[ComparedTask], held: Sequence[ComparedTask], names: Sequence[str]) -> dict[str, float]:
    """By field: its share, 0 to 1, of what the tasks say of their own."""
    own = {name: _own([words_alone(task.fields.get(name, "")) for tasks in (train, held) for task in tasks]) for name in names}
    total = sum(own.values())
    return {name: number / total for name, number in own.items()} if total else dict.fromkeys(names, 0.0)


def _own(texts: Sequence[str]) -> int:
    """How many shingles of all texts are no boilerplate."""
    counts: NDArray[np.int32] = np.zeros(1 << shingles.BITS, np.int32)
    for start in range(0, len(texts), BATCH):
        shingles.count(counts, texts[start : start + BATCH])
    weights = shingles.weigh(counts, np.zeros_like(counts), sum(map(bool, texts)))
    return int(counts[weights.weight > 0].sum())
