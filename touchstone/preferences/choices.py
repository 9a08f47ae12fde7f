"""Comparisons as values: pairs of drafts of a task, and what annotators chose where each was shown left and right.

A pair has a first draft `a` and a second `b`, whichever side they were shown on. A choice is counted as a, tie or b for
agreement, which must not see sides, and as left, tie or right for what the sides do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

LEFT, TIE, RIGHT = "left", "tie", "right"
SIDES = (LEFT, TIE, RIGHT)
A, B = "a", "b"
LEVELS = (A, TIE, B)  # the nominal levels of agreement


OVERALL = "overall"  # the key of what is asked beside, or in place of, dimensions of a rubric


class ComparedDimension(NamedTuple):
    """What is asked of every pair: a dimension of a rubric version, or which draft is better overall."""

    key: str
    title: str
    question: str


class PairOfDrafts(NamedTuple):
    """Two drafts of one task. `author_a`, `author_b`: who or what wrote them, "" where nobody knows; `length_a`, `length_b` in
    characters, None where there is no text."""

    pair: str
    task: str
    a: str
    b: str
    author_a: str = ""
    author_b: str = ""
    length_a: int | None = None
    length_b: int | None = None


class SideChoice(NamedTuple):
    """What one annotator chose of a pair: `left` is the draft that was shown left, `taken` one of SIDES. `is_repeat`: the
    annotator had the pair before, with its sides swapped."""

    pair: str
    annotator: str
    left: str
    taken: str
    is_repeat: bool = False


@dataclass(frozen=True)
class Preferences:
    """`pairs` by id; `choices` of pairs that are there, each annotator once a pair and once more as a repeat."""

    pairs: Mapping[str, PairOfDrafts]
    choices: tuple[SideChoice, ...]

    @cached_property
    def first(self) -> tuple[SideChoice, ...]:
        """The choices that count: every one that is no repeat."""
        return tuple(each for each in self.choices if not each.is_repeat)

    def level(self, choice: SideChoice) -> str:
        """a, tie or b."""
        if choice.taken == TIE:
            return TIE
        return A if (choice.left == self.pairs[choice.pair].a) == (choice.taken == LEFT) else B
