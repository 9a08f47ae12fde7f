"""The rows of tables of figures: each a claim with its figures, or the reason why it is none that can be checked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from touchstone.claims.claim import MOST_UNITS, Claim, Levels
from touchstone.claims.left_open import NO_N, WHICH_N
from touchstone.claims.reading.columns import (
    AGREEMENTS,
    AVERAGES,
    DISAGREEMENTS,
    KAPPAS,
    LEFT_OUT,
    LEVELS,
    MEAN,
    NAME,
    PAIR,
    PERCENT,
    POSITIVE,
    SUM,
    TOTALS,
    UNIT,
    UNREAD,
    Column,
    N,
    is_certain_size,
    plain,
    says_percent,
)
from touchstone.claims.reading.design import parties_with_a_machine, why_not_exact
from touchstone.claims.reading.parsing import Table
from touchstone.claims.reading.statements import Place, Size, Statements, scales_of, sizes_in_words
from touchstone.claims.rounding import Printed, as_shares, read_number, read_part, read_whole
from touchstone.claims.verification import ReferenceLabels

NOTHING = {"", "-", "–", "—", "n/a", "na", "nan", "none", "null", "undefined", "."}
FIGURES = (N, PERCENT, MEAN, SUM, DISAGREEMENTS, AGREEMENTS, POSITIVE, *KAPPAS)
AGREEMENT = (PERCENT, DISAGREEMENTS, AGREEMENTS, POSITIVE, *KAPPAS)
COUNTS = (N, SUM, DISAGREEMENTS, AGREEMENTS)
ABOUT_PARTS = re.compile(
    r"(?:split|subset|slice|strat(?:um|a)|difficulty|batch|week|day|date|phase|domain|genre|language|source|topic|corpus|dataset|"
    r"partition|fold|segment|file|doc|document|author|task type|type|mode|region|group|team|site|difficulty level|"
    r"subgroup|cohort|month|pool)s?(?: name| type)?"
)
ABOUT_PAIRS = re.compile(r"\b(?:pairs?|raters?|annotators?|coders?|comparison)\b", re.I)
COUNTED_CELL = re.compile(r"(\d[\d,]{0,11})\s+[a-z][a-z -]{0,30}", re.I)
APPROXIMATE = re.compile(r"[≈~<>≤≥]|\b(?:about|ca?\.|approx)", re.I)


class FigureInRow(NamedTuple):
    """One figure of a row. `who`: of the first or the second annotator; 0 where it is of both, or does not say. `line`: where it
    stands. `why`: why it is not checked, as a sentence without its stop; "" otherwise. `of`: see `Column.of`."""

    figure: str
    printed: Printed
    header: str
    who: int
    line: int
    why: str = ""
    of: str = ""


class ClaimRow(NamedTuple):
    """`summary`: "mean" or "total" for a row over those above it, else "". `claim` is None where it cannot be checked, `why` the
    reason. `others`: other n that the file gives; what is possible of one of them is not called impossible. `of`: the pair or
    round, where the row has figures of several."""

    line: int
    about: str
    claim: Claim | None
    figures: tuple[FigureInRow, ...]
    summary: str
    why: str = ""
    others: tuple[Size, ...] = ()
    of: str = ""
    lacks_n: bool = False


class SizeFound(NamedTuple):
    """The n of a figure; None with the reason."""

    n: int | None
    why: str = ""
    others: tuple[Size, ...] = ()
    stated: tuple[Size, ...] = ()


def size_at(statements: Statements, place: Place, own: int | None, of_labels: int | None) -> SizeFound:
    """The n of figures at a place: their own, the one given, the one stated nearest, or that of the labels."""
    if own is not None:
        return SizeFound(own)
    stated = statements.sizes_at(place)
    if statements.given is not None:
        named = {**stated, **statements.named_at(place)}
        others = tuple(size for n, size in named.items() if n != statements.given)
        others += tuple(left for size in named.values() for left in statements.left_of(size))
        return SizeFound(statements.given, others=others, stated=tuple(stated.values()))
    if len(stated) == 1:
        ((n, size),) = stated.items()
        return SizeFound(n, others=tuple(statements.other_sizes(place, size)), stated=(size,))
    if of_labels is not None:
        return SizeFound(of_labels)
    if stated:
        return SizeFound(None, f"the file gives n as {sizes_in_words(stated.values())}; {WHICH_N}")
    return SizeFound(None, NO_N)


def place_of(table: Table) -> Place:
    """Where the figures of a table stand: its lines, and that of the words right above it."""
    lines = {line for line, _ in table.rows} | {table.line, *table.lines} | ({table.caption_line} - {0})
    return Place(frozenset(lines), table.section)


def rows_of(table: Table, statements: Statements, labels: ReferenceLabels | None) -> tuple[list[ClaimRow], list[str]]:
    """The rows with a figure, and in words what of the table could not be read."""
    return _Rows(table, statements, labels).read()


@dataclass(frozen=True)
class _Rows:
    """A table of figures being read."""

    table: Table
    statements: Statements
    labels: ReferenceLabels | None

    def read(self) -> tuple[list[ClaimRow], list[str]]:
        figures, unread = self._figures()
        rows = []
        for place, (line, cells) in enumerate(self.table.rows):
            about = self._about(cells)
            why = self._why_unread(cells)
            for of, mine in _by_pair(figures[place]).items():
                if wrong := own_size(mine)[1]:
                    unread.append(f"line {line}: {wrong}")
                elif any(each.figure != N for each in mine):
                    rows.append(self._row(line, about, of, mine, why, cells))
        return rows, unread

    def _about(self, cells: Sequence[str]) -> str:
        return cells[0].strip("*` ")[:200] if self.table.columns[0].role in (NAME, UNIT) else ""

    @property
    def place(self) -> Place:
        return place_of(self.table)

    def _row(self, line: int, about: str, of: str, figures: list[FigureInRow], unread: str, cells: Sequence[str]) -> ClaimRow:
        above = line != self.table.rows[0][0]
        summary = "" if not above else "mean" if AVERAGES.fullmatch(about) else "total" if TOTALS.fullmatch(about) else ""
        of_dimension = self.labels.about(about) if self.labels else None
        own, _ = own_size(figures)
        uncertain = any(each.figure == N and not is_certain_size(each.header) for each in figures)
        found = size_at(self.statements, self.place, own, of_dimension.report.units_with_two if of_dimension else None)
        others = tuple(self.statements.sizes_at(self.place).values()) if uncertain else found.others
        levels = self._levels(cells, of_dimension.levels if of_dimension else None)
        figures = [self._with_reason(each, about, of, own, found) for each in figures]
        why = unread if own is None else ""
        why = why or self._why_parts(about, own) or found.why
        claim = None if why or found.n is None else claim_of_figures(figures, found.n, levels)
        return ClaimRow(line, about, claim, tuple(figures), summary, why, others, of, lacks_n=why == found.why != "")

    def _levels(self, cells: Sequence[str], of_labels: Levels | None) -> Levels:
        """Those of the row's own cell, the labels, or the text."""
        for column, cell in zip(self.table.columns, cells, strict=True):
            if column.role == LEVELS:
                return levels_in_cell(cell)
        return of_labels or self.statements.levels_at(self.place)[0]

    def _with_reason(self, figure: FigureInRow, about: str, of: str, own: int | None, found: SizeFound) -> FigureInRow:
        if figure.figure not in AGREEMENT or figure.why:
            return figure
        words = f"{figure.header} {about}"
        counted = found.stated[0].noun if found.stated else ""
        why = self._why_several(words, of, own) or why_not_exact(
            "", f"{words} {self._caption()}", "", counted=counted, is_percent=False
        )
        machine = parties_with_a_machine(f"{self.table.columns[0].header} {words}")
        if not why and own is None and machine and not any(parties_with_a_machine(size.sentence) for size in found.stated):
            why = f"“{machine}”: the n of that comparison is not said"
        return figure._replace(why=why)

    def _why_several(self, words: str, of: str, own: int | None) -> str:
        """Where more than two labelled; a figure of one pair of them is of two."""
        of_pairs = own is not None and ABOUT_PAIRS.search(self.table.columns[0].header) and PAIR.search(words.casefold())
        if of or of_pairs or re.search(r"\b(?:vs?|versus)\b", words, re.I):
            return ""
        several = self.statements.more_than_two(self.place)
        return (
            f"the text speaks of more than two annotators (“{several}”): over several pairs it is not k of n" if several else ""
        )

    def _caption(self) -> str:
        """The sentences above the table that speak of its figures."""
        said = re.split(r"(?<=[.!?])\s+", self.table.caption)
        return " ".join(each for each in said if re.search(r"agree|kappa|κ|\btable\b|below", each, re.I))[-300:]

    def _why_parts(self, about: str, own: int | None) -> str:
        """Rows that are parts of the units, by the header of their names."""
        first = self.table.columns[0]
        if own is None and (
            first.role == UNIT
            and plain(first.header) != "item"
            or first.role == NAME
            and ABOUT_PARTS.fullmatch(plain(first.header))
        ):
            return f"the rows are parts of the units (“{first.header.strip()}”), and this row does not say its n"
        return ""

    def _why_unread(self, cells: Sequence[str]) -> str:
        """The column or the cell of the row that could hold its n and cannot be read."""
        for column, cell in zip(self.table.columns, cells, strict=True):
            if column.role == UNREAD and re.fullmatch(r"\W*\d[\d,]*\W*(?:[a-z]+\W*)?", cell.strip()[:40], re.I):
                return f"the column {column.header.strip() or '(no header)'} could not be read, and may hold the row's n"
            if column.role == N and _number(cell, N) is None and cell.strip("*` ").casefold() not in NOTHING:
                return f"its n, “{cell.strip()[:40]}”, could not be read"
        return ""

    def _figures(self) -> tuple[list[list[FigureInRow]], list[str]]:
        """The figures of each row; and in words what was left out."""
        rows: list[list[FigureInRow]] = [[] for _ in self.table.rows]
        unread: list[str] = []
        for place, column in enumerate(self.table.columns):
            if column.role in (LEFT_OUT, UNREAD):
                why = column.why.removeprefix("left out: ")
                unread.append(f"column {column.header.strip() or place + 1} of the table on line {self.table.line}: {why}")
            if column.role in FIGURES:
                for row, found in zip(rows, self._column(place, column, unread), strict=True):
                    row += found
        return rows, unread

    def _column(self, place: int, column: Column, unread: list[str]) -> list[list[FigureInRow]]:
        cells = [(line, row[place]) for line, row in self.table.rows]
        numbers = [_number(cell, column.role) for _, cell in cells]
        unread += [
            f"line {self._line(line, place)}, {column.header}: “{cell[:40]}” is not a figure that can be read"
            for (line, cell), number in zip(cells, numbers, strict=True)
            if number is None and not _may_be_blank(cell, column.role)
        ]
        if column.role in (PERCENT, POSITIVE):
            numbers = _as_shares(numbers, column)
        elif column.role in KAPPAS:
            numbers = [number and as_hundredth(number, numbers) for number in numbers]
        found: list[list[FigureInRow]] = []
        for (line, cell), number in zip(cells, numbers, strict=True):
            at = self._line(line, place)
            made = (
                [FigureInRow(column.role, number, column.header, column.who, at, _why_approximate(cell), column.of)]
                if number
                else []
            )
            found.append(made + _parts(cell, column, at))
        return found

    def _line(self, line: int, place: int) -> int:
        return self.table.lines[place] if self.table.lines else line


