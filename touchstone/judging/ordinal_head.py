"""Judges trained on labels: words and pairs of words by TF-IDF, the default, or a text's vector by what it means
(`touchstone.embedding`); and a head that knows the order of levels.

An ordinal head (Frank and Hall 2001) asks of each level but the lowest how likely a text is at or over it: one logistic
regression each, of people's labels, every label counting, so that a unit on which they differ teaches how they do. The
probabilities are made to fall with the level (the running minimum), and the level given is the median, the highest that is at
least as likely as not. On a nominal scale there is one multinomial regression, and the likeliest level.

scikit-learn comes with an extra. The same labels and texts give the same head, and `digest` names what it was trained on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.judging.held import Places

WORDS = {"ngram_range": (1, 2), "sublinear_tf": True, "max_features": 50_000}
STRENGTH = 10.0  # C of the regressions: how much less they are held back than by default
FOLDS = 5
LEAST_UNITS = 20


class HeadGives(NamedTuple):
    """`levels` (n,): places among the declared ones; `probabilities` (n, q) of each level."""

    levels: Places
    probabilities: Array


@dataclass(frozen=True)
class OrdinalHead:
    """A head that is trained. `features` turns texts into numbers, `regressions` one for each step between
    levels (one in all on a nominal scale; a number where all labels were on one side)."""

    scale: str
    q: int
    features: Any
    regressions: tuple[Any, ...]
    digest: str

    def gives(self, texts: Sequence[str] | Array) -> HeadGives:
        """What it gives each text (n,), or row of numbers."""
        rows: Any = self.features.transform(texts)
        if self.scale == "nominal":
            probabilities = np.zeros((rows.shape[0], self.q))
            (only,) = self.regressions
            if isinstance(only, int):
                probabilities[:, only] = 1.0
            else:
                probabilities[:, only.classes_] = only.predict_proba(rows)
            return HeadGives(probabilities.argmax(axis=1), probabilities)
        over = np.column_stack([_chance(each, rows) for each in self.regressions])
        over = np.minimum.accumulate(over, axis=1)
        probabilities = -np.diff(np.column_stack([np.ones(len(over)), over, np.zeros(len(over))]), axis=1)
        return HeadGives((over >= 0.5).sum(axis=1).astype(np.int64), probabilities)


def _chance(regression: Any, rows: Any) -> Array:
    if isinstance(regression, float):
        return np.full(rows.shape[0], regression)
    found: Array = regression.predict_proba(rows)[:, 1]
    return found


def train(texts: Sequence[str] | Array, counts: Array, *, scale: str = "ordinal", even: bool = True) -> OrdinalHead:
    """A head from `texts` (n,), or rows of numbers, and `counts` (n, q): how many people gave each text each level, the levels
    from low to high. `even`: numbers are brought to one spread, column by column; vectors of length 1 are not. Raises Refused
    where scikit-learn is not there, and with fewer than LEAST_UNITS texts."""
    linear, text, scaling, limits = sklearn_parts()
    if len(counts) < LEAST_UNITS:
        raise Refused(f"{many(len(counts), 'labelled text')} cannot train a judge: too few; label {LEAST_UNITS} or more")
    if isinstance(texts, np.ndarray):
        features = scaling.StandardScaler(with_mean=even, with_std=even).fit(texts)
    else:
        features = text.TfidfVectorizer(**WORDS, token_pattern=None, tokenizer=words_of, lowercase=False).fit(texts)
    rows, shares = features.transform(texts), counts / counts.sum(axis=1, keepdims=True)
    steps = range(1, counts.shape[1])
    with limits(1):  # on a busy machine its threads wait for each other many times longer than one takes
        if scale == "nominal":
            regressions: tuple[Any, ...] = (_nominal(linear, rows, shares),)
        else:
            regressions = tuple(step_regression(linear, rows, shares[:, level:].sum(axis=1)) for level in steps)
    told = sha256(repr((scale, WORDS, STRENGTH, counts.shape) if even else (scale, STRENGTH, counts.shape, "as given")).encode())
    told.update(np.ascontiguousarray(counts).tobytes())
    for each in texts:
        told.update(each.tobytes() if isinstance(each, np.ndarray) else each.encode("utf-8", "surrogatepass") + b"\0")
    return OrdinalHead(scale, counts.shape[1], features, regressions, told.hexdigest())


def words_of(text: str) -> list[str]:
    """Runs of letters and digits in small letters, and each other mark by itself."""
    words, run = [], ""
    for letter in text.casefold():
        if letter.isalnum():
            run += letter
            continue
        if run:
            words.append(run)
            run = ""
        if not letter.isspace():
            words.append(letter)
    return [*words, run] if run else words


def sklearn_parts() -> tuple[Any, Any, Any, Any]:
    try:
        from sklearn import linear_model, preprocessing
        from sklearn.feature_extraction import text
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise Refused("a trained judge needs scikit-learn, which is not installed; install touchstone[judging]") from None
    return linear_model, text, preprocessing, threadpool_limits


def step_regression(linear: Any, rows: Any, over: Array) -> Any:
    """Whether a text is at or over a level, each counted by the shares of its labels; a number where all are on one side."""
    if over.min() == over.max() and over[0] in (0.0, 1.0):
        return float(over[0])
    both, which, weights = _twice(rows, [1 - over, over])
    return _regression(linear, rows).fit(both, which, sample_weight=weights)


def _nominal(linear: Any, rows: Any, shares: Array) -> Any:
    given = np.flatnonzero(shares.any(axis=0))
    if len(given) == 1:
        return int(given[0])
    both, which, weights = _twice(rows, [shares[:, level] for level in given])
    return _regression(linear, rows).fit(both, given[which], sample_weight=weights)


def _regression(linear: Any, rows: Any) -> Any:
    """Few numbers a text are solved at once; its words, tens of thousands, step by step."""
    return linear.LogisticRegression(
        C=STRENGTH, max_iter=1000, solver="newton-cholesky" if isinstance(rows, np.ndarray) else "lbfgs"
    )


def _twice(rows: Any, shares: Sequence[Array]) -> tuple[Any, Places, Array]:
    """The rows once for each side that has a share of their labels, with which side it is, and the share."""
    from scipy.sparse import issparse, vstack

    kept = [np.flatnonzero(each > 0) for each in shares]
    parts = [rows[each] for each in kept]
    which = np.concatenate([np.full(len(each), place) for place, each in enumerate(kept)])
    weights = np.concatenate([each[own] for each, own in zip(shares, kept, strict=True)])
    return (vstack(parts).tocsr() if issparse(rows) else np.concatenate(parts)), which, weights


def folds(clusters: Sequence[str] | Places, seed: int = 0, number: int = FOLDS) -> Places:
    """(n,): the fold of each unit, so that a cluster is in one: clusters in an order by hash are dealt to the fold with fewest
    units so far."""
    names, inverse, units = np.unique(np.array([str(each) for each in clusters]), return_inverse=True, return_counts=True)
    order = sorted(range(len(names)), key=lambda at: sha256(f"{seed} {names[at]}".encode()).digest())
    filled, fold = [0] * number, np.zeros(len(names), dtype=np.int64)
    for at in order:
        fold[at] = min(range(number), key=lambda each: (filled[each], each))
        filled[fold[at]] += int(units[at])
    return fold[inverse]


def out_of_fold(
    texts: Sequence[str] | Array,
    counts: Array,
    fold: Places,
    *,
    scale: str = "ordinal",
    even: bool = True,
    told: Callable[[float], None] = lambda share: None,
) -> HeadGives:
    """What heads trained on the other folds give each text: nothing is told of a text by its own labels or its cluster's. `told`
    hears before each fold which share is done, and may raise to stop."""
    levels, probabilities = np.zeros(len(counts), dtype=np.int64), np.zeros(counts.shape)
    folds_there = np.unique(fold)
    for number, each in enumerate(folds_there):
        told(number / len(folds_there))
        inside, outside = np.flatnonzero(fold == each), np.flatnonzero(fold != each)
        head = train(_some(texts, outside), counts[outside], scale=scale, even=even)
        levels[inside], probabilities[inside] = head.gives(_some(texts, inside))
    return HeadGives(levels, probabilities)


def _some(texts: Sequence[str] | Array, places: Places) -> Any:
    return texts[places] if isinstance(texts, np.ndarray) else [texts[place] for place in places]
