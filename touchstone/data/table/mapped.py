"""A table and what its columns are, as tasks and drafts.

A row is a task and its draft; with several columns of texts, a draft for each; rows of one id are drafts of one task, whose
shown fields, cluster and partition must then be the same. Ids are stable: the same table gives the same again.

    one text column, one row an id    the draft has the task's id
    several text columns              ID-COLUMN, by the column's title as author unless a column says who wrote it (so does the
                                      title of a single one, where it has another than its name)
    several rows an id                ID-AUTHOR where a column says so, else ID- and six hex of SHA-256 of the text
    no id                             the task is row- and twelve hex of SHA-256 of what the row holds

A field to slice by goes to the task; where drafts of one task differ in it, to the drafts. Empty cells are absent.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from touchstone.data.table.column_facts import facts_of
from touchstone.data.table.mapping import ROLES, TableMapping
from touchstone.data.table.source_table import SourceTable
from touchstone.data.task import LONGEST_ID, Draft, Task
from touchstone.english import listed, many, ranges
from touchstone.errors import Problem, without
from touchstone.files.table_rows import TableRow

OWN_FIELDS = ("dimension", "source_mode", "difficulty")  # of a task, beside what others call their fields


class LeftOver(NamedTuple):
    """A column that is mapped to nothing."""

    column: str
    could_hold_texts: bool


@dataclass(frozen=True)
class MappedTable:
    """What a table gives. `remarks`: sentences to be read before anything is stored; `left_over`: columns mapped to nothing."""

    tasks: list[Task]
    drafts: list[Draft]
    problems: list[Problem]
    remarks: tuple[str, ...]
    left_over: tuple[LeftOver, ...]

    @property
    def sentence(self) -> str:
        return f"{many(len(self.tasks), 'task')} and {many(len(self.drafts), 'draft')}"

    @property
    def left_over_sentence(self) -> str:
        """The columns that are mapped to nothing, those that could hold texts first; "" for none."""
        texts = [each.column for each in self.left_over if each.could_hold_texts]
        rest = [each.column for each in self.left_over if not each.could_hold_texts]
        said = [f"mapped to nothing, and could hold texts: {listed(texts)}"] if texts else []
        said += [f"ignored: {listed(rest[:20])}{' …' if len(rest) > 20 else ''}"] if rest else []
        return "; ".join(said)

    def first_drafts(self, most: int = 3) -> list[tuple[Task, Draft]]:
        by_id = {task.task_id: task for task in self.tasks}
        return [(by_id[draft.task_id], draft) for draft in self.drafts[:most]]


class _Row(NamedTuple):
    """A row with a text: its task's id, and each text with its column's title and the name of the column."""

    line: int
    task_id: str
    texts: list[tuple[str, str, str]]
    cells: Mapping[str, str]


def mapped(table: SourceTable, mapping: TableMapping) -> MappedTable:
    """Tasks and drafts of a table, every problem with its line, and what must be said. Raises ValueError for a mapping that does
    not fit it: see `TableMapping.wrong`."""
    if wrong := mapping.wrong(table.columns):
        raise ValueError(wrong)
    roles = mapping.roles
    left_over = tuple(LeftOver(each.name, each.could_hold_texts) for each in facts_of(table) if each.name not in roles)
    problems: list[Problem] = []
    rows, remarks = _rows(table, mapping, problems)
    several = len({row.task_id for row in rows}) < len(rows)
    differing = {field for field in mapping.slices if several and _differs(rows, field)}
    tasks: dict[str, Task] = {}
    drafts: dict[str, Draft] = {}
    again = list[int]()
    for row in rows:
        task = _task(row, mapping, differing)
        first = tasks.setdefault(task.task_id, task)
        if first is not task and first.digest != task.digest:
            problems.append(_differing(first, task, mapping))
            continue
        for text, title, column in row.texts:
            author = row.cells.get(mapping.author, "").strip() or (title if len(mapping.texts) > 1 or title != column else None)
            extra = {field: row.cells[field] for field in mapping.slices if field in differing and field in row.cells}
            draft_id = _draft_id(row, text, column, author, mapping, several)
            if len(draft_id) > LONGEST_ID:
                problems.append(
                    Problem(
                        row.line,
                        f"the draft’s id {draft_id[:40]}… has {many(len(draft_id), 'character')}; at most {LONGEST_ID} are taken",
                    )
                )
                continue
            draft = Draft(draft_id, row.task_id, text, author, extra, row.line)
            known = drafts.setdefault(draft_id, draft)
            if known is draft:
                continue
            again.append(row.line)
            if known.digest != draft.digest:
                problems.append(_second(known, draft, mapping))
    if again:
        same = "the same as an earlier one, taken once" if len(again) == 1 else "the same as earlier ones, taken once each"
        remarks.append(f"{many(len(again), 'draft')} {'is' if len(again) == 1 else 'are'} {same}: {_lines(again)}")
    if not drafts and not problems:
        problems.append(
            Problem(None, f"no row has a text in {listed([each.column for each in mapping.texts])}: there is nothing to judge")
        )
    return MappedTable(list(tasks.values()), list(drafts.values()), problems, tuple(remarks), left_over)


def _lines(numbers: Sequence[int]) -> str:
    return f"{'line' if len(set(numbers)) == 1 else 'lines'} {ranges(numbers)}"


def _rows(table: SourceTable, mapping: TableMapping, problems: list[Problem]) -> tuple[list[_Row], list[str]]:
    """The rows that have a text, and sentences on those that have none."""
    rows, without_text = list[_Row](), list[TableRow]()
    missing: Counter[str] = Counter()
    named = list(dict.fromkeys(mapping.columns))
    places = {name: table.columns.index(name) for name in named}
    for row in table.rows:
        cells = {name: row.cells[place] for name, place in places.items() if row.cells[place].strip()}
        texts = [(cells[each.column], each.title, each.column) for each in mapping.texts if each.column in cells]
        if not texts:
            without_text.append(row)
            continue
        missing.update(each.column for each in mapping.texts if each.column not in cells)
        task_id = cells.get(mapping.id, "").strip() if mapping.id else _derived(cells)
        if wrong := _wrong_id(task_id, mapping.id):
            problems.append(Problem(row.line, wrong))
        else:
            rows.append(_Row(row.line, task_id, texts, cells))
    remarks = []
    if not mapping.id and rows:
        remarks.append("no column is the id: each id is derived from what its row holds, so the same rows add nothing twice")
    if without_text:
        lines = [row.line for row in without_text]
        first = next((cell.strip() for cell in without_text[0].cells if cell.strip()), "")
        shown = f" (“{first[:40]}” …)" if first else ""
        remarks.append(f"{many(len(lines), 'row')} without a text to judge, left out: {_lines(lines)}{shown}")
    remarks += [f"no text in {many(number, 'row')} of {column}: no draft there" for column, number in missing.items()]
    return rows, remarks


def _derived(cells: Mapping[str, str]) -> str:
    content = json.dumps(sorted(cells.items()), ensure_ascii=False)
    return f"row-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _wrong_id(task_id: str, column: str) -> str:
    if not task_id:
        return f"there is a text and no {column}, the column mapped as the id; fill it in, or map no column as the id"
    if len(task_id) > LONGEST_ID:
        size = many(len(task_id), "character")
        return f"{column} has {size}; at most {LONGEST_ID} are taken for an id: map another column, or none"
    if not task_id.isprintable():
        return f"{column} {task_id!r} contains an invisible character; remove it, or map another column as the id"
    return ""


def _differs(rows: Sequence[_Row], field: str) -> bool:
    """Whether drafts of one task differ in a field."""
    first: dict[str, str | None] = {}
    return any(first.setdefault(row.task_id, row.cells.get(field)) != row.cells.get(field) for row in rows)


def _task(row: _Row, mapping: TableMapping, differing: set[str]) -> Task:
    fields = {field: row.cells[field].strip() for field in mapping.slices if field not in differing and field in row.cells}
    own: dict[str, Any] = {field: fields.pop(field) for field in OWN_FIELDS if field in fields}
    return Task(
        row.task_id,
        {each.title: row.cells[each.column] for each in mapping.shown if each.column in row.cells},
        partition=row.cells.get(mapping.partition, "").strip() or None,
        cluster=row.cells.get(mapping.cluster, "").strip() or row.task_id,
        extra=fields,
        line=row.line,
        **own,
    )


def _draft_id(row: _Row, text: str, column: str, author: str | None, mapping: TableMapping, several: bool) -> str:
    """The task's id, with what tells its drafts apart and does not say who wrote them: whoever adjudicates reads it."""
    parts = [row.task_id]
    if len(mapping.texts) > 1:
        parts.append(str([each.column for each in mapping.texts].index(column) + 1))
    if several:
        parts.append(short_digest(author or text))
    return "-".join(parts)


