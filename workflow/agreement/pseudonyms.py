"""Annotators as A, B, C … where a report must not say who labelled."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase


@dataclass(frozen=True)
class Pseudonyms:
    """A code for every annotator; none at all where names are shown, and then `of` and `within` change nothing."""

    by_name: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        return self.by_name.get(name, name)

    def within(self, text: str) -> str:
        """A text that people typed, each name in it replaced by its code: whole names whatever their case, and a word
        of a name that only one of the annotators bears.

        A name without two characters and a letter ("2") stays where it stands: it is mostly a number there.
        """
        known = {_folded(name): code for name, code in self.by_name.items() if _tells(name)}
        words = _own_words(self.by_name)
        text = _replaced(text, sorted(known, key=len, reverse=True), lambda found: known[_folded(found)], re.IGNORECASE)
        return _replaced(text, words, words.__getitem__)


def pseudonyms_for(names: Iterable[str], wanted: bool = True) -> Pseudonyms:
    """A, B, … Z, AA, AB, … in the order given; no codes unless `wanted`."""
    return Pseudonyms({name: _letters(place) for place, name in enumerate(dict.fromkeys(names))} if wanted else {})


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + ascii_uppercase[place % 26]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _tells(name: str) -> bool:
    return len(name) > 1 and any(letter.isalpha() for letter in name)


def _own_words(by_name: Mapping[str, str]) -> dict[str, str]:
    """The words of names of several words, as written, that belong to one annotator alone: "Ana" of "Sample Ana"."""
    whose: dict[str, list[str]] = {}
    for name, code in by_name.items():
        for word in set(name.split()) if len(name.split()) > 1 else ():
            whose.setdefault(word, []).append(code)
    return {word: codes[0] for word, codes in whose.items() if len(codes) == 1 and _tells(word)}


def _replaced(text: str, words: Iterable[str], code: Callable[[str], str], flags: int = 0) -> str:
    """Each of `words` as a word of its own; runs of spaces in it aside. A low line ends a word: ana_labels.csv."""
    parts = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    return re.sub(rf"(?<![^\W_])(?:{parts})(?![^\W_])", lambda found: code(found[0]), text, flags=flags) if parts else text
