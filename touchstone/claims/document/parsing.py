"""Tables and paragraphs of a Markdown, text or CSV file, each with its line and the heading it stands under.

Nothing here raises on any bytes: what cannot be read is a Problem, or a table that is not taken.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from touchstone.claims.document.columns import Column, columns_of, kind_of
from touchstone.errors import Problem
from touchstone.files.csv_rows import rows_by_header
from touchstone.files.text import lines_of

MOST_ROWS = 1000
MOST_COLUMNS = 60
LONGEST = 4_000_000
ALIGNED = re.compile(r":?-{1,}:?")
HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*")
FENCE = re.compile(r" {0,3}(```+|~~~+)")


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
    rows = [(line, tuple(row.values())) for line, row in rows_by_header(source, problems)]
    header = next((tuple(row) for _, row in rows_by_header(source, [])), ())
    if not rows and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one claim a row"))
    table = _table(1, "", header, rows, problems) if rows and not problems else None
    return Document((table,) if table else (), ())


def _markdown(lines: Sequence[tuple[int, str]], problems: list[Problem]) -> Document:
    tables, paragraphs, headings = [], [], {}
    fence = ""
    text: list[str] = []
    began = place = 0

    def under() -> str:
        return " / ".join(headings[level] for level in sorted(headings))

    def end() -> None:
        if text:
            paragraphs.append(Paragraph(began, under(), " ".join(text)))
            text.clear()

    while place < len(lines):
        number, line = lines[place][0], lines[place][1].rstrip("\r")
        place += 1
        if found := FENCE.match(line):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1][:3]
            end()
        elif fence:
            continue
        elif found := HEADING.fullmatch(line):
            end()
            level = len(found[1])
            headings = {each: words for each, words in headings.items() if each < level} | {level: found[2][:200]}
        elif not line.strip():
            end()
        elif "|" in line and place < len(lines) and _is_rule(lines[place][1], len(cells_of(line))):
            end()
            header, rows = cells_of(line), []
            place += 1
            while place < len(lines) and "|" in lines[place][1]:
                cells = cells_of(lines[place][1])
                rows.append((lines[place][0], (*cells[: len(header)], *[""] * (len(header) - len(cells)))))
                place += 1
            if rows and (table := _table(number, under(), header, rows, problems)):
                tables.append(table)
        else:
            began = began if text else number
            text.append(" ".join(line.split()))
    end()
    return Document(tuple(tables), tuple(paragraphs))


def _table(line: int, heading: str, header: Sequence[str], rows: list, problems: list[Problem]) -> Table | None:
    if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
        problems.append(
            Problem(
                line,
                f"the table has {len(rows):,} rows and {len(header)} columns; at most {MOST_ROWS:,} rows "
                f"and {MOST_COLUMNS} columns are checked",
            )
        )
        return None
    columns = columns_of(header, [cells for _, cells in rows])
    return Table(line, heading, tuple(columns), tuple(rows), kind_of(columns, [cells[0] for _, cells in rows]))


def _is_rule(line: str, columns: int) -> bool:
    cells = cells_of(line)
    return "-" in line and len(cells) == columns and all(ALIGNED.fullmatch(each) for each in cells)


def cells_of(line: str) -> tuple[str, ...]:
    """The cells between the pipes of a row; a pipe behind a backslash belongs to its cell."""
    bare = line.strip().removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", bare))