def _by_pair(figures: Sequence[FigureInRow]) -> dict[str, list[FigureInRow]]:
    """Figures of one row by the pair or round they are of. Those of none belong to the only one, or stand alone."""
    pairs = dict.fromkeys(each.of for each in figures if each.of)
    if len(pairs) <= 1:
        return {next(iter(pairs), ""): list(figures)}
    shared = [each for each in figures if not each.of and each.figure == N]
    made = {of: shared + [each for each in figures if each.of == of] for of in pairs}
    rest = [each for each in figures if not each.of]
    return made | ({"": rest} if any(each.figure != N for each in rest) else {})


def own_size(figures: Sequence[FigureInRow]) -> tuple[int | None, str]:
    """The n that a row's own figures give: a column of n, parts of a whole, agreements and disagreements added up. In words what
    is wrong with it; "" where nothing is."""
    for figure in figures:
        if figure.figure == N and not figure.printed.digits:
            n = int(figure.printed.value)
            wrong = f"n is {n:,}, and figures of agreement rest on 1 to {MOST_UNITS:,} units"
            return (n, "") if 1 <= n <= MOST_UNITS else (None, wrong)
    wholes = {figure.printed.whole for figure in figures if figure.printed.whole}
    if len(wholes) == 1:
        return wholes.pop(), ""
    counted = {each.figure: int(each.printed.value) for each in figures if each.figure in (AGREEMENTS, DISAGREEMENTS)}
    total = sum(counted.values())
    return (total, "") if len(counted) == 2 and total else (None, "")


