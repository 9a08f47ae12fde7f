"""One dimension in two rounds, before and after a revision: the difference of a figure, with its interval.

What is sampled is the draft. Each draft of either round is drawn one weight, and counts with it in every round
it was labelled in. Rounds without a draft in common are then independent, rounds on the same drafts a paired
Bayesian bootstrap (Rubin 1981, Annals of Statistics 9: 130-134), and rounds that share some drafts need no
third rule.

What was not seen is added to each round by itself, never the same to both, or a few common drafts that happen to
keep their labels would make a difference certain (`benchmarks/difference_coverage.py` prints what comes of leaving
it out):

    two annotators            1/q^2 in every cell of the table, so that each round's own draws are those of its
                              report, Dirichlet(count + 1/q^2)
    more, drafts in common    one further draft, of a pattern drawn from the round's own, weighted like the rest
    more, none in common      nothing: each round's draws are those of its report

Reasons for a difference that is None: "levels differ"; else the round and its figure's own reason (see
`agreement`), as in "after: single level". Nothing here raises on thin data.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from touchstone.agreement.coefficients import (
    CELLS_AT_ONCE,
    DRAWS,
    ENDS,
    Array,
    Patterns,
    batch_of,
    coefficient,
    patterns_of,
    quantiles,
)
from touchstone.agreement.report import KAPPAS, Figure, Rule, figures, judged_on, undefined
from touchstone.agreement.report import in_words as figure_in_words
from touchstone.data.label import Pattern

Cell = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Labelled:
    """One dimension of one round, draft by draft: `patterns` as `label.labels_by_unit` makes them."""

    annotators: tuple[str, ...]
    levels: tuple[int | str, ...]
    rule: Rule
    patterns: Mapping[str, Pattern]

    @property
    def seats(self) -> tuple[int, ...]:
        """The places of the annotators who gave a label."""
        return tuple(
            seat for seat in range(len(self.annotators)) if any(pattern[seat] is not None for pattern in self.patterns.values())
        )


@dataclass(frozen=True)
class Change:
    """A figure before, after, and after minus before. `difference.n` counts the drafts with two labels in both
    rounds. `name` is the coefficient (as in `coefficients.coefficient`)."""

    name: str
    before: Figure
    after: Figure
    difference: Figure

    def as_json(self) -> dict[str, object]:
        pairs = (("before", self.before), ("after", self.after), ("difference", self.difference))
        return {key: figure.as_json() for key, figure in pairs}


@dataclass(frozen=True)
class Comparison:
    """`judged`: the figure the dimension is judged by; `percent`: agreement. `method`: independent, paired,
    partly paired or same labels; None where there is no difference. `notes`: sentences on what was compared
    where the two rules, or the numbers of annotators, are not the same."""

    judged: Change
    percent: Change
    method: str | None
    notes: tuple[str, ...]


def compare(before: Labelled, after: Labelled, called: tuple[str, str] = ("before", "after")) -> Comparison:
    """The dimension's judged figure and its percent agreement, side by side. `called`: the rounds' names for notes.

    Where both rounds are judged on one coefficient it is that. Else both are given on one: alpha when more than
    two people labelled in either, with the metric of the rule after; otherwise the rule after. Other levels are
    another question: the figures stand, each by its own rule, without a difference. The very same object twice
    is one round against itself, and the difference is 0.
    """
    own = tuple(judged_on(side.rule, len(side.seats), side.levels) for side in (before, after))
    if before.levels != after.levels:
        changes = [
            Change(names[1], _figure(before, names[0]), _figure(after, names[1]), undefined("levels differ"))
            for names in (own, ("percent", "percent"))
        ]
        was, now = (", ".join(str(level) for level in side.levels) for side in (before, after))
        note = f"its levels were {was} in {called[0]} and are {now} in {called[1]}: the figures are of two questions"
        return Comparison(changes[0], changes[1], None, (note,))
    most = max(len(before.seats), len(after.seats))
    name, notes = judged_on(after.rule, most, after.levels), []
    if own != (name, name):
        stands = " and ".join(f"{round_} is judged on {in_words(one)}" for round_, one in zip(called, own, strict=True))
        notes.append(f"{stands}: both are given on {in_words(name)}, so that there is one figure to compare")
    judged = change(before, after, name)
    method = None
    if judged.difference.value is not None and most > 2 and judged.before.low == judged.after.low == 1:
        notes.append(
            "everyone agrees on every draft of both rounds, so the bootstrap has nothing to vary and the interval of "
            "the difference is only its point"
        )
    if judged.difference.value is not None:
        drafts = before.patterns.keys() | after.patterns.keys()
        shared = _in_common(before, after)
        method = "same labels" if before is after else "independent" if not shared else "partly paired"
        if before is not after and shared == len(drafts):
            method = "paired"
    return Comparison(judged, change(before, after, "percent"), method, tuple(notes))


def in_words(name: str) -> str:
    """A coefficient's name for a sentence: "unweighted kappa"."""
    family, _, kind = name.partition(" ")
    return f"{kind} {family}".strip()


