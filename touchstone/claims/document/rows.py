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
from touchstone.claims.verification import Labels
from touchstone.errors import Refused

NOTHING = {"", "-", "–", "—", "n/a", "na", "nan", "none", "null", "undefined", "."}
FIGURES = (N, PERCENT, MEAN, SUM, DISAGREEMENTS, AGREEMENTS, *KAPPAS)


class Figure(NamedTuple):
    """One figure of a row. `who`: of the first or the second annotator; 0 where it is of both, or does not say."""

    figure: str
    printed: Printed
    header: str
    who: int


class Row(NamedTuple):
    """`summary`: "mean" or "total" for a row over those above it, else "". `claim` is None where n is said nowhere."""

    line: int
    about: str
    claim: Claim | None
    figures: tuple[Figure, ...]
    summary: str


def rows_of(table: Table, n: int | None, levels: Levels, labels: Labels | None) -> tuple[list[Row], list[str]]:
    """The rows with a figure, and in words the cells that could not be read. Raises Refused where a row's n is said nowhere."""
    columns, unread = _read(table)
    made = []
    for place, (line, cells) in enumerate(table.rows):
        about = cells[0].strip("*` ") if table.columns[0].role == NAME else ""
        held = labels.about(about) if labels else None
        summary = "mean" if AVERAGES.fullmatch(about) else "total" if TOTALS.fullmatch(about) else ""
        found = [
            Figure(column.role, values[place], column.header, column.who)
            for column, values in columns
            if values[place] is not None
        ]
        given = size = next((int(each.printed.value) for each in found if each.figure == N and not each.printed.digits), None)
        for column, cell in zip(table.columns, cells, strict=True):
            if column.role == PERCENT and (part := read_part(cell)):  # "26/30 (86.7 %)"
                size = size or part[1]
                found.append(Figure(DISAGREEMENTS, _whole(part[1] - part[0]), column.header, 0))
        if not found:
            continue
        size = size or n or (held.report.units_with_two if held else None)
        if given is not None and not 1 <= given <= MOST_UNITS:
            unread.append(f"line {line}: n is {given:,}, and figures of agreement rest on 1 to {MOST_UNITS:,} units")
            continue
        if size is None and labels is None and not summary:
            raise Refused(f"there is no n on line {line} of the file: say how many units it rests on, --n 30")
        own = levels if levels.number else held.levels if held else Levels()
        found = [each for figure in found if (each := _as_disagreements(figure, size))]
        found = [
            each for place, each in enumerate(found) if each.figure not in [before.figure for before in found[:place]] or each.who
        ]
        made.append(Row(line, about, _claim(found, size, own) if size else None, tuple(found), summary))
    return made, unread


def _as_disagreements(figure: Figure, n: int | None) -> Figure | None:
    """Units in agreement as those that differ; None where there are more of them than units."""
    if figure.figure != AGREEMENTS:
        return figure
    if n is None or figure.printed.value > n:
        return None
    return figure._replace(figure=DISAGREEMENTS, printed=_whole(n - int(figure.printed.value)))


def _whole(number: int) -> Printed:
    return Printed(str(number), Fraction(number), 0)


def _read(table: Table) -> tuple[list[tuple[Column, list[Printed | None]]], list[str]]:
    """Every column with a figure, cell by cell."""
    read, unread = [], []
    for place, column in enumerate(table.columns):
        if column.role == LEFT_OUT:
            unread.append(
                f"column {column.header or place + 1} of the table on line {table.line}: {column.why.removeprefix('left out: ')}"
            )
        if column.role not in FIGURES:
            continue
        values: list[Printed | None] = []
        for line, cells in table.rows:
            found = _number(cells[place], column.role)
            fine = cells[place].strip("*` ").casefold() in NOTHING or column.role == PERCENT and read_part(cells[place])
            if found is None and not fine:
                unread.append(f"line {line}, {column.header}: “{cells[place][:40]}” is no figure that can be read")
            values.append(found)
        if column.role == PERCENT:
            shares = iter(as_shares([each for each in values if each is not None], says_percent(column.header)))
            values = [None if each is None else next(shares) for each in values]
        read.append((column, values))
    return read, unread


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


def _claim(found: Sequence[Figure], n: int, levels: Levels) -> Claim:
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
