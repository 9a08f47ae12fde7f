"""A list of disagreements, checked: units with the labels two annotators are said to have given."""

from collections.abc import Sequence
from typing import NamedTuple

from touchstone.claims.claim import CAN, CANNOT, CheckedFigure
from touchstone.claims.document.checked import IN_LIST, THE_LIST, FigureInFile
from touchstone.claims.document.row_checks import disagreements_by_table
from touchstone.claims.reading.columns import SCORE, UNIT
from touchstone.claims.reading.parsing import Table
from touchstone.claims.reading.rows import ClaimRow
from touchstone.claims.reading.sentences import name_in
from touchstone.claims.reading.words import any_of
from touchstone.claims.rounding import read_number
from touchstone.claims.verification import NO_LABELS, ReferenceLabels, verify_list, verify_listed_unit
from touchstone.english import many

OF_DISAGREEMENTS = any_of(r"\bdis(?:agree|put|cord)\w*|\b(?:differ|mismatch|contest|conflict)\w*")


class ListedUnit(NamedTuple):
    """One row of a list: a unit and the labels of the first and the second annotator, as printed."""

    line: int
    unit: str
    given: tuple[str, str]


def check_list(
    table: Table, labels: ReferenceLabels | None, rows: Sequence[ClaimRow], names: Sequence[str]
) -> list[FigureInFile]:
    """A list of disagreements, of the dimension its heading names; without labels only one whose words say that it is. `rows`:
    those of the file's tables, which may say how many disagreements there are; `names`: what a dimension may be called."""
    about = name_in(table.heading, names)
    places = [[(column.role, column.who) for column in table.columns].index(role) for role in ((UNIT, 0), (SCORE, 1), (SCORE, 2))]
    unit, first, second = places
    units = [ListedUnit(line, _bare(cells[unit]), (_label(cells[first]), _label(cells[second]))) for line, cells in table.rows]
    of_disagreements = OF_DISAGREEMENTS.search(" ".join((table.heading, table.caption, *(each.header for each in table.columns))))
    if labels is None:
        return _check_alone(table, about, units, rows) if of_disagreements else []
    seats = labels.seat(table.columns[first].header, 1), labels.seat(table.columns[second].header, 2)
    return _verify(table, about, units, labels, seats)


def _verify(
    table: Table, about: str, units: Sequence[ListedUnit], labels: ReferenceLabels, seats: tuple[int, int]
) -> list[FigureInFile]:
    of_dimension = labels.about(about)
    if of_dimension is None:
        because = f"{labels.name} has no labels of {about or 'a dimension that the heading names'}"
        whole = CheckedFigure("the list", str(len(units)), NO_LABELS, because)
        return [FigureInFile(table.line, about, THE_LIST, whole)]
    findings = [verify_listed_unit(labels, of_dimension, listed.unit, listed.given, seats) for listed in units]
    whole = verify_list(labels, of_dimension, findings, seats)
    in_list = [FigureInFile(listed.line, about, IN_LIST, finding) for listed, finding in zip(units, findings, strict=True)]
    return [FigureInFile(table.line, about, THE_LIST, whole), *in_list]


def _check_alone(table: Table, about: str, units: Sequence[ListedUnit], rows: Sequence[ClaimRow]) -> list[FigureInFile]:
    """Without labels: a unit given the same label twice, and whether there are too many for the table's percentage."""
    same = [
        CheckedFigure(
            listed.unit, f"{listed.given[0]} and {listed.given[1]}", CANNOT, "the same label twice is not a disagreement"
        )
        if listed.given[0] == listed.given[1]
        else None
        for listed in units
    ]
    in_list = [FigureInFile(listed.line, about, IN_LIST, finding) for listed, finding in zip(units, same, strict=True) if finding]
    by_table = disagreements_by_table(rows, about)
    if by_table is None:
        return in_list
    most, where_from = by_table
    number, because = len({listed.unit for listed in units}), f"{where_from} has {many(most, 'disagreement')}"
    fits = number <= most
    whole = CheckedFigure("the list", str(number), CAN if fits else CANNOT, because, () if fits else (str(most),))
    return [FigureInFile(table.line, about, THE_LIST, whole), *in_list]


def _bare(cell: str) -> str:
    return cell.strip("*` ")


def _label(cell: str) -> str:
    number = read_number(cell)
    return str(int(number.value)) if number and not number.digits else _bare(cell)
