"""A published file, checked: every row of its tables and lists, its lists of disagreements, its tables of counts, its text.

Without labels each claim is checked by itself (`consistency`). With labels each figure is held against them (`verification`),
and a row is still asked whether its figures could have occurred together, with any labels.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from touchstone.claims.claim import CANNOT, Levels
from touchstone.claims.document.checked import IN_TEXT, CheckedFile, FigureInFile
from touchstone.claims.document.count_checks import check_counts
from touchstone.claims.document.list_checks import check_list
from touchstone.claims.document.row_checks import Checks
from touchstone.claims.document.text_checks import check_text, verify_sizes
from touchstone.claims.document.twice import told_twice
from touchstone.claims.kappa_matrix import matrix_in_words
from touchstone.claims.left_open import NO_LEVELS, NO_N
from touchstone.claims.reading.columns import AVERAGES, KAPPAS, LEFT_OUT, NAME, PERCENT, TOTALS
from touchstone.claims.reading.crosstabs import CrossTable, cross_table
from touchstone.claims.reading.lists import tables_of_lists, turned
from touchstone.claims.reading.parsing import Document, Table, read_document
from touchstone.claims.reading.rows import ClaimRow, place_of, rows_of
from touchstone.claims.reading.sentences import FigureInText, figures_in
from touchstone.claims.reading.shapes import CLAIMS, COUNTS, LEGEND, LISTING, MATRIX, TURNED
from touchstone.claims.reading.statements import Place, Statements, says_by_value, statements_of
from touchstone.claims.verification import ReferenceLabels
from touchstone.english import many
from touchstone.errors import Problem, Refused

ROWS_IN_FULL = 4  # with more, less is spent on each


class Contents(NamedTuple):
    """What a file holds that can be checked: tables and lists of claims, lists of disagreements, tables of counts, figures in the
    text. `others`: its other tables; `names`: what a dimension may be called."""

    claims: list[Table]
    lists: list[Table]
    counts: list[CrossTable]
    others: list[Table]
    in_text: list[FigureInText]
    names: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.claims or self.in_text or self.lists or self.counts)


def check_file(
    source: bytes, name: str, *, n: int | None = None, levels: Levels | None = None, labels: ReferenceLabels | None = None
) -> CheckedFile:
    """Raises Refused for a file that cannot be read, that contains no agreement figure, or does not say its n (and none is
    given, by `n` or by labels)."""
    problems: list[Problem] = []
    document = read_document(source, name, problems)
    if problems:
        raise Refused(f"{name} was not checked: {many(len(problems), 'problem')}", problems)
    statements = statements_of(document, n, None if labels else levels)
    contents = _contents(document, statements, labels)
    if contents.is_empty:
        raise Refused(_nothing_found(name, document))
    left_out = [*(_left_out(table, labels) for table in contents.others), *document.unread]
    effort = min(1.0, ROWS_IN_FULL / max(1, sum(len(table.rows) for table in contents.claims) + len(contents.in_text) / 2))
    checks = Checks(statements, labels, effort, contents.counts)
    rows, entries = _check_tables(contents, checks, left_out)
    for table in contents.lists:
        entries += check_list(table, labels, rows, contents.names)
    entries += [check_counts(table) for table in contents.counts] if labels is None else []
    in_text = check_text(contents.in_text, document, checks, rows) + (verify_sizes(document, labels) if labels else [])
    entries += sorted(in_text, key=lambda entry: entry.line)
    entries, twice = told_twice(entries)
    if not entries:
        raise Refused(f"no figure of {name} could be checked: " + ("; ".join(left_out[:3]) or "its cells are blank"))
    if labels is None:
        _refuse_without_n(rows, entries)
    read = _how_read([*contents.claims, *contents.lists], rows)
    notes = [*_notes(statements, rows, contents.in_text, labels), *twice]
    of, made_by = (labels.name, labels.made_by) if labels else ("", "")
    return CheckedFile(name, tuple(entries), read, tuple(dict.fromkeys(left_out)), tuple(notes), of, made_by)


def _check_tables(contents: Contents, checks: Checks, left_out: list[str]) -> tuple[list[ClaimRow], list[FigureInFile]]:
    rows: list[ClaimRow] = []
    entries: list[FigureInFile] = []
    for table in contents.claims:
        of_table, unread = rows_of(table, checks.statements, checks.labels)
        rows += of_table
        left_out += unread
        entries += checks.rows(of_table, place_of(table))
    return rows, entries


def _contents(document: Document, statements: Statements, labels: ReferenceLabels | None) -> Contents:
    in_lists, taken = tables_of_lists(document.paragraphs)
    turned_tables = [each for table in document.tables if table.kind == TURNED for each in turned(table)]
    claims = [*(table for table in document.tables if table.kind == CLAIMS), *turned_tables, *in_lists]
    if statements.weighted:
        claims = [_without_plain_kappa(table) for table in claims]
    claims.sort(key=lambda table: table.line)
    counts = [
        found
        for table in document.tables
        if table.kind == COUNTS
        and (found := cross_table(table, statements.given_levels, by_value=says_by_value(document.paragraphs)))
    ]
    read = {table.line for table in claims} | {table.line for table in counts}
    lists = [table for table in document.tables if table.kind == LISTING]
    others = [table for table in document.tables if table.kind != LISTING and table.line not in read and table.kind != TURNED]
    names = [*(labels.names if labels else []), *_names_of(claims)]
    running = [paragraph for paragraph in document.paragraphs if paragraph.line not in taken]
    return Contents(claims, lists, counts, others, figures_in(running, names, statements.weighted), names)


def _nothing_found(name: str, document: Document) -> str:
    tables = "; ".join(f"line {table.line}: {_header(table)[:120]}" for table in document.tables[:5])
    return (
        f"{name} contains no agreement figure: a table needs a column such as Agreement % or Cohen's kappa, a CSV "
        f"too, and a text says “κ = 0.81”"
        + (f" (tables found: {tables})" if tables else "")
        + "".join(f"; {each}" for each in document.unread[:3])
    )


def _refuse_without_n(rows: Sequence[ClaimRow], entries: Sequence[FigureInFile]) -> None:
    """Raises Refused where the tables hold figures, no row has an n, and nothing else was found."""
    lacking = [row for row in rows if row.lacks_n]
    if not lacking or any(not row.lacks_n for row in rows) or any(figure.why for row in rows for figure in row.figures):
        return
    if any(entry.part == IN_TEXT or entry.finding.status == CANNOT for entry in entries):
        return
    if lacking[0].why != NO_N:
        raise Refused(lacking[0].why, way=("n 30",))
    raise Refused("the file does not say how many units its figures rest on; give n", way=("n 30",))


def _notes(
    statements: Statements, rows: Sequence[ClaimRow], in_text: Sequence[FigureInText], labels: ReferenceLabels | None
) -> list[str]:
    notes = [*_sizes_used(statements, rows, in_text, labels), *_levels_used(statements, rows, labels)]
    if labels and labels.held_back:
        notes.append("units you are labelling in an open round are held back")
    return notes


def _sizes_used(
    statements: Statements, rows: Sequence[ClaimRow], in_text: Sequence[FigureInText], labels: ReferenceLabels | None
) -> list[str]:
    """Where n comes from: as given, from the text, else from the labels."""
    if statements.given is not None:
        return [f"n is {statements.given:,}, as given, where the file does not say otherwise"]
    places = [Place(frozenset({each.line}), each.section) for each in in_text]
    used = {row.claim.n for row in rows if row.claim}
    used |= {n for place in places if len(found := statements.sizes_at(place)) == 1 for n in found}
    first = {size.value: size for size in reversed(statements.sizes.every) if size.rank and size.value in used}
    said = [
        f"n is {size.value:,}, from line {size.line}: “{size.words}”"
        for size in sorted(first.values(), key=lambda size: size.line)
    ]
    return said[:12] or (["n is that of the labels, dimension by dimension"] if labels else [])


def _levels_used(statements: Statements, rows: Sequence[ClaimRow], labels: ReferenceLabels | None) -> list[str]:
    """The levels, as given, from the labels, else from the text."""
    if labels is not None:
        return ["levels are those of the rubric the labels were made by"]
    if statements.given_levels is not None and statements.given_levels.number:
        return [f"{statements.given_levels.in_words}, as given"]
    used = {row.claim.levels for row in rows if row.claim and row.claim.levels.number}
    said = {
        scale.levels: f"{scale.levels.in_words}, from the text: “{scale.words}”" for scale in reversed(statements.scales.every)
    }
    told = [words for levels, words in said.items() if levels in used]
    if not told and not used and len(said) == 1 and not rows:
        told = list(said.values())
    return told or ([] if used else [NO_LEVELS])


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


def _names_of(tables: Iterable[Table]) -> list[str]:
    """What the rows of tables of claims are about."""
    return [
        cell.strip("*` ")
        for table in tables
        if table.columns[0].role == NAME
        for _, (cell, *_) in table.rows
        if len(cell.strip("*` ")) > 2 and not AVERAGES.fullmatch(cell) and not TOTALS.fullmatch(cell)
    ]


def _header(table: Table) -> str:
    return ", ".join(column.header for column in table.columns)


def _left_out(table: Table, labels: ReferenceLabels | None) -> str:
    why = "no figure of agreement"
    if table.kind == LEGEND:
        why = "ranges and what they are called, no figures of this file"
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
        if not table.lines or column.header
    )
