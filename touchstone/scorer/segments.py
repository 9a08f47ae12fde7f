"""A draft cut into subject, body and what is nobody's claim: quoted lines, the thread's words, the signature."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from touchstone.data.task_input import as_text
from touchstone.rubric.scoring_model import Parts
from touchstone.scorer.folding import QUOTES, Folded, fold_phrase
from touchstone.scorer.patterns import any_of
from touchstone.scorer.regex import PatternCache, PatternMatch

_QUOTATION = re.compile(r'"([^"\n]{3,600}(?:\n[^"\n]{1,300}){0,6})"|(?<![a-z0-9])\'([^\n]{3,400}?)\'(?![a-z0-9])')
_ENDS = re.compile(r"(?<![.!?])[.!?]++[\"')\]]*+(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-\u2022]|\d+[.)])\s)")
SHORT_LINE = 6  # words: a longer line is no name in a signature
NAME = 4  # words: a longer first line is nobody's name
_SENTENCE = re.compile(r"(?<!\b\w)\.\s*$|[!?:;]|'(?:t|s|re|ve|ll|m|d)\b")
_TITLE = re.compile(r",|\||/| [-\u2013\u2014] ")
_PLAIN_QUOTES = str.maketrans(dict.fromkeys(QUOTES["'"], "'"))
_SMALL = {"of", "and", "de", "da", "del", "der", "den", "di", "la", "le", "van", "von", "the", "for", "at", "in", "y", "e"}


Lines = list[tuple[int, str]]  # where each line begins, and its text


class Segments(NamedTuple):
    """The folded draft as it is matched. `live` has blanks where words are not the sender's own, so that places stay;
    `subject` is the end of the subject (0 for none): body lies behind it."""

    live: str
    subject: int

    @property
    def is_blank(self) -> bool:
        """Whether nothing of the sender's own stands in the body."""
        return not any(letter.isalnum() for letter in self.live[self.subject :])

    def sentence_ends(self) -> list[int]:
        """Where each sentence of the live text ends, in order; the subject is a sentence of its own."""
        ends = [match.end() for match in _ENDS.finditer(self.live)]
        if self.subject:
            ends = sorted({*ends, self.subject})
        return [*ends, len(self.live)]


_OF_WHOLE_TEXT = re.compile(r"\\[AzC]|\(\?[a-zA-Z-]")  # what reads otherwise in a line of a text than in the line alone


class _LinePattern:
    """A pattern of lines, which is first looked for in all lines at once: most drafts have none that it is met in."""

    def __init__(self, listed: tuple[str, ...], end: str, patterns: PatternCache):
        pattern = rf"^[ ]*(?:{any_of(listed)})" + end
        self._of_line = patterns.get(pattern)
        is_alike = not any(_OF_WHOLE_TEXT.search(each) for each in listed)
        self._of_any_line = patterns.get("(?m)" + pattern, False) if is_alike else None

    def may_be_met(self, text: str) -> bool:
        """Whether it may be met in a line of a text; never False where it is."""
        return self._of_any_line is None or self._of_any_line.search(text) is not None

    def search(self, line: str) -> PatternMatch | None:
        return self._of_line.search(line)


