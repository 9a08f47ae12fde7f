"""A draft made ready for the checks, and where things stand in it."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple, overload

from touchstone.scorer.facts.kinds import NOTHING, FactValue
from touchstone.scorer.folding import Folded
from touchstone.scorer.numbers.kinds import DraftNumbers
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.segments import Segments
from touchstone.scorer.sentences import Sentences

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_FEW = 50  # hits times spans that are quicker compared one by one
Span = tuple[int, int]


class ComparedValues(NamedTuple):
    """What a draft says and what the task says of it, as they are read."""

    said: str
    task: str


class Hit(NamedTuple):
    """One check met at one place of the folded draft. `key` tells different phrases of a list apart; `holds` is False for a value
    that is not the task's; `compared` is there where the check's message tells it."""

    check: int
    start: int
    end: int
    key: str
    holds: bool = True
    compared: ComparedValues | None = None


class PackedSpans(Sequence[Span]):
    """Many spans in a sixteenth of the room that as many pairs take: every word of a draft is one, and drafts are kept."""

    __slots__ = ("_places",)

    def __init__(self, spans: Iterable[Span]):
        self._places = array("I", list(chain.from_iterable(spans)))

    def __len__(self) -> int:
        return len(self._places) // 2

    @overload
    def __getitem__(self, place: int) -> Span: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Span]: ...

    def __getitem__(self, place: int | slice) -> Span | Sequence[Span]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        at = range(len(self))[place]  # a place from the end, and IndexError beyond either
        return self._places[2 * at], self._places[2 * at + 1]


class PreparedDraft(NamedTuple):
    """A draft made ready: its text, its folded text, its segments, what is matched (bytes where it is ASCII), the task's facts,
    its sentences and numbers. `seen` keeps where exceptions and names stand in it: each change of a check asks for them."""

    text: str
    folded: Folded
    segments: Segments
    target: bytes | str
    facts: Mapping[str, FactValue]
    sentences: Sentences
    numbers: DraftNumbers
    seen: dict[str, Sequence[Span]]

    def fact(self, key: str | None) -> FactValue:
        """The task's value of a fact; NOTHING where it gives none."""
        return self.facts.get(key or "", NOTHING)

    def spans(self, pattern: str, cache: PatternCache) -> Sequence[Span]:
        """Where a pattern stands, looked for once."""
        if pattern not in self.seen:
            self.seen[pattern] = tuple(match.span() for match in cache.get(pattern).finditer(self.segments.live))
        return self.seen[pattern]

    def addresses(self) -> Sequence[Span]:
        """Where addresses of the web stand, whose words are nobody's."""
        if _ADDRESS.pattern not in self.seen:
            self.seen[_ADDRESS.pattern] = tuple(match.span() for match in _ADDRESS.finditer(self.segments.live))
        return self.seen[_ADDRESS.pattern]


def _is_inside(hit: Hit, spans: Sequence[Span]) -> bool:
    for start, end in spans:  # noqa: SIM110 - a third of the time of `any`, and asked of every draft at every change of a check
        if start <= hit.start and hit.end <= end:
            return True
    return False


def outside(hits: Sequence[Hit], spans: Sequence[Span]) -> Sequence[Hit]:
    """The hits that lie in none of the spans."""
    if not spans:
        return hits
    if len(hits) * len(spans) <= _FEW:
        return [hit for hit in hits if not _is_inside(hit, spans)]
    spans = sorted(spans)
    starts = [start for start, _ in spans]
    furthest = list(accumulate((end for _, end in spans), max))
    return [hit for hit in hits if (place := bisect_right(starts, hit.start)) == 0 or furthest[place - 1] < hit.end]
