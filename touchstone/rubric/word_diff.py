"""Two texts compared word by word, as they are read: how a text is broken into lines is no change."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, DELETED, INSERTED = "same", "deleted", "inserted"
MANY_WORDS = 2_000  # beyond which words that stand everywhere no longer anchor a match: it would take minutes
_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


class Stretch(NamedTuple):
    """Words in a row that are the same, deleted or inserted. Stretches in order, joined, read as both versions do."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> tuple[Stretch, ...]:
    """Two texts as stretches of words. The space before a word goes with it, and is no difference of its own.

    >>> [tuple(stretch) for stretch in word_diff("Company name.", "Company name and a signal.")]
    [('same', 'Company name'), ('inserted', ' and a signal'), ('same', '.')]
    """
    old, new = _tokens(before), _tokens(after)
    old_words, new_words = [word for word, _ in old], [word for word, _ in new]
    is_long = max(len(old_words), len(new_words)) > MANY_WORDS
    stretches: list[Stretch] = []
    for kind, a, b, c, d in SequenceMatcher(None, old_words, new_words, autojunk=is_long).get_opcodes():
        if kind == "equal":
            stretches.append(Stretch(SAME, _joined(new[c:d])))
            continue
        if a < b:
            stretches.append(Stretch(DELETED, _joined(old[a:b])))
        if c < d:
            stretches.append(Stretch(INSERTED, _joined(new[c:d])))
    return tuple(stretches)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and marks, each with the space before it."""
    text, tokens, end = text.strip(), [], 0
    for match in _TOKEN.finditer(text):
        tokens.append((match[0], text[end : match.start()]))
        end = match.end()
    return tokens


def _joined(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(space + word for word, space in tokens)