class Segmenter:
    """Cuts drafts by the parts that a rubric declares; what a task's fields fold to is kept, since many drafts answer one task.

    Raises ValueError in words for a pattern that RE2 cannot take.
    """

    KEPT = 2048

    def __init__(self, parts: Parts, patterns: PatternCache):
        def any_line(listed: tuple[str, ...], end: str = "") -> _LinePattern | None:
            return _LinePattern(listed, end, patterns) if listed else None

        whole = r"\s*$"
        self._parts = parts
        self._subject = any_line(parts.subject)
        self._quoted_line, self._quoted_rest = any_line(parts.quoted.lines), any_line(parts.quoted.rest, whole)
        self._signature_opens = any_line(parts.signature.opens, whole)
        self._signature_ends = any_line(parts.signature.ends)
        self._folded: dict[str, str] = {}

    def segments(self, draft: str, folded: Folded, given: Mapping[str, Any]) -> Segments:
        """Cut a draft by its folded text; the words of the task's input that a draft may quote are not the sender's."""
        lines: Lines = []
        start = 0
        for text in folded.text.split("\n"):
            lines.append((start, text))
            start += len(text) + 1
        blank: list[tuple[int, int]] = []
        first = next((place for place, (_, text) in enumerate(lines) if text.strip()), None)
        subject = self._blank_subject_mark(lines[first], blank) if first is not None else 0
        self._blank_quoted_lines(folded.text, lines, blank)
        signature = self._signature(
            folded.text, lines, first if subject else None, lambda place: _as_it_came(draft, folded, lines[place])
        )
        if signature:
            blank.append(signature)
        quoted = [words for field in self._parts.quoted.fields if (words := self._words_of(as_text(given.get(field))))]
        if quoted:
            _blank_quoted_words(folded.text, lines, quoted, blank)
        return Segments(_blanked(folded.text, blank), subject)

    def _words_of(self, field: str) -> str:
        if field not in self._folded:
            if len(self._folded) >= self.KEPT:
                self._folded.clear()
            self._folded[field] = fold_phrase(field)
        return self._folded[field]

    def _blank_subject_mark(self, line: tuple[int, str], blank: list[tuple[int, int]]) -> int:
        """The end of the subject, whose mark ("Subject:") is nobody's word; 0 where the line is none."""
        begins, text = line
        mark = self._subject.search(text) if self._subject else None
        if mark is None:
            return 0
        blank.append((begins, begins + mark.end()))
        return begins + len(text)

    def _blank_quoted_lines(self, text: str, lines: Lines, blank: list[tuple[int, int]]) -> None:
        line_is, rest_is = _met_in(text, self._quoted_line), _met_in(text, self._quoted_rest)
        if not line_is and not rest_is:
            return
        for place, (begins, text) in enumerate(lines):
            if rest_is and rest_is.search(text):
                following = next((after for _, after in lines[place + 1 :] if after.strip()), "")
                if line_is and line_is.search(following):  # the lines that follow say themselves how far the quotation goes
                    blank.append((begins, begins + len(text)))
                    continue
                blank.append((begins, lines[-1][0] + len(lines[-1][1])))
                return
            if line_is and line_is.search(text):
                blank.append((begins, begins + len(text)))

    def _signature(self, text: str, lines: Lines, subject: int | None, came: Callable[[int], str]) -> tuple[int, int] | None:
        """Where a draft is signed: `subject` is the place of its line; `came` gives a line as it came."""
        filled = [place for place, (_, line) in enumerate(lines) if line.strip() and place != subject]
        if len(filled) < 2:
            return None
        again = _met_in(text, self._signature_ends)
        end = next((place for place in filled[1:] if again and again.search(lines[place][1])), len(lines))
        before = [place for place in filled if place < end]
        opening = self._opening_line(text, lines, before, came)
        if opening is None and self._parts.signature.short_block and len(before) > 1:
            opening = _last_block(lines, before, came)
        return None if opening is None else (lines[opening][0], _upto(lines, end))

    def _opening_line(self, text: str, lines: Lines, filled: list[int], came: Callable[[int], str]) -> int | None:
        """The line that opens the signature: a farewell or a rule, with nothing or a name under it."""
        opens = _met_in(text, self._signature_opens)
        if opens is None:
            return None
        for at in range(max(1, len(filled) - 8), len(filled)):
            line = lines[filled[at]][1]
            if not opens.search(line):
                continue
            is_rule = not any(letter.isalnum() for letter in line)
            under = filled[at + 1] if at + 1 < len(filled) else None
            if under is None or is_rule or opens.search(lines[under][1]) or _is_name(came(under), alone=True):
                return filled[at]
        return None


def _as_it_came(draft: str, folded: Folded, line: tuple[int, str]) -> str:
    begins, text = line
    start, end = folded.span(begins, begins + len(text))
    return draft[start:end]


