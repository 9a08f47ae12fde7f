"""RE2, the one place that compiles: linear in the text whatever the pattern, as rubric files are users' input."""

from functools import lru_cache

import re2

_MEMORY = 64 << 20


def _options(longest: bool) -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.longest_match = longest
    options.max_mem = _MEMORY
    return options


@lru_cache(maxsize=65536)
def compiled(pattern: str, longest: bool = True):
    """The pattern compiled. Raises ValueError in words for what RE2 cannot take (look-around, back-references)."""
    try:
        return re2.compile(pattern, _options(longest))
    except re2.error as wrong:
        said = wrong.args[0].decode() if wrong.args and isinstance(wrong.args[0], bytes) else str(wrong)
        raise ValueError(said) from None


class PatternSet:
    """Which of many patterns occur in a text, in one pass over it."""

    def __init__(self, patterns: list[str]):
        self._set = re2.Set.SearchSet(_options(False))
        self._size = len(patterns)
        for pattern in patterns:
            self._set.Add(pattern)
        if patterns:
            self._set.Compile()

    def found(self, text: bytes | str) -> list[int]:
        """Places of the patterns that occur, in no order."""
        return (self._set.Match(text) or []) if self._size else []
