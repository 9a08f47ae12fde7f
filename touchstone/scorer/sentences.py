"""The sentences of a draft and their clauses: how far a word reaches that says something of another."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from touchstone.scorer.patterns import any_of
from touchstone.scorer.regex import CompiledPattern, PatternCache
from touchstone.scorer.segments import Segments

FURTHEST = 600  # characters: nothing further away says something of a place, in a sentence that never ends


class Dividers(NamedTuple):
    """Where what divides clauses begins and ends in a draft, each list in order."""

    starts: Sequence[int]
    ends: Sequence[int]


class Sentences:
    """Where the sentences of a draft end, and their clauses; found when they are first asked for, since most drafts need none."""

    def __init__(self, segments: Segments):
        self._segments = segments
        self._dividers: dict[CompiledPattern, Dividers] = {}

    def dividers(self, divider: CompiledPattern) -> Dividers:
        """Where a pattern divides clauses; looked for once in the draft."""
        if divider not in self._dividers:
            spans = [match.span() for match in divider.finditer(self._segments.live)]
            self._dividers[divider] = Dividers([start for start, _ in spans], [end for _, end in spans])
        return self._dividers[divider]

    @cached_property
    def ends(self) -> Sequence[int]:
        return self._segments.sentence_ends()

    def number(self, place: int) -> int:
        """The number of the sentence that holds a place."""
        return bisect_right(self.ends, place)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence of a place begins and stops, as far as it is looked through."""
        number = self.number(start)
        begins = max(self.ends[number - 1] if number else 0, start - FURTHEST)
        return begins, min(self.ends[min(number, len(self.ends) - 1)], end + FURTHEST)


class Sides(NamedTuple):
    """What stands before and after a place in its clause."""

    before: str
    after: str


class Clauses:
    """Divides sentences by a rubric's patterns of clauses; one without any takes the whole sentence."""

    def __init__(self, dividers: Sequence[str], cache: PatternCache):
        self._dividers = dividers
        self._cache = cache

    @cached_property
    def _divider(self) -> CompiledPattern | None:
        return self._cache.get(any_of(self._dividers), False) if self._dividers else None

    def sides(self, live: str, sentences: Sentences, start: int, end: int) -> Sides:
        """The clause around a place of the live text."""
        begins, stops = sentences.around(start, end)
        if self._divider is not None:
            dividers = sentences.dividers(self._divider)
            behind = bisect_right(dividers.ends, start) - 1
            if behind >= 0:
                begins = max(begins, dividers.ends[behind])
            ahead = bisect_left(dividers.starts, end)
            if ahead < len(dividers.starts):
                stops = min(stops, dividers.starts[ahead])
        return Sides(live[begins:start], live[end:stops])


class AnyOf:
    """A list of patterns, compiled when they are first looked for."""

    def __init__(self, patterns: Sequence[str], cache: PatternCache):
        self._patterns = patterns
        self._cache = cache

    @cached_property
    def _pattern(self) -> CompiledPattern | None:
        return self._cache.get(any_of(self._patterns), False) if self._patterns else None

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def occurs_in(self, text: str) -> bool:
        """Whether one of them occurs in a text; never where there is none."""
        return self._pattern is not None and self._pattern.search(text) is not None
