"""What a rubric being written would look like on the label page, wherever it is unfinished or wrong."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pydantic

from touchstone.files.yaml_places import read_or_none
from touchstone.rubric.model import Dimension

UNWRITTEN = "…"


class Pictured(NamedTuple):
    """A dimension at its place in the file; `shown` is None where it cannot be drawn yet."""

    place: int
    title: str
    shown: Dimension | None


def pictured(source: str) -> list[Pictured]:
    """Every dimension of a file, with what is not written yet as "…"; [] for a file that is no YAML."""
    tree = read_or_none(source)
    dimensions = tree.at(("dimensions",)) if tree else None
    return [_pictured(place, each) for place, each in enumerate(dimensions if isinstance(dimensions, tuple) else ())]


def _pictured(place: int, written: Any) -> Pictured:
    entries = written if isinstance(written, Mapping) else {}
    title = entries.get("title")
    title = title.strip() if isinstance(title, str) and title.strip() else f"Dimension {place + 1}"
    levels = entries.get("levels")
    drawn = {
        # Nothing of the file but what is seen; the key tells two with the same one apart.
        "key": f"place_{place}",
        "title": title,
        "question": _words(entries.get("question")),
        "guidance": entries.get("guidance") or "",
        "scale": "nominal",
        "levels": tuple(map(_level, levels)) if isinstance(levels, tuple) else (),
        "agreement": {"statistic": "kappa", "weights": "unweighted", "threshold": 0},
    }
    try:
        shown = Dimension.model_validate(drawn)
    except pydantic.ValidationError:
        return Pictured(place, title, None)
    return Pictured(place, title, shown if len(set(shown.values)) == len(shown.values) else None)


def _level(written: Any) -> Any:
    if not isinstance(written, Mapping):
        return written
    return {"value": written.get("value"), "title": _words(written.get("title")), "anchor": _words(written.get("anchor"))}


def _words(written: Any) -> str:
    return " ".join(written.split()) or UNWRITTEN if isinstance(written, str) else UNWRITTEN
