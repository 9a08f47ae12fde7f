"""What the text says of n, of the levels and of who labelled; and which of several statements is meant for a figure.

A statement of n has a rank: 2 where it says that units were labelled by two ("30 tasks were labelled twice"), 1 where they were
labelled or sampled, 0 for a bare number of units. For a figure the nearest place counts in which n is stated at all: the words
right above a table, then its section, the sections around it, then the whole file; and in that place the highest rank. Two
different numbers there leave n open.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from touchstone.claims.claim import MOST_UNITS, Levels
from touchstone.claims.reading.parsing import Document, Paragraph, Section
from touchstone.claims.reading.phrases import (
    COUNTS_BEFORE,
    EACH,
    EXCLUDED,
    HYPHENED,
    LABELLED,
    LISTED,
    NAMED,
    OPPOSITES,
    ORDINAL,
    PART_OF,
    POINTS,
    POOL,
    SCALE,
    SEVERAL,
    SIZES,
    SUBSET,
    TAKEN,
    TWICE,
    TWO,
    TWO_LEVELS,
    UNCERTAIN,
    WEIGHTED,
)
from touchstone.claims.reading.words import WORD_NUMBER, any_of, number_of, sentences_of
from touchstone.english import listed

CLAUSE = re.compile(r"[,;:()–—]\s*")
AGREEMENT_WORDS = re.compile(r"\b(?:agree\w*|kappa|overlap)\b|κ", re.I)
NUMBER_WORD = re.compile(rf"\b(?:{WORD_NUMBER})\b", re.I)


class Size(NamedTuple):
    """A statement of n. `sentence`: where it stands; `noun`: what is counted, "" where it does not say. `alone`: whether its
    sentence names no other number of units. `at`: its place in the sentence."""

    value: int
    rank: int
    words: str
    noun: str
    line: int
    section: Section
    sentence: str
    alone: bool = False
    at: int = 0


class Raters(NamedTuple):
    """Words that speak of two annotators, or of more."""

    more: bool
    words: str
    line: int
    section: Section


class Scale(NamedTuple):
    """Words that give the levels."""

    levels: Levels
    words: str
    line: int
    section: Section


class Place(NamedTuple):
    """Where a figure stands: the lines that belong to it (of its paragraph, or of a table and the words above), its section."""

    lines: frozenset[int]
    section: Section


Statement = TypeVar("Statement", Size, Raters, Scale)
MOST_STATEMENTS = 2000
MOST_IN_SENTENCE = 20
BY_VALUE = any_of(r"\b(?:weigh\w*)\b[^.;:]{0,60}\bby (?:the |their )?(?:\w+ )?(?:numeric )?values?\b")


class Stated(Generic[Statement]):
    """Statements of one kind, found by where they stand."""

    def __init__(self, statements: Iterable[Statement] = ()):
        self.every: list[Statement] = list(islice(statements, MOST_STATEMENTS))
        self.at_line: dict[int, list[Statement]] = {}
        self.at_section: dict[Section, list[Statement]] = {}
        for each in self.every:
            self.at_line.setdefault(each.line, []).append(each)
            self.at_section.setdefault(each.section, []).append(each)

    def nearest(self, place: Place, wanted: Callable[[Statement], bool] = lambda _: True) -> list[Statement]:
        """The wanted statements of the nearest place that has any."""
        if found := [each for line in sorted(place.lines) for each in self.at_line.get(line, ()) if wanted(each)]:
            return found
        for depth in range(len(place.section), -1, -1):
            if found := [each for each in self.at_section.get(place.section[:depth], ()) if wanted(each)]:
                return found
        return [each for each in self.every if wanted(each)]


@dataclass(frozen=True)
class Statements:
    """Everything the text states, and what was given beside it: `given`, an n that a person names for what does not say its
    own."""

    sizes: Stated[Size]
    raters: Stated[Raters]
    scales: Stated[Scale]
    weighted: str = ""
    excluded: tuple[int, ...] = ()
    given: int | None = None
    given_levels: Levels | None = None

    def sizes_at(self, place: Place) -> dict[int, Size]:
        """The n that may be meant at a place, by number: one, several where that is open, or none."""
        above = place.lines | set(place.section[-1:])
        found = self.sizes.nearest(place, lambda each: each.rank > 0 or each.alone and each.line in above)
        top = max((each.rank for each in found), default=0)
        return {each.value: each for each in reversed(found) if each.rank == top}

    def named_at(self, place: Place) -> dict[int, Size]:
        """Every number of units that the words at a place name, by number."""
        return {size.value: size for line in place.lines for size in self.sizes.at_line.get(line, ())}

    def other_sizes(self, place: Place, stated: Size) -> list[Size]:
        """Statements elsewhere of an n as good as the one at hand, and what is left of it where units were excluded: a figure
        that is possible of one of them is not impossible. A section that states its own n is not asked of others."""
        its_own = place.section and stated.section == place.section
        others = self.sizes.at_section[place.section] if its_own else self.sizes.every
        as_good = [each for each in others if each.value != stated.value and each.rank >= max(stated.rank, 1)]
        return as_good + self.left_of(stated)

    def left_of(self, stated: Size) -> list[Size]:
        """A statement of n with what is left of it where the text says that so many units were excluded."""
        return [stated._replace(value=stated.value - number) for number in self.excluded if 0 < number < stated.value]

    def more_than_two(self, place: Place) -> str:
        """Words by which more than two labelled, or by which it is open; "" where nothing says so."""
        found = self.raters.nearest(place)
        return next((each.words for each in found if each.more), "")

    def says_two(self, place: Place) -> bool:
        found = self.raters.nearest(place)
        return bool(found) and not any(each.more for each in found)

    def levels_at(self, place: Place) -> tuple[Levels, str]:
        """The levels at a place and the words that give them; unknown where nothing does, or they are several."""
        if self.given_levels is not None and self.given_levels.number:
            return self.given_levels, ""
        return _one_scale(self.scales.nearest(place))


def statements_of(document: Document, given: int | None = None, levels: Levels | None = None) -> Statements:
    """What a file states, in its headings, its text and its tables of settings."""
    said = [*document.headings, *document.paragraphs, *_settings(document)]
    return Statements(
        Stated(size for each in said for size in _sizes(each)),
        Stated(raters for each in said for raters in _raters(each)),
        Stated(scale for each in said for scale in _scales(each)),
        weighted_in(said),
        _excluded(said),
        given,
        levels,
    )


def _excluded(said: Iterable[Paragraph]) -> tuple[int, ...]:
    """How many units the text says were left out, each number once."""
    found = (match for each in said for _, sentence in sentences_of(each.text) for match in EXCLUDED.finditer(sentence))
    return tuple({number_of(match["number"] or match["behind"]): None for match in islice(found, MOST_IN_SENTENCE)})


def _settings(document: Document) -> Iterable[Paragraph]:
    """Rows of two cells as text ("Sample size | 30"), and headers with a number ("Agreement (n = 30)")."""
    for table in document.tables:
        for column in table.columns:
            if re.search(r"\d{2}", column.header[:80]):
                yield Paragraph(table.line, "", column.header[:80], section=table.section)
        if len(table.columns) == 2:
            first = (table.columns[0].header, table.columns[1].header)
            for line, (name, value) in ((table.line, first), *table.rows[:100]):
                if name.strip() and value.strip() and len(name) < 80 and len(value) < 80:
                    yield Paragraph(line, "", f"{name.strip('*` ')}: {value.strip('*` ')}", section=table.section)


def sizes_in(paragraphs: Sequence[Paragraph]) -> dict[int, tuple[int, str]]:
    """Every n of rank 1 or 2 that the text gives: the number, and the line and words of where it first does."""
    found: dict[int, tuple[int, str]] = {}
    for size in (size for each in paragraphs for size in _sizes(each)):
        if size.rank:
            found.setdefault(size.value, (size.line, size.words))
    return found


def _sizes(paragraph: Paragraph) -> list[Size]:
    found = []
    for _, sentence in sentences_of(paragraph.text):
        if re.search(r"\d", sentence) or NUMBER_WORD.search(sentence):
            found += sizes_of(sentence, paragraph.line, paragraph.section)
    return found


def sizes_of(sentence: str, line: int, section: Section) -> list[Size]:
    """Every number of units that one sentence names, each place once."""
    found: dict[int, tuple[re.Match[str], re.Pattern[str]]] = {}
    for pattern in SIZES:
        for match in islice(pattern.finditer(sentence), MOST_IN_SENTENCE):
            found.setdefault(match.start("number"), (match, pattern))
    made = []
    for at, (match, pattern) in sorted(found.items()):
        value = number_of(match["number"])
        if 2 <= value <= MOST_UNITS and not _is_ordinal(sentence[:at], match["number"]):
            noun = match.groupdict().get("noun") or ""
            rank = _rank(sentence, match, at, pattern, alone=len(found) == 1)
            alone = (
                rank == 0 and len(found) == 1 and not EACH.search(sentence[match.end() :]) and noun.casefold() not in UNCERTAIN
            )
            made.append(Size(value, rank, match[0].strip(), noun.casefold(), line, section, sentence, alone, at))
    return made


def _is_ordinal(before: str, number: str) -> bool:
    """Whether a number only tells things apart ("Round 2 labels"), or is a year ("in 2024 annotated")."""
    found = ORDINAL.search(before[-20:])
    if found is None:
        return False
    is_year = len(number) == 4 and number[:2] in ("19", "20")
    return is_year if re.match(r"in|by|since|of", found[0], re.I) else True


def _rank(sentence: str, match: re.Match[str], at: int, pattern: re.Pattern[str], *, alone: bool) -> int:
    before, after = sentence[:at], sentence[match.end() :]
    if EACH.search(after) or COUNTS_BEFORE.search(before):
        return 0
    if pattern is NAMED:
        return 2 if TWICE.search(sentence) or AGREEMENT_WORDS.search(sentence) else 1
    if pattern is HYPHENED:
        return 2 if TWICE.search(sentence) else 1
    if POOL.search(before) and not PART_OF.search(before) and not alone:
        return 0
    clause = sentence if alone else CLAUSE.split(before)[-1] + match[0] + CLAUSE.split(after, maxsplit=1)[0]
    if TWICE.search(clause):
        return 2
    if (match.groupdict().get("noun") or "").casefold() in UNCERTAIN:
        return 0
    return int(pattern in (TAKEN, SUBSET) or LABELLED.search(clause) is not None)


def _raters(paragraph: Paragraph) -> Iterable[Raters]:
    for _, sentence in sentences_of(paragraph.text):
        for more, pattern in ((True, SEVERAL), (False, TWO)):
            if found := pattern.search(sentence):
                yield Raters(more, found[0].strip(), paragraph.line, paragraph.section)


def raters_of(sentence: str) -> tuple[str, str]:
    """Words of one sentence that speak of more than two, and of two; "" where none do."""
    several, two = SEVERAL.search(sentence), TWO.search(sentence)
    return several[0] if several else "", two[0] if two else ""


def says_by_value(paragraphs: Iterable[Paragraph]) -> bool:
    """Whether the text says that weights go by the values of levels, not by their position."""
    return any(BY_VALUE.search(each.text) for each in paragraphs)


def weighted_in(paragraphs: Iterable[Paragraph]) -> str:
    """Words by which the text says that its kappa is a weighted one; "" where there are none, or it speaks of both."""
    text = "\n".join(f"{each.heading} {each.text}" for each in paragraphs)
    found = WEIGHTED.search(text)
    return found[0] if found and not re.search(r"\bunweighted\b", text, re.I) else ""


def levels_in(paragraphs: Sequence[Paragraph]) -> tuple[Levels, str]:
    """The levels the text gives ("scores 0–3") and its words; unknown where it gives none, or several."""
    return _one_scale([scale for each in paragraphs for scale in _scales(each)])


def _scales(paragraph: Paragraph) -> Iterable[Scale]:
    for _, sentence in sentences_of(paragraph.text):
        for levels, words in scales_of(sentence):
            yield Scale(levels, words, paragraph.line, paragraph.section)


def scales_of(text: str) -> list[tuple[Levels, str]]:
    """Everything in a text that gives levels."""
    found: list[tuple[Levels, str]] = []
    for match in SCALE.finditer(text):
        low, high = (int(each) for each in match.groups() if each is not None)
        if low < high <= 20:
            found.append((Levels(high - low + 1, tuple(range(low, high + 1))), match[0]))
    for match in POINTS.finditer(text):
        number = number_of(match[1] or match[2])
        if 2 <= number <= 20:
            found.append((Levels(number), match[0]))
    found += [(Levels(2), match[0]) for match in TWO_LEVELS.finditer(text)]
    for match in LISTED.finditer(text):
        words = [word.strip().casefold() for word in match[0].split("/")]
        if len(set(words)) == len(words) and any(pair <= set(words) for pair in OPPOSITES):
            found.append((Levels(len(words)), match[0]))
    return found


def _one_scale(found: Sequence[Scale]) -> tuple[Levels, str]:
    """The one scale that all of these statements fit: ranges within the widest, and numbers of levels equal to its own."""
    ranges = [each for each in found if each.levels.values]
    numbers = {each.levels.number for each in found if not each.levels.values}
    if ranges:
        widest = max(ranges, key=lambda each: each.levels.number or 0)
        fits = all(set(each.levels.values or ()) <= set(widest.levels.values or ()) for each in ranges)
        return (
            (widest.levels, widest.words)
            if fits and numbers <= {widest.levels.number} and _is_whole(widest, ranges)
            else (Levels(), "")
        )
    if len(numbers) == 1:
        return found[0].levels, found[0].words
    return Levels(), ""


def _is_whole(widest: Scale, ranges: Sequence[Scale]) -> bool:
    """A range like "scores 3 to 5" is a part of some scale; one that begins at 0 or 1 is a scale."""
    return (widest.levels.values or (9,))[0] in (0, 1)


def sizes_in_words(sizes: Iterable[Size]) -> str:
    return listed([f"{each.value:,} (line {each.line})" for each in sorted(sizes)])
