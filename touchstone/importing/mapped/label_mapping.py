"""Which column of a file is what of a label: said by people, kept with the label set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from touchstone.data.table.mapping import ColumnRole

UNIT, ANNOTATOR, DIMENSION, LABELS, LEFT_OUT = "unit", "annotator", "dimension", "labels", "left out"
LABEL_ROLES = {
    UNIT: "the unit: what was labelled",
    ANNOTATOR: "the annotator",
    DIMENSION: "the dimension",
    LABELS: "labels",
    LEFT_OUT: "left out",
}
SHOWN = 20


def in_dimension(key: str, word: str) -> str:
    """How a word is written in `LabelMapping.means` that is meant in one dimension alone."""
    return f"{key}={word}"


class LabelColumn(NamedTuple):
    """A column that holds labels; `dimension` and `annotator` where all of them are of one, "" where another column or nothing
    says it."""

    column: str
    dimension: str = ""
    annotator: str = ""


@dataclass(frozen=True)
class LabelMapping:
    """`unit`, `annotator` and `dimension` are columns, "" for none. Without `labels`, those columns hold them that are called by
    a dimension. `called`: dimensions by what the file calls them, "" to leave one out; `means`: levels, or "missing", by the
    file's words for them, in every dimension or (`in_dimension`) in one."""

    unit: str
    annotator: str = ""
    dimension: str = ""
    labels: tuple[LabelColumn, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)

    @property
    def names_annotators(self) -> bool:
        """Whether it says of every label whose it is."""
        return bool(self.annotator) or bool(self.labels) and all(each.annotator for each in self.labels)

    @property
    def columns(self) -> list[str]:
        """Every column it names, as often as it does."""
        return [each for each in (self.unit, self.annotator, self.dimension, *(one.column for one in self.labels)) if each]

    def wrong(self, columns: Sequence[str], dimensions: Sequence[str]) -> str:
        """Why a table with these columns cannot be read so; "" where it can. `dimensions`: the rubric's keys."""
        if unknown := [each for each in self.columns if each not in columns]:
            there = ", ".join(columns[:SHOWN]) + (f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else "")
            return f"there is no column “{unknown[0]}”; the file has {there}"
        if not self.unit:
            return "no column is said to name the unit; say which holds the id of what was labelled"
        if twice := [each for each in self.columns if self.columns.count(each) > 1]:
            return f"the column “{twice[0]}” is said to be two things; leave one out"
        asked = [*(each.dimension for each in self.labels), *self.called.values()]
        if foreign := [each for each in asked if each and each not in dimensions]:
            return f"there is no dimension {foreign[0]}; the rubric has {', '.join(dimensions)}"
        given = [(each.dimension, each.annotator) for each in self.labels]
        if twice_said := [each for each in self.labels if given.count(each[1:]) > 1]:
            one, other = twice_said[0].column, next(e.column for e in twice_said[1:] if e[1:] == twice_said[0][1:])
            return f"the columns “{one}” and “{other}” both hold labels {_of(twice_said[0])}; say whose, or of which dimension"
        return ""

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "annotator": self.annotator,
            "dimension": self.dimension,
            "labels": [list(each) for each in self.labels],
            "called": dict(self.called),
            "means": dict(self.means),
        }


def _of(column: LabelColumn) -> str:
    said = [f"of {column.dimension}"] * bool(column.dimension) + [f"by {column.annotator}"] * bool(column.annotator)
    return " ".join(said) or "and nothing tells them apart"


def label_mapping_of(roles: Sequence[ColumnRole], labels: Sequence[LabelColumn], called: Mapping[str, str]) -> LabelMapping:
    """The mapping that says of each column what these say; `labels` has what is said beside of those that hold labels."""
    one = {each.role: each.column for each in reversed(roles)}
    return LabelMapping(one.get(UNIT, ""), one.get(ANNOTATOR, ""), one.get(DIMENSION, ""), tuple(labels), called)


def said_twice(roles: Sequence[ColumnRole]) -> str:
    """The sentence on the first thing that two columns are said to be, of those that one may be; "" for none."""
    for role in (UNIT, ANNOTATOR, DIMENSION):
        if len(named := [each.column for each in roles if each.role == role]) > 1:
            what = LABEL_ROLES[role].partition(":")[0]
            return f"the columns “{named[0]}” and “{named[1]}” are both said to be {what}; keep one"
    return ""
