"""Labels and decisions read from CSV: for a round, and for its adjudication.

Every reader returns what is good and every problem with its line; whoever calls it refuses the file when there is one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from touchstone.data.gold import CAUSES
from touchstone.data.label import COUNTS, UNIT_COLUMNS, VALUE_COLUMNS, does_not_count
from touchstone.english import listed, many
from touchstone.errors import Problem
from touchstone.files.csv_rows import rows_by_header
from touchstone.rubric.model import Dimension, Rubric


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


class LabelColumns(NamedTuple):
    """The columns by which a header names the unit and the value."""

    unit: str
    value: str


def _rows(
    source: bytes, needed: Sequence[str], problems: list[Problem]
) -> tuple[list[tuple[int, dict[str, str]]], LabelColumns | None]:
    """The rows with their lines; no columns, with a problem, where the header lacks one or nothing stands under it."""
    rows = list(rows_by_header(source, problems))
    if not rows and not problems:
        problems.append(Problem(None, "the file has no rows under its header; it needs one label per row"))
    if problems:
        return rows, None
    header = rows[0][1]
    chosen = [next((name for name in names if name in header), "") for names in (UNIT_COLUMNS, VALUE_COLUMNS)]
    lacking = [names for names, name in zip((UNIT_COLUMNS, VALUE_COLUMNS), chosen, strict=True) if not name]
    lacking += [(name,) for name in needed if name not in header]
    if lacking:
        problems.append(Problem(1, f"there is no column {' or '.join(lacking[0])}; the header has {', '.join(header)}"))
        return rows, None
    return rows, LabelColumns(*chosen)


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
        raise ValueError(f"{name.strip() or 'a blank'} is not a dimension here; there are {', '.join(keys)}")
    return found


def _draft(drafts: Mapping[str, str], row: Mapping[str, str], column: str, whose: str) -> str:
    """The draft a cell names: by its own id, or by its task's where that has one draft here."""
    unit = row[column].strip()
    if unit in drafts and column != "task_id":
        return unit
    of_task = [draft for draft, task in drafts.items() if task == unit]
    if column != "draft_id" and len(of_task) == 1:
        return of_task[0]
    if column != "draft_id" and of_task:
        raise ValueError(f"task {unit} has {many(len(of_task), 'draft')} here ({', '.join(of_task)}); use a column draft_id")
    raise ValueError(f"{unit or 'a blank'} is not one of the drafts {whose}")


def read_labels(
    source: bytes, annotator: str, drafts: Mapping[str, str], rubric: Rubric, keys: Sequence[str]
) -> tuple[list[FileRow], int, list[Problem]]:
    """One annotator's labels for a round: long CSV `draft_id,dimension,value`, optional `note`, `skip`, `annotator`. A row that
    says no under `counts` and skips nothing is passed over.

    `drafts` are those assigned to the annotator (draft_id -> task_id), `keys` the round's dimensions. A draft needs
    all of them, or a reason in `skip`. Returns the drafts in file order, how many rows were other annotators', and the
    problems.
    """
    problems: list[Problem] = []
    rows, columns = _rows(source, ("dimension",), problems)
    if columns is None:
        return [], 0, problems
    rows = [(line, row) for line, row in rows if not does_not_count(row.get(COUNTS, "")) or row.get("skip", "").strip()]
    mine = [(line, row) for line, row in rows if row.get("annotator", "").strip().casefold() in ("", annotator.casefold())]
    labels = _Labels()
    for line, row in mine:
        try:
            draft = _draft(drafts, row, columns.unit, f"assigned to {annotator}")
            if labels.is_of_a_dimension(draft, row):
                dimension = _dimension(rubric, keys, row["dimension"])
                labels.refuse_second(draft, dimension.key, line)
                labels.values[draft][dimension.key] = _value(dimension, row[columns.value])
        except ValueError as wrong:
            problems.append(Problem(line, str(wrong)))
    labels.find_incomplete(keys, problems)
    others = len(rows) - len(mine)
    if others and not labels.values and not problems:
        problems.append(Problem(None, f"no row is by {annotator}; the column annotator names others"))
    return labels.rows, others, problems


@dataclass
class _Labels:
    """The labels of a file, by draft. `first`: the line of each cell."""

    values: dict[str, dict[str, int | str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    skips: dict[str, str] = field(default_factory=dict)
    first: dict[tuple[str, str], int] = field(default_factory=dict)

    def is_of_a_dimension(self, draft: str, row: Mapping[str, str]) -> bool:
        """Keep what a row says of the draft as a whole; False for one that skips it."""
        self.values.setdefault(draft, {})
        if note := row.get("note", "").strip():
            self.notes[draft] = note
        if skip := row.get("skip", "").strip():
            self.skips[draft] = skip
        return not skip

    def refuse_second(self, draft: str, key: str, line: int) -> None:
        if (first := self.first.setdefault((draft, key), line)) != line:
            raise ValueError(f"{draft} has {key} on line {first} already; keep one")

    def find_incomplete(self, keys: Sequence[str], problems: list[Problem]) -> None:
        """Drafts both skipped and labelled; and the first that lacks a label, where nothing else is wrong."""
        for draft, given in self.values.items():
            missing = [key for key in keys if key not in given]
            if draft in self.skips and given:
                problems.append(Problem(None, f"{draft} is skipped and labelled in the same file; keep one"))
            elif draft not in self.skips and missing and not problems:
                problems.append(Problem(None, f"{draft} has no {listed(missing)}; a draft is labelled whole, or skipped"))

    @property
    def rows(self) -> list[FileRow]:
        return [
            FileRow(draft, given, self.notes.get(draft, ""), self.skips.get(draft, "")) for draft, given in self.values.items()
        ]


def read_decisions(
    source: bytes, drafts: Mapping[str, str], rubric: Rubric, keys: Sequence[str]
) -> tuple[list[Decision], list[Problem]]:
    """Adjudications for a round: CSV `draft_id,dimension,value,reason,cause`."""
    problems: list[Problem] = []
    rows, columns = _rows(source, ("dimension", "reason", "cause"), problems)
    if columns is None:
        return [], problems
    decisions: list[Decision] = []
    for line, row in rows:
        try:
            draft = _draft(drafts, row, columns.unit, "of this round")
            dimension = _dimension(rubric, keys, row["dimension"])
            cause = row["cause"].strip().casefold()
            if cause not in CAUSES:
                raise ValueError(f"cause is {row['cause'].strip() or 'blank'}; it takes {', '.join(CAUSES)}")
            if not row["reason"].strip():
                raise ValueError("the reason is blank; a decision needs one")
            value = _value(dimension, row[columns.value])
            decisions.append(Decision(draft, dimension.key, value, row["reason"].strip(), cause))
        except ValueError as wrong:
            problems.append(Problem(line, str(wrong)))
    decided = Counter((decision.draft_id, decision.dimension) for decision in decisions)
    problems += [
        Problem(None, f"{draft} / {key} is decided {many(number, 'time')} in the file; keep one")
        for (draft, key), number in decided.items()
        if number > 1
    ]
    return decisions, problems
