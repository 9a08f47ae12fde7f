"""The rows of a table of claims: each a claim, and the figures it is made of with the columns they stand in."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from touchstone.claims.claim import MOST_UNITS, Claim, Levels
from touchstone.claims.document.columns import (
    AGREEMENTS,
    AVERAGES,
    DISAGREEMENTS,
    KAPPAS,
    LEFT_OUT,
    MEAN,
    NAME,
    PERCENT,
    SUM,
    TOTALS,
    Column,
    N,
    says_percent,
)
from touchstone.claims.document.parsing import Table
from touchstone.claims.rounding import Printed, as_shares, read_number, read_part
from touchstone.claims.verification import ReferenceLabels
from touchstone.errors import Refused

NOTHING = {"", "-", "–", "—", "n/a", "na", "nan", "none", "null", "undefined", "."}
FIGURES = (N, PERCENT, MEAN, SUM, DISAGREEMENTS, AGREEMENTS, *KAPPAS)


class FigureInRow(NamedTuple):
    """One figure of a row. `who`: of the first or the second annotator; 0 where it is of both, or does not say."""

    figure: str
    printed: Printed
    header: str
    who: int


class ClaimRow(NamedTuple):
    """`summary`: "mean" or "total" for a row over those above it, else "". `claim` is None where n is said nowhere."""

    line: int
    about: str
    claim: Claim | None
    figures: tuple[FigureInRow, ...]
    summary: str


def rows_of(table: Table, n: int | None, levels: Levels, labels: ReferenceLabels | None) -> tuple[list[ClaimRow], list[str]]:
    """The rows with a figure, and in words the cells that could not be read. Raises Refused where a row's n is said nowhere."""
    columns, unread = _read(table)
    rows = []
    for place, (line, cells) in enumerate(table.rows):
        about = cells[0].strip("*` ") if table.columns[0].role == NAME else ""
        of_dimension = labels.about(about) if labels else None
        summary = "mean" if AVERAGES.fullmatch(about) else "total" if TOTALS.fullmatch(about) else ""
        figures, part_of = _figures(table, columns, place)
        if not figures:
            continue
        own_n = next((int(figure.printed.value) for figure in figures if figure.figure == N and not figure.printed.digits), None)
        if own_n is not None and not 1 <= own_n <= MOST_UNITS:
            unread.append(f"line {line}: n is {own_n:,}, and figures of agreement rest on 1 to {MOST_UNITS:,} units")
            continue
        size = own_n or part_of or n or (of_dimension.report.units_with_two if of_dimension else None)
        if size is None and labels is None and not summary:
            raise Refused(f"there is no n on line {line} of the file: say how many units it rests on, --n 30")
        own_levels = levels if levels.number else of_dimension.levels if of_dimension else Levels()
        figures = _without_repeated(figures, size)
        claim = _claim(figures, size, own_levels) if size else None
        rows.append(ClaimRow(line, about, claim, tuple(figures), summary))
    return rows, unread


def _figures(
    table: Table, columns: Sequence[tuple[Column, Sequence[Printed | None]]], place: int
) -> tuple[list[FigureInRow], int | None]:
    """The figures of one row, and the n of the first that is told as a part of it: "26/30 (86.7 %)"."""
    figures = [
        FigureInRow(column.role, printed, column.header, column.who)
        for column, values in columns
        if (printed := values[place]) is not None
    ]
    n = None
    for column, cell in zip(table.columns, table.rows[place][1], strict=True):
        if column.role == PERCENT and (part := read_part(cell)):
            n = n or part[1]
            figures.append(FigureInRow(DISAGREEMENTS, _whole(part[1] - part[0]), column.header, 0))
    return figures, n


def _without_repeated(figures: Sequence[FigureInRow], n: int | None) -> list[FigureInRow]:
    """Agreements as disagreements; then of the figures that are of both annotators each once."""
    kept: list[FigureInRow] = []
    for figure in figures:
        converted = _as_disagreements(figure, n)
        if converted and (converted.who or converted.figure not in [other.figure for other in kept]):
            kept.append(converted)
    return kept


def _as_disagreements(figure: FigureInRow, n: int | None) -> FigureInRow | None:
    """Units in agreement as those that differ; None where there are more of them than units."""
    if figure.figure != AGREEMENTS:
        return figure
    if n is None or figure.printed.value > n:
        return None
    return figure._replace(figure=DISAGREEMENTS, printed=_whole(n - int(figure.printed.value)))


def _whole(number: int) -> Printed:
    return Printed(str(number), Fraction(number), 0)


def _read(table: Table) -> tuple[list[tuple[Column, list[Printed | None]]], list[str]]:
    """Every column with a figure, cell by cell; and in words what was left out."""
    columns, unread = [], []
    for place, column in enumerate(table.columns):
        if column.role == LEFT_OUT:
            why = column.why.removeprefix("left out: ")
            unread.append(f"column {column.header or place + 1} of the table on line {table.line}: {why}")
        if column.role in FIGURES:
            cells = [(line, row[place]) for line, row in table.rows]
            figures = [_number(cell, column.role) for _, cell in cells]
            unread += [
                f"line {line}, {column.header}: “{cell[:40]}” is not a figure that can be read"
                for (line, cell), figure in zip(cells, figures, strict=True)
                if figure is None and not _may_be_blank(cell, column.role)
            ]
            columns.append((column, _as_shares(figures, column) if column.role == PERCENT else figures))
    return columns, unread


def _may_be_blank(cell: str, role: str) -> bool:
    """Whether a cell without a figure says nothing, or a part of a whole that is read elsewhere."""
    return cell.strip("*` ").casefold() in NOTHING or (role == PERCENT and read_part(cell) is not None)


def _as_shares(figures: Sequence[Printed | None], column: Column) -> list[Printed | None]:
    shares = iter(as_shares([figure for figure in figures if figure is not None], says_percent(column.header)))
    return [None if figure is None else next(shares) for figure in figures]


def _number(cell: str, role: str) -> Printed | None:
    if role == PERCENT and read_part(cell):
        return next(
            (
                found
                for word in cell.replace("(", " ").replace(")", " ").split()
                if "/" not in word and (found := read_number(word)) and (found.has_sign or found.digits)
            ),
            None,
        )
    counted = role in (N, SUM, DISAGREEMENTS, AGREEMENTS)
    found = read_number(cell, whole=counted)
    if found is not None and counted and (found.digits or found.value < 0):
        return None
    return found


def _claim(found: Sequence[FigureInRow], n: int, levels: Levels) -> Claim:
    one = {each.figure: each.printed for each in found if not each.who}
    two = {(each.figure, each.who): each.printed for each in found if each.who}
    sums = tuple(int(each.value) if (each := two.get((SUM, who))) else None for who in (1, 2))
    return Claim(
        n,
        one.get(PERCENT),
        int(one[DISAGREEMENTS].value) if DISAGREEMENTS in one else None,
        {kind.removeprefix("kappa "): one[kind] for kind in KAPPAS if kind in one},
        tuple(two.get((MEAN, who)) for who in (1, 2)),
        sums,
        levels=levels,
    )
