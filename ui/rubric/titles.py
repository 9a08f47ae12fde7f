"""What dimensions and levels are called where they are read as plain text."""

from touchstone.rubric.model import Dimension, Rubric


def title_of(rubric: Rubric, key: str) -> str:
    """The dimension's title; its key where a rubric no longer has that dimension."""
    dimension = rubric.dimension(key)
    return dimension.title if dimension else key


def level_in_words(dimension: Dimension, value: int | str) -> str:
    """A level with its title: "2 Fits the stage". Once where they are the same word, whatever its capitals; the value alone where
    this version has no such level."""
    title = next((level.title for level in dimension.levels if level.value == value), "")
    return f"{value} {title}" if title and title.casefold() != str(value).casefold() else title or f"{value}"
