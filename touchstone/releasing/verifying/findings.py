"""What does not hold in a release: each finding names a file or a cell, and says what is wrong."""

from collections import Counter
from typing import NamedTuple

MOST_OF_A_FILE = 20
LONGEST = 400  # characters of a name or a sentence


class Fault(NamedTuple):
    """`where`: a file, or a file and a cell of it."""

    where: str
    what: str

    def in_words(self) -> str:
        return f"{self.where}: {self.what}"


class Faults:
    """Those so far: of each file at most so many one by one, the others as a number."""

    def __init__(self) -> None:
        self._listed: list[Fault] = []
        self._of_file: Counter[str] = Counter()

    def add(self, file: str, what: str, cell: str = "") -> None:
        self._of_file[file] += 1
        if self._of_file[file] <= MOST_OF_A_FILE:
            self._listed.append(Fault(_plain(f"{file}, {cell}" if cell else file), _plain(what)))

    def __bool__(self) -> bool:
        return bool(self._of_file)

    def all(self) -> list[Fault]:
        more = [
            Fault(_plain(file), f"{number - MOST_OF_A_FILE:,} more do not hold")
            for file, number in self._of_file.items()
            if number > MOST_OF_A_FILE
        ]
        return [*self._listed, *more]


def _plain(text: str) -> str:
    """A text out of somebody's folder as it may be printed: no letter of it moves the cursor or begins a line."""
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text[: LONGEST + 1])
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
