"""A draft cut into subject, body and what is nobody's claim: quoted lines, the thread's words, the signature."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from touchstone.rubric_checks import Parts
from touchstone.scorer.engine import compiled
from touchstone.scorer.patterns import spaced

_QUOTATION = re.compile(r'"([^"\n]{3,600}(?:\n[^"\n]{1,300}){0,6})"|(?<![a-z0-9])\'([^\n]{3,400}?)\'(?![a-z0-9])')
_ENDS = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-\u2022]|\d+[.)])\s)")
SHORT_LINE = 6  # words: a longer line is no name in a signature


class Cut(NamedTuple):
    """The folded draft as it is matched. `live` has blanks where words are not the sender's own, so that places stay;
    `subject` is the end of the subject (0 for none): body lies behind it."""

    live: str
    subject: int


@lru_cache(maxsize=256)
def _any(patterns: tuple[str, ...], whole: bool):
    joined = "|".join(f"(?:{spaced(each)})" for each in patterns)
    return compiled(rf"^[ ]*(?:{joined})" + (r"\s*$" if whole else "")) if patterns else None


def cut(folded: str, parts: Parts, thread: Sequence[str]) -> Cut:
    """Cut a folded draft; `thread` are the folded fields whose words are not the sender's when they are quoted."""
    lines, start = [], 0
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
    signature = _signature(lines, parts, first if subject else None)
    if signature:
        blank.append(signature)
    known = [" ".join(each.split()) for each in thread]
    if any(known):
        _quoted_words(folded, lines, known, blank)
    return Cut(_blanked(folded, blank), subject)


def _quoted_lines(lines: list[tuple[int, str]], parts: Parts, blank: list[tuple[int, int]]) -> None:
    line_is, rest_is = _any(parts.quoted.lines, False), _any(parts.quoted.rest, True)
    for begins, text in lines:
        if rest_is and rest_is.search(text):
            blank.append((begins, lines[-1][0] + len(lines[-1][1])))
            return
        if line_is and line_is.search(text):
            blank.append((begins, begins + len(text)))


def _signature(lines: list[tuple[int, str]], parts: Parts, subject: int | None) -> tuple[int, int] | None:
    filled = [place for place, (_, text) in enumerate(lines) if text.strip() and place != subject]
    if len(filled) < 2:
        return None
    opens, again = _any(parts.signature.opens, True), _any(parts.signature.ends, False)
    end = next((place for place in filled[1:] if again and again.search(lines[place][1])), len(lines))
    before = [place for place in filled if place < end]
    for place in before[max(1, len(before) - 8):]:
        if opens and opens.search(lines[place][1]):
            return lines[place][0], _upto(lines, end)
    if parts.signature.short_block and len(before) > 1:
        block = _last_block(lines, before)
        if block is not None:
            return lines[block][0], _upto(lines, end)
    return None


def _last_block(lines: list[tuple[int, str]], filled: list[int]) -> int | None:
    """The first line of the last paragraph, where that holds one to four short lines and no sentence."""
    last = filled[-1]
    begins = last
    while begins - 1 in filled:
        begins -= 1
    block = [lines[place][1] for place in range(begins, last + 1)]
    if begins == filled[0] or len(block) > 4:
        return None
    said = any(len(text.split()) > SHORT_LINE or re.search(r"[.!?:;@/]|\d", text.rstrip(",")) for text in block)
    return None if said else begins


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
        made.append("".join("\n" if each == "\n" else "\x00" for each in folded[start:stop]) if "\n" in folded[start:stop]
                    else "\x00" * (stop - start))
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
    return not any(each.isalnum() for each in cut_.live[cut_.subject:])
