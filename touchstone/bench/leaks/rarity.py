"""What is rare enough in a benchmark to tell one task from the others: what most tasks share is its template, and no leak."""

from collections.abc import Mapping

MOST_SHARE = 0.05  # of the tasks that have the field
MOST_TASKS = 1  # however few tasks there are


def is_rare(tasks: int, of: int) -> bool:
    """Whether a value that `tasks` of `of` tasks have says which task it is."""
    return tasks <= max(MOST_TASKS, MOST_SHARE * of)


def names_tasks(counts: Mapping[str, int]) -> bool:
    """Whether a field tells tasks apart: most tasks have a value in it that is rare. `counts`: tasks by value."""
    of = sum(counts.values())
    return 2 * sum(each for each in counts.values() if is_rare(each, of)) > of
