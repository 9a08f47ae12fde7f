"""Agreement of labels in a file, without a store: long CSV `task_id,annotator,dimension,value`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from touchstone.agreement.figure import Level
from touchstone.agreement.label_table import SCALES, Rating, Ratings, agreement_of_labels, agreement_of_ratings, problem_with_by
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.second_opinion import Opinion, second_opinion, second_opinion_on_ratings
from touchstone.data.label import COUNTS, UNIT_COLUMNS, VALUE_COLUMNS, LabelRow, does_not_count
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused
from touchstone.files.csv_rows import rows_by_header

MOST_LEVELS = 50  # a kappa of more levels than this rests on nearly empty cells


@dataclass(frozen=True)
class FileReport:
    """By dimension, in the order of the file: a report (levels) or ratings (interval scale), and the second opinions."""

    dimensions: Mapping[str, DimensionReport | Ratings]
    second_opinion: Mapping[str, Opinion]
    rows: int

    def as_json(self) -> dict[str, object]:
        return {
            "dimensions": {key: report.as_json() for key, report in self.dimensions.items()},
            "second_opinion": {key: opinion.as_json() for key, opinion in self.second_opinion.items()},
        }


def levels_of(text: str) -> tuple[Level, ...]:
    """The levels of "0,1,2,3" or "pass,fail": numbers if all are whole numbers, in the order given. Raises Refused."""
    words = [word.strip() for word in text.split(",")]
    if "" in words:
        raise Refused(f"the levels “{text}” contain a blank; write them with one comma between, like 0,1,2,3")
    if long := [word for word in words if len(word) > 40]:
        raise Refused(f"the level {long[0][:20]}… is too long; levels are short words or numbers")
    levels = tuple(int(word) for word in words) if all(map(_is_whole, words)) else tuple(words)
    if len(set(levels)) < len(levels) or len(levels) < 2:
        raise Refused(f"the levels “{text}” need at least two, each once")
    if len(levels) > MOST_LEVELS:
        raise Refused(
            f"{many(len(levels), 'level')} are too many for kappa, whose table would be almost empty (at most "
            f"{MOST_LEVELS}); take the scale interval without levels instead, whose figure is interval alpha",
            way=("scale interval",),
        )
    return levels


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isascii() and word.removeprefix("-").isdigit()


def agreement_of_file(
    source: bytes, levels: Sequence[Level], scale: str = "ordinal", by: str = "position", *, pairs: bool = False
) -> FileReport:
    """Every dimension of the file, with all figures and no verdict: without a rubric there is no threshold.

    Columns: the unit (task_id, draft_id, unit or id), annotator, dimension, value (or score); others are passed over, but
    `cluster` counts clusters, and a row that says no under `counts` is passed over. `levels` in their order; empty with scale
    "interval", where any number is taken. `by`: whether weights go by the position of a level or by its value. `pairs`: the
    figures of every two annotators also where there are more than 20.
    Raises Refused with every bad line: no such level, a blank, a label given twice.
    """
    check_asked(levels, scale, by)
    known = {str(level): level for level in levels}
    rows, clusters, problems = _read(source, known)
    if not rows and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one label per row"))
    if problems:
        raise Refused(f"the file was not read: {many(len(problems), 'problem')}", problems)
    if scale == "interval":
        ratings = agreement_of_ratings([Rating(*row.whose, float(row.text)) for row in rows])
        opinions = {key: second_opinion_on_ratings(each.annotators, each.table, each.alpha) for key, each in ratings.items()}
        return FileReport(ratings, opinions, len(rows))
    labels = [LabelRow(*row.whose, known[row.text]) for row in rows]
    reports = agreement_of_labels(labels, tuple(levels), scale, clusters, by=by, pairs=pairs)
    return FileReport(reports, {key: second_opinion(labels, report) for key, report in reports.items()}, len(rows))


def check_asked(levels: Sequence[Level], scale: str, by: str) -> None:
    """Raises Refused for levels, a scale and weights that do not go together."""
    has_levels = bool(levels)
    if scale not in SCALES:
        raise Refused(f"a scale is one of {listed(SCALES)}, not {scale}")
    if scale == "interval" and has_levels:
        raise Refused("an interval scale takes any number: leave the levels out", way=("levels",))
    if scale != "interval" and not has_levels:
        raise Refused(
            "no levels are given: name them, or take the scale interval for numbers without levels",
            way=("levels 0,1,2,3", "scale interval"),
        )
    if problem := problem_with_by(by, levels, scale):
        raise Refused(problem)


class _LabelText(NamedTuple):
    """One label as the file has it."""

    unit: str
    annotator: str
    dimension: str
    text: str

    @property
    def whose(self) -> tuple[str, str, str]:
        return self.unit, self.annotator, self.dimension

    def problem(self, known: Mapping[str, Level]) -> str:
        """What is wrong with it, "" for nothing; where no level is known any finite number is right."""
        for what, value in zip(("unit", "annotator", "dimension"), self.whose, strict=True):
            if not value:
                return f"the row names no {what}; fill it in"
        if not self.text:
            return f"{self.dimension} is blank; leave the row out where there is no label"
        if self.text in known:
            return ""
        if known:
            return f"{self.dimension} takes {listed(list(known))}, not {self.text}; change it, or declare the level"
        try:
            is_finite = math.isfinite(float(self.text))
        except ValueError:
            return f"{self.dimension} takes a number on an interval scale, not {self.text}"
        return "" if is_finite else f"{self.dimension} takes a finite number, not {self.text}"


class _Columns(NamedTuple):
    """The file's own names of two columns."""

    unit: str
    value: str


def _read(source: bytes, known: Mapping[str, Level]) -> tuple[list[_LabelText], dict[str, str], list[Problem]]:
    """The labels of every good line, the cluster of each unit that has one, and what is wrong with the other lines."""
    problems: list[Problem] = []
    labels: list[_LabelText] = []
    clusters: dict[str, str] = {}
    first: dict[tuple[str, str, str], int] = {}
    columns = None
    for line, row in rows_by_header(source, problems):
        columns = columns or _columns(row, problems)
        if columns is None:
            break
        if does_not_count(row.get(COUNTS, "")):
            continue
        unit, annotator, dimension, text = (row[name].strip() for name in (columns.unit, "annotator", "dimension", columns.value))
        label = _LabelText(unit, annotator, dimension, text)
        if problem := label.problem(known):
            problems.append(Problem(line, problem))
        elif (before := first.setdefault(label.whose, line)) != line:
            problems.append(Problem(line, f"{unit} has {dimension} by {annotator} on line {before} already; keep one"))
        else:
            labels.append(label)
            cluster = row.get("cluster", "").strip()
            if cluster and clusters.setdefault(unit, cluster) != cluster:
                told = f"{unit} is of cluster {clusters[unit]} and here of {cluster}"
                problems.append(Problem(line, f"{told}; a unit is of one cluster"))
    return labels, clusters, problems


def _columns(header: Mapping[str, str], problems: list[Problem]) -> _Columns | None:
    """Which columns the file has; None with a problem where one is missing."""
    unit = next((name for name in UNIT_COLUMNS if name in header), "")
    value = next((name for name in VALUE_COLUMNS if name in header), "")
    needed = {"task_id": unit, "annotator": "annotator" in header, "dimension": "dimension" in header, "value": value}
    if lacking := [name for name, there in needed.items() if not there]:
        problems.append(Problem(1, f"there is no column {listed(lacking)}; the header has {', '.join(header)}"))
        return None
    return _Columns(unit, value)
