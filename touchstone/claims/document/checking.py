"""A published file, checked: every row of its tables, its lists of disagreements, and figures in its text.

Without labels each row is a claim by itself (`consistency`). With labels each figure is held against them (`verification`), and
the row is still asked whether its figures could have occurred together, with any labels.
"""

from collections.abc import Sequence
from typing import NamedTuple

from touchstone.claims.claim import Levels
from touchstone.claims.document import prose
from touchstone.claims.document.checked import CheckedFile, FigureInFile
from touchstone.claims.document.columns import AVERAGES, CLAIMS, KAPPAS, LEFT_OUT, LISTING, MATRIX, NAME, PERCENT, TOTALS, N
from touchstone.claims.document.list_checks import check_list
from touchstone.claims.document.parsing import Document, Table, read_document
from touchstone.claims.document.prose import FigureInText
from touchstone.claims.document.row_checks import check_rows
from touchstone.claims.document.rows import ClaimRow, rows_of
from touchstone.claims.document.text_checks import check_text, levels_of, size_of, verify_sizes
from touchstone.claims.kappa_matrix import matrix_in_words
from touchstone.claims.verification import ReferenceLabels
from touchstone.english import many
from touchstone.errors import Problem, Refused

ROWS_IN_FULL = 10  # with more, less is spent on each


class Contents(NamedTuple):
    """What a file holds that can be checked: tables of claims, lists of disagreements, figures in the text. `others`: its other
    tables; `names`: what a dimension may be called."""

    claims: list[Table]
    lists: list[Table]
    others: list[Table]
    in_text: list[FigureInText]
    names: list[str]


def check_file(
    source: bytes, name: str, *, n: int | None = None, levels: Levels | None = None, labels: ReferenceLabels | None = None
) -> CheckedFile:
    """Raises Refused for a file that cannot be read, that contains no agreement figure, or does not say its n (and none is
    given, by `n` or by labels)."""
    problems: list[Problem] = []
    document = read_document(source, name, problems)
    if problems:
        raise Refused(f"{name} was not checked: {many(len(problems), 'problem')}", problems)
    contents = _contents(document, name, labels)
    notes: list[str] = []
    n = size_of(document, n, labels, notes, needed=any(N not in _roles(table) for table in contents.claims))
    levels = levels_of(document, levels, labels, notes)
    left_out = [_left_out(table, labels) for table in contents.others]
    rows: list[ClaimRow] = []
    entries: list[FigureInFile] = []
    effort = min(1.0, ROWS_IN_FULL / max(1, sum(len(table.rows) for table in contents.claims)))
    for table in contents.claims:
        of_table, unread = rows_of(table, n, levels, labels)
        rows += of_table
        left_out += unread
        entries += check_rows(of_table, labels, effort, prose.several_in(document.paragraphs))
    for table in contents.lists:
        entries += check_list(table, labels, rows, contents.names)
    in_text = check_text(contents.in_text, n, labels, rows) + (verify_sizes(document, labels) if labels else [])
    entries += sorted(in_text, key=lambda entry: entry.line)
    if not entries:
        raise Refused(f"no figure of {name} could be checked: " + ("; ".join(left_out[:3]) or "its cells are blank"))
    if labels and labels.held_back:
        notes.append("units you are labelling in an open round are held back")
    read = _how_read([*contents.claims, *contents.lists], rows)
    of, made_by = (labels.name, labels.made_by) if labels else ("", "")
    return CheckedFile(name, tuple(entries), read, tuple(left_out), tuple(notes), of, made_by)


def _contents(document: Document, name: str, labels: ReferenceLabels | None) -> Contents:
    """Raises Refused where nothing in a file is a figure of agreement."""
    weighted = prose.weighted_in(document.paragraphs)
    claims = [table for table in document.tables if table.kind == CLAIMS]
    if weighted:
        claims = [_without_plain_kappa(table) for table in claims]
    lists = [table for table in document.tables if table.kind == LISTING]
    others = [table for table in document.tables if table.kind not in (CLAIMS, LISTING)]
    names = [*(labels.names if labels else []), *_names_of(claims)]
    in_text = prose.figures_in(document.paragraphs, names, weighted)
    if not claims and not in_text and not lists:
        tables = "; ".join(f"line {table.line}: {_header(table)[:120]}" for table in document.tables[:5])
        raise Refused(
            f"{name} contains no agreement figure: a table needs a column such as Agreement % or Cohen's kappa, a CSV "
            f"too, and a text says “κ = 0.81”" + (f" (tables found: {tables})" if tables else "")
        )
    return Contents(claims, lists, others, in_text, names)


def _without_plain_kappa(table: Table) -> Table:
    """The text speaks of a weighted kappa: a column that does not say which its kappa is may be that one."""
    why = "left out: the text speaks of a weighted kappa, and the column does not say which it is"
    columns = (
        column._replace(role=LEFT_OUT, why=why)
        if column.role == KAPPAS[0] and "unweighted" not in column.header.casefold()
        else column
        for column in table.columns
    )
    return table._replace(columns=tuple(columns))


def _names_of(tables: Sequence[Table]) -> list[str]:
    """What the rows of tables of claims are about."""
    return [
        cell.strip("*` ")
        for table in tables
        if table.columns[0].role == NAME
        for _, (cell, *_) in table.rows
        if len(cell.strip("*` ")) > 2 and not AVERAGES.fullmatch(cell) and not TOTALS.fullmatch(cell)
    ]


def _roles(table: Table) -> set[str]:
    return {column.role for column in table.columns}


def _header(table: Table) -> str:
    return ", ".join(column.header for column in table.columns)


def _left_out(table: Table, labels: ReferenceLabels | None) -> str:
    why = "no figure of agreement"
    if table.kind == MATRIX:
        why = "figures between dimensions, not of two annotators on one"
        beside = matrix_in_words(table, labels) if labels else ""
        why += f"; not marked, but {beside}" if beside else ""
    return f"table on line {table.line} ({_header(table)[:100].strip(', ')}): {why}"


def _how_read(tables: Sequence[Table], rows: Sequence[ClaimRow]) -> tuple[tuple[str, str, str], ...]:
    """How each column of each table was read: the table, the column's header, and words."""
    shares = {
        (row.line, figure.header)
        for row in rows
        for figure in row.figures
        if figure.figure == PERCENT and figure.printed.scale == 1
    }
    return tuple(
        (
            f"line {table.line}",
            column.header,
            column.in_words + (", as shares of 1" if any((line, column.header) in shares for line, _ in table.rows) else ""),
        )
        for table in tables
        for column in table.columns
    )
