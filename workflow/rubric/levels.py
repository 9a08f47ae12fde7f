"""What a stored label is under its rubric version.

The store takes no label under a key or of a value that its rubric does not declare, so whatever fails here is a fault of the
store, not of a person: it raises ValueError, which `check` turns into a sentence.
"""

from collections.abc import Iterable

from db.store.closing.cells import Scale, Scales
from touchstone.rubric.model import Dimension, Rubric

Level = int | str


def declared(rubric: Rubric, key: str) -> Dimension:
    """The dimension of that key or alias. Raises ValueError for one the rubric does not have."""
    dimension = rubric.dimension(key)
    if dimension is None:
        raise ValueError(f"{rubric.name} has no dimension {key}")
    return dimension


def level_of(dimension: Dimension, text: str) -> Level:
    """A stored value as the level it stands for. Raises ValueError for a value that is not a level of the dimension."""
    level = dimension.parse(text)
    if level is None:
        raise ValueError(f"{dimension.key} takes {', '.join(map(str, dimension.values))}, not {text!r}")
    return level


def scales_of(rubric: Rubric, keys: Iterable[str]) -> Scales:
    """The levels of these dimensions as the store writes them."""
    return {
        key: Scale(tuple(map(str, dimension.values)), dimension.scale == "nominal")
        for key in keys
        for dimension in [declared(rubric, key)]
    }
