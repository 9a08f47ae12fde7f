"""Values of a key that are equal but for case, width or spaces: a split takes them for different groups, and may part them."""

import unicodedata
from collections.abc import Iterable

from touchstone.english import listed, many

MOST_NAMED = 4  # of the values that are written in several ways


def alike(key: str, values: Iterable[str]) -> str:
    """Which values of a key differ in case, width or spaces alone, in a sentence; "" where none do."""
    written: dict[str, set[str]] = {}
    for value in values:
        if value:
            written.setdefault(" ".join(unicodedata.normalize("NFKC", value).casefold().split()), set()).add(value)
    several = [sorted(each) for _, each in sorted(written.items()) if len(each) > 1]
    if not several:
        return ""
    named = "; ".join(listed([f"“{value}”" for value in each]) for each in several[:MOST_NAMED])
    more = f"; and {many(len(several) - MOST_NAMED, 'more such value')}" if len(several) > MOST_NAMED else ""
    return f"{key} differs in case or spaces alone, and is split as different groups: {named}{more}"
