"""Pairs that a judge can be trained on: of two drafts of a task the better one (chosen) and the worse one (rejected).

What makes such pairs worthless is left out, and counted with its reason: two sides with one text, a pair that another
contradicts, a task whose group (its cluster, or equal prompts) is on both sides of a split, and partitions that nobody may
train on.

From scores: a draft's score is the weighted mean of the places of its levels, lowest 0, highest 1, as exact fractions, so that a
difference of just the bound is one. A pair is of the tier *excellence* where its chosen draft scores at or over a line of its
own.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Any, NamedTuple

from touchstone.data.label import Level
from touchstone.english import there_are
from touchstone.errors import Refused
from touchstone.preferences.choices import A, B, Preferences
from touchstone.rubric.model import Dimension

BOUND, EXCELLENCE = Fraction(1, 5), Fraction(9, 10)
EXCELLENT, DIFFERENCE, COMPARED = "excellence", "difference", "compared"
HELD_OUT = "held_out"
TRAIN, DEV = "train", "dev"
MOST_PAIRS = 1_000_000

SAME_TEXT = "both sides have the same text"
CONTRADICTED = "another pair of the same texts says the opposite"
AGAIN = "the same texts are a pair already"
SPLIT = "the task's cluster, or its prompt, is on both sides of a split"
KEPT_OUT = "the task is in a partition that is not asked for"
TOO_CLOSE = "the scores are closer than the bound"
NO_SCORE = "the draft has no settled level on every dimension"
UNDECIDED = "the annotators do not prefer one of the two by the bound"


class DraftOfPair(NamedTuple):
    """A draft as pairs are made of it. `group`: what must not be parted by a split; `score` from 0 to 1, None where it has
    none."""

    draft: str
    task: str
    group: str
    partition: str | None
    prompt: str
    text: str
    score: Fraction | None = None


class TrainingPair(NamedTuple):
    """`difference` of the scores, or of the shares of annotators; `tier`: excellence, difference or compared."""

    chosen: DraftOfPair
    rejected: DraftOfPair
    difference: Fraction
    tier: str

    @property
    def task(self) -> str:
        return self.chosen.task

    def as_json(self) -> dict[str, Any]:
        """A line of the file."""
        sides = (("chosen", self.chosen), ("rejected", self.rejected))
        return {
            "prompt": self.chosen.prompt,
            **{name: side.text for name, side in sides},
            "task_id": self.task,
            "group": self.chosen.group,
            **{f"{name}_id": side.draft for name, side in sides},
            **{f"{name}_digest": text_digest(side.text) for name, side in sides},
            **{f"{name}_score": None if side.score is None else float(side.score) for name, side in sides},
            "difference": float(self.difference),
            "tier": self.tier,
        }


class MadePairs(NamedTuple):
    """`pairs` by partition, in the order of tasks and drafts; `left_out`: how many pairs, tasks or drafts, by the reason."""

    pairs: Mapping[str, tuple[TrainingPair, ...]]
    left_out: Mapping[str, int]

    @property
    def every(self) -> list[TrainingPair]:
        return [pair for own in self.pairs.values() for pair in own]


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, which says whether a draft is still the one that was exported."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def score_of(levels: Mapping[str, Level], dimensions: Sequence[Dimension]) -> Fraction | None:
    """The weighted mean of the places of a draft's levels on these ordinal dimensions; None where one has no level. Weights
    are the rubric's where each of the dimensions has one over 0, else equal."""
    if not dimensions or any(dimension.key not in levels for dimension in dimensions):
        return None
    told = [Fraction(str(dimension.weight or 0)) for dimension in dimensions]
    weights = told if all(told) else [Fraction(1)] * len(dimensions)
    places = [Fraction(_rising(each.values).index(levels[each.key]), len(each.values) - 1) for each in dimensions]
    return sum((weight * place for weight, place in zip(weights, places, strict=True)), Fraction(0)) / sum(weights)


def _rising(values: Sequence[Level]) -> Sequence[Level]:
    first, last = values[0], values[-1]
    return values[::-1] if isinstance(first, int) and isinstance(last, int) and first > last else values


def share_in(text: str, what: str) -> Fraction:
    """A number over 0 and up to 1 as it was typed. Raises Refused for any other."""
    try:
        share = Fraction(text.strip()) if len(text) <= 20 and "e" not in text.casefold() else Fraction(0)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise Refused(f"{what} is over 0 and at most 1, like .2, not {text.strip()[:20] or 'a blank'}")
    return share


def pairs_from_scores(
    drafts: Iterable[DraftOfPair],
    *,
    bound: Fraction = BOUND,
    excellence: Fraction = EXCELLENCE,
    partitions: Sequence[str] | None = None,
    dev: Fraction = Fraction(0),
) -> MadePairs:
    """Of each task every two drafts whose scores differ by the bound or more, the higher one chosen. `partitions`, `dev`: see
    `sorted_out`. Raises Refused for more than a million pairs."""
    left_out: Counter[str] = Counter()
    by_task: dict[str, list[DraftOfPair]] = defaultdict(list)
    every = sorted(drafts, key=lambda draft: (draft.task, draft.draft))
    for draft in every:
        if draft.score is None:
            left_out[NO_SCORE] += 1
        else:
            by_task[draft.task].append(draft)
    made: list[TrainingPair] = []
    for own in by_task.values():
        rising = sorted(own, key=lambda draft: (draft.score or Fraction(0), draft.draft))
        scores = [draft.score or Fraction(0) for draft in rising]
        for place, chosen in enumerate(rising):
            under = bisect_right(scores, scores[place] - bound)
            left_out[TOO_CLOSE] += place - under
            if len(made) + under > MOST_PAIRS:
                raise Refused(
                    f"there are more than {MOST_PAIRS:,} pairs; raise the bound, or take fewer drafts", way=("bound .4",)
                )
            tier = EXCELLENT if scores[place] >= excellence else DIFFERENCE
            made += [
                TrainingPair(chosen, each, scores[place] - score, tier)
                for each, score in zip(rising[:under], scores, strict=False)
            ]
    return sorted_out(made, every, left_out, partitions=partitions, dev=dev)


