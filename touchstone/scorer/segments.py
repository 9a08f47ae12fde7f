"""A draft cut into subject, body and what is nobody's claim: quoted lines, the thread's words, the signature."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from touchstone.rubric.scoring_model import Parts
from touchstone.scorer.folding import QUOTES, Folded
from touchstone.scorer.patterns import spaced
from touchstone.scorer.regex import compiled

_QUOTATION = re.compile(r'"([^"\n]{3,600}(?:\n[^"\n]{1,300}){0,6})"|(?<![a-z0-9])\'([^\n]{3,400}?)\'(?![a-z0-9])')
_ENDS = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-\u2022]|\d+[.)])\s)")
SHORT_LINE = 6  # words: a longer line is no name in a signature
NAME = 4  # words: a longer first line is nobody's name
_SENTENCE = re.compile(r"(?<!\b\w)\.\s*$|[!?:;]|'(?:t|s|re|ve|ll|m|d)\b")
_TITLE = re.compile(r",|\||/| [-\u2013\u2014] ")
_PLAIN_QUOTES = str.maketrans(dict.fromkeys(QUOTES["'"], "'"))
_SMALL = {"of", "and", "de", "da", "del", "der", "den", "di", "la", "le", "van", "von", "the", "for", "at", "in", "y", "e"}


class Cut(NamedTuple):
    """The folded draft as it is matched. `live` has blanks where words are not the sender's own, so that places stay;
    `subject` is the end of the subject (0 for none): body lies behind it."""

    live: str
    subject: int


@lru_cache(maxsize=256)
def _any(patterns: tuple[str, ...], whole: bool):
    joined = "|".join(f"(?:{spaced(each)})" for each in patterns)
    return compiled(rf"^[ ]*(?:{joined})" + (r"\s*$" if whole else "")) if patterns else None


def cut(draft: str, made: Folded, parts: Parts, thread: Sequence[str]) -> Cut:
    """Cut a draft by its folded text; `thread` are the folded fields whose words are not the sender's when they are quoted."""
    lines, start = [], 0
    folded = made.text
    for text in folded.split("\n"):
        lines.append((start, text))
        start += len(text) + 1
    blank: list[tuple[int, int]] = []
    subject = 0
    first = next((place for place, (_, text) in enumerate(lines) if text.strip()), None)
    opening = _any(parts.subject, False)
    if first is not None and opening and (found := opening.search(lines[first][1])):
        begins, text = lines[first]
        blank.append((begins, begins + found.end()))
        subject = begins + len(text)
    _quoted_lines(lines, parts, blank)
    signature = _signature(lines, parts, first if subject else None, lambda place: _as_it_came(draft, made, lines[place]))
    if signature:
        blank.append(signature)
    known = [" ".join(each.split()) for each in thread]
    if any(known):
        _quoted_words(folded, lines, known, blank)
    return Cut(_blanked(folded, blank), subject)


def _quoted_lines(lines: list[tuple[int, str]], parts: Parts, blank: list[tuple[int, int]]) -> None:
    line_is, rest_is = _any(parts.quoted.lines, False), _any(parts.quoted.rest, True)
    for place, (begins, text) in enumerate(lines):
        if rest_is and rest_is.search(text):
            following = next((each for _, each in lines[place + 1 :] if each.strip()), "")
            if line_is and line_is.search(following):  # the lines that follow say themselves how far the quotation goes
                blank.append((begins, begins + len(text)))
                continue
            blank.append((begins, lines[-1][0] + len(lines[-1][1])))
            return
        if line_is and line_is.search(text):
            blank.append((begins, begins + len(text)))


def _as_it_came(draft: str, made: Folded, line: tuple[int, str]) -> str:
    begins, text = line
    start, end = made.span(begins, begins + len(text))
    return draft[start:end]


def _signature(
    lines: list[tuple[int, str]], parts: Parts, subject: int | None, came: Callable[[int], str]
) -> tuple[int, int] | None:
    filled = [place for place, (_, text) in enumerate(lines) if text.strip() and place != subject]
    if len(filled) < 2:
        return None
    opens, again = _any(parts.signature.opens, True), _any(parts.signature.ends, False)
    end = next((place for place in filled[1:] if again and again.search(lines[place][1])), len(lines))
    before = [place for place in filled if place < end]
    for at in range(max(1, len(before) - 8), len(before)):
        place = before[at]
        if opens and opens.search(lines[place][1]):
            under = before[at + 1] if at + 1 < len(before) else None
            is_rule = not any(each.isalnum() for each in lines[place][1])
            if under is None or is_rule or opens.search(lines[under][1]) or _is_name(came(under), alone=True):
                return lines[place][0], _upto(lines, end)
    if parts.signature.short_block and len(before) > 1:
        block = _last_block(lines, before, came)
        if block is not None:
            return lines[block][0], _upto(lines, end)
    return None


def _last_block(lines: list[tuple[int, str]], filled: list[int], came: Callable[[int], str]) -> int | None:
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
    words = [each for each in re.findall(r"[^\W\d_][^\s|/,]*", plain)]
    if plain[:1] in "[{<" and plain[-1:] in "]}>":
        return True
    if not words or len(plain.split()) > SHORT_LINE + 2 or _SENTENCE.search(plain.translate(_PLAIN_QUOTES)):
        return False
    if len(words) > 1 and plain.isupper() and max(map(len, words)) > 3:
        return False
    if len(words) == 1 and alone:
        return True
    return all(each[0].isupper() or not each[0].islower() or each.lower() in _SMALL for each in words) and not words[0].islower()


def _upto(lines: list[tuple[int, str]], end: int) -> int:
    return lines[end][0] if end < len(lines) else lines[-1][0] + len(lines[-1][1])


def _quoted_words(folded: str, lines: list[tuple[int, str]], known: list[str], blank: list[tuple[int, int]]) -> None:
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


def sentences(cut_: Cut) -> list[int]:
    """Where each sentence of the live text ends, in order; the subject is a sentence of its own."""
    ends = [found.end() for found in _ENDS.finditer(cut_.live)]
    if cut_.subject:
        ends = sorted({*ends, cut_.subject})
    return [*ends, len(cut_.live)]


def is_blank(cut_: Cut) -> bool:
    """Whether nothing of the sender's own stands in the body."""
    return not any(each.isalnum() for each in cut_.live[cut_.subject :])
