"""What a judge must beat: controls that know nothing of what people are asked.

    constant         the level that people give most, for every unit: kappa is 0 by its definition
    random           levels drawn as often as people give them, whatever the unit: kappa is 0 on average, and 0 is taken
    length           an ordinal head (`ordinal_head`) that sees how long the text is
    layout           one that sees twelve features of how it is set out, none of what it says
    … bent           the same where more need not be better: each feature is a line with corners at quantiles of the texts, so
                     that a middle length can be the best
    … of the judge   the judge's own level of the text that is nearest in length or layout: whatever of the judge these explain,
                     by any rule, is left, and all that it read is gone

Those with texts are made in five folds, clusters whole, so each unit is judged by what it had no part in. The last has no noise
of people in it: on few units it knows a judge that goes by length long before a head knows people. They need the text of every
unit, of LEAST_TRIED or more in LEAST_CLUSTERS clusters or more; where they could not be tried nothing is known of what a judge
looks at, and none is approved (`standing_in`).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from touchstone.agreement.estimation.intervals import Array
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.judging.held import HeldLabels, Mask, Places
from touchstone.judging.ordinal_head import LEAST_UNITS, folds, out_of_fold

CONSTANT, RANDOM, LENGTH, LAYOUT = "constant", "random", "length", "layout"
BENT, OF_JUDGE = " bent", " of the judge"
BY_DEFINITION = (CONSTANT, RANDOM)  # kappa 0
LEAST_TRIED, LEAST_CLUSTERS = 2 * LEAST_UNITS, 10  # two clusters in a fold
CORNERS = {LENGTH: 7, LAYOUT: 3}  # of each feature


class Untried(NamedTuple):
    """Why controls could not be tried; `more` units that it takes, None where units would not help; `way`: what would."""

    why: str
    more: int | None = None
    way: str = ""


NOT_TRIED = Untried("nothing that looks at length or layout was held beside it", None, "give the text of every unit")


class Controls(NamedTuple):
    """`levels` (n,) of each control that is trained, by name; `untried` is there exactly where there is none."""

    levels: Mapping[str, Places]
    untried: Untried | None

    def on(self, kept: Mask) -> "Controls":
        """The same of some of the units."""
        return Controls({name: own[kept] for name, own in self.levels.items()}, self.untried)


def controls_of(held: HeldLabels, texts: Mapping[str, str]) -> Controls:
    """The controls that look at a text, trained on people's labels and on the judge's; see above for what they need."""
    units, clusters = len(held.units), int(held.cluster.max(initial=-1)) + 1
    if absent := sum(unit not in texts for unit in held.units):
        return Controls({}, Untried(f"texts are missing, {absent:,} of {units:,}", None, "import the drafts of all units"))
    if units < LEAST_TRIED:
        told = f"{many(units, 'unit')} are too few to try whether length or layout do as well, that needs {LEAST_TRIED}"
        return Controls({}, Untried(told, LEAST_TRIED - units))
    if clusters < LEAST_CLUSTERS:
        told = f"{many(clusters, 'cluster')} are too few to try whether length or layout do as well, that needs {LEAST_CLUSTERS}"
        return Controls({}, Untried(told, LEAST_CLUSTERS - clusters))
    own = [texts[unit] for unit in held.units]
    return trained_controls(held, {LENGTH: length_of(own), LAYOUT: layout_of(own)})


def trained_controls(held: HeldLabels, features: Mapping[str, Array]) -> Controls:
    """The same from features (n, k) of each unit, by the control's name; untried where scikit-learn is not installed."""
    fold = folds(held.cluster)
    rising = np.argsort(held.values, kind="stable")  # numbers may be declared falling
    made = {}
    try:
        for name, rows in features.items():
            for kind, seen in (("", rows), (BENT, bent_by(rows, CORNERS[name]))):
                made[name + kind] = rising[out_of_fold(seen, held.counts[:, rising], fold, scale=held.scale).levels]
            made[name + OF_JUDGE] = of_nearest(rows, held.judge, fold)
    except Refused:
        missing = "scikit-learn is not installed, so whether length or layout do as well was not tried"
        return Controls({}, Untried(missing, None, "install touchstone[judging]"))
    return Controls(made, None)


def of_nearest(rows: Array, levels: Places, fold: Places) -> Places:
    """(n,) levels: of each unit that of the unit of another fold whose features (n, k) are nearest, in spreads of each."""
    even = (rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), np.finfo(float).tiny)
    found = np.zeros_like(levels)
    for each in np.unique(fold):
        inside, outside = np.flatnonzero(fold == each), np.flatnonzero(fold != each)
        found[inside] = levels[outside[cKDTree(even[outside]).query(even[inside])[1]]]
    return found


def bent_by(rows: Array, corners: int) -> Array:
    """(n, k + those that differ): the features, and of each how far it is over each of its inner quantiles, 0 under it."""
    shares = np.arange(1, corners + 1) / (corners + 1)
    made = [rows]
    for column in rows.T:
        corner = np.unique(np.quantile(column, shares))
        made.append(np.maximum(column[:, None] - corner[None, :], 0))
    return np.concatenate(made, axis=1)


def length_of(texts: Sequence[str]) -> Array:
    """(n, 2): characters and words, as logarithms."""
    found: Array = np.log1p(np.array([[len(text), len(text.split())] for text in texts], dtype=float).reshape(-1, 2))
    return found


def layout_of(texts: Sequence[str]) -> Array:
    """(n, 12): see `_layout`."""
    return np.array([_layout(text) for text in texts], dtype=float).reshape(-1, 12)


def _layout(text: str) -> tuple[float, ...]:
    """Length, lines, paragraphs, list items, the length of lines and words, and the shares of letters that are large, digits,
    marks, and of ! and ?, quotes and brackets."""
    lines = text.splitlines() or [""]
    words, n = text.split(), max(len(text), 1)
    marks = sum(not (letter.isalnum() or letter.isspace()) for letter in text)
    return (
        float(np.log1p(len(text))),
        float(np.log1p(len(words))),
        float(np.log1p(len(lines))),
        float(np.log1p(sum(not line.strip() for line in lines))),
        sum(line.lstrip()[:1] in ("-", "*", "•") or line.lstrip()[:1].isdigit() for line in lines) / len(lines),
        float(np.log1p(len(text) / len(lines))),
        float(np.mean([len(word) for word in words])) if words else 0.0,
        sum(letter.isupper() for letter in text) / n,
        sum(letter.isdigit() for letter in text) / n,
        marks / n,
        sum(letter in "!?" for letter in text) / n,
        sum(letter in "\"'()[]{}“”" for letter in text) / n,
    )
