"""One dimension in two rounds, before and after a revision: the difference of a figure, with its interval.

What is sampled is the draft. Each draft of either round is drawn one weight, and counts with it in every round
it was labelled in. Rounds without a draft in common are then independent, rounds on the same drafts a paired
Bayesian bootstrap (Rubin 1981, Annals of Statistics 9: 130-134), and rounds that share some drafts need no
third rule.

What was not seen is added to each round by itself, never the same to both, or a few common drafts that happen to
keep their labels would make a difference certain (`benchmarks/difference_coverage.py` prints what comes of leaving
it out):

    one further draft, as `smoothing` has it, so that each round's own draws are those of its report

Reasons for a difference that is None: "levels differ"; else the round and its figure's own reason (see
`agreement`), as in "after: single level". Nothing here raises on thin data.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from touchstone.agreement.coefficient import PERCENT, Coefficient
from touchstone.agreement.estimation.estimates import figures, judged_on
from touchstone.agreement.estimation.formulas import Patterns, batch_of, coded, not_seen, patterns_of, smoothed, times, values_of
from touchstone.agreement.estimation.intervals import Array, ends_of, generator, seed_of, sizes_of_parts, sorted_draws
from touchstone.agreement.estimation.seat_order import columns_in_order, seats_by_labels
from touchstone.agreement.figure import AgreementRule, Figure, signed, undefined
from touchstone.data.counts import own_order, patterns_in_own_order
from touchstone.data.label import Pattern

Cell = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Labelled:
    """One dimension of one round, draft by draft: `patterns` as `data.counts.labels_by_unit` makes them; `scale` and `by` as in
    `data.counts.Counts`. An entry of `patterns` may stand for many drafts that are alike in both rounds: `many` says for how
    many, one where it says nothing, and the same in both rounds (`comparison.alike` makes these from counts)."""

    annotators: tuple[str, ...]
    levels: tuple[int | str, ...]
    rule: AgreementRule
    patterns: Mapping[str, Pattern]
    scale: str = "ordinal"
    by: str = "position"
    many: Mapping[str, int] = field(default_factory=dict)

    @property
    def in_own_order(self) -> "Labelled":
        """The same with its levels in `data.counts.own_order`."""
        order = own_order(self.scale, self.levels)
        if order == self.levels:
            return self
        return replace(self, levels=order, patterns=patterns_in_own_order(self.patterns, self.scale, self.levels))

    @property
    def coefficient(self) -> Coefficient:
        """The one its own rule is about."""
        return judged_on(self.rule, len(self.seats), self.levels, self.scale)

    @property
    def seats(self) -> tuple[int, ...]:
        """The places of the annotators who gave a label."""
        return tuple(
            seat for seat in range(len(self.annotators)) if any(pattern[seat] is not None for pattern in self.patterns.values())
        )


@dataclass(frozen=True)
class Change:
    """A figure before, after, and after minus before. `difference.n` counts the drafts with two labels in both
    rounds."""

    coefficient: Coefficient
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
    where the two rules, or the numbers of annotators, are not the same. `by`: what weights go by, position or value."""

    judged: Change
    percent: Change
    method: str | None
    notes: tuple[str, ...]
    by: str = "position"

    @property
    def judged_by(self) -> str:
        """The coefficient for a sentence or a cell: "quadratic kappa, by value"."""
        name = self.judged.coefficient
        return f"{name.kind_first}, by value" if self.by == "value" and name.is_weighted else name.kind_first


def compare(before: Labelled, after: Labelled, called: tuple[str, str] = ("before", "after")) -> Comparison:
    """The dimension's judged figure and its percent agreement, side by side. `called`: the rounds' names for notes.

    Where both rounds are judged on one coefficient it is that. Else both are given on one: alpha when more than
    two people labelled in either, with the metric of the rule after; otherwise the rule after. Other levels are
    another question: the figures stand, each by its own rule, without a difference. The very same object twice
    is one round against itself, and the difference is 0.
    """
    own, by = [side.coefficient for side in (before, after)], before.by
    if not _is_one_question(before, after):
        return _of_two_questions(before, after, own, called)
    if before is not after:
        before, after = _on_one_scale(before, after)
    most = max(len(before.seats), len(after.seats))
    coefficient, notes = judged_on(after.rule, most, after.levels, after.scale), []
    if own != [coefficient] * 2:
        stands = " and ".join(f"{name} is judged on {each.kind_first}" for name, each in zip(called, own, strict=True))
        notes.append(f"{stands}: both are given on {coefficient.kind_first}, so that there is one figure to compare")
    if by != after.by and coefficient.family == "kappa" and coefficient.knows_distance:
        notes.append(
            f"{called[0]} weighs levels by {by} and {called[1]} by {after.by}: both are given by {after.by}, so that there is "
            "one figure to compare"
        )
    judged = change(before, after, coefficient)
    method = None if judged.difference.value is None else _method(before, after)
    return Comparison(judged, change(before, after, PERCENT), method, tuple(notes), after.by)