def pairs_from_choices(
    drafts: Mapping[str, DraftOfPair],
    given: Preferences,
    *,
    bound: Fraction = BOUND,
    partitions: Sequence[str] | None = None,
    dev: Fraction = Fraction(0),
) -> MadePairs:
    """Of each compared pair whose `drafts` are there the one that more annotators take, if it is taken more often than the
    other by the bound, as a share of all choices on the pair, ties among them. A repeat counts nothing."""
    left_out: Counter[str] = Counter()
    levels: dict[str, list[str]] = defaultdict(list)
    for each in given.first:
        levels[each.pair].append(given.level(each))
    made = []
    for key, own in levels.items():
        pair = given.pairs[key]
        if pair.a not in drafts or pair.b not in drafts:
            continue
        ahead = Fraction(own.count(A) - own.count(B), len(own))
        if abs(ahead) < bound:
            left_out[UNDECIDED] += 1
            continue
        first, second = (drafts[name] for name in ((pair.a, pair.b) if ahead > 0 else (pair.b, pair.a)))
        made.append(TrainingPair(first, second, abs(ahead), COMPARED))
    return sorted_out(made, list(drafts.values()), left_out, partitions=partitions, dev=dev)


def sorted_out(
    made: Iterable[TrainingPair],
    drafts: Sequence[DraftOfPair],
    left_out: Counter[str],
    *,
    partitions: Sequence[str] | None = None,
    dev: Fraction = Fraction(0),
) -> MadePairs:
    """The pairs that are worth training on, by partition. `partitions`: those asked for, all but held_out where None; a task
    that is in none goes to train, or its group to dev until dev has that share of the pairs. `drafts`: all of the source,
    which say what a group has tasks in. Raises Refused for a partition that none of them is in."""
    there = {draft.partition for draft in drafts if draft.partition}
    if unknown := [name for name in partitions or () if name not in there]:
        raise Refused(f"no draft of the source is in a partition {unknown[0][:60]!r}; {there_are(sorted(there), 'none has one')}")
    kept = _one_way(made, left_out)
    inside: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        for name in _groups(draft):
            inside[name] |= {draft.partition} if draft.partition else set()
    whole = _joined([[*_groups(pair.chosen)] for pair in kept] + [[*_groups(draft)] for draft in drafts])
    of_whole: dict[str, set[str]] = defaultdict(set)
    for name, where in inside.items():
        of_whole[whole[name]] |= where
    placed: dict[str, list[TrainingPair]] = defaultdict(list)
    free: dict[str, list[TrainingPair]] = defaultdict(list)
    for pair in kept:
        group = whole[next(iter(_groups(pair.chosen)))]
        where = of_whole[group]
        own = TrainingPair(pair.chosen._replace(group=group), pair.rejected._replace(group=group), *pair[2:])
        if len(where) > 1:
            left_out[SPLIT] += 1
        elif where and next(iter(where)) not in (partitions if partitions is not None else where - {HELD_OUT}):
            left_out[KEPT_OUT] += 1
        elif where:
            placed[next(iter(where))].append(own)
        else:
            free[group].append(own)
    wanted, dealt = dev * sum(map(len, free.values())), 0
    for group in sorted(free, key=lambda name: sha256(name.encode("utf-8", "surrogatepass")).digest()):
        to_dev = dealt < wanted
        dealt += len(free[group]) if to_dev else 0
        placed[DEV if to_dev else TRAIN] += free[group]
    order = {name: tuple(sorted(own, key=_place)) for name, own in sorted(placed.items())}
    return MadePairs(order, {reason: n for reason, n in sorted(left_out.items()) if n})


def _place(pair: TrainingPair) -> tuple[str, str, str]:
    return pair.task, pair.chosen.draft, pair.rejected.draft


def _groups(draft: DraftOfPair) -> tuple[str, str]:
    """What a draft's task must not be parted from: its cluster, and tasks with the same prompt."""
    return draft.group, f"prompt {text_digest(_plain(draft.prompt))[:16]}"


def _joined(names: Iterable[Sequence[str]]) -> dict[str, str]:
    """Each name's whole: the first, in order, of all names that are joined with it."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        above.setdefault(name, name)
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    for together in names:
        first = top(together[0])
        for each in together[1:]:
            other = top(each)
            first, other = min(first, other), max(first, other)
            above[other] = first
    return {name: top(name) for name in list(above)}


def _one_way(made: Iterable[TrainingPair], left_out: Counter[str]) -> list[TrainingPair]:
    """The pairs of different texts, each two texts of a task once, and none that are a pair both ways."""
    by_texts: dict[tuple[str, frozenset[str]], list[TrainingPair]] = defaultdict(list)
    for pair in made:
        texts = frozenset((_plain(pair.chosen.text), _plain(pair.rejected.text)))
        if len(texts) == 1:
            left_out[SAME_TEXT] += 1
        else:
            by_texts[pair.task, texts].append(pair)
    kept = []
    for own in by_texts.values():
        if len({_plain(pair.chosen.text) for pair in own}) > 1:
            left_out[CONTRADICTED] += len(own)
            continue
        left_out[AGAIN] += len(own) - 1
        kept.append(min(own, key=lambda pair: (-pair.difference, pair.chosen.draft, pair.rejected.draft)))
    return kept


def _plain(text: str) -> str:
    return " ".join(text.split())
