"""Agreement coefficients of a histogram of label patterns, for a whole batch of weightings at once.

Every coefficient here is (pa - pe) / (1 - pe): pa is the weighted agreement of two labels of one unit, pe
what the coefficient expects by chance. They differ in the weight matrix and in pe only, so the formula stands
once.

Two annotators and many are the same case: Cohen's kappa is Conger's of two, Scott's pi is Fleiss' of two.
The batch axis carries the draws of the interval. They cannot call statsmodels: it takes one table a call, and
4,000 calls cost 150 ms where the batch costs one; a point kappa of a pair is statsmodels' (see `report`).

Labels that are missing. percent, Fleiss, Conger, AC1, AC2 and Brennan-Prediger treat them as Gwet (2014,
Handbook of Inter-Rater Reliability, 4th ed., ch. 2-5) does: pa over the units with two or more labels, each
unit counting once however many labels it has; the chance term over every unit with a label. That is also how
Fleiss' kappa is generalised here to unequal numbers of labels. The alphas delete pairwise (Krippendorff
2011): units with one label are left out of both terms, and a unit counts by its number of labels.

Letters: B draws, P patterns, m annotators, q declared levels, r labels of a unit.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from touchstone.agreement.coefficient import PERCENT, Coefficient, Family
from touchstone.agreement.estimation.intervals import DRAWS, Array, generator, quantiles, seed_of, sizes_of_parts, sorted_draws
from touchstone.agreement.estimation.smoothing import (
    FIVE_LEVELS,
    THREE_LEVELS,
    alike,
    by_distance,
    distances,
    further_unit,
    half_agreeing,
)
from touchstone.data.label import Pattern

ONE_THREAD = 200_000  # products of a matrix product that BLAS leaves to one thread (OpenBLAS: up to 262,144)


@dataclass(frozen=True, eq=False)
class Patterns:
    """`codes` (P, m): positions among the declared levels, -1 where a label is missing, each with a label at
    least; `counts` (P,): units with the pattern; `q` declared levels; `numbers`: the levels as numbers for
    interval alpha, None when they are not numbers; `at`: where they stand when weights count how far apart two of them are,
    None on a nominal scale, where nothing is far or near. What a draw adds (`smoothing`): `prior` (P,) to each count,
    or one unit at a pattern with the chance in `chances` (P,); zeros until `smoothed` has chosen. `seats` (m,): whose labels the
    columns of `codes` are, as places in the patterns they come from."""

    codes: NDArray[np.int64]
    counts: Array
    prior: Array
    chances: Array
    q: int
    numbers: tuple[float, ...] | None
    seed: int
    at: tuple[float, ...] | None
    seats: tuple[int, ...]

    @cached_property
    def total(self) -> float:
        return float(self.counts.sum())

    @cached_property
    def chosen(self) -> Array:
        """(P, m, q): 1 where the annotator gave the level."""
        chosen: Array = (self.codes[:, :, None] == np.arange(self.q)).astype(float)
        return chosen

    @cached_property
    def given(self) -> Array:
        """(P,): r, the labels of each pattern."""
        labels: Array = self.chosen.sum(axis=(1, 2))
        return labels

    @cached_property
    def shares(self) -> Array:
        """(P, q): the share of a pattern's labels on each level."""
        shares: Array = self.chosen.sum(axis=1) / self.given[:, None]
        return shares

    @cached_property
    def pairs(self) -> Array:
        """(P, q * q): the ordered pairs of two labels of one unit, as shares; zeros for a single label."""
        level_counts = self.chosen.sum(axis=1)
        both = level_counts[:, :, None] * level_counts[:, None, :]
        both[:, np.arange(self.q), np.arange(self.q)] -= level_counts
        possible = np.maximum(self.given * (self.given - 1), 1)
        pairs: Array = both.reshape(len(both), -1) / possible[:, None]
        return pairs