def _is_one_question(before: Labelled, after: Labelled) -> bool:
    """Whether both rounds have the same levels: in the same order too, unless a scale has none."""
    scale = "nominal" if "nominal" in (before.scale, after.scale) else after.scale
    return own_order(scale, before.levels) == own_order(scale, after.levels)


def _on_one_scale(before: Labelled, after: Labelled) -> tuple[Labelled, Labelled]:
    """Both on a nominal scale where one is, and with weights by what the rubric after says."""
    scale = "nominal" if "nominal" in (before.scale, after.scale) else after.scale
    return replace(before, scale=scale, by=after.by), replace(after, scale=scale)


def _of_two_questions(before: Labelled, after: Labelled, own: Sequence[Coefficient], called: tuple[str, str]) -> Comparison:
    """Each round by its own rule, without a difference."""

    def beside(first: Coefficient, second: Coefficient) -> Change:
        was, now = _figure(before.in_own_order, first), _figure(after.in_own_order, second)
        return Change(second, was, now, undefined("levels differ"))

    was, now = (", ".join(str(level) for level in side.levels) for side in (before, after))
    note = f"its levels were {was} in {called[0]} and are {now} in {called[1]}: the figures answer two different questions"
    return Comparison(beside(own[0], own[1]), beside(PERCENT, PERCENT), None, (note,))


def _method(before: Labelled, after: Labelled) -> str:
    """How the difference was drawn, by the drafts the rounds have in common."""
    if before is after:
        return "same labels"
    if not before.patterns.keys() & after.patterns.keys():
        return "independent"
    return "paired" if before.patterns.keys() == after.patterns.keys() else "partly paired"


def difference_in_words(change: Change) -> str:
    """For a page: "+.27 [+.04, +.46]", or why there is none."""
    if change.difference.value is None:
        return f"undefined: {change.difference.reason}"
    return signed(change.difference)


def direction(change: Change) -> str | None:
    """rose or fell: the whole interval is on one side of 0; undecided: it holds 0; None where undefined."""
    if change.difference.value is None:
        return None
    _, low, high = change.difference.ends
    return "rose" if low > 0 else "fell" if high < 0 else "undecided"


def change(before: Labelled, after: Labelled, coefficient: Coefficient, called: tuple[str, str] = ("before", "after")) -> Change:
    """One coefficient of two rounds with the same levels; `called` names them where it is undefined in one."""
    before, after = before.in_own_order, before.in_own_order if after is before else after.in_own_order
    was, now = _figure(before, coefficient), _figure(after, coefficient)
    for name, figure in zip(called, (was, now), strict=True):
        if figure.value is None:
            return Change(coefficient, was, now, undefined(f"{name}: {figure.reason}"))
    many, cells = {**before.many, **after.many}, (_cells(before, coefficient), _cells(after, coefficient))
    two = [{draft for draft, cell in side.items() if _labels(cell) >= 2} for side in cells]
    shared = _how_many(two[0] & two[1], many)
    if before is after:
        return Change(coefficient, was, now, Figure(0.0, 0.0, 0.0, shared, None))
    point = now.ends.value - was.ends.value
    cells = _by_labels_of_both(*cells, many)
    sides = [smoothed(_in_this_order(side, cell), coefficient) for side, cell in zip((before, after), cells, strict=True)]
    drawn = _draws(cells, (sides[0], sides[1]), coefficient, many)
    return Change(coefficient, was, now, Figure(point, *ends_of(point, drawn), shared, None))


def _figure(side: Labelled, coefficient: Coefficient) -> Figure:
    """As the report has it."""
    if len(side.seats) < 2:
        return undefined("one annotator" if side.seats else "no data")
    return figures(_patterns(side, _cells(side, coefficient)), [coefficient])[coefficient]


