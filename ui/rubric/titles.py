"""What a dimension is called where a rubric may no longer have it."""

from touchstone.rubric.model import Rubric


def title_of(rubric: Rubric, key: str) -> str:
    """The dimension's title; its key where this version has no such dimension."""
    dimension = rubric.dimension(key)
    return dimension.title if dimension else key
