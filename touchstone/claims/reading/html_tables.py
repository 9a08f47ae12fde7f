"""Tables written as HTML within a Markdown text: <table> with <tr>, <th> and <td>, one cell a column.

A table with cells over several columns or rows, without an end, or within another is none that can be read.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from touchstone.files.markdown import MOST_ROWS, MarkdownTable

OPENS, ENDS = re.compile(r"<table\b", re.I), re.compile(r"</table\s*>", re.I)

LONGEST = 200_000  # characters of a table


class HtmlTable(NamedTuple):
    """`start` and `end`: the places of its first line and after its last, from 0. `table`: None where it cannot be read."""

    start: int
    end: int
    table: MarkdownTable | None


def html_tables(lines: Sequence[str], skipped: dict[int, int]) -> Iterator[HtmlTable]:
    """The tables of a text given line by line. `skipped`: blocks in which nothing is looked for, the place of each and the place
    after it. Takes time linear in its length."""
    closed, place = [at for at, line in enumerate(lines) if ENDS.search(line)], 0
    while place < len(lines):
        if place in skipped:
            place = max(skipped[place], place + 1)
            continue
        behind = bisect_left(closed, place)
        if not OPENS.search(lines[place]) or behind == len(closed):
            place += 1
            continue
        end = closed[behind] + 1
        yield HtmlTable(place, end, _read(lines[place:end], place + 1))
        place = end


def _read(lines: Sequence[str], first: int) -> MarkdownTable | None:
    reader, text = _Reader(), "\n".join(lines)
    if len(text) > LONGEST:
        return None
    try:
        reader.feed(text)
        reader.close()
    except AssertionError:  # the parser's word for a declaration that it does not know
        return None
    rows = [(first + line - 1, tuple(" ".join(cell.split()) for cell in cells)) for line, cells in reader.rows if cells]
    if not reader.is_plain or not reader.has_ended or len(rows) < 2:
        return None
    width = len(rows[0][1])
    if any(len(cells) != width for _, cells in rows):
        return None
    number = len(rows) - 1
    return MarkdownTable(tuple(rows if number <= MOST_ROWS else rows[:1]), number)


class _Reader(HTMLParser):
    """The cells of one table: of each row the line it begins on, from 1, and its texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[str]]] = []
        self.is_plain, self.has_ended, self.in_cell, self.tables = True, False, False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables += 1
            self.is_plain = self.is_plain and self.tables == 1
        elif tag == "tr":
            self.rows.append((self.getpos()[0], []))
            self.in_cell = False
        elif tag in ("td", "th"):
            if not self.rows or any(name in ("colspan", "rowspan") and value not in ("1", None) for name, value in attrs):
                self.is_plain = False
                return
            self.rows[-1][1].append("")
            self.in_cell = True
        elif tag == "br" and self.in_cell:
            self.rows[-1][1][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.in_cell = False
        self.has_ended = self.has_ended or tag == "table"

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][1][-1] += data
