"""Ready scales: the levels a dimension may begin with, and the rule of agreement that goes with them."""

from collections.abc import Sequence
from typing import NamedTuple


class ReadyScale(NamedTuple):
    """`levels`: value and title of each, low to high where the order counts. `weights` of kappa: none without an order; linear
    where there are few levels, quadratic where a neighbour is nearly right."""

    title: str
    is_ordinal: bool
    levels: tuple[tuple[int | str, str], ...]
    weights: str


_OF_FIVE = ("Very poor", "Poor", "Fair", "Good", "Very good")
SCALES = {
    "pass-fail": ReadyScale("Pass or fail", False, (("pass", "Pass"), ("fail", "Fail")), "unweighted"),
    "yes-no-na": ReadyScale(
        "Yes, no, not applicable", False, (("yes", "Yes"), ("no", "No"), ("na", "Not applicable")), "unweighted"
    ),
    "3": ReadyScale("3 levels", True, ((1, "Poor"), (2, "Fair"), (3, "Good")), "linear"),
    "4": ReadyScale("4 levels", True, ((1, "Poor"), (2, "Fair"), (3, "Good"), (4, "Very good")), "quadratic"),
    "5": ReadyScale("5 levels", True, tuple(enumerate(_OF_FIVE, 1)), "quadratic"),
    "7": ReadyScale(
        "7 levels", True, tuple(enumerate(("Worst", "Poor", "Weak", "Fair", "Good", "Strong", "Best"), 1)), "quadratic"
    ),
    "named-ordinal": ReadyScale("Named levels, in order", True, (("low", "Low"), ("high", "High")), "linear"),
    "named-nominal": ReadyScale("Named levels, without an order", False, (("one", "One"), ("other", "Other")), "unweighted"),
}
THRESHOLD = 0.7
LOW_THRESHOLD = 0.2


def flags_nothing(threshold: float) -> str:
    """A caution where a dimension's threshold is so low that it says nothing; "" for another."""
    return f"at a threshold of {threshold:.2f} hardly anything is ever flagged" if threshold < LOW_THRESHOLD else ""


def scale_named_by(values: Sequence[object], *, is_ordinal: bool) -> str:
    """The key in SCALES of a dimension with these levels, whichever numbers they begin with; "" for none of them: numbers without
    an order, and six of them."""
    if any(not isinstance(value, int) or isinstance(value, bool) for value in values):
        same = (key for key, scale in SCALES.items() if not is_ordinal and [value for value, _ in scale.levels] == list(values))
        return next(same, "named-ordinal" if is_ordinal else "named-nominal")
    return str(len(values)) if is_ordinal and str(len(values)) in SCALES else ""
