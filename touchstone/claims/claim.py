"""A claim and what is found of it, as values.

A figure that cannot occur is told with the nearest that could, in its own digits. "cannot occur" is only said where it is
proved; what is neither found nor excluded is "not decided", what is out of reach "not checked".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from touchstone.claims.rounding import Printed
from touchstone.english import listed, many

CAN, CANNOT, UNDECIDED, UNCHECKED = "possible", "impossible", "not decided", "not checked"
MOST_UNITS = 10**9
MOST_LEVELS = 1000
BY = ("position", "value")  # what weights go by, as in a rubric


@dataclass(frozen=True)
class Levels:
    """How many levels a label may have (None: not said), and their numbers in order where they are known. `by`: what the weights
    of linear and quadratic kappa go by, as in a rubric: the position of a level, or its value."""

    number: int | None = None
    values: tuple[int, ...] | None = None
    by: str = "position"

    @property
    def at(self) -> tuple[int, ...] | None:
        """Where the levels stand for weights; None by their position."""
        return self.values if self.by == "value" else None

    @property
    def in_words(self) -> str:
        return f"{self._listed}, weights by value" if self.by == "value" else self._listed

    @property
    def _listed(self) -> str:
        if self.values:
            whole = self.values == tuple(range(self.values[0], self.values[-1] + 1))
            return f"levels {self.values[0]} to {self.values[-1]}" if whole else f"levels {', '.join(map(str, self.values))}"
        return f"{self.number} levels" if self.number else "any number of levels"


@dataclass(frozen=True)
class Claim:
    """What is said of `n` units. Percentages and shares are of 1. `counts`: labels by level, one entry an annotator, each a
    sequence of whole numbers; `shares`: the same as printed shares. `means`, `sums`: one an annotator, None where not said."""

    n: int
    percent: Printed | None = None
    disagreements: int | None = None
    kappas: Mapping[str, Printed] = field(default_factory=dict)
    means: tuple[Printed | None, ...] = ()
    sums: tuple[int | None, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    shares: tuple[tuple[Printed, ...], ...] = ()
    levels: Levels = Levels()

    @property
    def has_figures(self) -> bool:
        figures = (self.percent, self.kappas, self.means, self.sums, self.counts, self.shares)
        return any(figures) or self.disagreements is not None


@dataclass(frozen=True)
class CheckedFigure:
    """What was found of one figure, or of all together: `status` is a word of this module or of `against`, `because` a
    sentence without its stop, `nearest` the figures that could, printed as the claim prints its own."""

    figure: str
    printed: str
    status: str
    because: str
    nearest: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "figure": self.figure,
            "printed": self.printed,
            "status": self.status,
            "because": self.because,
            "nearest": list(self.nearest),
        }


@dataclass(frozen=True)
class CheckedClaim:
    """Each figure by itself, then all together (None with a single figure). `read_as`: how a figure was taken that could mean
    two things, as a sentence; "" for none."""

    n: int
    levels: Levels
    findings: tuple[CheckedFigure, ...]
    together: CheckedFigure | None
    read_as: str = ""

    @property
    def everything(self) -> tuple[CheckedFigure, ...]:
        return self.findings + ((self.together,) if self.together else ())

    @property
    def can_occur(self) -> bool | None:
        """False where something is proved impossible, None where something is not decided."""
        found = {each.status for each in self.everything}
        return False if CANNOT in found else None if UNDECIDED in found else True

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        wrong = [each for each in self.everything if each.status == CANNOT]
        if wrong:
            return f"{wrong[0].because}."
        about = f"of {many(self.n, 'unit')}, {self.levels.in_words}"
        if self.can_occur is None:
            open_ = next(each for each in self.everything if each.status == UNDECIDED)
            return f"Not decided whether these figures are possible together ({about}): {open_.because}."
        unchecked = [each.figure for each in self.everything if each.status == UNCHECKED]
        said = f"These figures are possible together ({about})" if self.together else f"This figure is possible ({about})"
        return said + (f"; {listed(unchecked)} not checked." if unchecked else ".")

    def as_json(self) -> dict[str, object]:
        """What `check-claim --json` prints. `possible` and `can_occur` are the same: null where something is not decided."""
        return {
            "possible": self.can_occur,
            "n": self.n,
            "levels": {
                "number": self.levels.number,
                "values": self.levels.values and list(self.levels.values),
                "by": self.levels.by,
            },
            "can_occur": self.can_occur,
            "sentence": self.sentence,
            "read_as": self.read_as or None,
            "figures": [each.as_json() for each in self.findings],
            "together": self.together and self.together.as_json(),
        }


def percent_words(k: int, n: int, like: Printed) -> str:
    """ "27/30 = 90.0"."""
    return f"{k}/{n} = {like.like(Fraction(k, n))}"


def percent_text(printed: Printed) -> str:
    return f"{printed.text.rstrip('% ').removesuffix('percent').strip()} %" if printed.scale != 1 else printed.text
