"""Who labels what, in which order: drawn from a seed, so that the same question gives the same answer.

Nothing here depends on the order in which drafts or annotators are given: they are sorted first.
"""

import random
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from touchstone.english import many


class Assignment(NamedTuple):
    """`annotator` labels `draft` as number `position` (from 1) of their own order; practice comes first."""

    annotator: str
    draft: str
    position: int
    is_practice: bool


def sample(drafts: Mapping[str, Hashable], size: int, seed: int) -> list[str]:
    """`size` of `drafts` (draft -> stratum), each stratum in proportion, sorted by draft.

    Proportional allocation by largest remainder; which strata win a tied remainder, and which drafts stand for a
    stratum, the seed says. Raises ValueError when more are asked for than there are.
    """
    if size > len(drafts):
        raise ValueError(f"{many(size, 'draft')} are asked for and there are {len(drafts)}")
    dice = random.Random(f"sample {seed}")
    strata: dict[str, list[str]] = {}
    for draft in sorted(drafts):
        strata.setdefault(repr(drafts[draft]), []).append(draft)
    names = sorted(strata)
    dice.shuffle(names)
    shares = {name: size * len(strata[name]) / len(drafts) for name in names}
    taken = {name: int(share) for name, share in shares.items()}
    by_remainder = sorted(names, key=lambda name: taken[name] - shares[name])
    for name in by_remainder[: size - sum(taken.values())]:
        taken[name] += 1
    return sorted(draft for name in names for draft in dice.sample(strata[name], taken[name]))


def assign(
    drafts: Sequence[str],
    annotators: Sequence[str],
    seed: int,
    *,
    per_draft: int | None = None,
    overlap: float | None = None,
    practice: Sequence[str] = (),
) -> list[Assignment]:
    """Share `drafts` out. By default every draft goes to every annotator.

    `per_draft=k`: every draft to k of the pool; for k = 2 every pair of annotators meets on as many drafts as any
    other, give or take one, and so do their loads. `overlap=s`: every draft to one, and a share s of them to a second.
    Every annotator gets all of `practice` first, in an order of their own, then their drafts in an order of their own.
    Raises ValueError when the pool is too small for what is asked.
    """
    drafts, annotators, dice = sorted(drafts), sorted(annotators), random.Random(f"assign {seed}")
    if overlap is not None:
        groups = _with_overlap(drafts, annotators, overlap, dice)
    else:
        k = len(annotators) if per_draft is None else per_draft
        if not 1 <= k <= len(annotators):
            raise ValueError(f"{many(k, 'annotator')} a draft are asked for and the pool has {len(annotators)}")
        groups = _groups(len(drafts), annotators, k, dice)
        dice.shuffle(drafts)
    mine: dict[str, list[str]] = {annotator: [] for annotator in annotators}
    for draft, group in zip(drafts, groups, strict=True):
        for annotator in group:
            mine[annotator].append(draft)
    return [
        Assignment(annotator, draft, position, is_practice=position <= len(practice))
        for annotator in annotators
        for position, draft in enumerate(
            _shuffled(practice, f"practice {seed} {annotator}") + _shuffled(mine[annotator], f"order {seed} {annotator}"), start=1
        )
    ]


def another_order(before: Sequence[str], seed: int) -> list[str]:
    """The same drafts in another order, drawn from the seed: never the order `before` where there are two or more."""
    order = _shuffled(before, f"again {seed}")
    return order if order != list(before) or len(order) < 2 else [*order[1:], order[0]]


def further_order(drafts: Sequence[str], seed: int, annotator: str, after: int) -> list[str]:
    """Drafts that come to an annotator later, `after` so many they have, in an order of their own."""
    return _shuffled(drafts, f"order {seed} {annotator} {after}")


def even_share(open_: Mapping[Hashable, Sequence[Hashable]]) -> set[tuple[Hashable, Hashable]]:
    """What a newcomer takes over of what each annotator has open, in their order: as many as everyone has left then, from whoever
    has most, the last in their order, no draft twice. Annotator and draft; nothing where less is open than there are people."""
    load = {annotator: len(drafts) for annotator, drafts in open_.items()}
    left = {annotator: list(drafts) for annotator, drafts in open_.items() if drafts}
    wanted, taken = sum(load.values()) // (len(load) + 1), dict[Hashable, Hashable]()
    while len(taken) < wanted and left:
        most = max(left, key=lambda annotator: load[annotator])
        draft = left[most].pop()
        if draft not in taken:
            taken[draft] = most
            load[most] -= 1
        if not left[most]:
            del left[most]
    return {(annotator, draft) for draft, annotator in taken.items()}


def _shuffled(drafts: Sequence[str], seed: str) -> list[str]:
    order = sorted(drafts)
    random.Random(seed).shuffle(order)
    return order


def _with_overlap(drafts: list[str], annotators: list[str], share: float, dice: random.Random) -> list[tuple[str, ...]]:
    if not 0 <= share <= 1:
        raise ValueError(f"an overlap is a share from 0 to 1, not {share}")
    if share and len(annotators) < 2:
        raise ValueError("a second label needs a second annotator")
    dice.shuffle(drafts)
    twice = round(share * len(drafts))
    groups = _groups(twice, annotators, 2, dice) if twice else []
    load = Counter({annotator: 0 for annotator in annotators})
    load.update(annotator for group in groups for annotator in group)
    for _ in range(len(drafts) - twice):
        lightest = min(annotators, key=lambda annotator: (load[annotator], dice.random()))
        load[lightest] += 1
        groups.append((lightest,))
    return groups


def _groups(number: int, annotators: list[str], k: int, dice: random.Random) -> list[tuple[str, ...]]:
    """`number` groups of `k` annotators, as balanced as can be."""
    if k == len(annotators):
        return [tuple(annotators)] * number
    if k == 2:
        meetings = _round_robin(annotators, dice)
        return [meetings[turn % len(meetings)] for turn in range(number)]
    load = Counter({annotator: 0 for annotator in annotators})
    met: Counter[tuple[str, ...]] = Counter()
    groups = []
    for _ in range(number):
        group: list[str] = []
        while len(group) < k:
            group.append(
                min(
                    (each for each in annotators if each not in group),
                    key=lambda each: (load[each], sum(met[min(each, other), max(each, other)] for other in group), dice.random()),
                )
            )
        load.update(group)
        met.update(tuple(sorted(pair)) for pair in combinations(group, 2))
        groups.append(tuple(group))
    return groups


def _round_robin(annotators: list[str], dice: random.Random) -> list[tuple[str, ...]]:
    """Every pair once, in an order in which loads stay even: the circle method of tournament schedules."""
    ring: list[str | None] = list(annotators)
    dice.shuffle(ring)
    if len(ring) % 2:
        ring.append(None)
    half = len(ring) // 2
    meetings: list[tuple[str, ...]] = []
    for _ in range(len(ring) - 1):
        pairs = zip(ring[:half], reversed(ring[half:]), strict=True)
        meetings += [(a, b) for a, b in pairs if a is not None and b is not None]
        ring = [ring[0], ring[-1], *ring[1:-1]]
    return meetings
