"""RE2, the one place that compiles: linear in the text whatever the pattern, as rubric files are users' input."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import re2

_MEMORY = 64 << 20


class PatternMatch(Protocol):
    """Where a compiled pattern matches; its texts are bytes where it was matched against bytes."""

    def span(self, group: int = 0) -> tuple[int, int]: ...
    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self, group: int | str = 0) -> str | bytes | None: ...


class CompiledPattern(Protocol):
    """What the scorer asks of a compiled pattern."""

    @property
    def groupindex(self) -> Mapping[str, int]: ...
    @property
    def groups(self) -> int: ...
    def finditer(self, text: bytes | str) -> Iterator[PatternMatch]: ...
    def search(self, text: bytes | str) -> PatternMatch | None: ...


def group_text(match: PatternMatch, group: int | str = 0) -> str:
    """What a group matched, as text; "" where it took no part."""
    text = match.group(group)
    return "" if text is None else text.decode() if isinstance(text, bytes) else text


def _options(longest: bool) -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.longest_match = longest
    options.max_mem = _MEMORY
    return options


@lru_cache(maxsize=1024)
def compiled(pattern: str, longest: bool = True) -> CompiledPattern:
    """The pattern compiled. Raises ValueError in words for what RE2 cannot take (look-around, back-references).

    Those asked for last are kept: a rubric that is being written is proven after each change, and has hundreds of patterns of
    which one is new.
    """
    try:
        made: CompiledPattern = re2.compile(pattern, _options(longest))
    except re2.error as wrong:
        said = wrong.args[0].decode() if wrong.args and isinstance(wrong.args[0], bytes) else str(wrong)
        raise ValueError(said) from None
    return made


class PatternSet:
    """Which of many patterns occur in a text, in one pass over it."""

    def __init__(self, patterns: Sequence[str]):
        self._set = re2.Set.SearchSet(_options(False))
        self._size = len(patterns)
        for pattern in patterns:
            self._set.Add(pattern)
        if patterns:
            self._set.Compile()

    def found(self, text: bytes | str) -> Sequence[int]:
        """Places of the patterns that occur, in no order."""
        return (self._set.Match(text) or []) if self._size else []


class PatternCache:
    """Patterns compiled when they are first asked for, and kept as long as this object is. Raises as `compiled` does."""

    MOST = 65_536  # those of tasks' own words come and go

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], CompiledPattern] = {}

    def get(self, pattern: str, longest: bool = True) -> CompiledPattern:
        key = pattern, longest
        if key not in self._kept:
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            self._kept[key] = self.compile(pattern, longest)
        return self._kept[key]

    def compile(self, pattern: str, longest: bool) -> CompiledPattern:
        return compiled(pattern, longest)

    def set_of(self, patterns: Sequence[str]) -> PatternSet:
        """The patterns as a set, to be kept by the one who asks."""
        return PatternSet(patterns)
