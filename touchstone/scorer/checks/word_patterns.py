"""The patterns of words that a task gives: compiled once for the same words, since many drafts answer one task."""

from typing import NamedTuple

from touchstone.scorer.patterns import edged_phrase, key_of
from touchstone.scorer.regex import PatternCache, PatternSet


class WordPattern(NamedTuple):
    pattern: str
    key: str


class WordPatterns:
    """Patterns of tasks' words, kept as long as this object is."""

    MOST = 8192  # lists of words
    MOST_SETS = 1024

    def __init__(self, patterns: PatternCache):
        self._cache = patterns
        self._patterns: dict[tuple[tuple[str, ...], bool], tuple[WordPattern, ...]] = {}
        self._sets: dict[tuple[WordPattern, ...], PatternSet] = {}

    def of(self, words: tuple[str, ...], inflect: bool) -> tuple[WordPattern, ...]:
        if (words, inflect) not in self._patterns:
            if len(self._patterns) >= self.MOST:
                self._patterns.clear()
            self._patterns[words, inflect] = tuple(WordPattern(edged_phrase(word, inflect), key_of(word)) for word in words)
        return self._patterns[words, inflect]

    def occurring(self, words: tuple[str, ...], inflect: bool, text: bytes | str) -> list[WordPattern]:
        """The patterns that may occur in a text; one alone is not looked for beforehand."""
        patterns = self.of(words, inflect)
        if len(patterns) < 2:
            return list(patterns)
        if patterns not in self._sets:
            if len(self._sets) >= self.MOST_SETS:
                self._sets.clear()
            self._sets[patterns] = self._cache.set_of([pattern for pattern, _ in patterns])
        return [patterns[place] for place in self._sets[patterns].found(text)]
