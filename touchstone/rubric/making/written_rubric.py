"""A new rubric as the text of its file: as one would write it by hand, with comments that tell what can be added."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from touchstone.files.yaml_writing import in_quotes, text_in_flow, written
from touchstone.rubric.making.scales import SCALES, THRESHOLD

_COLUMN = 4  # of the keys of a dimension
_TOP = """\
# {name}: the first version. What more a file can hold stands in README.md of rubric_versions/. Once it is published, or a round
# is opened under it, the file must not change: a change is the next version.
rubric: {key}
version: 1
title: {title}
# about: what an annotator should know about all dimensions, in a sentence or more
# fields: titles for the fields of a task's input, as in
#   - {{key: question, title: Question}}
dimensions:
"""
_NOTES = {
    "ordinal": "# the levels have an order, low to high",
    "nominal": "# the levels have no order",
    "unweighted": "# any difference counts the same",
    "linear": "# two levels off counts twice as much as one level off",
    "quadratic": "# two levels off counts four times as much as one level off",
}


class NewLevel(NamedTuple):
    """A level as it begins: words that are to be written yet are ""."""

    value: int | str
    title: str
    anchor: str = ""
    example: str = ""


class NewDimension(NamedTuple):
    """A dimension as it begins."""

    key: str
    title: str
    levels: tuple[NewLevel, ...]
    question: str = ""
    is_ordinal: bool = False
    weights: str = "unweighted"


def with_scale(key: str, title: str, scale: str, question: str = "") -> NewDimension:
    """A dimension with the levels of a ready scale, their anchors to be written."""
    ready = SCALES[scale]
    levels = tuple(NewLevel(value, words) for value, words in ready.levels)
    return NewDimension(key, title, levels, question, ready.is_ordinal, ready.weights)


def key_for(title: str, taken: Collection[str] = ()) -> str:
    """A key made of a title, none of those taken: "Call to action" is call_to_action."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    stem = stem if stem[:1].isalpha() else f"dimension_{stem}".rstrip("_")
    number = 1
    while (key := stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    return key


def file_of(name: str, title: str, dimensions: Sequence[NewDimension]) -> str:
    """The whole file."""
    top = _TOP.format(name=name, key=text_in_flow(name), title=written(title, 0, "title:") if title else '""')
    return top + "".join("  - " + item_of(each).replace("\n", "\n    ").rstrip(" ") for each in dimensions)


def item_of(dimension: NewDimension) -> str:
    """A dimension as an item of the list, without its dash."""
    lines = [
        f"key: {text_in_flow(dimension.key)}",
        f"title: {_text(dimension.title)}",
        f"question: {_text(dimension.question)}",
        "# guidance: interpretations that help to decide between levels",
        scale_line(is_ordinal=dimension.is_ordinal),
        "# weight: its share of the final score, 0 to 1; only a dimension that is scored needs one",
        levels_of(dimension.levels).rstrip("\n"),
        "agreement:",
        "  statistic: kappa      # agreement beyond chance; alpha where labels are missing",
        "  " + weights_line(dimension.weights),
        f"  threshold: {THRESHOLD}        # 0 to 1; a dimension below it is flagged",
        "# checks, scoring, examples: what the scorer looks for; without them the dimension is not scored",
    ]
    return "\n".join(lines) + "\n"


def levels_of(levels: Sequence[NewLevel]) -> str:
    """The levels as an entry of a dimension."""
    lines = ["levels:                 # each may have an example, a draft that the codebook alone prints"]
    for each in levels:
        value = each.value if isinstance(each.value, int) else text_in_flow(each.value)
        lines += [f"  - value: {value}", f"    title: {_text(each.title)}", f"    anchor: {_text(each.anchor)}"]
        lines += [f"    example: {_text(each.example)}"] if each.example else []
    return "\n".join(lines) + "\n"


def scale_line(*, is_ordinal: bool) -> str:
    scale = "ordinal" if is_ordinal else "nominal"
    return _noted(f"scale: {scale}", scale)


def weights_line(weights: str) -> str:
    return _noted(f"weights: {weights}", weights, 22)


def _text(words: str) -> str:
    return written(words, _COLUMN, "question:") if words else in_quotes("")


def _noted(entry: str, about: str, column: int = 24) -> str:
    return f"{entry:<{column}}{_NOTES[about]}"
