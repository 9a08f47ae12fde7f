"""What a judge must beat: controls that know nothing of what people are asked.

    constant    the level that people give most, for every unit: kappa is 0 by its definition
    random      levels drawn as often as people give them, whatever the unit: kappa is 0 on average, and 0 is taken
    length      an ordinal head (`ordinal_head`) that sees how long the text is
    layout      one that sees twelve features of how it is set out, none of what it says

The last two are trained on people's labels in five folds, clusters whole, so each unit is judged by what it had no part in. They
need the texts: without one of every unit they are not there.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.errors import Refused
from touchstone.judging.held import HeldLabels, Places
from touchstone.judging.ordinal_head import LEAST_UNITS, folds, out_of_fold

CONSTANT, RANDOM, LENGTH, LAYOUT = "constant", "random", "length", "layout"
BY_DEFINITION = (CONSTANT, RANDOM)  # kappa 0
LEAST_CLUSTERS = 10  # two in a fold


def controls_of(held: HeldLabels, texts: Mapping[str, str]) -> dict[str, Places]:
    """(n,) levels of each control that is trained, by name; none where a unit has no text, or there are too few."""
    if len(held.units) < 2 * LEAST_UNITS or held.cluster.max() + 1 < LEAST_CLUSTERS or any(u not in texts for u in held.units):
        return {}
    own = [texts[unit] for unit in held.units]
    return trained_controls(held, {LENGTH: length_of(own), LAYOUT: layout_of(own)})


def trained_controls(held: HeldLabels, features: Mapping[str, Array]) -> dict[str, Places]:
    """The same from features (n, k) of each unit, by the control's name; none where scikit-learn is not installed."""
    fold = folds(held.cluster)
    rising = np.argsort(held.values, kind="stable")  # numbers may be declared falling
    try:
        return {
            name: rising[out_of_fold(rows, held.counts[:, rising], fold, scale=held.scale).levels]
            for name, rows in features.items()
        }
    except Refused:
        return {}


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