def claim_of_figures(found: Iterable[FigureInRow], n: int, levels: Levels) -> Claim | None:
    """The claim that a row's figures make, without those that are not checked; None where there is none."""
    figures = [each for each in found if not each.why]
    one = {each.figure: each.printed for each in reversed(figures) if not each.who}
    two = {(each.figure, each.who): each.printed for each in figures if each.who}
    sums = tuple(int(each.value) if (each := two.get((SUM, who))) else None for who in (1, 2))
    shares, counts, levels = _positives(two, n, levels)
    claim = Claim(
        n,
        one.get(PERCENT),
        _disagreements(one, n),
        {kind.removeprefix("kappa "): one[kind] for kind in KAPPAS if kind in one},
        tuple(two.get((MEAN, who)) for who in (1, 2)),
        sums,
        counts,
        shares,
        levels=levels,
    )
    return claim if claim.has_figures else None


def _disagreements(one: dict[str, Printed], n: int) -> int | None:
    if DISAGREEMENTS in one:
        return int(one[DISAGREEMENTS].value)
    agreements = int(one[AGREEMENTS].value) if AGREEMENTS in one else None
    return n - agreements if agreements is not None and agreements <= n else None


def _positives(
    two: dict[tuple[str, int], Printed], n: int, levels: Levels
) -> tuple[tuple[tuple[Printed, ...], ...], tuple[tuple[int, ...], ...], Levels]:
    """How often both annotators gave one of two levels: as shares or as counts, and two levels. Nothing where only one of them is
    said, or there are more levels than two."""
    given = [each for who in (1, 2) if (each := two.get((POSITIVE, who))) is not None]
    if len(given) < 2 or levels.number not in (None, 2):
        return (), (), levels
    both = levels if levels.number else Levels(2)
    if any(each.scale != 1 for each in given):
        return tuple((each, replace(each, value=1 - each.value)) for each in given), (), both
    counted = [int(each.value) for each in given]
    if max(counted) > n or any(each.digits for each in given):
        return (), (), levels
    return (), tuple((each, n - each) for each in counted), both


