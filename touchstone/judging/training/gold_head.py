"""A head trained on gold that can be kept: words (or a text's vector) and the scorer's findings, calibrated.

Each step is a logistic regression of people's labels, as in `ordinal_head`: on an ordinal scale one for each level but the
lowest, whether a draft is at or over it; on a nominal one for each level, whether it is that. Its score z is calibrated after
Platt (1999):

    p = 1 / (1 + exp(-(a z + b)))

with a and b fitted on scores out of fold, of heads that saw no label of the draft's cluster; a slope under 0 would turn the head
round, so then p is the share alone. What is told of a head as it was trained (`held_out`) is calibrated by the scores of the
other folds, so that no draft has a part in its own.

n drafts, k steps, q levels, c findings. Kept are numbers alone, so giving needs neither scikit-learn nor a word of a text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack

from touchstone.agreement.estimation.intervals import Array
from touchstone.english import many
from touchstone.judging.held import Places
from touchstone.judging.ordinal_head import HeadGives, sklearn_parts, step_regression
from touchstone.judging.training.word_weights import WordWeights, word_weights

FAR = 12.0  # the score of a step of which all labels are on one side
ROUNDS = 100  # of Newton's method
Tell = Callable[[str], None]


class Readings(NamedTuple):
    """What a head sees of n drafts: their texts, `findings` (n, c) of the scorer, and, where it reads by meaning, `vectors`."""

    texts: Sequence[str]
    findings: Array
    vectors: Array | None = None

    def some(self, places: Places) -> "Readings":
        vectors = None if self.vectors is None else self.vectors[places]
        return Readings([self.texts[place] for place in places], self.findings[places], vectors)


@dataclass(frozen=True, eq=False)
class GoldHead:
    """`words`: None where it reads by meaning. `findings`: names of the columns of the scorer. `coefficients` (k, V + c),
    `offsets` (k,), `calibration` (k, 2): a and b."""

    scale: str
    q: int
    words: WordWeights | None
    findings: tuple[str, ...]
    coefficients: Array
    offsets: Array
    calibration: Array

    def scores(self, readings: Readings) -> Array:
        """(n, k) of z."""
        found: Array = np.asarray(_rows(readings, self.words) @ self.coefficients.T) + self.offsets
        return found

    def gives(self, readings: Readings) -> HeadGives:
        """What it gives each draft."""
        return given_by_scores(self.scores(readings), self.calibration, self.scale)


class TrainedOnGold(NamedTuple):
    """The head of all drafts; `scores` (n, k) out of fold, and what the heads of the other folds give each draft, calibrated."""

    head: GoldHead
    scores: Array
    held_out: HeadGives


def train_on_gold(
    readings: Readings, names: Sequence[str], counts: Array, fold: Places, scale: str, tell: Tell = lambda words: None
) -> TrainedOnGold:
    """From `counts` (n, q): how many people gave each draft each level, from low to high; `names` of the c findings. `tell` is
    called before each training; what it raises ends it. Raises Refused where scikit-learn is not there."""
    scores = out_of_fold_scores(readings, counts, fold, scale, tell)
    tell("the judge itself")
    fitted, calibration = _fitted(readings, counts, scale), _calibrations(scores, targets_of(counts, scale))
    head = replace(fitted, findings=tuple(names), calibration=calibration)
    return TrainedOnGold(head, scores, held_out_of(scores, counts, fold, scale))


def held_out_of(scores: Array, counts: Array, fold: Places, scale: str, most: int = 0) -> HeadGives:
    """What scores (n, k) out of fold give, calibrated by those of the other folds; `most` as in `out_of_fold_scores`."""
    shares, found = targets_of(counts, scale), HeadGives(np.zeros(len(counts), dtype=np.int64), np.zeros(counts.shape))
    for each in np.unique(fold):
        inside, outside = fold == each, np.flatnonzero(fold != each)
        some = outside[:most] if most else outside
        own = given_by_scores(scores[inside], _calibrations(scores[some], shares[some]), scale)
        found.levels[inside], found.probabilities[inside] = own
    return found


def out_of_fold_scores(readings: Readings, counts: Array, fold: Places, scale: str, tell: Tell, most: int = 0) -> Array:
    """(n, k): of heads trained on the other folds; where `most` is not 0, on the first so many of their drafts."""
    scores = np.zeros((len(counts), _steps(counts.shape[1], scale)))
    for number, each in enumerate(np.unique(fold), start=1):
        tell(f"fold {number}" + (f" on {many(most, 'draft')}" if most else ""))
        inside, outside = np.flatnonzero(fold == each), np.flatnonzero(fold != each)
        some = outside[:most] if most else outside
        scores[inside] = _fitted(readings.some(some), counts[some], scale).scores(readings.some(inside))
    return scores


def targets_of(counts: Array, scale: str) -> Array:
    """(n, k): of each draft's labels the share that is at or over each level but the lowest; on a nominal scale at each level."""
    shares: Array = counts / counts.sum(axis=1, keepdims=True)
    return shares if scale == "nominal" else shares[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].clip(0, 1)


