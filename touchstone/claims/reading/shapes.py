"""What kind of table a table is; tables of figures by name turned to rows, and lists as tables."""

from collections.abc import Sequence

from touchstone.claims.reading.columns import (
    AGREEMENTS,
    DISAGREEMENTS,
    KAPPAS,
    MEAN,
    PERCENT,
    POSITIVE,
    SCORE,
    SUM,
    UNIT,
    Column,
    N,
    column_of,
    plain,
)
from touchstone.claims.reading.words import any_of
from touchstone.claims.rounding import read_whole

CLAIMS, LISTING, MATRIX, COUNTS, LEGEND, TURNED, OTHER = "claims", "listing", "matrix", "counts", "legend", "turned", "other"
FIGURES_THAT_SAY = {PERCENT, AGREEMENTS, DISAGREEMENTS, *KAPPAS}
ENDS = r"[-−]?\d?[.,]?\d+"
RANGE = any_of(
    rf"\s*(?:[<>≤≥=]+\s*)?{ENDS}\s*(?:-|–|—|to)\s*{ENDS}\s*", rf"\s*(?:[<>≤≥]=?|below|above|under|over)\s*{ENDS}\s*.{{0,12}}"
)
RANK_WORDS = any_of(r"\b(slight|fair|moderate|substantial|almost perfect|poor|excellent|good|weak|strong|perfect)\b")
RATERS = any_of(
    r"\b(?:round|rater|annotator|coder|labell?er|judge|reviewer|time|pass(?= ?[12ab]\b)|session|day|run|person|human|model)s?\s*"
    r"[12ab]?\b[:\s]*",
    r"\b[rat][12]\b[:\s]*|^[ab](?=[:\s])[:\s]*|\b(?:total|sum|marginal)\b",
)


def kind_of(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """`rows`: the cells. A matrix has the names of its rows as headers too; a table of counts has whole numbers in it."""
    names = [row[0] for row in rows]
    if counts_in(columns, rows) is not None:
        return COUNTS
    heads = [plain(each.header) for each in columns[1:]]
    if len(heads) > 1 and len({plain(name) for name in names} & {each for each in heads if each}) * 2 > len(heads):
        return MATRIX
    if _is_legend(columns, rows):
        return LEGEND
    roles = {each.role for each in columns}
    if UNIT in roles and {each.who for each in columns if each.role == SCORE} == {1, 2}:
        return LISTING
    if roles & {PERCENT, *KAPPAS} or N in roles and roles & {MEAN, SUM, DISAGREEMENTS, AGREEMENTS}:
        return CLAIMS
    if {AGREEMENTS, DISAGREEMENTS} <= roles or POSITIVE in roles and roles & FIGURES_THAT_SAY:
        return CLAIMS
    return TURNED if _is_turned(rows) else OTHER


def _is_legend(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bool:
    """Ranges of a coefficient with what they are called."""
    ranges = [sum(RANGE.fullmatch(row[place].strip("*` ")) is not None for row in rows) for place in range(len(columns))]
    read = {place for place, each in enumerate(columns) if each.role in (PERCENT, N, MEAN, SUM)}
    ranked = sum(any(RANK_WORDS.search(cell) for cell in row) for row in rows)
    return bool(ranges) and max(ranges) * 2 > len(rows) and (ranked * 2 > len(rows) or not read)


def _is_turned(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows are named as columns usually are: Metric | Value."""
    found = {column_of(row[0], row[1:2], is_first=False).role for row in rows if len(row) > 1}
    return (
        bool(found & {PERCENT, *KAPPAS})
        or {AGREEMENTS, DISAGREEMENTS} <= found
        or N in found
        and bool(found & {AGREEMENTS, DISAGREEMENTS})
    )


def label_of(name: str) -> str:
    """A level as the header or the name of a row gives it, without who gave it."""
    return plain(RATERS.sub(" ", name.replace("*", " ").replace("`", " ").replace("_", " ").strip()))


def counts_in(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[list[int], list[int]] | None:
    """The rows and the columns that hold the counts of a table of one annotator's levels by the other's, in one order of the
    levels; None where it is no such table."""
    across = {label_of(each.header): place for place, each in enumerate(columns) if place and label_of(each.header)}
    down = {label_of(row[0]): place for place, row in enumerate(rows) if label_of(row[0])}
    levels = [label for label in across if label in down]
    if not 2 <= len(levels) <= 10 or len(levels) < max(len(across), len(down)):
        return None
    if len(columns) - len(across) > 2 or len(rows) - len(down) > 1:
        return None
    at_rows, at_columns = [down[label] for label in levels], [across[label] for label in levels]
    cells = [rows[row][column] for row in at_rows for column in at_columns]
    values = [read_whole(cell) for cell in cells]
    if None in values or any("%" in cell for cell in cells) or sum(value or 0 for value in values) < 2:
        return None
    return at_rows, at_columns
