"""Whose a number of a draft is, or what: each number read once, by the kinds that a rubric declares, before a check compares it.

A number that fits no kind is of the kind OTHER. Of a change ("from 4 to 6") the earlier value knows the later one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from touchstone.rubric.scoring_model import KindOfNumber, Numbers
from touchstone.scorer.numbers.written import AT_LEAST, BARE, MONEY
from touchstone.scorer.patterns import any_of, template_pattern
from touchstone.scorer.regex import CompiledPattern, PatternCache, PatternSet
from touchstone.scorer.segments import Segments, stands_at_edges
from touchstone.scorer.sentences import AnyOf, Clauses, Sentences

OTHER = "other"
MOST_NUMBERS = 10_000  # of one draft: one of more is no text
MOST_CHANGES = 20  # one after another
LONGEST_JOIN = 80  # characters between two numbers of one kind
ANY_NUMBER = f"(?:{MONEY}|{BARE}|{AT_LEAST})"
KIND_HOLES = {"number": AT_LEAST, "amount": MONEY, "bare": BARE}
CHANGE_HOLES = {"from": ANY_NUMBER, "to": ANY_NUMBER}

Span = tuple[int, int]


class DraftNumber(NamedTuple):
    """One number of a draft in places of its folded text, with its kind; `later` is where the value stands that it changed to."""

    start: int
    end: int
    kind: str
    later: Span | None = None


class _KindPattern(NamedTuple):
    """One pattern of a kind; `hole` is the placeholder that holds its number, "" where that stands anywhere in the match."""

    kind: str
    pattern: str
    hole: str


class _Kind:
    """What stands around numbers of one kind."""

    def __init__(self, declared: KindOfNumber, cache: PatternCache):
        self.key = declared.key
        self.before, self.after = AnyOf(declared.before, cache), AnyOf(declared.after, cache)


class NumberReader:
    """What the numbers of drafts are read by: the kinds of one rubric. Its patterns must be ones that RE2 can take."""

    def __init__(self, numbers: Numbers, clauses: Clauses, cache: PatternCache):
        self._declared = numbers
        self._cache = cache
        self.clauses = clauses

    # Compiled when a number is first asked for: a rubric may declare kinds that none of its checks reads.

    @cached_property
    def kinds(self) -> tuple[_Kind, ...]:
        return tuple(_Kind(kind, self._cache) for kind in self._declared.kinds)

    @cached_property
    def _patterns(self) -> tuple[_KindPattern, ...]:
        """Those of the kinds, and behind them the changes, which have no kind."""
        of_kinds = [
            _KindPattern(kind.key, filled, holes[0] if holes else "")
            for kind in self._declared.kinds
            for filled, holes in (template_pattern(pattern, KIND_HOLES) for pattern in kind.patterns)
        ]
        changes = [_KindPattern("", template_pattern(change, CHANGE_HOLES)[0], "") for change in self._declared.changes]
        return (*of_kinds, *changes)

    @cached_property
    def _occurring(self) -> PatternSet:
        return self._cache.set_of([pattern for _, pattern, _ in self._patterns])

    @cached_property
    def _join(self) -> CompiledPattern | None:
        joins = self._declared.joins
        return self._cache.get(rf"^(?:{any_of(joins)})$", False) if joins else None

    def joins(self, between: str) -> bool:
        """Whether two numbers with this text between them are of one kind."""
        return self._join is not None and len(between) <= LONGEST_JOIN and self._join.search(between.strip()) is not None

    def spans(self, segments: Segments, target: bytes | str) -> Iterator[Span]:
        """Where numbers stand, in order."""
        for number, match in enumerate(self._cache.get(ANY_NUMBER).finditer(target)):
            if number >= MOST_NUMBERS:
                return
            start, end = match.span()
            if stands_at_edges(segments.live, start, end):
                yield start, end

    def places(self, target: bytes | str) -> "Places":
        """What the patterns find in a draft."""
        by_kind: dict[str, list[Span]] = {}
        later: dict[Span, Span] = {}
        for place in self._occurring.found(target):
            kind, pattern, hole = self._patterns[place]
            compiled = self._cache.get(pattern, False)
            groups = compiled.groupindex
            for match in compiled.finditer(target):
                if kind:
                    by_kind.setdefault(kind, []).append(match.span(groups[hole] if hole else 0))
                else:
                    later[match.span(groups["from"])] = match.span(groups["to"])
        return Places({kind: Spans(spans) for kind, spans in by_kind.items()}, later)


class Spans:
    """Places of a draft, to be asked which of them overlaps another in time that grows with the logarithm of their number."""

    def __init__(self, spans: Iterable[Span]):
        self._spans = sorted(spans)
        self._furthest = list(accumulate((end for _, end in self._spans), max))

    def overlapping(self, span: Span) -> Span | None:
        """The first that overlaps; None where none does."""
        first = bisect_right(self._furthest, span[0])
        if first == len(self._spans) or self._spans[first][0] >= span[1]:
            return None
        return self._spans[first]


NONE = Spans(())


class Places(NamedTuple):
    """By kind, the places that its patterns say are such numbers; by that of each earlier value that of the later one."""

    by_kind: Mapping[str, Spans]
    later: Mapping[Span, Span]


class DraftNumbers:
    """The numbers of one draft, each read when a check first asks for it; `target` is the live text as it is matched."""

    def __init__(self, reader: NumberReader, segments: Segments, target: bytes | str, sentences: Sentences):
        self._reader = reader
        self._segments = segments
        self._target = target
        self._sentences = sentences
        self._own_kinds: dict[int, str] = {}

    @property
    def all(self) -> tuple[DraftNumber, ...]:
        """Every number in order."""
        return tuple(map(self._number, range(len(self._spans))))

    @property
    def are_too_many(self) -> bool:
        """Whether the draft has more numbers than are read."""
        return len(self._spans) >= MOST_NUMBERS

    def at(self, start: int, end: int) -> DraftNumber | None:
        """The number that stands at a place, or at a part of it; None where none does, or there are too many to be read."""
        place = self._place(start, end)
        return None if place is None else self._number(place)

    @cached_property
    def _spans(self) -> Sequence[Span]:
        return list(self._reader.spans(self._segments, self._target))

    @cached_property
    def _places(self) -> Places:
        return self._reader.places(self._target)

    @cached_property
    def _changes(self) -> "_Changes":
        return _Changes(self._places.later)

    def _place(self, start: int, end: int) -> int | None:
        place = bisect_right(self._spans, (end - 1, end + MOST_NUMBERS)) - 1
        return place if place >= 0 and self._spans[place][1] > start else None

    def _number(self, place: int) -> DraftNumber:
        """A number; the two values of a change have one kind: that of the earlier, or of the later where it has none."""
        span = self._spans[place]
        later, earlier = self._changes.later_than(span), self._changes.earlier_than(span)
        kind = self._own_kind(place)
        if later and kind == OTHER:
            kind = self._kind_at(later)
        elif earlier and (of_earlier := self._kind_at(earlier)) != OTHER:
            kind = of_earlier
        return DraftNumber(*span, kind, later)

    def _kind_at(self, span: Span) -> str:
        place = self._place(*span)
        return OTHER if place is None else self._own_kind(place)

    def _own_kind(self, place: int) -> str:
        """The kind of a number, or that of the number before, to which it is joined."""
        first = place
        while first not in self._own_kinds:
            kind = self._kind_around(self._spans[first])
            if kind != OTHER or not self._is_joined(first):
                self._own_kinds[first] = kind
            else:
                first -= 1
        for joined in range(first + 1, place + 1):
            self._own_kinds[joined] = self._own_kinds[first]
        return self._own_kinds[place]

    def _kind_around(self, span: Span) -> str:
        live, by_kind = self._segments.live, self._places.by_kind
        before, after = self._reader.clauses.sides(live, self._sentences, *span)
        for kind in self._reader.kinds:
            is_said = by_kind.get(kind.key, NONE).overlapping(span) is not None
            if is_said or kind.before.occurs_in(before) or kind.after.occurs_in(after):
                return kind.key
        return OTHER

    def _is_joined(self, place: int) -> bool:
        if place == 0:
            return False
        (begins, ends), start = self._spans[place - 1], self._spans[place][0]
        if self._sentences.number(begins) != self._sentences.number(start):
            return False
        return self._reader.joins(self._segments.live[ends:start])


class _Changes:
    """Which value a number changed to, and from which."""

    def __init__(self, later: Mapping[Span, Span]):
        self._later = later
        self._earlier = {to: since for since, to in later.items()}
        self._since, self._to = Spans(self._later), Spans(self._earlier)

    def later_than(self, span: Span) -> Span | None:
        """The last value of the changes that begin with a number: of "from 4 to 7 to 9" that is 9 for both 4 and 7."""
        found, at = None, self._since.overlapping(span)
        for _ in range(MOST_CHANGES):
            if at is None:
                break
            found = self._later[at]
            at = self._since.overlapping(found)
        return found

    def earlier_than(self, span: Span) -> Span | None:
        """The value that changed to a number."""
        at = self._to.overlapping(span)
        return None if at is None else self._earlier[at]
