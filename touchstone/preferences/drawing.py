"""Which pairs are compared, and on which side each annotator sees which draft: by seed and hash, so that it can be made again.

Pairs are drawn within a task, of drafts with different texts. For each annotator half of the pairs are shown with their first
draft left and half with it right: the order of the hashes of annotator and pair says which half, so no annotator's sides tell of
another's. 5 to 10 % of an annotator's pairs come a second time with their sides swapped; nothing on the page says so.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import combinations
from math import ceil, floor
from typing import NamedTuple

from touchstone.errors import Refused

LEAST_REPEATED, REPEATED, MOST_REPEATED = 0.05, 0.08, 0.10


class DrawnPair(NamedTuple):
    """Two drafts of a task; `a` sorts before `b`."""

    task: str
    a: str
    b: str

    @property
    def key(self) -> str:
        """What its hash is of."""
        return f"{self.task}\n{self.a}\n{self.b}"


class ShownPair(NamedTuple):
    """One pair in an annotator's list: `place` counts from 0; `is_swapped`: its second draft is left."""

    place: int
    pair: DrawnPair
    is_swapped: bool
    is_repeat: bool

    @property
    def left(self) -> str:
        return self.pair.b if self.is_swapped else self.pair.a

    @property
    def right(self) -> str:
        return self.pair.a if self.is_swapped else self.pair.b


def draw_pairs(texts: Mapping[str, Mapping[str, str]], per_task: int | None, seed: int) -> list[DrawnPair]:
    """Pairs of each task, `per_task` of them at most, all where None. `texts`: by task, the text (or its digest) of each draft.

    Two drafts with the same text are never a pair. Of the rest those are taken whose drafts are in the fewest pairs so far, by
    the seed's hash among them, so that no draft is in many pairs and another in none. A task with fewer than two different
    texts has none. Raises Refused for `per_task` under 1.
    """
    if per_task is not None and per_task < 1:
        raise Refused(f"no pair can be drawn with {per_task} as the number for a task; take 1 or more", way=("pairs 1",))
    drawn = []
    for task, drafts in texts.items():
        possible = [DrawnPair(task, a, b) for a, b in combinations(sorted(drafts), 2) if drafts[a].strip() != drafts[b].strip()]
        possible.sort(key=lambda pair: _hash(seed, pair.key))
        drawn += possible if per_task is None else _even(possible, per_task)
    return drawn


def _even(possible: list[DrawnPair], number: int) -> list[DrawnPair]:
    times: dict[str, int] = {}
    taken: list[DrawnPair] = []
    left = list(possible)
    while left and len(taken) < number:
        best = min(left, key=lambda pair: times.get(pair.a, 0) + times.get(pair.b, 0))
        left.remove(best)
        taken.append(best)
        for draft in (best.a, best.b):
            times[draft] = times.get(draft, 0) + 1
    return taken


def repeats_of(pairs: int, share: float = REPEATED) -> int:
    """How many of so many pairs come a second time: as near to the share as keeps them within 5 to 10 %; none of fewer than ten
    pairs. Raises Refused for another share."""
    if not LEAST_REPEATED <= share <= MOST_REPEATED:
        raise Refused(f"a share of {share:g} repeated is outside .05 to .10", way=("repeats .08",))
    return min(floor(MOST_REPEATED * pairs + 1e-9), max(ceil(LEAST_REPEATED * pairs - 1e-9), round(share * pairs)))


def shown_to(annotator: str, pairs: Sequence[DrawnPair], seed: int, share: float = REPEATED) -> list[ShownPair]:
    """The list of one annotator: every pair once, in an order of their own, and the repeats with their sides swapped.

    The first drafts are left in half of the pairs, to one; the repeats are half of one kind and half of the other, to one, as far
    as there are. A pair of the first half of the list is repeated in its second half.
    """
    by_side = sorted(pairs, key=lambda pair: _hash(seed, "side", annotator, pair.key))
    start = int(_hash(seed, "start", annotator)[:1], 16) % 2  # of an odd number, which side has one more
    swapped = {pair: (place + start) % 2 == 1 for place, pair in enumerate(by_side)}
    order = sorted(pairs, key=lambda pair: _hash(seed, "order", annotator, pair.key))
    first_half = order[: ceil(len(order) / 2)]
    again: list[DrawnPair] = []
    kinds = [[pair for pair in first_half if swapped[pair] is kind] for kind in (bool(start), not start)]
    for kind in kinds:
        kind.sort(key=lambda pair: _hash(seed, "repeat", annotator, pair.key))
    for number in range(repeats_of(len(pairs), share)):
        again.append((kinds[number % 2] or kinds[1 - number % 2]).pop())
    listed = [(pair, False) for pair in order]
    for number, pair in enumerate(again):
        span = len(order) - len(first_half)
        place = len(first_half) + (number + 1) * span // (len(again) + 1) + number
        listed.insert(place + 1, (pair, True))
    return [ShownPair(place, pair, swapped[pair] != is_repeat, is_repeat) for place, (pair, is_repeat) in enumerate(listed)]


def _hash(*parts: object) -> str:
    return sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()
