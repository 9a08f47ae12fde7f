"""How many more drafts to label until a figure is decided."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from touchstone.agreement.coefficients import ENDS, Array, Patterns, draws, points, quantiles

MOST = 1000  # drafts more than this are not worth promising


@dataclass(frozen=True)
class More:
    """Drafts beyond those labelled; `start` and `end` are None when more will not settle it (see `more`)."""

    start: int | None
    end: int | None
    half_width_05: int | None = None

    def as_json(self) -> dict[str, object]:
        if self.start is not None:
            return {"from": self.start, "to": self.end}
        return {"from": None, "to": None, "sentence": self.in_words(), "half_width_05": self.half_width_05}

    def in_words(self) -> str:
        """Whole tens, outwards: the draws do not know the last digit."""
        if self.start is None:
            return "at the threshold: more labels will not settle it"
        start, end = self.start // 10 * 10, -(-self.end // 10) * 10
        return f"{start} to {end} more" if start else f"up to {end} more"


def drawn_at(patterns: Patterns, name: str, totals: ArrayLike, at: ArrayLike) -> Array:
    """(totals, at): quantiles of the named figure's draws, as if so many units had come in the proportions of the
    counts."""
    return np.array([quantiles(draws(patterns, [name], total=total)[name], at) for total in totals])


def more(patterns: Patterns, name: str, threshold: float) -> More:
    """How many more drafts until the interval of the named figure, now undecided, leaves the threshold.

    The labels to come are taken to be like those that came: N units in the proportions of the counts give the
    interval [low(N), high(N)] by the report's own method. But N real units do not come in exact proportion;
    their point strays by what the quartiles of the draws at N say, times sqrt(m / N) since only m are new.
    With the point over the threshold, `start` is the least m where low + stray >= threshold, `end` the least
    where low - stray >= threshold; mirrored below it. So about a quarter of such rounds is decided at the
    start and about three quarters at the end: simulated on six tables of 30 to 100 drafts .16 to .32 and
    .70 to .79. That the proportions themselves may be other than they seem is not in it.

    The farther the threshold from the point, the fewer. With an end over 1,000 there is no range, and
    `half_width_05` says how many more would bring the half-width to .05 (beyond 1,000: as 1 / sqrt N).

    The quantiles are drawn at five sizes equally spaced in 1 / sqrt N, in which they run almost straight, and
    interpolated between.
    """
    n = patterns.total
    nodes = np.linspace((n + MOST) ** -0.5, n**-0.5, 5)
    at = (ENDS[0], 0.25, 0.5, 0.75, ENDS[1])
    drawn = drawn_at(patterns, name, nodes**-2, at)
    point = points(patterns, [name])[name]
    added = np.arange(1, MOST + 1)
    low, lower, middle, upper, high = (np.interp((n + added) ** -0.5, nodes, column) for column in drawn.T)
    new = np.sqrt(added / (n + added))
    low, high = np.minimum(low, point), np.maximum(high, point)
    if point >= threshold:
        lucky, unlucky = low + (upper - middle) * new >= threshold, low - (middle - lower) * new >= threshold
    else:
        lucky, unlucky = high - (middle - lower) * new < threshold, high + (upper - middle) * new < threshold
    if unlucky.any():
        return More(int(added[lucky.argmax()]), int(added[unlucky.argmax()]))
    half = (high - low) / 2
    if (half <= 0.05).any():
        return More(None, None, int(added[(half <= 0.05).argmax()]))
    return More(None, None, int(np.ceil((n + MOST) * (half[-1] / 0.05) ** 2 - n)))