def _cells(side: Labelled, coefficient: Coefficient) -> dict[str, Cell]:
    """What each draft gave to the figure: positions of the levels, -1 where missing. A kappa of two is over the
    drafts both labelled."""
    seats, needed = side.seats, 2 if coefficient.family == "kappa" else 1
    cells = {draft: coded(pattern, seats) for draft, pattern in side.patterns.items()}
    return {draft: cell for draft, cell in cells.items() if _labels(cell) >= needed}


def _labels(cell: Cell) -> int:
    return sum(code >= 0 for code in cell)


def _how_many(drafts: Collection[str], many: Mapping[str, int]) -> int:
    """How many drafts these entries stand for."""
    return sum(many.get(draft, 1) for draft in drafts)


def _by_labels_of_both(
    before: Mapping[str, Cell], after: Mapping[str, Cell], many: Mapping[str, int]
) -> tuple[dict[str, Cell], dict[str, Cell]]:
    """The cells of both with the annotators of each in an order given by the labels of both (`seat_order`)."""
    widths = [len(next(iter(side.values()))) for side in (before, after)]
    drafts = sorted(before.keys() | after.keys())
    empty = [(-2,) * width for width in widths]
    rows = np.array([(*before.get(draft, empty[0]), *after.get(draft, empty[1])) for draft in drafts], dtype=np.int64)
    alike = np.array([many.get(draft, 1) for draft in drafts], dtype=np.uint64)
    order = columns_in_order(rows, groups=[0] * widths[0] + [1] * widths[1], alike=alike)
    was, now = order[: widths[0]], [column - widths[0] for column in order[widths[0] :]]
    return (
        {draft: tuple(cell[place] for place in was) for draft, cell in before.items()},
        {draft: tuple(cell[place] for place in now) for draft, cell in after.items()},
    )


def _patterns(side: Labelled, cells: Mapping[str, Cell]) -> Patterns:
    histogram = _histogram(cells, side.many)
    seats = seats_by_labels(histogram, range(len(side.seats)))
    return patterns_of(histogram, seats, side.levels, side.scale, side.by)


def _in_this_order(side: Labelled, cells: Mapping[str, Cell]) -> Patterns:
    return patterns_of(_histogram(cells, side.many), range(len(side.seats)), side.levels, side.scale, side.by)


def _histogram(cells: Mapping[str, Cell], many: Mapping[str, int]) -> Counter[Pattern]:
    histogram: Counter[Pattern] = Counter()
    for draft, cell in cells.items():
        histogram[tuple(None if code < 0 else code for code in cell)] += many.get(draft, 1)
    return histogram


def _draws(
    cells: tuple[Mapping[str, Cell], ...], sides: tuple[Patterns, ...], coefficient: Coefficient, many: Mapping[str, int]
) -> Array:
    """Up to DRAWS differences, sorted, without those where either figure is undefined. Seeded by the digest of
    the counts: of every pair of patterns (empty where a draft is not in a round) and how many drafts have it."""
    pairs: Counter[tuple[Cell, ...]] = Counter()
    for draft in cells[0].keys() | cells[1].keys():
        pairs[tuple(side.get(draft, ()) for side in cells)] += many.get(draft, 1)
    keys = sorted(pairs)
    counts = np.array([pairs[key] for key in keys], dtype=float)
    own = [_own_patterns([key[place] for key in keys], patterns) for place, patterns in enumerate(sides)]
    rng = generator(seed_of((sides[0].q, [(key, pairs[key]) for key in keys])))

    def parts() -> Iterator[Array]:
        for size in sizes_of_parts(max(len(keys), *(len(patterns.codes) for patterns in sides))):
            drafts = rng.standard_gamma(counts, size=(size, len(counts)))
            was, now = (
                values_of(batch_of(patterns, times(drafts, matrix) + not_seen(patterns, size, rng)), patterns, coefficient)
                for patterns, matrix in zip(sides, own, strict=True)
            )
            yield now - was

    return sorted_draws(parts())


def _own_patterns(cells: Sequence[Cell], patterns: Patterns) -> Array:
    """(cells, P): 1 where a cell is the pattern; a row of zeros for an empty one, a draft that is not in the round."""
    at = {tuple(codes): row for row, codes in enumerate(patterns.codes.tolist())}
    matrix = np.zeros((len(cells), len(patterns.codes)))
    for row, cell in enumerate(cells):
        if cell:
            matrix[row, at[cell]] = 1
    return matrix
