"""Whose a number of a draft is, or what: each number read once, by the kinds that a rubric declares, before a check compares it.

A number that fits no kind is of the kind OTHER. Of a change ("from 4 to 6") the earlier value knows the later one.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from touchstone.rubric.scoring_model import KindOfNumber, Numbers
from touchstone.scorer.numbers.written import AT_LEAST, BARE, MONEY
from touchstone.scorer.patterns import any_of, template_pattern
from touchstone.scorer.regex import CompiledPattern, PatternCache, PatternSet
from touchstone.scorer.segments import Segments, stands_at_edges
from touchstone.scorer.sentences import AnyOf, Clauses, Sentences

OTHER = "other"
MOST_NUMBERS = 10_000  # of one draft: one of more is no text
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
    """Reads the numbers of drafts by the kinds of one rubric. Its patterns must be ones that RE2 can take."""

    def __init__(self, numbers: Numbers, clauses: Sequence[str], cache: PatternCache):
        self._declared = numbers
        self._clauses = Clauses(clauses, cache)
        self._cache = cache

    # Compiled when a number is first asked for: a rubric may declare kinds that none of its checks reads.

    @cached_property
    def _kinds(self) -> tuple[_Kind, ...]:
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

    def numbers(self, segments: Segments, target: bytes | str, sentences: Sentences) -> tuple[DraftNumber, ...]:
        """The numbers of a draft in order; `target` is its live text as it is matched."""
        spans = list(self._spans(segments, target))
        if not spans:
            return ()
        by_kind, later = self._places(target)
        read: list[DraftNumber] = []
        for start, end in spans:
            kind = self._kind_of(segments.live, sentences, by_kind, (start, end))
            if kind == OTHER and read and self._is_joined(segments.live[read[-1].end : start], sentences, read[-1], start):
                kind = read[-1].kind
            read.append(DraftNumber(start, end, kind, _overlapping(later, (start, end))))
        return tuple(_of_one_kind(read))

    def _spans(self, segments: Segments, target: bytes | str) -> Iterator[Span]:
        for number, match in enumerate(self._cache.get(ANY_NUMBER).finditer(target)):
            if number >= MOST_NUMBERS:
                return
            start, end = match.span()
            if stands_at_edges(segments.live, start, end):
                yield start, end

    def _places(self, target: bytes | str) -> tuple[Mapping[str, Sequence[Span]], Mapping[Span, Span]]:
        """By kind, the places that its patterns say are such numbers; and by that of each earlier value that of the later one."""
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
        return by_kind, later

    def _kind_of(self, live: str, sentences: Sentences, by_kind: Mapping[str, Sequence[Span]], span: Span) -> str:
        before, after = self._clauses.sides(live, sentences, *span)
        for kind in self._kinds:
            is_said = any(start < span[1] and span[0] < end for start, end in by_kind.get(kind.key, ()))
            if is_said or kind.before.occurs_in(before) or kind.after.occurs_in(after):
                return kind.key
        return OTHER

    def _is_joined(self, between: str, sentences: Sentences, before: DraftNumber, start: int) -> bool:
        if self._join is None or len(between) > LONGEST_JOIN or sentences.number(before.start) != sentences.number(start):
            return False
        return self._join.search(between.strip()) is not None


def _overlapping(later: Mapping[Span, Span], span: Span) -> Span | None:
    return next((to for (start, end), to in later.items() if start < span[1] and span[0] < end), None)


def _of_one_kind(numbers: Sequence[DraftNumber]) -> Iterator[DraftNumber]:
    """The numbers, where the two values of a change have one kind: that of the earlier, or of the later where it has none."""
    of_later: dict[Span, str] = {}
    for number in numbers:
        if number.later:
            of_later[number.later] = number.kind
    of_earlier = {(number.start, number.end): number.kind for number in numbers}
    for number in numbers:
        if number.later and number.kind == OTHER:
            yield number._replace(kind=of_earlier.get(number.later, OTHER))
        else:
            earlier = of_later.get((number.start, number.end), OTHER)
            yield number if earlier == OTHER else number._replace(kind=earlier)


class DraftNumbers:
    """The numbers of one draft, read when a check first asks for one."""

    def __init__(self, reader: NumberReader, segments: Segments, target: bytes | str, sentences: Sentences):
        self._reader = reader
        self._of: Any = (segments, target, sentences)

    @cached_property
    def all(self) -> tuple[DraftNumber, ...]:
        """Every number in order."""
        return self._reader.numbers(*self._of)

    @cached_property
    def _starts(self) -> list[int]:
        return [number.start for number in self.all]

    def at(self, start: int, end: int) -> DraftNumber | None:
        """The number that stands at a place, or at a part of it; None where none does."""
        place = bisect_right(self._starts, end - 1) - 1
        return self.all[place] if place >= 0 and self.all[place].end > start else None
