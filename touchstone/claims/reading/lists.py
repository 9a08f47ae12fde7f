"""Tables of figures that stand otherwise than one claim a row: by name ("Metric | Value"), and as lists."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from touchstone.claims.reading.columns import (
    AGREEMENTS,
    DISAGREEMENTS,
    KAPPAS,
    NAME,
    PERCENT,
    Column,
    N,
    column_of,
    columns_of,
    plain,
)
from touchstone.claims.reading.parsing import Paragraph, Table
from touchstone.claims.reading.shapes import CLAIMS, TURNED
from touchstone.claims.rounding import read_number, read_part

VALUES = re.compile(
    r"(?:values?|results?|scores?|figures?|numbers?|counts?|outcome|measured|observed|estimate|amount|)(?: \w+)?|n|%|"
    r"stat(?:istic)?s?"
)
LABELLED = re.compile(r"(?P<label>[^:=|<>≥≤]{1,60}?)(?:\s*+(?::|=|->|→)\s*+|\s++[—–-]\s++)(?P<value>\S.*)")
FIGURE_NAMES = re.compile(r"κ|\bkappas?\b|\bagreement\b|\bconcordance\b|\bf1\b|\balpha\b", re.I)
SAYS_KAPPA = re.compile(
    r"(?:(?:un|linear(?:ly)?[- ]|quadratic(?:ally)?[- ])?weighted )?(?:cohen['’]?s? )?(?:κ|\bkappas?\b)", re.I
)
SAYS_AGREEMENT = re.compile(r"(?:(?:raw|exact|observed|percent|percentage) )?\bagreement\b", re.I)
FIGURE_FIRST = re.compile(r"[≈~]?\s*[−-]?\d*[.,]?\d+\s*%?|\d+\s*/\s*\d+")


def turned(table: Table) -> list[Table]:
    """A table whose rows are named as columns usually are, as one table of a single row for every column of values."""
    labels = [cells[0].strip("*` ") for _, cells in table.rows]
    lines = tuple(line for line, _ in table.rows)
    made = []
    for place, column in enumerate(table.columns[1:], start=1):
        values = tuple(cells[place] for _, cells in table.rows)
        if any(read_number(value) or read_part(value) for value in values):
            about = "" if VALUES.fullmatch(plain(column.header)) else column.header.strip("*` ")
            made.append(_by_name(table, about, labels, values, lines))
    return made


def _by_name(table: Table, about: str, labels: Sequence[str], values: Sequence[str], lines: tuple[int, ...]) -> Table:
    columns = [Column("", NAME), *columns_of(["", *labels], [("", *values)])[1:]]
    rows = ((lines[-1], (about, *values)),)
    return table._replace(columns=tuple(columns), rows=rows, kind=CLAIMS, lines=(lines[0], *lines))


def tables_of_lists(paragraphs: Sequence[Paragraph]) -> tuple[list[Table], set[int]]:
    """Lists of figures as tables, and the lines of their items: names of dimensions with a figure each, under words that say
    which ("Per-dimension agreement:"), and names of figures with their values."""
    made: list[Table] = []
    for key, items in groupby(paragraphs, key=lambda each: (each.is_item, each.lead, each.section)):
        if key[0]:
            for title, group in _under_titles(list(items)):
                made += _table_of(title, group)
    return made, {line for table in made for line in (*table.lines, *(line for line, _ in table.rows))}


def _under_titles(items: Sequence[Paragraph]) -> Iterable[tuple[str, list[Paragraph]]]:
    """The items of one list under the item above them that has no figure."""
    title, group = "", list[Paragraph]()
    for item in items:
        if not re.search(r"\d", item.text) and len(item.text) <= 60 and not FIGURE_NAMES.search(item.text):
            yield title, group
            title, group = item.text.strip(" :"), []
        else:
            group.append(item)
    yield title, group


def _table_of(title: str, items: Sequence[Paragraph]) -> list[Table]:
    found = [(item, match) for item in items if (match := LABELLED.fullmatch(item.text))]
    plain_values = [(item, match["label"].strip(" `"), match["value"]) for item, match in found if _is_plain(match["value"])]
    if not plain_values:
        return []
    lines = tuple(item.line for item, _, _ in plain_values)
    labels, values = [label for _, label, _ in plain_values], [value.rstrip(" .;") for _, _, value in plain_values]
    first = plain_values[0][0]
    whole = Table(first.line, first.heading, (), (), CLAIMS, first.lead, first.section)
    roles = {column_of(label, [value], is_first=False).role for label, value in zip(labels, values, strict=True)}
    if roles & {PERCENT, *KAPPAS} or N in roles and roles & {AGREEMENTS, DISAGREEMENTS}:
        return [_by_name(whole._replace(kind=TURNED), title or _title(first.lead), labels, values, lines)]
    header = _what_lead_says(first, values)
    if not header:
        return []
    columns = columns_of(["Name", header], [(label, value) for label, value in zip(labels, values, strict=True)])
    rows = tuple((line, (label, value)) for line, label, value in zip(lines, labels, values, strict=True))
    return [whole._replace(columns=(Column("Name", NAME), columns[1]), rows=rows)]


def _is_plain(value: str) -> bool:
    """Whether a value is one figure without the name of another."""
    return FIGURE_FIRST.match(value) is not None and not FIGURE_NAMES.search(value) and len(value) <= 60


def _title(lead: str) -> str:
    bare = lead.strip(" :")
    return (
        bare
        if len(bare) <= 40
        and not FIGURE_NAMES.search(bare)
        and not re.search(r"\d|\b(?:result|summary|overall|follow)", bare, re.I)
        else ""
    )


def _what_lead_says(item: Paragraph, values: Sequence[str]) -> str:
    """The figure that the words above a list name, as the header of a column; "" where they name none, or the values are of
    another kind."""
    above = item.lead or item.heading.rsplit(" / ", maxsplit=1)[-1]
    kappa, agreement = SAYS_KAPPA.search(above), SAYS_AGREEMENT.search(above)
    shares = all("%" in value or read_part(value) for value in values)
    if agreement and shares and not (kappa and not any("%" in value for value in values)):
        return above[-120:] if len(above) <= 60 and not kappa else agreement[0]
    if kappa and not any("%" in value or read_part(value) for value in values):
        return kappa[0]
    return ""
