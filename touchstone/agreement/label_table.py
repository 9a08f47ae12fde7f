"""Agreement of labels at hand, as one long table (unit, annotator, dimension, value): what `touchstone.agreement` calls.

The command for files and a program that imports the library both come through here.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

import numpy as np

from touchstone.agreement.coefficient import WEIGHTS
from touchstone.agreement.estimation.clusters import histograms_by_cluster
from touchstone.agreement.estimation.icc import IntraclassCorrelations, icc_of_ratings
from touchstone.agreement.estimation.interval_alpha import interval_alpha
from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import AgreementRule, Figure, Level, PlainRule
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.english import listed

if TYPE_CHECKING:
    import pandas

COLUMNS = ("unit", "annotator", "dimension", "value")
SCALES = ("ordinal", "nominal", "interval")
STATISTICS = ("kappa", "alpha")
BY = ("position", "value")
TableRows: TypeAlias = "pandas.DataFrame | Iterable[Mapping[str, object] | Sequence[object]]"


@dataclass(frozen=True)
class DeclaredDimension:
    """What counting needs to know of a dimension that no rubric names."""

    key: str
    scale: str
    values: tuple[Level, ...]


class Rating(NamedTuple):
    """One row of the long table on an interval scale, where a value is any finite number."""

    unit: str
    annotator: str
    dimension: str
    value: float


@dataclass(frozen=True)
class Ratings:
    """One dimension on an interval scale without levels. `table` (units, annotators): the ratings, nan where there is none."""

    annotators: tuple[str, ...]
    table: Array
    alpha: Figure
    icc: IntraclassCorrelations

    @property
    def units(self) -> int:
        return len(self.table)

    def as_json(self) -> dict[str, object]:
        return {
            "annotators": list(self.annotators),
            "units": self.units,
            "units_with_two": self.alpha.n,
            "overall": {"alpha": {"interval": self.alpha.as_json()}},
            "icc": self.icc.as_json(),
            "warnings": list(self.icc.warnings),
        }


def agreement(
    rows: TableRows,
    levels: Sequence[Level] = (),
    scale: str = "ordinal",
    *,
    statistic: str | None = None,
    weights: str | None = None,
    threshold: float | None = None,
    by: str = "position",
    pairs: bool = False,
) -> dict[str, DimensionReport | Ratings]:
    """How far annotators agree, dimension by dimension, with 95 % intervals.

    rows: a DataFrame with the columns unit, annotator, dimension and value, or an iterable of mappings with these keys, or of
    sequences in this order: one label a row, each annotator once a unit and dimension. A missing label is a missing row. Units
    and annotators are taken as text. A column or key `cluster` (a trace, a template) counts clusters; others are passed over.
    levels: every level a label may have, also those nobody used, in their order; with scale "interval" none, and a value is then
    any finite number. scale: ordinal, nominal or interval. statistic (kappa or alpha), weights (unweighted, linear, quadratic)
    and threshold (-1 to 1): all three for a verdict, none for figures alone. With more than two annotators alpha is judged.
    by: whether weights go by the position of a level among the declared ones or by its value, which then is a number.

    The levels of a nominal scale have no order: figures that count how far apart two levels are (weighted kappas, AC2, ordinal
    and interval alpha) are None with the reason "nominal scale", weights other than unweighted are refused, and the order of
    levels changes nothing but the order in which they are listed.
    pairs: the figures of every two annotators also where there are more than 20; they are left out there, and a warning says so.

    Returns a report for each dimension in the order of first appearance (`report.DimensionReport`; `Ratings` on an interval
    scale). `.as_json()` is the shape that the command `agreement --json` prints. Coefficients are from -1 to 1, agreement in
    percent from 0 to 1; a figure that is undefined (one annotator, one level throughout) is None with a reason. No rows: an
    empty mapping.

    Raises ValueError, naming the row (counted from 1) and the way out, for a missing column, a blank, a value that is no level, a
    label given twice, and for an argument that does not fit.

    Sources: Cohen 1960 and 1968 (kappa), Conger 1980, Fleiss 1971, Gwet 2014, Krippendorff 2011; intervals by draws from
    Dirichlet(count + 1/q^2), of more than two annotators by the Bayesian bootstrap (Rubin 1981). docs/statistics.md says more.

    >>> rows = [("d1", "ana", "tone", 2), ("d1", "ben", "tone", 2), ("d2", "ana", "tone", 0), ("d2", "ben", "tone", 1)]
    >>> report = agreement(rows, levels=[0, 1, 2])["tone"]
    >>> report.as_json()["pairs"][0]["percent"]["value"], report.units_with_two
    (0.5, 2)
    >>> judged = agreement(rows, levels=[0, 1, 2], statistic="kappa", weights="quadratic", threshold=0.8)["tone"]
    >>> round(judged.judged.value, 3), judged.flagged, judged.verdict
    (0.667, True, 'undecided')
    """
    declared = tuple(_level_of(level) for level in levels)
    _check_levels(declared, scale)
    _check_by(by, declared, scale)
    rule = _rule(statistic, weights, threshold)
    if rule and scale == "nominal" and rule.weights != "unweighted":
        raise ValueError(f"weights are unweighted on a nominal scale, not {rule.weights}: no level is nearer to another")
    if rule and by == "value" and rule.weights == "unweighted":
        raise ValueError("unweighted agreement counts no distance; leave by out, or take linear or quadratic weights")
    if rule and scale == "interval":
        raise ValueError("a verdict needs levels; leave statistic, weights and threshold out on an interval scale")
    cells = _checked(rows)
    if scale == "interval":
        return dict(agreement_of_ratings([Rating(*cell.whose, cell.number()) for cell in cells]))
    clusters = _clusters(cells)
    labels = [LabelRow(*cell.whose, cell.level(declared)) for cell in cells]
    return dict(agreement_of_labels(labels, declared, scale, clusters, rule, by, pairs=pairs))


def agreement_of_labels(
    labels: Iterable[LabelRow],
    levels: tuple[Level, ...],
    scale: str,
    clusters: Mapping[str, str],
    rule: AgreementRule | None = None,
    by: str = "position",
    *,
    pairs: bool = False,
) -> dict[str, DimensionReport]:
    """The same of labels that have been checked: each a declared level, none given twice. `clusters` names the cluster of a
    unit; empty, every unit is one of its own. `pairs`: as in `dimension_report`."""
    reports = {}
    for key, own in _by_dimension(labels).items():
        names = tuple(dict.fromkeys(label.annotator for label in own))
        dimension = DeclaredDimension(key, scale, levels)
        counts = count_labels(own, dimension, names, clusters or None, by=by)
        patterns = labels_by_unit(own, dimension, names) if counts.clusters < counts.units else {}
        histograms = histograms_by_cluster(patterns, clusters) if patterns else None
        reports[key] = dimension_report(counts, rule, histograms=histograms, pairs=pairs)
    return reports


def agreement_of_ratings(ratings: Iterable[Rating]) -> dict[str, Ratings]:
    """Interval alpha and intraclass correlations of ratings that have been checked: finite numbers, none given twice."""
    reports = {}
    for key, own in _by_dimension(ratings).items():
        names = {name: place for place, name in enumerate(dict.fromkeys(rating.annotator for rating in own))}
        units = {unit: place for place, unit in enumerate(dict.fromkeys(rating.unit for rating in own))}
        table = np.full((len(units), len(names)), np.nan)
        for rating in own:
            table[units[rating.unit], names[rating.annotator]] = rating.value
        reports[key] = Ratings(tuple(names), table, interval_alpha(table), icc_of_ratings(table))
    return reports


Given = TypeVar("Given", LabelRow, Rating)


def _by_dimension(rows: Iterable[Given]) -> dict[str, list[Given]]:
    by_dimension: dict[str, list[Given]] = {}
    for row in rows:
        by_dimension.setdefault(row.dimension, []).append(row)
    return by_dimension


def problem_with_by(by: str, levels: Sequence[Level], scale: str) -> str:
    """Why weights cannot go by position or value on these levels; "" where they can."""
    if by not in BY:
        return f"weights go by one of {listed(BY)}, not {by!r}"
    if by == "position":
        return ""
    if scale != "ordinal":
        return f"weights go by value on an ordinal scale alone, and this one is {scale}: leave by out"
    if words := [level for level in levels if isinstance(level, str)]:
        return f"weights cannot go by value, since the level {words[0]} is no number; give numbers for levels, or leave by out"
    return ""


def _check_by(by: str, levels: Sequence[Level], scale: str) -> None:
    if problem := problem_with_by(by, levels, scale):
        raise ValueError(problem)


def _check_levels(levels: Sequence[Level], scale: str) -> None:
    if scale not in SCALES:
        raise ValueError(f"a scale is one of {listed(SCALES)}, not {scale!r}")
    if scale == "interval":
        if levels:
            raise ValueError("an interval scale takes any number; leave levels out")
        return
    if len(levels) < 2 or len(set(levels)) < len(levels):
        raise ValueError(f"levels need at least two, each once, in their order, like [0, 1, 2, 3]; not {list(levels)}")


def _rule(statistic: str | None, weights: str | None, threshold: float | None) -> PlainRule | None:
    """The rule that three arguments state; None of none."""
    if statistic is None and weights is None and threshold is None:
        return None
    if statistic is None or weights is None or threshold is None:
        told = (("statistic", statistic), ("weights", weights), ("threshold", threshold))
        lacking = [name for name, value in told if value is None]
        raise ValueError(f"a verdict needs statistic, weights and threshold; give {listed(lacking)} too, or none of the three")
    for name, value, known in (("statistic", statistic, STATISTICS), ("weights", weights, WEIGHTS)):
        if value not in known:
            raise ValueError(f"{name} is one of {listed(known)}, not {value!r}")
    if not -1 <= threshold <= 1:
        raise ValueError(f"a threshold is from -1 to 1, not {threshold!r}")
    return PlainRule(statistic, weights, float(threshold))


class _Cell(NamedTuple):
    """One row as it was given, `place` counted from 1, with nothing blank."""

    place: int
    unit: str
    annotator: str
    dimension: str
    value: object
    cluster: str

    @property
    def whose(self) -> tuple[str, str, str]:
        return self.unit, self.annotator, self.dimension

    def level(self, levels: Sequence[Level]) -> Level:
        """The declared level that the value is."""
        if not isinstance(self.value, bool):
            for level in levels:
                if level == self.value:
                    return level
        takes = listed([repr(level) for level in levels])
        told = f"{self.dimension} takes {takes}, not {self.value!r} (row {self.place}, unit {self.unit})"
        raise ValueError(f"{told}; change it, or declare the level")

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not math.isfinite(self.value):
            told = f"not {self.value!r} (row {self.place}, unit {self.unit})"
            raise ValueError(f"{self.dimension} takes a finite number on an interval scale, {told}")
        return float(self.value)


def _checked(rows: TableRows) -> list[_Cell]:
    """Every row, none with a blank and none given twice."""
    cells: list[_Cell] = []
    first: dict[tuple[str, str, str], int] = {}
    for place, row in enumerate(_records(rows), 1):
        for name in COLUMNS:
            if _is_blank(row[name]):
                raise ValueError(f"row {place} has no {name}; fill it in, or leave the row out where there is no label")
        unit, annotator, dimension = (str(row[name]) for name in COLUMNS[:3])
        cluster = row.get("cluster")
        cell = _Cell(place, unit, annotator, dimension, _plain(row["value"]), "" if _is_blank(cluster) else str(cluster))
        if (before := first.setdefault(cell.whose, place)) != place:
            raise ValueError(f"{unit} has {dimension} by {annotator} in rows {before} and {place}; keep one")
        cells.append(cell)
    return cells


def _clusters(cells: Iterable[_Cell]) -> dict[str, str]:
    """The cluster of each unit that has one. Raises ValueError for a unit with two."""
    clusters: dict[str, str] = {}
    for cell in cells:
        if cell.cluster and clusters.setdefault(cell.unit, cell.cluster) != cell.cluster:
            told = f"{cell.unit} is of cluster {clusters[cell.unit]} and, in row {cell.place}, of {cell.cluster}"
            raise ValueError(f"{told}; a unit is of one cluster")
    return clusters


def _records(rows: TableRows) -> Iterator[Mapping[str, object]]:
    """Each row as a mapping with the four columns at least, whatever the rows are."""
    columns = getattr(rows, "columns", None)
    if columns is not None:  # a DataFrame, known without importing pandas
        names = [str(column) for column in columns]
        _check_columns(names, "the DataFrame")
        rows = (dict(zip(names, row, strict=True)) for row in rows.itertuples(index=False, name=None))  # type: ignore[union-attr]
    for place, row in enumerate(rows, 1):
        if isinstance(row, Mapping):
            _check_columns(list(row), f"row {place}")
            yield row
        elif isinstance(row, Sequence) and not isinstance(row, str | bytes) and len(row) == len(COLUMNS):
            yield dict(zip(COLUMNS, row, strict=True))
        else:
            raise ValueError(f"row {place} is {row!r}; a row is a mapping with {listed(COLUMNS)}, or these four in this order")


def _check_columns(there: Sequence[str], where: str) -> None:
    if lacking := [name for name in COLUMNS if name not in there]:
        raise ValueError(f"{where} has no {listed(lacking)}, only {listed(there) or 'nothing'}; rename what holds it")


def _is_blank(value: object) -> bool:
    """None, a text without a letter, or the nan that stands for a missing cell."""
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, float) and math.isnan(value))


def _plain(value: object) -> object:
    """A number of numpy's as Python's own, so that it can be written as JSON."""
    return value.item() if isinstance(value, np.generic) else value


def _level_of(value: object) -> Level:
    level = _plain(value)
    if isinstance(level, bool) or not isinstance(level, int | str):
        raise ValueError(f'a level is a whole number or a word, not {value!r}; for any number take scale="interval"')
    return level
