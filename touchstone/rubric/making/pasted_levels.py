"""The levels of a pasted text: "1", "1 - Poor", "Poor (1)", "Pass", "2: Some of it is clear.", "1-5", "yes/no"."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from touchstone.rubric.making.scales import SCALES
from touchstone.rubric.making.written_rubric import NewLevel

MOST_LEVELS = 30
WORDS_ON_A_BUTTON = 4
# Words that are levels wherever they stand, and the values they get.
_KNOWN = {
    "pass": "pass",
    "fail": "fail",
    "yes": "yes",
    "no": "no",
    "na": "na",
    "n/a": "na",
    "not applicable": "na",
    "true": "yes",
    "false": "no",
}
_NUMBER_FIRST = re.compile(
    r"^(?:(?:level|score|grade)\s+)?(-?\d{1,3})(?:\s*\(([^()]{1,60})\)|\s*(?:[-–—=:.)]|\s)\s*([^:.]{1,60}?))??\s*(?:[:：.]\s*(.*)|)$",
    re.I,
)
_NUMBER_LAST = re.compile(r"^([^\d():]{2,60}?)\s*+[(\[]\s*+(-?\d{1,3})\s*+(?:points?\s*+)?[)\]]\s*+(?:[:：–—-]\s*+(.*))?$", re.I)
_NUMBER_ALONE = re.compile(r"^(-?\d{1,3})\s*[-–—=:.)]\s*(.+)$")
_WORD_FIRST = re.compile(r"^([^:：]{1,60}?)(?:\s*+[:：=]|\s++[–—-]\s)\s*+(.*)$")
_RANGE = re.compile(r"^(?:scale\s*)?(-?\d{1,2})\s*(?:-|–|—|to|\.\.+)\s*(-?\d{1,2})(?:\s*(?:scale|points?|levels?))?$", re.I)
_POINTS = re.compile(r"^([2-9]|10)[ -]?(?:points?|levels?)(?: scale)?$|^likert[ -]([2-9]|10)$", re.I)

_TOLD = re.compile(r";|\||,(?=\s*(?:-?\d{1,3}|pass|fail|yes|no)\s*[=:])", re.I)
_TELLS = re.compile(r"\s*(?:-?\d{1,3}\s*[=:–—-]|[^\s=:;|]{1,30}\s*[=:])\s*\S")
MOST_LETTERS_ON_A_BUTTON = 24


class PastedLevel(NamedTuple):
    """A level as it was read: the words of its button and its anchor may be ""."""

    value: int | str
    title: str = ""
    anchor: str = ""
    line: int = 1


def plain_words(text: str) -> str:
    """A cell or an item without the marks of Markdown, on one line."""
    text = re.sub(r"<br\s*/?>", "; ", text, flags=re.I)
    text = re.sub(r"(\*\*|__)(.+?)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])[*_]([^*_]+)[*_](?![\w*])", r"\1", text)
    text = re.sub(r"`([^`]*)`", r"\1", text)
    return " ".join(re.sub(r"\\([\\`*_{}\[\]()#+.!|<>~-])", r"\1", text).split())


def cut(words: str) -> str:
    """A value made of words: one word of letters, digits, - and _."""
    word = re.sub(r"[^\w-]+", "_", words.casefold()).strip("_-")[:30].rstrip("_-")
    return word if word[:1].isalpha() else f"level_{word}".rstrip("_")[:30]


def level_in(words: str, *, is_inner: bool) -> PastedLevel | None:
    """The level that words name; None for none. `is_inner`: they stand where a level is expected, so any word before a colon is
    one."""
    words = words.strip()
    if (known := _KNOWN.get(words.casefold())) is not None:
        return PastedLevel(known, words)
    if found := _NUMBER_LAST.match(words):
        return PastedLevel(int(found[2]), found[1].strip(), (found[3] or "").strip())
    if found := _NUMBER_FIRST.match(words):
        title = (found[2] or found[3] or "").strip()
        anchor = (found[4] or "").strip()
        if title and not anchor and len(title.split()) > WORDS_ON_A_BUTTON:
            title, anchor = "", title
        return PastedLevel(int(found[1]), title, anchor)
    if found := _NUMBER_ALONE.match(words):
        return PastedLevel(int(found[1]), "", found[2].strip())
    if found := _WORD_FIRST.match(words):
        known = _KNOWN.get(found[1].casefold())
        if known is not None or is_inner and len(found[1].split()) <= WORDS_ON_A_BUTTON:
            return PastedLevel(known or cut(found[1]), found[1].strip(), found[2].strip())
    if is_inner and len(words.split()) <= WORDS_ON_A_BUTTON and re.search(r"[^\W\d_]", words):
        return PastedLevel(cut(words), words)
    return None


def levels_named(scale: str) -> tuple[NewLevel, ...]:
    """The levels that a scale in a few words has: "1-5", "0 to 3", "5 points", "pass/fail", "low, medium, high", or one that says
    each, "1 = none; 2 = some"; () for none."""
    scale = scale.strip()
    if told := levels_told(scale):
        return told
    if found := _RANGE.match(scale):
        low, high = int(found[1]), int(found[2])
        numbers = range(low, high + 1) if low < high else range(low, high - 1, -1)
        return _numbered(numbers) if 2 <= len(numbers) <= MOST_LEVELS else ()
    if found := _POINTS.match(scale):
        return _numbered(range(1, int(found[1] or found[2]) + 1))
    parts = [part.strip() for part in re.split(r"[/,|;]|\sor\s", scale) if part.strip()]
    if scale.casefold().replace(" ", "").endswith("n/a"):
        parts = [*(part for part in parts if part.casefold() not in ("n", "a")), "n/a"]
    if len(parts) < 2 or len(parts) > MOST_LEVELS or any(len(part.split()) > WORDS_ON_A_BUTTON for part in parts):
        return ()
    values = [_KNOWN.get(part.casefold(), int(part) if re.fullmatch(r"-?\d{1,3}", part) else cut(part)) for part in parts]
    if len(set(values)) < len(values) or len({type(value) for value in values}) > 1:
        return ()
    return tuple(NewLevel(value, _capital(part)) for value, part in zip(values, parts, strict=True))


def levels_told(scale: str) -> tuple[NewLevel, ...]:
    """The levels of one line that says each of them: "1 = none; 2 = some", "pass: all of it; fail: less"; () for none."""
    parts = [part.strip() for part in _TOLD.split(scale) if part.strip()]
    if not 2 <= len(parts) <= MOST_LEVELS or not all(_TELLS.match(part) for part in parts):
        return ()
    levels, left_out = weighed(level for part in parts if (level := level_in(part, is_inner=True)) is not None)
    return tuple(levels) if len(levels) == len(parts) and not left_out else ()


def _numbered(numbers: range) -> tuple[NewLevel, ...]:
    ready = SCALES.get(str(len(numbers)))
    titles = [words for _, words in ready.levels] if ready else [f"Level {number}" for number in numbers]
    return tuple(
        NewLevel(number, title) for number, title in zip(numbers, titles if numbers.step > 0 else reversed(titles), strict=True)
    )


def weighed(found: Iterable[PastedLevel]) -> tuple[list[NewLevel], list[tuple[PastedLevel, str]]]:
    """The levels that can stand beside each other, in order, and those left out with why: all are numbers or all words, none is
    there twice, and numbers rise or fall."""
    found = list(found)
    numbers = sum(isinstance(each.value, int) for each in found)
    is_numbers = numbers * 2 >= len(found)
    kept: list[NewLevel] = []
    left_out: list[tuple[PastedLevel, str]] = []
    for each in found:
        if isinstance(each.value, int) is not is_numbers:
            left_out.append((each, "levels are all numbers or all words; a draft that cannot be judged is skipped"))
        elif each.value in {level.value for level in kept}:
            left_out.append((each, f"the level {each.value} is there twice"))
        elif len(kept) == MOST_LEVELS:
            left_out.append((each, f"more than {MOST_LEVELS} levels"))
        else:
            kept.append(_as_new(each))
    kept = _with_short_anchors_as_titles(kept)
    if is_numbers and not _rise_or_fall([level.value for level in kept]):
        kept.sort(key=lambda level: level.value if isinstance(level.value, int) else 0)
    return kept, left_out


def _with_short_anchors_as_titles(levels: list[NewLevel]) -> list[NewLevel]:
    """Where a level has a few words alone they are on its button too, if those of every such level are as few, each its own."""
    bare = [each for each in levels if each.title == f"Level {each.value}"]
    words = {each.value: each.anchor.rstrip(" .;") for each in bare}
    are_short = all(
        0 < len(each) <= MOST_LETTERS_ON_A_BUTTON and len(each.split()) <= WORDS_ON_A_BUTTON for each in words.values()
    )
    titles = {each.title.casefold() for each in levels if each not in bare} | {each.casefold() for each in words.values()}
    if not bare or not are_short or len(titles) < len(levels):
        return levels
    return [each._replace(title=_capital(words[each.value])) if each in bare else each for each in levels]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _rise_or_fall(values: Sequence[int | str]) -> bool:
    numbers = [value for value in values if isinstance(value, int)]
    return numbers in (sorted(numbers), sorted(numbers, reverse=True))


def _as_new(level: PastedLevel) -> NewLevel:
    """A level whose button has a few words: more of them are kept in the anchor."""
    title, anchor = level.title, level.anchor
    if len(title.split()) > WORDS_ON_A_BUTTON:
        anchor = anchor or title
        title = " ".join(title.split()[:WORDS_ON_A_BUTTON])
    title = title or (f"Level {level.value}" if isinstance(level.value, int) else str(level.value).replace("_", " "))
    return NewLevel(level.value, _capital(title), anchor)