def given_by_scores(scores: Array, calibration: Array, scale: str) -> HeadGives:
    """Levels and probabilities (n, q). Ordinal: the probabilities fall with the level (the running minimum), the level is the
    median; nominal: they sum to 1, the level is the likeliest."""
    chances = _chance(scores * calibration[:, 0] + calibration[:, 1])
    if scale == "nominal":
        probabilities = chances / chances.sum(axis=1, keepdims=True)
        return HeadGives(probabilities.argmax(axis=1), probabilities)
    over = np.minimum.accumulate(chances, axis=1)
    probabilities = -np.diff(np.column_stack([np.ones(len(over)), over, np.zeros(len(over))]), axis=1)
    return HeadGives((over >= 0.5).sum(axis=1).astype(np.int64), probabilities)


def passing_of(given: HeadGives, passes: Sequence[bool]) -> Array:
    """(n,): how likely each draft is at a level that passes; `passes` (q,)."""
    found: Array = given.probabilities[:, np.array(passes, dtype=bool)].sum(axis=1).clip(0, 1)
    return found


def platt(scores: Array, shares: Array) -> tuple[float, float]:
    """a and b of scores (n,) and the shares (n,) that they should tell, by Newton's method on Platt's targets, which are a little
    within 0 and 1, so that scores which part the two perfectly have an end, too."""
    over, under = shares.sum(), (1 - shares).sum()
    target = shares * (over + 1) / (over + 2) + (1 - shares) / (under + 2)
    mean = float(target.mean())
    a, b = 0.0, float(np.log(mean / (1 - mean)))
    alone = (0.0, b)
    if np.ptp(scores) == 0:
        return alone
    for _ in range(ROUNDS):
        p = _chance(a * scores + b)
        w = np.maximum(p * (1 - p), 1e-12)
        gradient = np.array([((p - target) * scores).sum(), (p - target).sum()])
        curve = np.array([[(w * scores**2).sum(), (w * scores).sum()], [(w * scores).sum(), w.sum()]])
        step = np.linalg.solve(curve + 1e-9 * np.eye(2), gradient)
        before, size = _loss(a, b, scores, target), 1.0
        while size > 1e-6 and _loss(a - size * step[0], b - size * step[1], scores, target) > before:
            size /= 2
        a, b = a - size * step[0], b - size * step[1]
        if np.abs(size * step).max() < 1e-10:
            break
    return (float(a), float(b)) if a > 0 else alone


def _calibrations(scores: Array, shares: Array) -> Array:
    return np.array([platt(scores[:, step], shares[:, step]) for step in range(scores.shape[1])])


def _loss(a: float, b: float, scores: Array, target: Array) -> float:
    z = a * scores + b
    return float((np.logaddexp(0, z) - target * z).sum())


def _chance(z: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    return found


def _steps(q: int, scale: str) -> int:
    return q if scale == "nominal" else q - 1


def _rows(readings: Readings, words: WordWeights | None) -> Any:
    if words is None:
        assert readings.vectors is not None
        return np.hstack([readings.vectors, readings.findings])
    return hstack([words.rows(readings.texts), csr_array(readings.findings)]).tocsr()


def _fitted(readings: Readings, counts: Array, scale: str) -> GoldHead:
    """A head of these drafts, not calibrated: p is the regressions'. Findings are brought to one range to learn from."""
    linear, _, _, limits = sklearn_parts()
    words = word_weights(readings.texts) if readings.vectors is None else None
    spread = np.ptp(readings.findings, axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)  # what is alike in all drafts tells nothing
    rows, shares = _rows(readings._replace(findings=readings.findings / spread), words), targets_of(counts, scale)
    coefficients, offsets = np.zeros((shares.shape[1], rows.shape[1])), np.zeros(shares.shape[1])
    with limits(1):
        for step in range(shares.shape[1]):
            found = step_regression(linear, rows, shares[:, step])
            if isinstance(found, float):
                offsets[step] = FAR if found else -FAR
            else:
                coefficients[step], offsets[step] = found.coef_[0], found.intercept_[0]
    if readings.findings.shape[1]:
        coefficients[:, -readings.findings.shape[1] :] /= spread
    kept = coefficients.astype(np.float32).astype(float)  # as they are kept: what is told now is what is given later
    plain = np.tile([1.0, 0.0], (len(offsets), 1))
    return GoldHead(scale, counts.shape[1], words, (), kept, offsets.astype(np.float32).astype(float), plain)
