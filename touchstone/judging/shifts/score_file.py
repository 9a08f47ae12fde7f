"""Scores of texts read from CSV: a row a text, the columns named by whoever asks."""

from typing import NamedTuple

from touchstone.english import listed, many
from touchstone.errors import Problem, Refused
from touchstone.files.csv_rows import rows_by_header

MOST = 100_000  # texts
LARGEST = 1e9


class ScoreColumns(NamedTuple):
    """Which column is which; `people` and `cluster` may be "": then nobody's labels are there, and each text stands alone."""

    new: str
    old: str
    people: str = ""
    cluster: str = ""


class FileScores(NamedTuple):
    """(n,) of each text; `people` None where no column was named. `left_out`: rows that lack a score."""

    new: tuple[float, ...]
    old: tuple[float, ...]
    people: tuple[float, ...] | None
    clusters: tuple[str, ...]
    left_out: int


def read_scores(source: bytes, file_name: str, columns: ScoreColumns) -> FileScores:
    """The rows that have every score asked for. Raises Refused for a column that is not there, a cell that is no number, and
    where no row has both scores."""
    if columns.new == columns.old:
        raise Refused(
            f"new and old are both {columns.new}: a score is not apart from itself; name two columns", way=("old COLUMN",)
        )
    problems: list[Problem] = []
    rows: list[tuple[list[float], str]] = []
    left_out = 0
    wanted = [columns.new, columns.old, *([columns.people] if columns.people else [])]
    for number, (line, cells) in enumerate(rows_by_header(source, problems)):
        if not number and (missing := [each for each in (*wanted, columns.cluster) if each and each not in cells]):
            raise Refused(f"{file_name} has no column {listed(missing, 'or')}; the header has {listed([*cells][:20])}")
        if number == MOST:
            raise Refused(f"{file_name} has more than {MOST:,} rows; take fewer")
        if not all(cells[each].strip() for each in wanted):
            left_out += 1
            continue
        numbers = [_number(line, each, cells[each], problems) for each in wanted]
        kept = [each for each in numbers if each is not None]
        if len(kept) == len(wanted):
            rows.append((kept, cells[columns.cluster].strip() if columns.cluster else str(line)))
    if problems:
        raise Refused(f"{file_name} is refused: {many(len(problems), 'problem')}", problems)
    if not rows:
        raise Refused(f"{file_name} has no row with {listed(wanted)}; name other columns, or fill them in")
    new, old, *people = zip(*(own for own, _ in rows), strict=True)
    return FileScores(new, old, people[0] if people else None, tuple(cluster for _, cluster in rows), left_out)


def _number(line: int, column: str, cell: str, problems: list[Problem]) -> float | None:
    try:
        number = float(cell) if len(cell) <= 40 else LARGEST * 2
    except ValueError:
        number = LARGEST * 2
    if abs(number) <= LARGEST:  # nan is not
        return number
    problems.append(Problem(line, f"{column} is {cell.strip()[:20]!r}, and no number", f"{column} is no number"))
    return None
