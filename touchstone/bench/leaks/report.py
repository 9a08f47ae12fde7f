"""Whether held tasks leak into train tasks, in four layers.

    keys     the same id, origin or group: certain, where keys were kept when the tasks were made
    fields   a field, or a name in a field, that is equal and rare
    near     near-copies of a field's text
    list     each held task's nearest train tasks, for a person to read and sign: no threshold finds a text said wholly anew

The first three fail the check. The list is in order of the letters in common; where a model is given (the extra `embed`), of
meaning, behind what fails the check.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any, NamedTuple

from touchstone.bench.leaks import meaning
from touchstone.bench.leaks.compared import ComparedTask, Progress, field_names, words_alone
from touchstone.bench.leaks.equal import Shared, equal_fields, equal_keys
from touchstone.bench.leaks.near import alike_in
from touchstone.embedding import NAME, Embedder
from touchstone.english import listed, many

FAILING = ("keys", "fields", "near")
LISTED = 3  # train tasks in the list of a held task
MOST = 5  # pairs of a held task in one of the other layers
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
        counts, compared = self.in_layers, f"{many(self.held, 'held task')} against {many(self.train, 'train task')}"
        if not self.leaking:
            lists = many(counts["list"], "neighbour list") if counts["list"] else "no neighbour list"
            return f"No leak was found in {compared}; {lists} to be signed."
        layers = listed([f"{counts[each]:,} by {each}" for each in FAILING if counts[each]])
        verb = "leaks" if len(self.leaking) == 1 else "leak"
        return f"{many(len(self.leaking), 'held task')} of {self.held:,} {verb} ({layers}), of {compared}."

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
    """What was found of each held task: reasons by layer and train task, and how near the train tasks are."""

    def __init__(self) -> None:
        self.why: dict[str, dict[int, dict[int, list[str]]]] = {layer: defaultdict(dict) for layer in FAILING}
        self.score: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self.crossing: dict[str, set[int]] = defaultdict(set)

    def add(self, layer: str, held: int, train: int, why: str, score: float) -> None:
        if why:
            self.why[layer][held].setdefault(train, []).append(why)
        self.score[held][train] += score

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
        ours, theirs = ([words_alone(task.fields.get(name, "")) for task in tasks] for tasks in (train, held))
        for pair in alike_in(ours, theirs, told):
            found.add("near", pair.held, pair.train, pair.why and f"{name} is {pair.why}", pair.close)
    near: meaning.Nearest = [[]] * len(held)
    if model and train:
        near = meaning.nearest(train, held, model, LISTED, lambda share, what: progress(part + (1 - part) * share, what))
    pairs = [pair for at in range(len(held)) for pair in _pairs(found, train, held, at, near[at])]
    crossing = Counter({what: len(which) for what, which in found.crossing.items()})
    return LeakReport(len(train), len(held), pairs, dict(crossing.most_common()), MEANING if model else LETTERS)


def _pairs(
    found: _Gathered, train: Sequence[ComparedTask], held: Sequence[ComparedTask], at: int, near: Sequence[tuple[int, float]]
) -> list[LeakPair]:
    nearest = nlargest(MOST * len(FAILING), found.score.get(at, {}).items(), key=lambda each: (each[1], -each[0]))
    score = {other: near + SAME_FIELD * _same(train[other], held[at]) for other, near in nearest}
    pairs = []
    failing: list[int] = []
    for layer in FAILING:
        why = found.why[layer].get(at, {})
        best = sorted(why, key=lambda other: (-score.get(other, 0.0), other))[:MOST]
        failing += best
        pairs += [LeakPair(held[at].id, train[o].id, layer, n, "; ".join(why[o])) for n, o in enumerate(best, start=1)]
    best = sorted((other for other in score if score[other] > 0), key=lambda other: (-score[other], other))
    if near:
        fails = [other for other in best if other in failing][: LISTED - 1]
        best = [*dict.fromkeys([*fails, *(other for other, _ in near), *best])]
    means = dict(near)
    ranked = enumerate(best[:LISTED], start=1)
    return pairs + [LeakPair(held[at].id, train[o].id, "list", n, _place(n, means.get(o))) for n, o in ranked]


def _same(one: ComparedTask, other: ComparedTask) -> int:
    """How many fields are equal, common values too: of several train tasks that are as near, this finds the twin."""
    return sum(words_alone(text) == words_alone(one.fields.get(name, "")) for name, text in other.fields.items())


def _place(rank: int, near: float | None) -> str:
    place = "the nearest train task" if rank == 1 else f"the {('second', 'third')[rank - 2]} nearest train task"
    return place if near is None else f"{place}, in meaning {near:.2f} of 1"