def levels_in_cell(cell: str) -> Levels:
    """The levels that a cell of a column of levels gives: "0-3", "binary", "4"; unknown otherwise."""
    whole = read_whole(cell)
    if whole is not None:
        return Levels(whole) if 2 <= whole <= 20 else Levels()
    found = scales_of(f"scale {cell[:80]}")
    return found[0][0] if len({each.number for each, _ in found}) == 1 else Levels()


def as_hundredth(printed: Printed, column: Iterable[Printed | None]) -> Printed:
    """A kappa printed a hundredfold ("68.2"): where it is over 2, as all of its column then are."""
    return printed.times(Fraction(1, 100)) if any(each and 2 <= abs(each.value) <= 100 for each in column) else printed


def _why_approximate(cell: str) -> str:
    found = APPROXIMATE.match(cell.strip("*` "))
    return f"“{found[0]}”: it is not given exactly" if found else ""


def _parts(cell: str, column: Column, line: int) -> list[FigureInRow]:
    """The "26/30" of a cell, as a count."""
    part = read_part(cell) if column.role in (PERCENT, AGREEMENTS, DISAGREEMENTS, POSITIVE) else None
    if not part:
        return []
    role = AGREEMENTS if column.role == PERCENT else column.role
    return [
        FigureInRow(
            role,
            Printed(f"{part[0]}/{part[1]}", Fraction(part[0]), 0, whole=part[1]),
            column.header,
            column.who,
            line,
            of=column.of,
        )
    ]


def _may_be_blank(cell: str, role: str) -> bool:
    """Whether a cell without a figure says nothing, or a part of a whole that is read elsewhere."""
    return cell.strip("*` ").casefold() in NOTHING or (role not in KAPPAS and read_part(cell) is not None)


def _as_shares(figures: Sequence[Printed | None], column: Column) -> list[Printed | None]:
    if column.role == POSITIVE and not says_percent(column.header) and not any(each and each.has_sign for each in figures):
        return list(figures)
    shares = iter(as_shares([figure for figure in figures if figure is not None], says_percent(column.header)))
    return [None if figure is None else next(shares) for figure in figures]


def _number(cell: str, role: str) -> Printed | None:
    if role in (PERCENT, POSITIVE, AGREEMENTS, DISAGREEMENTS) and read_part(cell):
        if role != PERCENT:
            return None
        words = cell.replace("(", " ").replace(")", " ").replace("=", " ").replace(" %", "%").split()
        found = (read_number(word) for word in words if "/" not in word)
        return next((each for each in found if each and (each.has_sign or each.digits)), None)
    if role == N and (counted := COUNTED_CELL.fullmatch(cell.strip("*` "))):
        cell = counted[1]
    found_number = read_number(cell, whole=role in COUNTS)
    if found_number is not None and role in COUNTS and (found_number.digits or found_number.value < 0):
        return None
    return found_number
