"""Every way a request can end badly, drawn once.

    Problem            a value: one thing wrong in a file, with its line
    Refused            raised by a workflow verb: the request is not carried out and nothing was changed
      NotYourTurn      the person may not see or do this now (an open round, someone else's draft)

A user's mistake is a value or a `Refused`; a programmer's mistake raises whatever Python raises.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong in a file. `line` counts from 1; None where the whole file is meant."""

    line: int | None
    reason: str

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


class Refused(Exception):
    """A person's request that is not carried out. `sentence` names the thing, the value and the way out."""

    def __init__(self, sentence: str, problems: Sequence[Problem] = ()):
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = tuple(problems)


class NotYourTurn(Refused):
    """The person may not see or do this now."""
