"""A published file, checked: every row of its tables, its lists of disagreements, and figures in its text.

Without labels each row is a claim by itself (`check`). With labels each figure is held against them (`against`), and the row is
still asked whether its figures could have occurred together, with any labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from touchstone.claims import single_figures
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, UNDECIDED, Finding, Levels
from touchstone.claims.consistency import check
from touchstone.claims.document import prose
from touchstone.claims.document.columns import (
    AVERAGES,
    CLAIMS,
    DISAGREEMENTS,
    KAPPAS,
    LEFT_OUT,
    LISTING,
    MATRIX,
    MEAN,
    NAME,
    PERCENT,
    SCORE,
    SUM,
    TOTALS,
    UNIT,
    N,
)
from touchstone.claims.document.parsing import Document, Table, read_document
from touchstone.claims.document.rows import Figure, Row, rows_of
from touchstone.claims.kappa_matrix import matrix_in_words
from touchstone.claims.rounding import read_number
from touchstone.claims.verification import DOES_NOT, FOLLOWS, NO_LABELS, Labels, figure_against, list_against, listed_against
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused

ORDER = (CANNOT, DOES_NOT, NO_LABELS, UNDECIDED, UNCHECKED, FOLLOWS, CAN)
ROWS_IN_FULL = 10  # with more, less is spent on each
BAD = (CANNOT, DOES_NOT)
IN_TABLE, TOGETHER, IN_LIST, THE_LIST, IN_TEXT = "table", "together", "listed", "list", "text"


@dataclass(frozen=True)
class Entry:
    """One figure of the file and what was found of it. `part`: where it stands."""

    line: int
    about: str
    part: str
    finding: Finding

    @property
    def words(self) -> str:
        """The figure as a line names it."""
        return {TOGETHER: "the row together", IN_TEXT: f"line {self.line}: “{self.finding.printed}”"}.get(
            self.part, f"{self.finding.figure} {self.finding.printed}"
        )

    def as_json(self) -> dict[str, object]:
        return {"line": self.line, "about": self.about, "part": self.part, **self.finding.as_json()}


@dataclass(frozen=True)
class CheckedFile:
    """`read`: how each column of each checked table was read (table, header, words); `left_out`: tables and cells that were not
    taken, in words; `notes`: what was assumed."""

    name: str
    entries: tuple[Entry, ...]
    read: tuple[tuple[str, str, str], ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    labels: str = ""
    made_by: str = ""

    def having(self, *status: str) -> list[Entry]:
        """The single figures of that status; rows as a whole and lists as a whole are not counted among them."""
        return [each for each in self.entries if each.finding.status in status and each.part not in (TOGETHER, THE_LIST)]

    def grouped(self) -> list[tuple[str, list[Entry]]]:
        """The entries under the row, list or passage they stand in, each with its title."""
        groups: dict[str, list[Entry]] = {}
        for each in self.entries:
            title = {
                IN_TEXT: "in the text",
                IN_LIST: f"listed disagreements, {each.about}",
                THE_LIST: f"listed disagreements, {each.about}",
            }.get(each.part, f"{each.about or 'row'} (line {each.line})")
            groups.setdefault(title, []).append(each)
        return list(groups.items())

    @property
    def can_occur(self) -> bool:
        return not any(each.finding.status in BAD for each in self.entries)

    @property
    def single(self) -> int:
        return len(self.having(*ORDER))

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        wrong = [each for each in self.entries if each.part == TOGETHER and each.finding.status == CANNOT]
        if self.labels:
            said = [
                f"{len(found)} {words if len(found) != 1 else one}"
                for status, words, one in (
                    ((FOLLOWS,), "follow", "follows"),
                    ((DOES_NOT,), "do not follow", "does not follow"),
                    ((CANNOT,), "cannot occur", "cannot occur"),
                    ((NO_LABELS,), "have no labels behind them", "has no labels behind it"),
                    ((UNCHECKED, UNDECIDED, CAN), "were not held against them", "was not held against them"),
                )
                if (found := self.having(*status))
            ]
            return f"Of {many(self.single, 'figure')} held against {self.labels} (labels made by {self.made_by}), {listed(said)}."
        bad = self.having(CANNOT)
        rows = {(each.line, each.about) for each in wrong} - {(each.line, each.about) for each in bad}
        total = many(self.single, "figure")
        if bad:
            which = listed([*(each.finding.printed for each in bad[:4]), *([f"{len(bad) - 4} more"] if len(bad) > 4 else [])])
            more = f"; in {many(len(rows), 'more row')} the figures cannot occur together" if rows else ""
            return f"{len(bad)} of {total} cannot occur: {which}{more}."
        if rows:
            return f"Each of {total} can occur by itself; in {many(len(rows), 'row')} they cannot occur together."
        rest = sum(each.finding.status in (UNDECIDED, UNCHECKED) for each in self.entries)
        return f"All of {total} can occur." if not rest else f"Of {total} none is impossible; {rest} could not be decided."

    def as_json(self) -> dict[str, object]:
        counted = {status: len(self.having(status)) for status in ORDER}
        return {
            "file": self.name,
            "labels": self.labels or None,
            "made_by": self.made_by or None,
            "can_occur": self.can_occur,
            "sentence": self.sentence,
            "counted": counted,
            "read": [dict(zip(("table", "column", "as"), each, strict=True)) for each in self.read],
            "left_out": list(self.left_out),
            "notes": list(self.notes),
            "figures": [{**each.as_json(), "made_by": self.made_by or None} for each in self.entries],
        }


def check_file(
    source: bytes, name: str, *, n: int | None = None, levels: Levels | None = None, labels: Labels | None = None
) -> CheckedFile:
    """Raises Refused for a file that cannot be read, that holds no figure of agreement, or does not say its n (and none is
    given, by `n` or by labels)."""
    problems: list[Problem] = []
    document = read_document(source, name, problems)
    if problems:
        raise Refused(f"{name} was not checked: {many(len(problems), 'problem')}", problems)
    weighted = prose.weighted_in(document.paragraphs)
    tables = [_without_plain_kappa(each) if weighted else each for each in document.tables if each.kind == CLAIMS]
    lists = [each for each in document.tables if each.kind == LISTING]
    names = labels.names if labels else []
    said = prose.figures_in(document.paragraphs, [*names, *_names_of(tables)], weighted)
    if not tables and not said and not lists:
        found = "; ".join(
            f"line {each.line}: {', '.join(column.header for column in each.columns)[:120]}" for each in document.tables[:5]
        )
        raise Refused(
            f"{name} holds no figure of agreement: a table needs a column such as Agreement % or Cohen's kappa, a CSV "
            f"too, and a text says “κ = 0.81”" + (f" (tables found: {found})" if found else "")
        )
    notes: list[str] = []
    n = _size(document, n, labels, notes, needed=any(N not in {c.role for c in each.columns} for each in tables))
    levels = _levels(document, levels, labels, notes)
    taken = _Taken(n, levels, labels, said)
    entries: list[Entry] = []
    left_out = [_left_out(each, labels) for each in document.tables if each.kind not in (CLAIMS, LISTING)]
    rows: list[Row] = []
    several = prose.several_in(document.paragraphs)
    effort = min(1.0, ROWS_IN_FULL / max(1, sum(len(each.rows) for each in tables)))
    for table in tables:
        mine, unread = rows_of(table, n, levels, labels)
        rows += mine
        left_out += unread
        entries += [each for row in mine if not row.summary for each in _of_row(row, labels, effort, several)]
        entries += _summaries(mine)
    for table in lists:
        entries += _of_list(table, taken, rows, [*names, *_names_of(tables)])
    in_text = [_of_prose(each, taken, rows) for each in said] + (_sizes(document, labels) if labels else [])
    entries += sorted(in_text, key=lambda each: each.line)
    if not entries:
        raise Refused(f"no figure of {name} could be checked: " + ("; ".join(left_out[:3]) or "its cells are blank"))
    if labels and labels.held_back:
        notes.append("units you label in an open round are held back")
    shares = {
        (row.line, each.header) for row in rows for each in row.figures if each.figure == PERCENT and each.printed.scale == 1
    }
    read = tuple(
        (
            f"line {table.line}",
            each.header,
            each.in_words + (", as shares of 1" if any((line, each.header) in shares for line, _ in table.rows) else ""),
        )
        for table in (*tables, *lists)
        for each in table.columns
    )
    return CheckedFile(
        name, tuple(entries), read, tuple(left_out), tuple(notes), labels.name if labels else "", labels.made_by if labels else ""
    )


def _without_plain_kappa(table: Table) -> Table:
    """The text speaks of a weighted kappa: a column that does not say which its kappa is may be that one."""
    why = "left out: the text speaks of a weighted kappa, and the column does not say which it is"
    return table._replace(
        columns=tuple(
            each._replace(role=LEFT_OUT, why=why)
            if each.role == KAPPAS[0] and "unweighted" not in each.header.casefold()
            else each
            for each in table.columns
        )
    )


@dataclass(frozen=True)
class _Taken:
    """What every part of the file is read with."""

    n: int | None
    levels: Levels
    labels: Labels | None
    said: Sequence[prose.Said]


def _names_of(tables: Sequence[Table]) -> list[str]:
    return [
        cell.strip("*` ")
        for table in tables
        if table.columns[0].role == NAME
        for _, (cell, *_) in table.rows
        if len(cell.strip("*` ")) > 2 and not AVERAGES.fullmatch(cell) and not TOTALS.fullmatch(cell)
    ]


def _size(document: Document, n: int | None, labels: Labels | None, notes: list[str], *, needed: bool) -> int | None:
    if n is not None:
        notes.append(f"n is {n:,}, as given")
        return n
    found = prose.sizes_in(document.paragraphs)
    if len(found) == 1:
        ((size, (line, words)),) = found.items()
        notes.append(f"n is {size:,}, from line {line}: “{words}”")
        return size
    if labels is not None:
        notes.append("n is that of the labels, dimension by dimension")
        return None
    if needed and found:
        raise Refused(
            f"the file gives n as {listed([f'{size:,} (line {line})' for size, (line, _) in sorted(found.items())])}; "
            "say which its figures rest on: --n"
        )
    if needed:
        raise Refused("the file does not say how many units its figures rest on; give it: --n 30")
    return None


def _levels(document: Document, levels: Levels | None, labels: Labels | None, notes: list[str]) -> Levels:
    if levels is not None and levels.number:
        notes.append(f"{levels.in_words}, as given")
        return levels
    if labels is not None:
        notes.append("levels are those of the rubric the labels were made by")
        return Levels()
    found, words = prose.levels_in(document.paragraphs)
    notes.append(
        f"{found.in_words}, from the text: “{words}”"
        if words
        else "the levels are not said: any number of them is allowed for (--levels 0,1,2,3 would say)"
    )
    return found


def _left_out(table: Table, labels: Labels | None) -> str:
    header, why = ", ".join(each.header for each in table.columns)[:100].strip(", "), "no figure of agreement"
    if table.kind == MATRIX:
        why = "figures between dimensions, not of two annotators on one"
        beside = matrix_in_words(table, labels) if labels else ""
        why += f"; not marked, but {beside}" if beside else ""
    return f"table on line {table.line} ({header}): {why}"


def _of_row(row: Row, labels: Labels | None, effort: float, several: str) -> list[Entry]:
    """`several`: words that speak of more than two annotators; figures over several pairs are no table of two."""
    claim = row.claim
    if claim and (several or labels and len(labels.annotators) > 2):
        claim = replace(claim, percent=None, disagreements=None, kappas={})
    checked = check(claim, effort) if claim else None
    alone = {each.figure: each for each in checked.findings} if checked else {}
    singles: list[Finding] = []
    for figure in row.figures:
        key = f"{figure.figure} {figure.who}" if figure.who else figure.figure
        before = alone.get(key) or _other(figure, row, several)
        if labels is None:
            singles.append(before)
            continue
        held = labels.about(row.about)
        seat = labels.seat(figure.header, figure.who) if figure.who else None
        singles.append(figure_against(labels, held, figure.figure, figure.printed, seat=seat, about=row.about, alone=before))
    entries = [Entry(row.line, row.about, IN_TABLE, each) for each in singles]
    together = checked.together if checked and not all(each.status == FOLLOWS for each in singles) else None
    if together and (labels is None or together.status == CANNOT and not any(each.status == CANNOT for each in checked.findings)):
        entries.append(Entry(row.line, row.about, TOGETHER, together))
    return entries


def _other(figure: Figure, row: Row, several: str) -> Finding:
    """What a claim does not hold: n, a mean or a sum that does not say whose (of one annotator's labels or of both's), and
    agreement of more than two."""
    if several and figure.figure in (PERCENT, DISAGREEMENTS, *KAPPAS):
        return Finding(
            figure.figure,
            figure.printed.text,
            UNCHECKED,
            f"the text speaks of more than two annotators (“{several}”): over several pairs it is not k of n",
        )
    if row.claim is None or figure.figure not in (MEAN, N):
        return Finding(figure.figure, figure.printed.text, UNCHECKED, "it does not say of whose labels, or of how many")
    if figure.figure == N:
        return Finding(N, figure.printed.text, CAN, "the other figures of the row were asked of it")
    one = single_figures.mean(MEAN, figure.printed, row.claim.n, row.claim.levels)
    return one if one.status == CAN else single_figures.mean(MEAN, figure.printed, row.claim.n, row.claim.levels, 2)


def _summaries(rows: Sequence[Row]) -> list[Entry]:
    """A row that is the mean or the total of those above it, column by column, as far as their rounding leaves it open."""
    entries = []
    for place, row in enumerate(rows):
        above = [each for each in rows[:place] if not each.summary]
        if not row.summary or not above:
            continue
        for figure in row.figures:
            parts = [
                each.printed
                for other in above
                for each in other.figures
                if (each.figure, each.who) == (figure.figure, figure.who)
            ]
            name = f"{row.summary} of {figure.figure}" + (f" {figure.who}" if figure.who else "")
            adds = figure.figure in (N, DISAGREEMENTS, SUM)
            if len(parts) < len(above) or (row.summary == "total") != adds:
                entries.append(
                    Entry(
                        row.line,
                        row.about,
                        IN_TABLE,
                        Finding(name, figure.printed.text, UNCHECKED, "it may be over all units together, or of other rows"),
                    )
                )
                continue
            over = 1 if adds else len(parts)
            exact = Fraction(sum(each.value for each in parts)) / over
            slack = 0 if adds else sum(each.half for each in parts) / over
            fits = figure.printed.low - slack <= exact <= figure.printed.high + slack
            entries.append(
                Entry(
                    row.line,
                    row.about,
                    IN_TABLE,
                    Finding(
                        name,
                        figure.printed.text,
                        CAN if fits else CANNOT,
                        f"of the {many(len(parts), 'row')} above the {'sum' if adds else 'mean'} is {figure.printed.like(exact)}",
                        () if fits else (figure.printed.like(exact),),
                    ),
                )
            )
    return entries


def _implied(rows: Sequence[Row], about: str) -> tuple[int, str] | None:
    """How many disagreements the table leaves for a dimension, and the words for where that comes from."""
    for row in rows:
        if row.about.casefold() == about.casefold() and row.claim.percent is not None:
            fits = single_figures.percent_agreements(row.claim.percent, row.claim.n)
            if len(fits) == 1:
                return row.claim.n - fits[0], f"{single_figures.percent_text(row.claim.percent)} of {row.claim.n:,}"
    return None


def _of_list(table: Table, taken: _Taken, rows: Sequence[Row], names: Sequence[str]) -> list[Entry]:
    """A list of disagreements, of the dimension its heading names."""
    roles = [(each.role, each.who) for each in table.columns]
    unit, first, second = roles.index((UNIT, 0)), roles.index((SCORE, 1)), roles.index((SCORE, 2))
    about = prose.name_in(table.heading, names)
    given_rows = [(line, cells[unit].strip("*` "), (_bare(cells[first]), _bare(cells[second]))) for line, cells in table.rows]
    labels = taken.labels
    if labels is not None:
        held = labels.about(about)
        if held is None:
            return [
                Entry(
                    table.line,
                    about,
                    THE_LIST,
                    Finding(
                        "the list",
                        str(len(given_rows)),
                        NO_LABELS,
                        f"{labels.name} has no labels of {about or 'a dimension that the heading names'}",
                    ),
                )
            ]
        seats = tuple(labels.seat(table.columns[place].header, who) for place, who in ((first, 1), (second, 2)))
        found = [listed_against(labels, held, name, given, seats) for _, name, given in given_rows]
        return [Entry(table.line, about, THE_LIST, list_against(labels, held, found, seats))] + [
            Entry(line, about, IN_LIST, each) for (line, *_), each in zip(given_rows, found, strict=True)
        ]
    entries = [
        Entry(line, about, IN_LIST, Finding(name, f"{a} and {b}", CANNOT, "the same label twice is no disagreement"))
        for line, name, (a, b) in given_rows
        if a == b
    ]
    number, implied = len({name for _, name, _ in given_rows}), _implied(rows, about)
    if implied is None:
        return entries
    fits = number == implied[0] or number < implied[0]
    return [
        Entry(
            table.line,
            about,
            THE_LIST,
            Finding(
                "the list",
                str(number),
                CAN if fits else CANNOT,
                f"{implied[1]} has {many(implied[0], 'disagreement')}",
                () if fits else (str(implied[0]),),
            ),
        ),
        *entries,
    ]


def _sizes(document: Document, labels: Labels) -> list[Entry]:
    """The n of the text, where it gives one, held against the units of the labels."""
    units = {each.report.units_with_two for each in labels.dimensions.values()}
    found = prose.sizes_in(document.paragraphs)
    because = (
        f"the labels (made by {labels.made_by}) are of "
        f"{listed([many(each, 'unit') for each in sorted(units)]).replace(' and ', ' or ')}"
    )
    return [
        Entry(line, "", IN_TEXT, Finding(N, words, FOLLOWS if size in units else DOES_NOT, because))
        for size, (line, words) in found.items()
        if size in units or len(found) == 1
    ]


def _bare(cell: str) -> str:
    found = read_number(cell)
    return str(int(found.value)) if found and not found.digits else cell.strip("*` ")


def _of_prose(said: prose.Said, taken: _Taken, rows: Sequence[Row]) -> Entry:
    """A figure in a sentence. One that speaks of another labelling ("New κ", "after revision") has no labels behind it, unless
    the labels at hand give it."""
    labels, made = taken.labels, None
    if said.unsure:
        why = "it may be some of them, not all" if said.figure == DISAGREEMENTS else "it may be a threshold, or another figure"
        made = Finding(said.figure, said.text, UNCHECKED, f"“{said.unsure}”: {why}")
    elif labels is not None:
        held = labels.about(said.about)
        made = figure_against(labels, held, said.figure, said.printed, about=said.about)
        if said.another and made.status != FOLLOWS:
            made = replace(
                made,
                status=NO_LABELS,
                nearest=(),
                because=f"the sentence speaks of another labelling "
                f"(“{said.another}”), and no labels of it are loaded" + (f"; {made.because}" if held else ""),
            )
    elif said.figure == DISAGREEMENTS:
        implied = None if said.another else _implied(rows, said.about)
        d = int(said.printed.value)
        made = (
            Finding(DISAGREEMENTS, said.printed.text, UNCHECKED, "no percentage in the file to hold it against")
            if implied is None
            else Finding(
                DISAGREEMENTS,
                said.printed.text,
                CAN if d == implied[0] else CANNOT,
                f"{implied[1]} has {many(implied[0], 'disagreement')}",
                () if d == implied[0] else (str(implied[0]),),
            )
        )
    elif said.figure in KAPPAS:
        made = single_figures.kappa(said.figure.removeprefix("kappa "), said.printed)
    elif not said.about and len(rows) > 1:
        made = Finding(said.figure, said.printed.text, UNCHECKED, "no dimension is named that it is of")
    elif taken.n is not None and said.figure == PERCENT:
        made = single_figures.percent(said.printed, taken.n, single_figures.percent_agreements(said.printed, taken.n))
    else:
        made = Finding(said.figure, said.printed.text, UNCHECKED, "the text does not say its n")
    return Entry(said.line, said.about, IN_TEXT, replace(made, printed=f"{said.text}"))
