"""A coefficient of agreement as a value: its family and its weights, and what it is called in every place that names it.

Pure Python: naming a coefficient must not wait for numpy. The formulas are in `formulas`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

Family = Literal["percent", "kappa", "fleiss", "ac", "bp", "alpha", "level"]
WEIGHTS = ("unweighted", "linear", "quadratic")
METRICS = ("nominal", "ordinal", "interval")
KINDS: dict[Family, tuple[str, ...]] = {
    "percent": ("",),
    "kappa": WEIGHTS,
    "fleiss": WEIGHTS,
    "ac": WEIGHTS,
    "bp": WEIGHTS,
    "alpha": METRICS,
}


class _Names(NamedTuple):
    """How people call a coefficient: in a sentence, and in print, where two annotators' may bear another name. `path_of_two`
    and `path_of_all` are where the commands' JSON has it."""

    spoken: str
    spoken_of_all: str
    of_two: str
    of_all: str
    path_of_two: tuple[str, ...]
    path_of_all: tuple[str, ...]


@dataclass(frozen=True, order=True, slots=True)
class Coefficient:
    """`family` is percent; kappa (Cohen's of two annotators, Conger's of more); fleiss (Scott's pi of two); ac (Gwet's AC1
    unweighted, AC2 weighted); bp (Brennan-Prediger); alpha (Krippendorff's); or level, the specific agreement on one level.
    `kind` holds its weights (unweighted, linear, quadratic), alpha's metric (nominal, ordinal, interval), or the position of
    the level among the declared ones as digits; "" for percent. Raises ValueError for any other.

    >>> Coefficient.parse("kappa quadratic").kind
    'quadratic'
    >>> str(Coefficient("alpha", "nominal")), Coefficient("alpha", "nominal").spoken
    ('alpha nominal', 'nominal alpha')
    """

    family: Family
    kind: str = ""

    def __post_init__(self) -> None:
        known = self.kind.isdecimal() if self.family == "level" else self.kind in KINDS.get(self.family, ())
        if not known:
            raise ValueError(f"there is no coefficient {self.family!r} of kind {self.kind!r}")

    @classmethod
    def parse(cls, key: str) -> "Coefficient":
        """Of a key as `str` gives it: "kappa unweighted". Raises ValueError for what is none."""
        family, _, kind = key.partition(" ")
        for known in get_args(Family):
            if known == family:
                return cls(known, kind)
        raise ValueError(f"there is no coefficient {key!r}; one is percent, kappa unweighted or alpha nominal")

    def __str__(self) -> str:
        """The key: "kappa unweighted"."""
        return f"{self.family} {self.kind}".strip()

    @property
    def knows_distance(self) -> bool:
        """Whether it counts how far apart two levels are: linear and quadratic weights, ordinal and interval alpha."""
        return self.kind in ("linear", "quadratic", "ordinal", "interval")

    @property
    def kind_first(self) -> str:
        """For a sentence that sets two coefficients beside each other: "unweighted kappa"."""
        return f"{self.kind} {self.family}".strip()

    @property
    def heading(self) -> str:
        """For the head of a column: "kappa, unweighted"."""
        return str(self).replace(" ", ", ")

    def heading_by(self, by: str) -> str:
        """The same, told apart where weights go by the value of a level and not by its position: "kappa, linear, by value"."""
        return f"{self.heading}, by value" if by == "value" and self.is_weighted else self.heading

    @property
    def is_weighted(self) -> bool:
        """Whether it has weights, which go by the position of a level or by its value. (Alpha's metrics say themselves.)"""
        return self.kind in ("linear", "quadratic")

    @property
    def spoken(self) -> str:
        """For a sentence: "linear kappa", "AC1"."""
        names = _NAMES.get(self)
        return names.spoken if names else str(self)

    @property
    def spoken_of_all(self) -> str:
        """The same where it is of all annotators: "Conger kappa"."""
        names = _NAMES.get(self)
        return names.spoken_of_all if names else str(self)

    def printed(self, *, of_two: bool, by: str = "position") -> str:
        """For a row of a table in print: "Cohen’s kappa, linear" of two annotators, "Conger’s kappa" of more; `by` as in
        `heading_by`."""
        name = _NAMES[self].of_two if of_two else _NAMES[self].of_all
        return f"{name}, by value" if by == "value" and self.is_weighted else name

    def path(self, *, of_two: bool) -> tuple[str, ...]:
        """Where the JSON of a pair, or of all annotators, has it: ("kappa", "linear")."""
        names = _NAMES[self]
        return names.path_of_two if of_two else names.path_of_all


