"""What the slices of a round are called, and where each stands among them."""

from datetime import date
from typing import Any

from touchstone.english import day
from touchstone.rubric.model import Rubric
from workflow.data.fields import OWN

BY = {**OWN, "period": "week"}
NOT_GIVEN = "not given"


def place_of(rubric: Rubric, by: str, value: str) -> tuple[Any, ...]:
    """Where the slice of a value stands among those of a field (`by`; of "period" a Monday as 2026-11-02), and last its name. Two
    values may have the same one."""
    if by == "period":
        return value, week_named(date.fromisoformat(value))
    if by == "dimension":
        return target(rubric, value)
    return not value, value, value or NOT_GIVEN


def target(rubric: Rubric, key: str | None) -> tuple[int, bool, str]:
    """By the dimension each draft's task was written to test: those of the rubric in its order, then others by name, then those
    of tasks that name none."""
    dimension = rubric.dimension(key) if key else None
    if dimension:
        return rubric.keys.index(dimension.key), False, dimension.title
    return len(rubric.keys), not key, key or NOT_GIVEN


def week_named(week: date) -> str:
    return f"from {day(week)}"