def difference_in_words(change: Change) -> str:
    """For a page: "+.27 [.04, .46]", or why there is none."""
    if change.difference.value is None:
        return f"undefined: {change.difference.reason}"
    words = figure_in_words(change.difference)
    return f"+{words}" if change.difference.value > 0 else words


def direction(change: Change) -> str | None:
    """rose or fell: the whole interval is on one side of 0; undecided: it holds 0; None where undefined."""
    if change.difference.value is None:
        return None
    return "rose" if change.difference.low > 0 else "fell" if change.difference.high < 0 else "undecided"


def _in_common(before: Labelled, after: Labelled) -> int:
    return len(before.patterns.keys() & after.patterns.keys())


def _cells(side: Labelled, name: str) -> dict[str, Cell]:
    """What each draft gave to the figure: positions of the levels, -1 where missing. A kappa of two is over the
    drafts both labelled."""
    seats = side.seats
    needed = 2 if name in KAPPAS else 1
    coded = {
        draft: tuple(-1 if pattern[seat] is None else pattern[seat] for seat in seats) for draft, pattern in side.patterns.items()
    }
    return {draft: cell for draft, cell in coded.items() if sum(code >= 0 for code in cell) >= needed}


def _patterns(side: Labelled, cells: Mapping[str, Cell]) -> Patterns:
    histogram = Counter(tuple(None if code < 0 else code for code in cell) for cell in cells.values())
    return patterns_of(histogram, range(len(side.seats)), side.levels)


def _figure(side: Labelled, name: str) -> Figure:
    """As the report has it."""
    if len(side.seats) < 2:
        return undefined("one annotator" if side.seats else "no data")
    return figures(_patterns(side, _cells(side, name)), [name])[name]


def change(before: Labelled, after: Labelled, name: str) -> Change:
    """One named coefficient of two rounds with the same levels."""
    was, now = _figure(before, name), _figure(after, name)
    for called, figure in (("before", was), ("after", now)):
        if figure.value is None:
            return Change(name, was, now, undefined(f"{called}: {figure.reason}"))
    cells = _cells(before, name), _cells(after, name)
    two = [{draft for draft, cell in side.items() if sum(code >= 0 for code in cell) >= 2} for side in cells]
    shared = len(two[0] & two[1])
    if before is after:
        return Change(name, was, now, Figure(0.0, 0.0, 0.0, shared, None))
    point = now.value - was.value
    drawn = _draws(cells, (_patterns(before, cells[0]), _patterns(after, cells[1])), name)
    ends = quantiles(drawn, ENDS) if len(drawn) else (point, point)
    low, high = float(min(point, ends[0])), float(max(point, ends[1]))
    return Change(name, was, now, Figure(point, low, high, shared, None))


def _draws(cells: tuple[Mapping[str, Cell], ...], sides: tuple[Patterns, ...], name: str) -> Array:
    """Up to DRAWS differences, sorted, without those where either figure is undefined. Seeded by the digest of
    the counts: of every pair of patterns (empty where a draft is not in a round) and how many drafts have it."""
    pairs = Counter(tuple(side.get(draft, ()) for side in cells) for draft in sorted(cells[0].keys() | cells[1].keys()))
    keys = sorted(pairs)
    counts = np.array([pairs[key] for key in keys], dtype=float)
    # Where each pair of patterns lies among a round's own: (pairs, patterns), 1 where it counts.
    into = []
    for place, patterns in enumerate(sides):
        at = {tuple(codes): row for row, codes in enumerate(patterns.codes.tolist())}
        matrix = np.zeros((len(keys), len(patterns.codes)))
        for row, key in enumerate(keys):
            if key[place]:
                matrix[row, at[key[place]]] = 1
        into.append(matrix)
    in_common = any(key[0] and key[1] for key in keys)
    digest = sha256(repr((sides[0].q, [(key, pairs[key]) for key in keys])).encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    at_once = max(1, min(DRAWS, CELLS_AT_ONCE // max(len(keys), *(len(each.codes) for each in sides))))
    parts = []
    for start in range(0, DRAWS, at_once):
        size = min(at_once, DRAWS - start)
        drafts = rng.standard_gamma(counts, size=(size, len(counts)))
        drawn = []
        for patterns, matrix in zip(sides, into, strict=True):
            weights = drafts @ matrix + _not_seen(patterns, size, rng, in_common)
            drawn.append(coefficient(batch_of(patterns, weights), patterns, name))
        parts.append(drawn[1] - drawn[0])
    found = np.sort(np.concatenate(parts))
    return found[: np.searchsorted(found, np.nan)]


def _not_seen(patterns: Patterns, size: int, rng: np.random.Generator, in_common: bool) -> Array:
    """(size, P): what a draw adds to a round's weights; see the module."""
    shape = (size, len(patterns.codes))
    if patterns.prior.any():
        return rng.standard_gamma(patterns.prior, size=shape)
    added = np.zeros(shape)
    if in_common:
        which = rng.choice(len(patterns.codes), size=size, p=patterns.counts / patterns.total)
        added[np.arange(size), which] = rng.standard_gamma(1.0, size=size)
    return added