def patterns_of(
    histogram: Mapping[Pattern, int],
    seats: Sequence[int],
    levels: Sequence[int | str],
    scale: str = "ordinal",
    by: str = "position",
) -> Patterns:
    """The histogram for the annotators at `seats` (two or more), without units that none of them labelled, with `seats` in their
    order here: whoever draws has them from `seat_order.seats_by_labels`, so that draws do not depend on who comes first.

    With two annotators all q * q cells are there, in the order of the table. The seed is the digest of the
    counts, so that equal labels have equal intervals: of a nominal scale, whose levels have no order, in the order of
    `data.counts.own_order`, in which the caller gives them. `by`: as in `data.counts.Counts`; ValueError for values of levels
    that are words.
    """
    q, is_pair = len(levels), len(seats) == 2
    units: dict[tuple[int, ...], int] = {(a, b): 0 for a in range(q) for b in range(q)} if is_pair else {}
    for codes, n in sorted((coded(pattern, seats), int(n)) for pattern, n in histogram.items()):
        if n and max(codes) >= 0:
            units[codes] = units.get(codes, 0) + n
    table = np.array(list(units), dtype=np.int64).reshape(len(units), len(seats))
    return Patterns(
        codes=table,
        counts=np.array(list(units.values()), dtype=float),
        prior=np.zeros(len(units)),
        chances=np.zeros(len(units)),
        q=q,
        numbers=tuple(float(level) for level in levels) if are_numbers(levels) else None,
        seed=seed_of((q, list(units.items()))),
        at=None if scale == "nominal" else _stand_at(levels, by),
        seats=tuple(seats),
    )


def _stand_at(levels: Sequence[int | str], by: str) -> tuple[float, ...]:
    if by == "position":
        return tuple(map(float, range(len(levels))))
    if not are_numbers(levels):
        raise ValueError(f"levels that are not numbers have no values to weigh by: {list(levels)}")
    return tuple(map(float, levels))


def coded(pattern: Pattern, seats: Sequence[int]) -> tuple[int, ...]:
    """What the annotators at `seats` gave a unit: positions of levels, -1 where a label is missing."""
    return tuple(-1 if (code := pattern[seat]) is None else int(code) for seat in seats)


def are_numbers(levels: Sequence[int | str]) -> TypeGuard[Sequence[int]]:
    return all(isinstance(level, int | float) and not isinstance(level, bool) for level in levels)


def agreement_weights(at: Sequence[float] | Array, kind: str) -> Array:
    """(q, q): how far two levels that stand `at` these numbers (q,) agree, 1 on the diagonal; `kind` is unweighted, linear (1 -
    d / range; Cicchetti and Allison 1971) or quadratic (1 - d^2 / range^2; Fleiss and Cohen 1973), d their distance."""
    apart = np.abs(np.subtract.outer(np.asarray(at, dtype=float), np.asarray(at, dtype=float)))
    apart = apart / (apart.max() or 1.0)
    weights: dict[str, Array] = {"unweighted": np.eye(len(apart)), "linear": 1 - apart, "quadratic": 1 - apart**2}
    return weights[kind]


@dataclass(frozen=True, eq=False)
class Batch:
    """The sums every coefficient is made of, for B weightings of the patterns.

    observed (B, q * q): ordered pairs of labels, each unit counting once; units (B,): how many that is;
    coincidences (B, q * q): shares of the same pairs, a unit counting by its labels (Krippendorff); pairable:
    how many labels those are, the same for every draw or (B,); share (B, q): mean share of each level;
    by_annotator (B, m, q): each annotator's own shares.
    """

    observed: Array
    units: Array
    coincidences: Array
    pairable: float | Array
    share: Array
    by_annotator: Array


