"""A text as it is matched: folded, with the way back to every place in the text as it came.

Folding makes alike what a reader takes for the same: lower case, straight quotes, one kind of hyphen, plain spaces,
compatibility forms (full-width letters, ligatures) as plain letters, accents off; and it deletes what a reader does not
see: zero-width characters, soft hyphens, Markdown's marks of emphasis. A phrase is folded the same way, so both sides of
a comparison have lost the same things. Line breaks stay: they tell sentences and parts.

Nearly every character folds to one character, so the folded text mostly has the same places as the text, and no map is
made. Where something was deleted or grew, `places` has the original place of every folded character.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
QUOTES = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\u055a\uff07\u02b9\u02bb\u02c8",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02",
}
HYPHENS = "\u00ad\u2010\u2011\u2012\u2013\u2212\u058a\u2043\ufe63\uff0d"
# What a long dash folds to: one ASCII character of its own, so that a text with dashes stays ASCII, and is matched as bytes.
DASH = "\x1f"
# Letters of other scripts that look like Latin ones: folded only in a word that holds Latin letters too.
ALIKE = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0131\u03bf\u03b1\u03b5\u03b9\u03ba\u03bd\u03c1\u03c5\u03c7",
        "aeopcyxijsdhioaeikvpux",
        strict=True,
    )
)
_MARKS = re.compile(
    r"\*+|`+|~~+|(?<![a-z0-9_])_++(?=\S)|(?<=[^\s_])_+(?![a-z0-9])|(?<=_)_(?=[a-z0-9])|"
    r"\[(?=[^\]\n]{0,200}\]\()|\](?=\()|\\(?=[!-/:-@\[-`{-~])"
)
_PLAIN = re.compile("[\x00-\x09\x0b-\x1f]")
_MIXED = re.compile(r"[a-z]*[^\W\d_]+")


class _Folds(dict[int, str]):
    """What each character folds to, worked out when it is first met: a table for str.translate."""

    def __missing__(self, code: int) -> str:
        self[code] = made = _fold_of(chr(code))
        return made


def _fold_of(character: str) -> str:
    if character in LINE_BREAKS:
        return "\n"
    for plain, like in QUOTES.items():
        if character in like:
            return plain
    if character == "\u00ad" or unicodedata.category(character) in ("Cf", "Mn", "Me") or character in "\u115f\u1160\u3164\uffa0":
        return ""
    if character in HYPHENS:
        return "-"
    if character in "\u2014\u2015\u2e3a\u2e3b\ufe58":
        return DASH
    if unicodedata.decomposition(character).startswith("<super>") and character.isdigit():
        return ""  # the mark of a footnote: it is no digit of the number before it
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return DASH  # a part of one, which no number here has
    if character == "\u00d7":  # a multiplication sign, as in "10 times"
        return "x"
    if character.isspace() or unicodedata.category(character) == "Zs":
        return " "
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(each for each in plain if unicodedata.category(each) not in ("Mn", "Cf")) or ""


_TABLE = _Folds(
    {code: chr(code).lower() for code in range(128)}
    | {ord(each): "\n" for each in "\r\x0b\x0c\x1c\x1d\x1e"}
    | dict.fromkeys((0, 9, *range(1, 9), *range(14, 28), 31), " ")
)


@dataclass(frozen=True)
class Folded:
    """`text` folded. `places[i]` is where its i-th character stood, `places[len]` the original length; None: as before."""

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a folded one: what was deleted inside it is inside, what was deleted after it is not."""
        if self.places is None or start >= end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The text folded. Linear in its length."""
    if text.isascii():
        folded, places = text.translate(_TABLE) if _PLAIN.search(text) else text.lower(), None
    else:
        folded, places = _translated(text)
    if _MARKS.search(folded):
        folded, places = _without_marks(folded, places)
    return Folded(folded, places)


def fold_phrase(text: str) -> str:
    """A phrase of a rubric or a task, folded: one line, single spaces."""
    return " ".join(fold(text).text.split())


def _translated(text: str) -> tuple[str, list[int] | None]:
    odd = {each for each in set(text) if not each.isascii() and len(_TABLE[ord(each)]) != 1}
    folded = text.translate(_TABLE)
    places = None
    if odd:
        places = []
        for place, each in enumerate(text):
            places.extend([place] * (1 if each not in odd else len(_TABLE[ord(each)])))
        places.append(len(text))
    if not folded.isascii() and any(each in ALIKE for each in set(folded)):
        folded = _MIXED.sub(_latin, folded)
    return folded, places


def _latin(match: re.Match[str]) -> str:
    word = match[0]
    return "".join(ALIKE.get(letter, letter) for letter in word) if re.search("[a-z]", word) else word


def _without_marks(folded: str, places: list[int] | None) -> tuple[str, list[int]]:
    before = places if places is not None else range(len(folded) + 1)
    kept: list[str] = []
    where: list[int] = []
    end = 0
    for found in _MARKS.finditer(folded):
        kept.append(folded[end : found.start()])
        where.extend(before[end : found.start()])
        end = found.end()
    kept.append(folded[end:])
    where.extend(before[end:])
    return "".join(kept), where