def with_meaning_on(scale: str, coefficients: Iterable[Coefficient]) -> tuple[Coefficient, ...]:
    """Those of the coefficients that say something on a scale: on a nominal one none that counts how far apart levels are."""
    return tuple(each for each in coefficients if scale != "nominal" or not each.knows_distance)


def on_level(position: int) -> Coefficient:
    """The specific agreement on the declared level at a position: 2 n_kk / (n_k. + n_.k)."""
    return Coefficient("level", str(position))


PERCENT = Coefficient("percent")
KAPPA, LINEAR_KAPPA, QUADRATIC_KAPPA = KAPPAS = tuple(Coefficient("kappa", weights) for weights in WEIGHTS)
NOMINAL_ALPHA, ORDINAL_ALPHA, INTERVAL_ALPHA = ALPHAS = tuple(Coefficient("alpha", metric) for metric in METRICS)
FLEISS, LINEAR_FLEISS, QUADRATIC_FLEISS = FLEISSES = tuple(Coefficient("fleiss", weights) for weights in WEIGHTS)
AC1, LINEAR_AC2, AC2 = GWETS = tuple(Coefficient("ac", weights) for weights in WEIGHTS)
BRENNAN_PREDIGER, LINEAR_BP, QUADRATIC_BP = BRENNAN_PREDIGERS = tuple(Coefficient("bp", weights) for weights in WEIGHTS)

OF_TWO = (PERCENT, *KAPPAS, *FLEISSES, *GWETS, *BRENNAN_PREDIGERS)  # in the order in which the figures of a pair are read
OF_ALL = (PERCENT, *FLEISSES, *KAPPAS, *ALPHAS, *GWETS, *BRENNAN_PREDIGERS)  # and those of all annotators


def _names(
    spoken: str, of_two: str, path_of_two: str, of_all: str = "", path_of_all: str = "", spoken_of_all: str = ""
) -> _Names:
    paths = tuple(tuple(path.split()) for path in (path_of_two, path_of_all or path_of_two))
    return _Names(spoken, spoken_of_all or spoken, of_two, of_all or of_two, *paths)


_NAMES = {
    PERCENT: _names("percent agreement", "Percent agreement", "percent"),
    KAPPA: _names("kappa", "Cohen’s kappa, unweighted", "kappa unweighted", "Conger’s kappa", "conger", "Conger kappa"),
    AC1: _names("AC1", "Gwet’s AC1", "ac1"),
    AC2: _names("AC2", "Gwet’s AC2, quadratic", "ac2"),
    LINEAR_AC2: _names("linear AC2", "Gwet’s AC2, linear", "ac2_linear"),
    FLEISS: _names("Fleiss kappa", "Scott’s pi", "scott_pi", "Fleiss’ kappa", "fleiss"),
    BRENNAN_PREDIGER: _names("Brennan-Prediger", "Brennan–Prediger", "bp"),
    **{
        Coefficient("kappa", weights): _names(
            f"{weights} kappa",
            f"Cohen’s kappa, {weights}",
            f"kappa {weights}",
            f"Conger’s kappa, {weights}",
            f"conger_weighted {weights}",
            f"{weights} Conger kappa",
        )
        for weights in WEIGHTS[1:]
    },
    **{
        Coefficient("fleiss", weights): _names(
            f"{weights} Scott pi",
            f"Scott’s pi, {weights}",
            f"scott_pi_weighted {weights}",
            f"Fleiss’ kappa, {weights}",
            f"fleiss_weighted {weights}",
            f"{weights} Fleiss kappa",
        )
        for weights in WEIGHTS[1:]
    },
    **{
        Coefficient("bp", weights): _names(
            f"{weights} Brennan-Prediger", f"Brennan–Prediger, {weights}", f"bp_weighted {weights}"
        )
        for weights in WEIGHTS[1:]
    },
    NOMINAL_ALPHA: _names("nominal alpha", "Krippendorff’s alpha, nominal", "alpha nominal"),
    ORDINAL_ALPHA: _names("ordinal alpha", "Krippendorff’s alpha, ordinal", "alpha ordinal"),
    INTERVAL_ALPHA: _names("interval alpha", "Krippendorff’s alpha, interval", "alpha interval"),
}