def times(rows: Array, matrix: Array) -> Array:
    """rows (B, P) times matrix (P, C), in slices too small for BLAS to spread over threads: on a busy machine
    its threads wait for each other ten times longer than the product takes."""
    at_once = max(1, ONE_THREAD // matrix.size)
    whole = len(rows) // at_once * at_once
    stacked = rows[:whole].reshape(-1, at_once, rows.shape[1]) @ matrix
    return np.concatenate([stacked.reshape(whole, matrix.shape[1]), rows[whole:] @ matrix])


def batch_of(patterns: Patterns, weights: Array, total: float | None = None, *, are_counts: bool = False) -> Batch:
    """`weights` (B, P) are in proportion to the units per pattern, whole or drawn; `total` is the units they
    stand for, those of the counts when None (only alpha, corrected for small samples, depends on it). `are_counts`: they
    stand for as many units as they say, each row for its own."""
    q, size = patterns.q, len(weights)
    two = patterns.given >= 2
    by_labels = patterns.given * two
    chosen = times(weights, patterns.chosen.reshape(len(patterns.codes), -1)).reshape(size, -1, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        labels = np.einsum("bp,p->b", weights, by_labels)
        coincidences = times(weights, patterns.pairs * by_labels[:, None]) / labels[:, None]
        by_annotator = chosen / np.einsum("bmk->bm", chosen)[:, :, None]
    return Batch(
        observed=times(weights, patterns.pairs),
        units=np.einsum("bp,p->b", weights, two.astype(float)),
        coincidences=coincidences,
        pairable=labels if are_counts else float(patterns.counts @ by_labels) * (1 if total is None else total / patterns.total),
        share=times(weights, patterns.shares) / np.einsum("bp->b", weights)[:, None],
        by_annotator=by_annotator,
    )


def _corrected(pa: Array, pe: Array) -> Array:
    """(pa - pe) / (1 - pe), nan where chance alone agrees always: `report` turns that into a reason."""
    with np.errstate(divide="ignore", invalid="ignore"):
        # Sums of shares that make 1 may miss it in the last digit: agreement of all is 1, not nearly.
        return np.where(pe < 1, np.where(pa > 1 - 1e-12, 1.0, (pa - pe) / (1 - pe)), np.nan)


def _expect(left: Array, w: Array, right: Array) -> Array:
    """(B,): sum over k, l of left_k w_kl right_l, of left and right (B, q)."""
    expected: Array = np.einsum("bk,bk->b", times(left, w), right)
    return expected


def _fleiss_chance(batch: Batch, w: Array) -> Array:
    return _expect(batch.share, w, batch.share)


def _conger_chance(batch: Batch, w: Array) -> Array:
    """The mean over ordered pairs of annotators of sum p_gk w_kl p_hl; Cohen's when there are two."""
    m = batch.by_annotator.shape[1]
    summed = batch.by_annotator.sum(axis=1)
    with_oneself: Array = np.einsum("bmk,bmk->b", batch.by_annotator @ w, batch.by_annotator)
    chance: Array = (_expect(summed, w, summed) - with_oneself) / (m * (m - 1))
    return chance


def _gwet_chance(batch: Batch, w: Array) -> Array:
    """Gwet (2008; 2014 ch. 4): T_w / (q (q - 1)) * sum p_k (1 - p_k)."""
    q = len(w)
    if q == 1:
        return np.ones(len(batch.share))
    chance: Array = w.sum() / (q * (q - 1)) * np.einsum("bk,bk->b", batch.share, 1 - batch.share)
    return chance


def _uniform_chance(batch: Batch, w: Array) -> Array:
    return np.full(len(batch.share), w.mean())


def _alpha(batch: Batch, metric: str, numbers: tuple[float, ...] | None) -> Array:
    """Krippendorff (2011): 1 - Do / De, where chance is two labels drawn without putting the first one back.
    Ordinal is interval on mid-ranks."""
    q, n = batch.share.shape[1], np.broadcast_to(batch.pairable, len(batch.share))
    if q == 1 or (metric == "interval" and numbers is None):
        return np.full(len(batch.share), np.nan)
    held = np.einsum("bkl->bk", batch.coincidences.reshape(-1, q, q)) * n[:, None]
    at = np.asarray(numbers) if metric == "interval" else np.cumsum(held, axis=1) - held / 2
    apart = 1 - np.eye(q) if metric == "nominal" else (at[..., :, None] - at[..., None, :]) ** 2
    apart = np.broadcast_to(apart.reshape(-1, q * q), batch.coincidences.shape)
    apart = apart / apart.max(axis=1, keepdims=True)
    both = (held[:, :, None] * held[:, None, :]).reshape(-1, q * q)
    # In differences, not in agreement: 1 minus a millionth of a millionth has too few digits left.
    observed, expected = (np.einsum("bc,bc->b", shares, apart) for shares in (batch.coincidences, both))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed * n * (n - 1) / expected, np.nan)


CHANCE: dict[Family, Callable[[Batch, Array], Array]] = {
    "kappa": _conger_chance,
    "fleiss": _fleiss_chance,
    "ac": _gwet_chance,
    "bp": _uniform_chance,
}


def values_of(batch: Batch, patterns: Patterns, coefficient: Coefficient) -> Array:
    """(B,) of one coefficient, nan where undefined. One that knows distances is not asked for on a nominal scale."""
    q = patterns.q
    if coefficient.family == "level":
        level = int(coefficient.kind)
        row = batch.observed[:, level * q : (level + 1) * q]
        with np.errstate(divide="ignore", invalid="ignore"):
            specific: Array = row[:, level] / row.sum(axis=1)
        return specific
    if coefficient.family == "alpha":
        return _alpha(batch, coefficient.kind, patterns.numbers)
    w = agreement_weights(range(q) if patterns.at is None else patterns.at, coefficient.kind or "unweighted")
    with np.errstate(divide="ignore", invalid="ignore"):
        pa: Array = np.einsum("bc,c->b", batch.observed, w.ravel()) / batch.units
    return pa if coefficient == PERCENT else _corrected(pa, CHANCE[coefficient.family](batch, w))


def points(patterns: Patterns, coefficients: Sequence[Coefficient]) -> dict[Coefficient, float]:
    """Each coefficient of the counts as they are; nan where undefined."""
    batch = batch_of(patterns, patterns.counts[None, :])
    return {coefficient: float(values_of(batch, patterns, coefficient)[0]) for coefficient in coefficients}


def smoothed(patterns: Patterns, coefficient: Coefficient, *, upper: bool = False) -> Patterns:
    """The patterns with what a draw of that coefficient adds to them; more patterns than before with three annotators or more.
    `upper`: for the draws that the upper end is read from, where two annotators have draws of their own for it (`smoothing`)."""
    q = patterns.q
    if patterns.codes.shape[1] == 2:
        spread = half_agreeing(_learned(patterns)) if upper and _learns(patterns, coefficient) else alike(q)
        prior, complete = np.zeros(len(patterns.codes)), (patterns.codes >= 0).all(axis=1)
        prior[complete] = spread[tuple(patterns.codes[complete].T)]
        return replace(patterns, prior=prior)
    spread = _learned(patterns) if _learns(patterns, coefficient) else alike(q)
    own = generator(seed_of(("further unit", patterns.seed)))  # other draws than those of the tables
    rows, chances = further_unit(patterns.codes, patterns.counts, spread, own)
    places = {tuple(row): place for place, row in enumerate(patterns.codes.tolist())}
    at = np.array([places.setdefault(tuple(row), len(places)) for row in rows.tolist()], dtype=np.int64)
    none = np.zeros(len(places) - len(patterns.codes))
    return replace(
        patterns,
        codes=np.array(list(places), dtype=np.int64).reshape(len(places), -1),
        counts=np.concatenate([patterns.counts, none]),
        prior=np.concatenate([patterns.prior, none]),
        chances=np.bincount(at, weights=chances, minlength=len(places)).astype(float),
    )


def _learned(patterns: Patterns) -> Array:
    return by_distance(patterns.q, distances(patterns.pairs, patterns.counts, patterns.q))


def _learns(patterns: Patterns, coefficient: Coefficient) -> bool:
    """Whether what is added learns how far apart disagreements are: with two annotators for the upper end only."""
    return coefficient.knows_distance and patterns.q >= (THREE_LEVELS if patterns.codes.shape[1] == 2 else FIVE_LEVELS)


def not_seen(patterns: Patterns, size: int, rng: np.random.Generator) -> Array:
    """(size, P): what each of `size` draws adds to the weights of smoothed patterns."""
    if not patterns.chances.any():
        return rng.standard_gamma(patterns.prior, size=(size, len(patterns.codes)))
    added = np.zeros((size, len(patterns.codes)))
    at = rng.choice(len(patterns.codes), size=size, p=patterns.chances / patterns.chances.sum())
    added[np.arange(size), at] = rng.standard_exponential(size)
    return added


def everyone_agrees(patterns: Patterns) -> bool:
    return points(patterns, [PERCENT])[PERCENT] == 1


def drawn_tables(patterns: Patterns, number: int = DRAWS, total: float | None = None) -> Iterator[Array]:
    """`number` weightings (B, P) of smoothed patterns: Dirichlet(count + what is added), not yet divided by their sums, in parts
    that fit into memory. `total`: as if that many units had come in the proportions of the counts; None, as they are."""
    shape = patterns.counts * (1 if total is None else total / patterns.total) + patterns.prior
    rng = generator(patterns.seed)
    for size in sizes_of_parts(len(shape), number):
        drawn = rng.standard_gamma(shape, size=(size, len(shape)))
        yield drawn + not_seen(patterns, size, rng) if patterns.chances.any() else drawn


def drawn_together(patterns: Patterns, coefficients: Collection[Coefficient]) -> list[list[Coefficient]]:
    """The coefficients by what their draws add; with two annotators all together (`upper` apart)."""
    if patterns.codes.shape[1] == 2:
        return [list(coefficients)] if coefficients else []
    groups: dict[bool, list[Coefficient]] = {}
    for coefficient in coefficients:
        groups.setdefault(_learns(patterns, coefficient), []).append(coefficient)
    return list(groups.values())


def draws(
    patterns: Patterns,
    coefficients: Sequence[Coefficient],
    total: float | None = None,
    number: int = DRAWS,
    *,
    upper: bool = False,
) -> dict[Coefficient, Array]:
    """`number` draws of each coefficient, sorted, without those where it is undefined; `total` as in `drawn_tables`, `upper` as
    in `smoothed`."""
    parts: dict[Coefficient, list[Array]] = {coefficient: [] for coefficient in coefficients}
    for together in drawn_together(patterns, coefficients):
        whole = smoothed(patterns, together[0], upper=upper)
        for gamma in drawn_tables(whole, number, total):
            batch = batch_of(whole, gamma, total)
            for coefficient in together:
                parts[coefficient].append(values_of(batch, whole, coefficient))
    return {coefficient: sorted_draws(part) for coefficient, part in parts.items()}


def quantiles_of(
    patterns: Patterns, coefficients: Sequence[Coefficient], at: ArrayLike, total: float | None = None, number: int = DRAWS
) -> dict[Coefficient, Array]:
    """(at,): quantiles of each coefficient's draws, nan where it is undefined in all; `total` and `number` as in `draws`.

    Above the middle the larger of two where two annotators have draws of their own for the upper end (`smoothing`)."""
    drawn = draws(patterns, coefficients, total, number)
    found = {coefficient: quantiles(drawn[coefficient], at) for coefficient in coefficients}
    if patterns.codes.shape[1] == 2:
        learning, above = [each for each in coefficients if _learns(patterns, each)], np.asarray(at) > 0.5
        for coefficient, values in draws(patterns, learning, total, number, upper=True).items():
            upper = np.fmax(found[coefficient], quantiles(values, at))
            found[coefficient] = np.where(above, upper, found[coefficient])
    return found


def quantiles_at(patterns: Patterns, coefficient: Coefficient, totals: Sequence[float] | Array, at: ArrayLike) -> Array:
    """(totals, at): quantiles of the coefficient's draws, as if so many units had come in the proportions of the counts."""
    return np.array([quantiles_of(patterns, [coefficient], at, total)[coefficient] for total in totals])