def _last_block(lines: Lines, filled: list[int], came: Callable[[int], str]) -> int | None:
    """The first line of the last paragraph, where that holds one to four short lines that are names or titles."""
    begins = last = filled[-1]
    for place in reversed(filled[:-1]):
        if place != begins - 1:
            break
        begins = place
    if begins == filled[0] or last - begins > 3:
        return None
    block = [lines[place][1] for place in range(begins, last + 1)]
    if any(len(text.split()) > SHORT_LINE or re.search(r"[.!?:;@/]|\d", text.rstrip(",")) for text in block):
        return None
    names = [_is_name(came(place), alone=False) for place in range(begins, last + 1)]
    return begins if all(names) and len(block[0].split()) <= NAME else None


def _is_name(line: str, *, alone: bool) -> bool:
    """Whether a line reads as a name, a title or a firm, not as words of a sentence: every word has a capital. `alone`: one word
    without any will do, as under a farewell."""
    plain = line.strip().strip("*_~`,")
    if alone:
        plain = _TITLE.split(plain)[0]  # "Ada, head of staffing"
    if plain[:1] in "[{<" and plain[-1:] in "]}>":
        return True
    words = re.findall(r"[^\W\d_][^\s|/,]*", plain)
    if not words or len(plain.split()) > SHORT_LINE + 2 or _SENTENCE.search(plain.translate(_PLAIN_QUOTES)):
        return False
    if len(words) == 1:
        return alone or _has_capital(words[0]) and not words[0].islower()
    is_shouted = plain.isupper() and max(map(len, words)) > 3
    return not is_shouted and not words[0].islower() and all(map(_has_capital, words))


def _has_capital(word: str) -> bool:
    """Whether a word is written as one of a name: a letter that has no capital is one, and so is "of"."""
    return not word[0].islower() or word.lower() in _SMALL


def _met_in(text: str, pattern: _LinePattern | None) -> _LinePattern | None:
    """A pattern of lines where it may be met in a text."""
    return pattern if pattern and pattern.may_be_met(text) else None


def _upto(lines: Lines, end: int) -> int:
    return lines[end][0] if end < len(lines) else lines[-1][0] + len(lines[-1][1])


def _blank_quoted_words(folded: str, lines: Lines, known: list[str], blank: list[tuple[int, int]]) -> None:
    for found in _QUOTATION.finditer(folded):
        inside = " ".join((found[1] or found[2]).split()).strip(" .,!?;:-")
        if len(inside) > 2 and any(inside in each for each in known):
            blank.append(found.span())
    for begins, text in lines:
        plain = " ".join(text.split()).strip("\"' ")
        if len(plain.split()) > 3 and any(plain in each for each in known):
            blank.append((begins, begins + len(text)))


def _blanked(folded: str, blank: list[tuple[int, int]]) -> str:
    if not blank:
        return folded
    made, end = [], 0
    for start, stop in sorted(blank):
        if stop <= end:
            continue
        start = max(start, end)
        made.append(folded[end:start])
        # A blank keeps line breaks, and is no white space: no phrase reaches across it.
        made.append(
            "".join("\n" if each == "\n" else "\x00" for each in folded[start:stop])
            if "\n" in folded[start:stop]
            else "\x00" * (stop - start)
        )
        end = stop
    made.append(folded[end:])
    return "".join(made)


def stands_at_edges(live: str, start: int, end: int) -> bool:
    """Whether a match begins and ends where words and numbers do: not in the middle of "1,200" or "tops"."""
    if start and _goes_on(live[start], live[start - 1], live[start - 2] if start > 1 else ""):
        return False
    return end == len(live) or not _goes_on(live[end - 1], live[end], live[end + 1] if end + 1 < len(live) else "")


def _goes_on(edge: str, beside: str, beyond: str) -> bool:
    """Whether a word or number goes on over the edge of a match."""
    if beside == " " or not edge.isalnum():
        return False
    return beside.isalnum() or (edge.isdigit() and beside in ".,:" and beyond.isdigit())
