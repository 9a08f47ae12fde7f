"""Tables and paragraphs of a Markdown, text or CSV file, each with its line and the heading it stands under.

Nothing here raises on any bytes: what cannot be read is a Problem, or a table that is not taken.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.claims.document.columns import Column, columns_of, kind_of
from touchstone.errors import Problem
from touchstone.files.csv_rows import rows_by_header
from touchstone.files.markdown import MOST_ROWS, MarkdownTable, blocks_of
from touchstone.files.text import lines_of

MOST_COLUMNS = 60
LONGEST = 4_000_000


class Table(NamedTuple):
    """`rows`: line and cells, as many as the header has. `kind`: of `columns.kind_of`."""

    line: int
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    kind: str


class Paragraph(NamedTuple):
    """Running text on one line of its own, or several joined."""

    line: int
    heading: str
    text: str


class Document(NamedTuple):
    tables: tuple[Table, ...]
    paragraphs: tuple[Paragraph, ...]


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
    return Document((), ()) if problems else _markdown(lines, problems)


def _csv(source: bytes, problems: list[Problem]) -> Document:
    records = list(rows_by_header(source, problems))
    if not records and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one claim per row"))
    if problems:
        return Document((), ())
    header = (1, tuple(records[0][1]))
    rows = [(line, tuple(record.values())) for line, record in records]
    table = _table(1, "", MarkdownTable((header, *rows), len(rows)), problems)
    return Document((table,) if table else (), ())


def _markdown(lines: Sequence[tuple[int, str]], problems: list[Problem]) -> Document:
    """Every line is a table's, a heading's, a fenced block's, or running text."""
    blocks = blocks_of([line for _, line in lines])
    tables: list[Table] = []
    paragraphs: list[Paragraph] = []
    headings: dict[int, str] = {}
    text: list[tuple[int, str]] = []  # of the paragraph at hand

    def end_paragraph() -> None:
        if text:
            paragraphs.append(Paragraph(text[0][0], _under(headings), " ".join(words for _, words in text)))
            text.clear()

    place = 0
    while place < len(lines):
        number, line = lines[place]
        is_block = place in blocks.ends
        if is_block or not line.strip():
            end_paragraph()
        else:
            text.append((number, " ".join(line.split())))
        if heading := blocks.headings.get(place):
            deeper = [level for level in headings if level >= heading.level]
            for level in deeper:
                del headings[level]
            headings[heading.level] = heading.text[:200]
        found = blocks.tables.get(place)
        if found and found.number and (table := _table(number, _under(headings), found, problems)):
            tables.append(table)
        place = blocks.ends[place] if is_block else place + 1
    end_paragraph()
    return Document(tuple(tables), tuple(paragraphs))


def _under(headings: Mapping[int, str]) -> str:
    return " / ".join(headings[level] for level in sorted(headings))


def _table(line: int, heading: str, table: MarkdownTable, problems: list[Problem]) -> Table | None:
    """A table with what its columns hold; None, with a problem, for one that is too large."""
    (_, header), *rows = table.rows
    if table.number > MOST_ROWS or len(header) > MOST_COLUMNS:
        problems.append(
            Problem(
                line,
                f"the table has {table.number:,} rows and {len(header)} columns; at most {MOST_ROWS:,} rows "
                f"and {MOST_COLUMNS} columns are checked",
            )
        )
        return None
    columns = columns_of(header, [cells for _, cells in rows])
    return Table(line, heading, tuple(columns), tuple(rows), kind_of(columns, [cells[0] for _, cells in rows]))
