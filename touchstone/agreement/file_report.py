"""Agreement of labels in a file, without a store: long CSV `task_id,annotator,dimension,value`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np

from touchstone.agreement.interval_alpha import interval_alpha
from touchstone.agreement.report import DimensionReport, Figure, dimension_report
from touchstone.agreement.second_opinion import Compared, Opinion, second_opinion
from touchstone.data.counts import count_labels
from touchstone.data.label import UNIT_COLUMNS, VALUE_COLUMNS, LabelRow
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused
from touchstone.files.csv_rows import rows_by_header

MOST_LEVELS = 50  # a kappa of more levels than this rests on nearly empty cells
SCALES = ("ordinal", "nominal", "interval")


@dataclass(frozen=True)
class Declared:
    """What counting needs to know of a dimension that no rubric names."""

    key: str
    scale: str
    values: tuple[int | str, ...]


@dataclass(frozen=True)
class Ratings:
    """One dimension on an interval scale without levels."""

    annotators: tuple[str, ...]
    units: int
    alpha: Figure
    opinion: Opinion

    def as_json(self) -> dict[str, object]:
        return {
            "annotators": list(self.annotators),
            "units": self.units,
            "units_with_two": self.alpha.n,
            "overall": {"alpha": {"interval": self.alpha.as_json()}},
            "warnings": [],
        }


@dataclass(frozen=True)
class FileReport:
    """By dimension, in the order of the file: a report (levels) or ratings (interval scale), and the second opinions."""

    dimensions: Mapping[str, DimensionReport | Ratings]
    second_opinion: Mapping[str, Opinion]
    rows: int

    def as_json(self) -> dict[str, object]:
        return {
            "dimensions": {key: each.as_json() for key, each in self.dimensions.items()},
            "second_opinion": {key: each.as_json() for key, each in self.second_opinion.items()},
        }


def levels_of(text: str) -> tuple[int | str, ...]:
    """The levels of "0,1,2,3" or "pass,fail": numbers if all are whole numbers, in the order given. Raises Refused."""
    words = [word.strip() for word in text.split(",")]
    if "" in words:
        raise Refused(f"the levels “{text}” hold a blank; write them with one comma between, like 0,1,2,3")
    levels: list[int | str] = [int(word) for word in words] if all(_is_whole(word) for word in words) else list(words)
    if long := [word for word in words if len(word) > 40]:
        raise Refused(f"the level {long[0][:20]}… is too long; levels are short words or numbers")
    if len(set(levels)) < len(levels) or len(levels) < 2:
        raise Refused(f"the levels “{text}” need at least two, each once")
    if len(levels) > MOST_LEVELS:
        raise Refused(
            f"{len(levels)} levels are too many for kappa, whose table would be almost empty (at most "
            f"{MOST_LEVELS}); take interval alpha instead: --scale interval, without --levels"
        )
    return tuple(levels)


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isascii() and word.removeprefix("-").isdigit()


def agreement_of_file(source: bytes, levels: Sequence[int | str], scale: str = "ordinal") -> FileReport:
    """Every dimension of the file, with all figures and no verdict: without a rubric there is no threshold.

    Columns: the unit (task_id, draft_id, unit or id), annotator, dimension, value (or score); others are passed over,
    but `cluster` counts clusters. `levels` in their order; empty with scale "interval", where any number is taken.
    Raises Refused with every bad line: no such level, a blank, a label given twice.
    """
    if scale not in SCALES:
        raise Refused(f"a scale is one of {listed(SCALES)}, not {scale}")
    if bool(levels) == (scale == "interval"):
        raise Refused(
            "an interval scale takes any number: leave --levels out"
            if levels
            else "say which levels a label may have: --levels 0,1,2,3 (or --scale interval for numbers without levels)"
        )
    rows, clusters, problems = _read(source, levels)
    if not rows and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one label a row"))
    if problems:
        raise Refused(f"the file was not read: {many(len(problems), 'problem')}", problems)
    by_dimension: dict[str, list[LabelRow]] = {}
    for row in rows:
        by_dimension.setdefault(row.dimension, []).append(row)
    dimensions, opinions = {}, {}
    for key, mine in by_dimension.items():
        names = tuple(dict.fromkeys(row.annotator for row in mine))
        if scale == "interval":
            made = _ratings(mine, names)
            dimensions[key], opinions[key] = made, made.opinion
        else:
            counts = count_labels(mine, Declared(key, scale, tuple(levels)), names, clusters or None)
            dimensions[key] = dimension_report(counts, None)
            opinions[key] = second_opinion(mine, dimensions[key])
    return FileReport(dimensions, opinions, len(rows))


def _read(source: bytes, levels: Sequence[int | str]) -> tuple[list[LabelRow], dict[str, str], list[Problem]]:
    problems: list[Problem] = []
    known = {str(level): level for level in levels}
    rows: list[LabelRow] = []
    clusters: dict[str, str] = {}
    first: dict[tuple[str, str, str], int] = {}
    unit = score = ""
    for line, row in rows_by_header(source, problems):
        if not unit:
            unit = next((name for name in UNIT_COLUMNS if name in row), "")
            score = next((name for name in VALUE_COLUMNS if name in row), "")
            if lost := [
                what
                for what, there in (
                    ("task_id", unit),
                    ("annotator", "annotator" in row),
                    ("dimension", "dimension" in row),
                    ("value", score),
                )
                if not there
            ]:
                problems.append(Problem(1, f"there is no column {listed(lost)}; the header has {', '.join(row)}"))
                break
        try:
            label = _label(row[unit].strip(), row["annotator"].strip(), row["dimension"].strip(), row[score].strip(), known)
        except ValueError as wrong:
            problems.append(Problem(line, str(wrong)))
            continue
        if (before := first.setdefault(label[:3], line)) != line:
            problems.append(
                Problem(line, f"{label.unit} has {label.dimension} by {label.annotator} on line {before} already; keep one")
            )
            continue
        if row.get("cluster", "").strip():
            clusters[label.unit] = row["cluster"].strip()
        rows.append(label)
    return rows, clusters, problems


def _label(unit: str, annotator: str, dimension: str, text: str, known: Mapping[str, int | str]) -> LabelRow:
    for what, value in (("unit", unit), ("annotator", annotator), ("dimension", dimension)):
        if not value:
            raise ValueError(f"the row names no {what}; fill it in")
    if not text:
        raise ValueError(f"{dimension} is blank; leave the row out where there is no label")
    if known:
        if text not in known:
            raise ValueError(f"{dimension} takes {listed(list(known))}, not {text}; change it, or declare the level")
        return LabelRow(unit, annotator, dimension, known[text])
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{dimension} takes a number on an interval scale, not {text}") from None
    if not np.isfinite(number):
        raise ValueError(f"{dimension} takes a finite number, not {text}")
    return LabelRow(unit, annotator, dimension, number)


def _ratings(rows: Sequence[LabelRow], names: tuple[str, ...]) -> Ratings:
    places: dict[str, int] = {}
    for row in rows:
        places.setdefault(row.unit, len(places))
    table = np.full((len(places), len(names)), np.nan)
    for row in rows:
        table[places[row.unit], names.index(row.annotator)] = row.value
    alpha = interval_alpha(table)
    compared = ()
    if alpha.value is not None:
        theirs = float(krippendorff.alpha(reliability_data=table.T, level_of_measurement="interval"))
        compared = (Compared(names, "alpha interval", "krippendorff", alpha.value, theirs, True),)
    return Ratings(names, len(places), alpha, Opinion(compared))