def short_digest(words: str) -> str:
    """A few characters that stand for words in an id: the same for the same words."""
    return hashlib.sha256(words.encode()).hexdigest()[:6]


def _differing(first: Task, task: Task, mapping: TableMapping) -> Problem:
    """The problem of two rows of one id that are not of one task."""
    ways = [
        (ROLES["shown"], [key for key in {**first.input, **task.input} if first.input.get(key) != task.input.get(key)]),
        (ROLES["cluster"], [mapping.cluster] if first.cluster != task.cluster else []),
        (ROLES["partition"], [mapping.partition] if first.partition != task.partition else []),
    ]
    role, names = next((role, names) for role, names in ways if names)
    reason = (
        f"{task.task_id} is on line {first.line} with another {names[0]} ({role}); drafts of one task have it in common: map "
        "another column as the id, or none, or ignore that column"
    )
    return Problem(task.line, reason, without(reason, task.task_id, first.line))


def _second(known: Draft, draft: Draft, mapping: TableMapping) -> Problem:
    """The problem of two drafts that would have one id."""
    by = f" by {draft.author}" if draft.author else ""
    reason = (
        f"{draft.task_id} has two different texts{by}, on lines {known.line} and {draft.line}; map another column as the author"
        f"{'' if mapping.author else ', or as the id'}, or none"
    )
    return Problem(draft.line, reason, without(reason, draft.task_id, known.line, draft.line))


def with_partition(made: MappedTable, partition: str) -> MappedTable:
    """The same with one partition for every task."""
    return replace(made, tasks=[replace(task, partition=partition) for task in made.tasks])
