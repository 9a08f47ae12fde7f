"""Whether held tasks leak into train tasks, in four layers.

    keys     the same id, origin or group: certain, where keys were kept when the tasks were made
    fields   a field, or a name in a field, that is equal and rare
    near     near-copies of a field's text
    list     each held task's nearest train tasks, for a person to read and sign: no threshold finds a text said wholly anew

The first three fail the check. The list is in order of the letters in common; where a model is given (the extra `embed`), of
meaning, behind what fails the check.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.bench.leaks import meaning
from touchstone.bench.leaks.compared import ComparedTask, Progress, field_names, words_alone
from touchstone.bench.leaks.equal import Shared, equal_fields, equal_keys
from touchstone.bench.leaks.near import alike_in
from touchstone.embedding import NAME, Embedder
from touchstone.english import listed, many

FAILING = ("keys", "fields", "near")
PLACES = tuple(f"the {place}nearest train task" for place in ("", "second ", "third "))
LISTED = len(PLACES)  # train tasks in the list of a held task
MOST = 5  # pairs of a held task in one of the other layers
_Hashes = NDArray[np.int64]
LETTERS, MEANING = "letters", "meaning"
BEFORE_MEANING = 0.3  # of the work, where a model reads every text
SAME_FIELD = 0.25  # of what an equal field that is rare counts when train tasks are put in order


class LeakPair(NamedTuple):
    """Ids of a held and a train task. `rank` counts from 1 among the pairs of the held task in the layer."""

    held: str
    train: str
    layer: str
    rank: int
    why: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


@dataclass(frozen=True)
class LeakReport:
    """`crossing`: by what is shared, in how many held tasks. `listed_by`: LETTERS or MEANING, the order of the lists."""

    train: int
    held: int
    pairs: Sequence[LeakPair]
    crossing: Mapping[str, int]
    listed_by: str = LETTERS

    @property
    def order(self) -> str:
        """What the order of the lists is, in a sentence."""
        if self.listed_by == MEANING:
            return f"The lists are in order of meaning, by {NAME}; what fails the check comes first."
        return "The lists are in order of the letters in common."

    @property
    def leaking(self) -> list[str]:
        """The held tasks (ids) that fail the check."""
        return list(dict.fromkeys(each.held for each in self.pairs if each.layer in FAILING))

    @property
    def in_layers(self) -> dict[str, int]:
        """By layer: the held tasks that have a pair in it."""
        found: dict[str, set[str]] = {layer: set() for layer in (*FAILING, "list")}
        for each in self.pairs:
            found[each.layer].add(each.held)
        return {layer: len(held) for layer, held in found.items()}

    @property
    def sentence(self) -> str:
        counts, held, train = self.in_layers, many(self.held, "held task"), many(self.train, "train task")
        if not self.leaking:
            lists = many(counts["list"], "neighbour list") if counts["list"] else "no neighbour list"
            return f"No leak was found in {held} against {train}; {lists} to be signed."
        layers = listed([f"{counts[each]:,} by {each}" for each in FAILING if counts[each]])
        verb = "leaks" if len(self.leaking) == 1 else "leak"
        return f"{len(self.leaking):,} of {held} {verb} ({layers}), against {train}."

    def as_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence,
            "train": self.train,
            "held": self.held,
            "leaking": len(self.leaking),
            "layers": self.in_layers,
            "listed_by": self.listed_by,
            "crossing": [{"what": what, "held": number} for what, number in self.crossing.items()],
            "pairs": [each.as_json() for each in self.pairs],
        }


class _Gathered:
    """What was found of each held task: reasons by layer and train task, and how near the train tasks are; which have a field in
    common is kept as numbers, since of each task some twenty others are looked at."""

    def __init__(self) -> None:
        self.why: dict[str, dict[int, dict[int, list[str]]]] = {layer: defaultdict(dict) for layer in FAILING}
        self.crossing: dict[str, set[int]] = defaultdict(set)
        self._near, self._scores = array("Q"), array("d")  # held << 32 | train, and how near by one field
        self._fields: list[tuple[_Hashes, _Hashes, NDArray[np.bool_]]] = []  # of train and held tasks, and which held has it

    def add(self, layer: str, held: int, train: int, why: str, score: float) -> None:
        if why:
            self.why[layer][held].setdefault(train, []).append(why)
        self._near.append(held << 32 | train)
        self._scores.append(score)

    def compared(self, ours: Sequence[str], theirs: Sequence[str], filled: Sequence[bool]) -> None:
        """That a field was compared, whose texts these are; `filled`: which held tasks have it."""
        hashes = [np.fromiter(map(hash, texts), np.int64, len(texts)) for texts in (ours, theirs)]
        self._fields.append((hashes[0], hashes[1], np.array(filled, np.bool_)))

    def nearest(self, held: int) -> Iterator[dict[int, float]]:
        """How near train tasks are to each of so many held tasks, one after the other: by all fields together."""
        near, scores = np.frombuffer(self._near, np.uint64), np.frombuffer(self._scores, np.float64)
        order = np.argsort(near, kind="stable")
        near, scores = near[order], scores[order]
        ends = np.searchsorted(near >> np.uint64(32), np.arange(1, held + 1, dtype=np.uint64))
        trains, start = near & np.uint64(0xFFFFFFFF), 0
        for end in ends.tolist():
            found: dict[int, float] = defaultdict(float)
            for train, score in zip(trains[start:end].tolist(), scores[start:end].tolist(), strict=True):
                found[train] += score
            start = end
            yield found

    def same(self, train: int, held: int) -> int:
        """How many fields are equal, common values too: of several train tasks that are as near, this finds the twin."""
        return sum(bool(filled[held]) and ours[train] == theirs[held] for ours, theirs, filled in self._fields)

    def share(self, layer: str, each: Shared) -> None:
        self.add(layer, each.held, each.train, each.why, 1.0)
        self.crossing[each.what].add(each.held)


def find_leaks(
    train: Sequence[ComparedTask],
    held: Sequence[ComparedTask],
    *,
    model: Embedder | None = None,
    progress: Progress = lambda share, what: None,
) -> LeakReport:
    """Compare held tasks with train tasks. Nothing leaks out of, or into, an empty set. `model`: what puts the lists in order
    of meaning (`touchstone.embedding.embedder`); it changes no other layer."""
    found, part = _Gathered(), BEFORE_MEANING if model else 0.9
    progress(0.0, "keys")
    for each in equal_keys(train, held):
        found.share("keys", each)
    progress(0.05, "equal fields")
    for each in equal_fields(train, held):
        found.share("fields", each)
    names = field_names(held) if train else []
    for at, name in enumerate(names):

        def told(share: float, what: str, at: int = at, name: str = name) -> None:
            progress(0.1 + (part - 0.1) * (at + share) / len(names), f"{name}, {what}")

        told(0.0, "counted")
        _near(found, train, held, name, told)
    means: meaning.Nearest = [[]] * len(held)
    if model and train:
        means = meaning.nearest(train, held, model, LISTED, lambda share, what: progress(part + (1 - part) * share, what))
    pairs = [pair for at, near in enumerate(found.nearest(len(held))) for pair in _pairs(found, train, held, at, near, means[at])]
    crossing = Counter({what: len(which) for what, which in found.crossing.items()})
    return LeakReport(len(train), len(held), pairs, dict(crossing.most_common()), MEANING if model else LETTERS)


def _near(found: _Gathered, train: Sequence[ComparedTask], held: Sequence[ComparedTask], name: str, told: Progress) -> None:
    """Compare one field of all tasks; its texts are let go of at the end."""
    ours, theirs = ([words_alone(task.fields.get(name, "")) for task in tasks] for tasks in (train, held))
    found.compared(ours, theirs, [name in task.fields for task in held])
    for pair in alike_in(ours, theirs, told):
        found.add("near", pair.held, pair.train, pair.why and f"{name} is {pair.why}", pair.close)


def _pairs(
    found: _Gathered,
    train: Sequence[ComparedTask],
    held: Sequence[ComparedTask],
    at: int,
    near: Mapping[int, float],
    means: Sequence[tuple[int, float]],
) -> list[LeakPair]:
    nearest = nlargest(MOST * len(FAILING), near.items(), key=lambda each: (each[1], -each[0]))
    score = {other: by_fields + SAME_FIELD * found.same(other, at) for other, by_fields in nearest}
    pairs = []
    failing: list[int] = []
    for layer in FAILING:
        why = found.why[layer].get(at, {})
        best = sorted(why, key=lambda other: (-score.get(other, 0.0), other))[:MOST]
        failing += best
        pairs += [LeakPair(held[at].id, train[o].id, layer, n, "; ".join(why[o])) for n, o in enumerate(best, start=1)]
    best = sorted((other for other in score if score[other] > 0), key=lambda other: (-score[other], other))
    if means:
        fails = [other for other in best if other in failing][: LISTED - 1]
        best = [*dict.fromkeys([*fails, *(other for other, _ in means), *best])]
    by_meaning = dict(means)
    ranked = enumerate(best[:LISTED], start=1)
    return pairs + [LeakPair(held[at].id, train[o].id, "list", n, _place(n, by_meaning.get(o))) for n, o in ranked]


def _place(rank: int, near: float | None) -> str:
    place = PLACES[rank - 1]
    return place if near is None else f"{place}, in meaning {near:.2f} of 1"
