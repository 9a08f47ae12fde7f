"""Tables, paragraphs and list items of a Markdown, text or CSV file, each with its line and the headings it stands under.

Nothing here raises on any bytes: what cannot be read is a Problem, or a table that is not taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from touchstone.claims.reading.columns import Column, columns_of
from touchstone.claims.reading.html_tables import OPENS, html_tables
from touchstone.claims.reading.shapes import kind_of
from touchstone.claims.reading.words import without_marks
from touchstone.english import many
from touchstone.errors import Problem
from touchstone.files.csv_rows import rows_by_header
from touchstone.files.markdown import MOST_ROWS, Blocks, MarkdownTable, blocks_of
from touchstone.files.text import lines_of

MOST_COLUMNS = 60
LONGEST = 1_000_000
LONGEST_PARAGRAPH = 20_000
MOST_PARAGRAPHS = 10_000
ITEM = re.compile(r"\s{0,12}(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
QUOTE = re.compile(r"\s{0,3}>\s?")
SPEAKS_OF_IT = re.compile(r"\b(?:agreement|kappas?)\b|κ", re.I)
BOLD_LEAD = re.compile(r"\s*\*\*([^*]{1,120})\*\*")

Section = tuple[int, ...]


class Table(NamedTuple):
    """`rows`: line and cells, as many as the header has. `kind`: of `shapes.kind_of`. `caption`: the paragraph right above it.
    `section`: the lines of the headings above, the outermost first. `lines`: of a table turned (see `shapes.turned`), the line
    of each column."""

    line: int
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    kind: str
    caption: str = ""
    section: Section = ()
    caption_line: int = 0
    lines: tuple[int, ...] = ()


class Paragraph(NamedTuple):
    """Running text, its lines joined and without marks of emphasis and code. `lead`: of a list item the paragraph above its
    list, of another the bold words it begins with. `is_item`: whether it is one item of a list."""

    line: int
    heading: str
    text: str
    lead: str = ""
    is_item: bool = False
    section: Section = ()


class Document(NamedTuple):
    """`headings`: every heading as a paragraph of the section that it opens. `unread`: what speaks of agreement in numbers and is
    not read, in words."""

    tables: tuple[Table, ...]
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Paragraph, ...] = ()
    unread: tuple[str, ...] = ()


def read_document(source: bytes, name: str, problems: list[Problem]) -> Document:
    """A CSV by its name (.csv, .tsv), else Markdown or plain text. A file that is not UTF-8 is a problem."""
    if len(source) > LONGEST:
        problems.append(
            Problem(None, f"the file has {len(source) / 1e6:.1f} MB; a published table is at most {LONGEST / 1e6:.0f} MB")
        )
        return Document((), ())
    if name.casefold().endswith((".csv", ".tsv")):
        return _csv(source, problems)
    lines = list(lines_of(source, problems))
    return Document((), ()) if problems else _Markdown(lines, problems).read()


def _csv(source: bytes, problems: list[Problem]) -> Document:
    records = list(rows_by_header(source, problems))
    if not records and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one claim per row"))
    if problems:
        return Document((), ())
    header = (1, tuple(records[0][1]))
    rows = [(line, tuple(record.values())) for line, record in records]
    table = _table(1, MarkdownTable((header, *rows), len(rows)), problems)
    return Document((table,) if table else (), ())


@dataclass
class _Markdown:
    """A Markdown text being read line by line: every line is a table's, a heading's, a fenced block's, or running text."""

    lines: Sequence[tuple[int, str]]
    problems: list[Problem]
    tables: list[Table] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[Paragraph] = field(default_factory=list)
    above: dict[int, tuple[int, str]] = field(default_factory=dict)  # the headings at hand, by level: line and text
    lead: str = ""  # the last paragraph that is no item, where nothing but items stands below it
    lead_line: int = 0
    text: list[tuple[int, str]] = field(default_factory=list)  # of the paragraph at hand
    unread: list[str] = field(default_factory=list)

    def read(self) -> Document:
        blocks = self._with_html_tables(blocks_of([line for _, line in self.lines]))
        place = 0
        while place < len(self.lines) and not self.problems:
            if place in blocks.ends:
                self._block(place, blocks)
                place = blocks.ends[place]
            else:
                self._line(*self.lines[place])
                place += 1
        self._end_paragraph()
        return Document(tuple(self.tables), tuple(self.paragraphs), tuple(self.headings), tuple(self.unread))

    def _with_html_tables(self, blocks: Blocks) -> Blocks:
        """The blocks with the tables that are written as HTML; what else is in a table of that kind is no running text."""
        tables, ends = dict(blocks.tables), dict(blocks.ends)
        for start, end, table in html_tables([line for _, line in self.lines], blocks.ends):
            ends[start] = end
            if table:
                tables[start] = table
        return Blocks(tables, blocks.headings, ends)

    def _block_unread(self, start: int, end: int) -> None:
        """A fenced block, or a table in HTML that cannot be read: said where it gives a figure of agreement."""
        within = [line.strip() for _, line in self.lines[start:end]]
        what = "a table in HTML whose cells span others" if OPENS.search(within[0]) else "a block of code"
        if telling := [line for line in within if SPEAKS_OF_IT.search(line) and re.search(r"\d", line)]:
            said = without_marks(re.sub(r"<[^<>]*>", " ", telling[0]))[:60]
            self.unread.append(f"line {self.lines[start][0]}: {what}, not read (“{said}”)")

    @property
    def section(self) -> Section:
        return tuple(self.above[level][0] for level in sorted(self.above))

    @property
    def heading(self) -> str:
        return " / ".join(self.above[level][1] for level in sorted(self.above))

    def _block(self, place: int, blocks: Blocks) -> None:
        """A heading, a table or a fenced block."""
        self._end_paragraph()
        number = self.lines[place][0]
        if heading := blocks.headings.get(place):
            self.above = {level: each for level, each in self.above.items() if level < heading.level}
            self.above[heading.level] = (number, without_marks(heading.text[:200]))
            self._count(number)
            self.headings.append(Paragraph(number, "", without_marks(heading.text[:200]), section=self.section))
            self.lead, self.lead_line = "", 0
        found = blocks.tables.get(place)
        if not heading and not found:
            self._block_unread(place, blocks.ends[place])
        if found and found.number and (table := _table(number, found, self.problems)):
            self.tables.append(
                table._replace(heading=self.heading, caption=self.lead, section=self.section, caption_line=self.lead_line)
            )
        self.lead, self.lead_line = "", 0

    def _line(self, number: int, line: str) -> None:
        words = QUOTE.sub("", line, count=1)
        if not words.strip():
            self._end_paragraph()
            return
        if ITEM.match(words):
            self._end_paragraph()
        self.text.append((number, words))

    def _end_paragraph(self) -> None:
        if not self.text:
            return
        raw = " ".join(words.strip() for _, words in self.text)[:LONGEST_PARAGRAPH]
        item = ITEM.match(self.text[0][1])
        text = without_marks(ITEM.sub("", raw, count=1) if item else raw)
        bold = BOLD_LEAD.match(raw)
        lead = self.lead if item else without_marks(bold[1]) if bold else ""
        number = self.text[0][0]
        self.text.clear()
        if not item:
            self.lead, self.lead_line = text, number
        self._count(number)
        self.paragraphs.append(Paragraph(number, self.heading, text, lead, item is not None, self.section))

    def _count(self, line: int) -> None:
        if len(self.paragraphs) + len(self.headings) == MOST_PARAGRAPHS:
            self.problems.append(
                Problem(line, f"the text goes on; at most {MOST_PARAGRAPHS:,} paragraphs, items and headings are read")
            )


def _table(line: int, table: MarkdownTable, problems: list[Problem]) -> Table | None:
    """A table with what its columns hold; None, with a problem, for one that is too large."""
    (_, header), *rows = table.rows
    if table.number > MOST_ROWS or len(header) > MOST_COLUMNS:
        problems.append(
            Problem(
                line,
                f"the table has {many(table.number, 'row')} and {many(len(header), 'column')}; at most {MOST_ROWS:,} rows "
                f"and {MOST_COLUMNS} columns are checked",
            )
        )
        return None
    columns = columns_of(header, [cells for _, cells in rows])
    return Table(line, "", tuple(columns), tuple(rows), kind_of(columns, [cells for _, cells in rows]))
