"""Labels and decisions read from CSV: for a round, for its adjudication, and as a label set from elsewhere.

Every reader returns what is good and every problem with its line; whoever calls it refuses the file when there is one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from touchstone.data.counts import LabelRow
from touchstone.data.task import csv_rows
from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.importing.contract import UNIT_COLUMNS, VALUE_COLUMNS, Names
from touchstone.importing.formats import read
from touchstone.importing.vocabulary import Answers, settle
from touchstone.rubric.model import Dimension, Rubric

CAUSES = ("rubric unclear", "slip", "missing context", "true ambiguity")


class FileRow(NamedTuple):
    """One draft of a file of labels: values by dimension and a note, or a reason to skip it."""

    draft_id: str
    values: Mapping[str, int | str]
    note: str
    skip: str


class Decision(NamedTuple):
    """One line of a file of adjudications."""

    draft_id: str
    dimension: str
    value: int | str
    reason: str
    cause: str


class LabelSetFile(NamedTuple):
    """One file of a label set: its labels in file order, the columns left out, its problems."""

    rows: list[LabelRow]
    annotators: tuple[str, ...]
    left_out: tuple[str, ...]
    problems: list[Problem]


def _column(header: Iterable[str], names: Sequence[str], problems: list[Problem]) -> str | None:
    found = next((name for name in names if name in header), None)
    if found is None and not problems:
        problems.append(Problem(1, f"there is no column {' or '.join(names)}; the header has {', '.join(header)}"))
    return found


def _rows(source: bytes, problems: list[Problem]) -> tuple[list[tuple[int, dict[str, str]]], tuple[str, ...]]:
    rows = list(csv_rows(source, problems))
    if not rows and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one label a row"))
    return rows, tuple(rows[0][1]) if rows else ()


def _value(dimension: Dimension, text: str) -> int | str:
    value = dimension.parse(text.strip())
    if value is None:
        raise ValueError(
            f"{dimension.key} takes {listed([str(each) for each in dimension.values])}, not {text.strip() or 'a blank'}"
        )
    return value


def _dimension(rubric: Rubric, keys: Sequence[str], name: str) -> Dimension:
    found = rubric.dimension(name.strip())
    if found is None or found.key not in keys:
        raise ValueError(f"{name.strip() or 'a blank'} is no dimension here; there are {', '.join(keys)}")
    return found


def _draft(drafts: Mapping[str, str], unit: str, column: str, whose: str) -> str:
    """The draft a cell names: by its own id, or by its task's where that has one draft here."""
    if unit in drafts and column != "task_id":
        return unit
    of_task = [draft for draft, task in drafts.items() if task == unit]
    if column != "draft_id" and len(of_task) == 1:
        return of_task[0]
    if column != "draft_id" and of_task:
        raise ValueError(f"task {unit} has {len(of_task)} drafts here ({', '.join(of_task)}); use a column draft_id")
    raise ValueError(f"{unit or 'a blank'} is none of the drafts {whose}")


def read_labels(
    source: bytes, annotator: str, drafts: Mapping[str, str], rubric: Rubric, keys: Sequence[str]
) -> tuple[list[FileRow], int, list[Problem]]:
    """One annotator's labels for a round: long CSV `draft_id,dimension,value`, optional `note`, `skip`, `annotator`.

    `drafts` are those assigned to the annotator (draft_id -> task_id), `keys` the round's dimensions. A draft needs
    all of them, or a reason in `skip`. Returns the drafts in file order, how many rows were other annotators', and the
    problems.
    """
    problems: list[Problem] = []
    rows, header = _rows(source, problems)
    unit = _column(header, UNIT_COLUMNS, problems)
    score = _column(header, VALUE_COLUMNS, problems)
    _column(header, ("dimension",), problems)
    if problems:
        return [], 0, problems
    others, seen = 0, {}
    values: dict[str, dict[str, int | str]] = {}
    notes: dict[str, str] = {}
    skips: dict[str, str] = {}
    for line, row in rows:
        if row.get("annotator", "").strip() and row["annotator"].strip().casefold() != annotator.casefold():
            others += 1
            continue
        try:
            draft = _draft(drafts, row[unit].strip(), unit, f"assigned to {annotator}")
            values.setdefault(draft, {})
            if row.get("note", "").strip():
                notes[draft] = row["note"].strip()
            if row.get("skip", "").strip():
                skips[draft] = row["skip"].strip()
                continue
            dimension = _dimension(rubric, keys, row["dimension"])
            if (first := seen.setdefault((draft, dimension.key), line)) != line:
                raise ValueError(f"{draft} has {dimension.key} on line {first} already; keep one")
            values[draft][dimension.key] = _value(dimension, row[score])
        except ValueError as wrong:
            problems.append(Problem(line, str(wrong)))
    for draft, given in values.items():
        missing = [key for key in keys if key not in given]
        if draft in skips and given:
            problems.append(Problem(None, f"{draft} is skipped and labelled in the same file; keep one"))
        elif draft not in skips and missing and not problems:
            problems.append(Problem(None, f"{draft} has no {listed(missing)}; a draft is labelled whole, or skipped"))
    if others and not values and not problems:
        problems.append(Problem(None, f"no row is by {annotator}; the column annotator names others"))
    return (
        [FileRow(draft, given, notes.get(draft, ""), skips.get(draft, "")) for draft, given in values.items()],
        others,
        problems,
    )


def read_decisions(
    source: bytes, drafts: Mapping[str, str], rubric: Rubric, keys: Sequence[str]
) -> tuple[list[Decision], list[Problem]]:
    """Adjudications for a round: CSV `draft_id,dimension,value,reason,cause`."""
    problems: list[Problem] = []
    rows, header = _rows(source, problems)
    unit = _column(header, UNIT_COLUMNS, problems)
    score = _column(header, VALUE_COLUMNS, problems)
    for name in ("dimension", "reason", "cause"):
        _column(header, (name,), problems)
    decisions: list[Decision] = []
    for line, row in rows if not problems else ():
        try:
            draft = _draft(drafts, row[unit].strip(), unit, "of this round")
            dimension = _dimension(rubric, keys, row["dimension"])
            cause = row["cause"].strip().casefold()
            if cause not in CAUSES:
                raise ValueError(f"cause is {row['cause'].strip() or 'blank'}; it takes {', '.join(CAUSES)}")
            if not row["reason"].strip():
                raise ValueError("the reason is blank; a decision needs one")
            value = _value(dimension, row[score])
            decisions.append(Decision(draft, dimension.key, value, row["reason"].strip(), cause))
        except ValueError as wrong:
            problems.append(Problem(line, str(wrong)))
    twice = Counter((each.draft_id, each.dimension) for each in decisions)
    problems += [
        Problem(None, f"{draft} / {key} is decided {number} times in the file; keep one")
        for (draft, key), number in twice.items()
        if number > 1
    ]
    return decisions, problems


def read_label_set(source: bytes, annotator: str, rubric: Rubric, *, blank: str | None = None) -> LabelSetFile:
    """One file of a label set, in any of `importing.formats`. Labels that name nobody are `annotator`'s. What is no dimension
    is listed as left out.

    `blank="missing"` takes an empty cell for no label; without it an empty cell is a problem that names the option.
    """
    made = settle(read(source, Names(rubric)), rubric, annotator, Answers({"blank": blank} if blank else {}))
    return LabelSetFile(made.rows, made.annotators, tuple(made.reading.left_out), made.all_problems)
