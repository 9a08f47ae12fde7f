"""Gold as tables for people and for training: a row a cell or a row a draft, with what is known of the draft, as CSV and XLSX."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import sqlalchemy as sa

from db.store import tasks as stored_tasks
from db.store.data import fields as stored_fields
from touchstone.data.gold import Cell
from touchstone.data.task_input import fields_of
from touchstone.english import many
from touchstone.files.writing.delimited import CountedRows, Value, write_delimited
from touchstone.files.writing.workbook import workbook
from touchstone.rubric.model import Rubric
from workflow.data.fields import MOST_COLUMNS, own_values
from workflow.exporting.label_export import about_rows
from workflow.rounds.rounds import Round

COLUMNS = (
    "task_id",
    "draft_id",
    "dimension",
    "value",
    "source",
    "round",
    "rubric",
    "rubric_digest",
    "label_ids",
    "adjudication_id",
)  # of gold.csv
CELL, DRAFT = PER = ("cell", "draft")
ENDINGS = ("csv", "xlsx")
OF_DRAFT = ("author", "partition", "cluster", "target_dimension", "source_mode", "difficulty")
BY_DRAFT = ("draft_id", "task_id")
ROUND = ("round", "rubric", "rubric_digest")
WHY = {
    "single": "labelled once, as planned",
    "disagreement": "its labels differ, and nobody has decided yet",
    "skipped": "somebody skipped the draft, so fewer than two labels are left",
    "missing": "labels are missing: fewer than two were given",
}


@dataclass(frozen=True)
class Form:
    """What an export writes beside its four files: a table `per` cell or draft, with the drafts' texts and the fields of their
    tasks; `bom`: a byte order mark in every CSV."""

    per: str = ""
    texts: bool = False
    bom: bool = False

    @property
    def stem(self) -> str:
        """The name of the table's files; "" where none is asked for."""
        return f"gold_by_{self.per or CELL}" if self.per or self.texts else ""

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the table's files."""
        return tuple(f"{self.stem}.{ending}" for ending in ENDINGS) if self.stem else ()


PLAIN = Form()
FURTHER = tuple(f"gold_by_{per}.{ending}" for per in PER for ending in ENDINGS)


class SomeGold(NamedTuple):
    """Some drafts (ids) of a closed round, all their cells, and those that leave."""

    ids: Sequence[int]
    cells: Sequence[Cell]
    settled: Sequence[Cell]


class GoldInParts(NamedTuple):
    """The gold of a closed round as it leaves: `parts` goes through it, some drafts in hand at a time, whenever it is called;
    `row` makes the row of gold.csv."""

    round: Round
    rubric: Rubric
    parts: Callable[[], Iterator[SomeGold]]
    row: Callable[[Cell], Mapping[str, Any]]


class _Table(NamedTuple):
    """Columns and rows, which are made whenever they are called, and what each column is."""

    columns: Sequence[str]
    rows: Callable[[], Iterator[Sequence[Value]]]
    meanings: Mapping[str, str]


class _Known(NamedTuple):
    """What is known of the drafts beside their gold: the columns in which some draft has a value, those of OF_DRAFT in which none
    has, how many fields are beyond MOST_COLUMNS; and the titles of the tasks' fields, in the order shown."""

    columns: tuple[str, ...]
    empty: tuple[str, ...]
    beyond: int
    titles: tuple[str, ...]


class _Draft(NamedTuple):
    """What is known of a draft, and what was written of it."""

    known: Mapping[str, Value]
    text: str
    fields: Mapping[str, str]


def table_files(connection: sa.Connection, gold: GoldInParts, form: Form, folder: Path) -> tuple[Sequence[str], dict[str, Any]]:
    """Write the files that a form asks for into a folder; their names, and what they say of themselves; nothing for the plain
    form."""
    if not form.stem:
        return (), {}
    known = _known(connection, gold)
    table = (_by_draft if form.per == DRAFT else _by_cell)(connection, gold, known, form)
    not_in_it = _not_in_it(known, form)
    with (folder / f"{form.stem}.csv").open("wb") as out:
        rows = CountedRows(table.rows())
        write_delimited(out, table.columns, rows, bom=form.bom)
    with (folder / f"{form.stem}.xlsx").open("wb") as out:
        told = _write_workbook(out, gold, table, not_in_it, form)
    about = {
        "files": sorted(form.files),
        "a_row_a": form.per or CELL,
        "rows": rows.number,
        "texts": form.texts,
        "columns": table.meanings,
        "not_in_it": not_in_it,
        "changed_in_the_workbook": told,
    }
    return form.files, about


def _drafts(connection: sa.Connection, gold: GoldInParts, part: SomeGold) -> dict[str, _Draft]:
    """Those of some drafts that have gold: author, cluster and the like, then the project's own fields."""
    wanted = {cell.draft_id for cell in part.settled}
    own = {row.draft_id: own_values(row) for row in stored_fields.fields_of_some(connection, gold.round.id, part.ids)}
    return {
        row.draft_id: _Draft(
            {
                **{name: getattr(row, "target" if name == "target_dimension" else name) for name in OF_DRAFT},
                **{f"field: {name}": value for name, value in own[row.draft_id].items()},
            },
            row.text,
            _titled(fields_of(row.input, gold.rubric.fields)),
        )
        for row in stored_tasks.drafts_of_round(connection, gold.round.id, part.ids)
        if row.draft_id in wanted
    }


def _known(connection: sa.Connection, gold: GoldInParts) -> _Known:
    """Without the columns in which no draft has anything."""
    has, titles = dict[str, None](), dict[str, None]()
    for part in gold.parts():
        for draft in _drafts(connection, gold, part).values():
            has |= dict.fromkeys(name for name, value in draft.known.items() if value not in (None, ""))
            titles |= dict.fromkeys(draft.fields)
    fields = [name for name in has if name not in OF_DRAFT]
    return _Known(
        (*(name for name in OF_DRAFT if name in has), *fields[:MOST_COLUMNS]),
        tuple(name for name in OF_DRAFT if name not in has),
        len(fields[MOST_COLUMNS:]),
        tuple(titles),
    )


def _titled(fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The fields by the name of their column: "task: " and the title, with a number where two have one title. No other column has
    a colon and a space after "task"."""
    found: dict[str, str] = {}
    for title, text in fields:
        name, number = f"task: {title}", 2
        while name in found:
            name, number = f"task: {title} ({number})", number + 1
        found[name] = text
    return found


def _texts(draft: _Draft, columns: Sequence[str]) -> Iterator[Value]:
    return (draft.text if name == "text" else draft.fields.get(name) for name in columns)


def _columns_of_texts(known: _Known, form: Form) -> tuple[str, ...]:
    """text, and every field that one of the tasks has, in the order shown."""
    return ("text", *known.titles) if form.texts else ()


def _by_cell(connection: sa.Connection, gold: GoldInParts, known: _Known, form: Form) -> _Table:
    texts = _columns_of_texts(known, form)

    def rows() -> Iterator[Sequence[Value]]:
        for part in gold.parts():
            drafts = _drafts(connection, gold, part)
            for cell in part.settled:
                draft = drafts[cell.draft_id]
                yield (*gold.row(cell).values(), *map(draft.known.get, known.columns), *_texts(draft, texts))

    columns = (*COLUMNS, *known.columns, *texts)
    return _Table(columns, rows, {"columns of gold.csv": "as in gold.csv", **_meanings(known, form)})


def _by_draft(connection: sa.Connection, gold: GoldInParts, known: _Known, form: Form) -> _Table:
    """A row a draft with gold. A level that is not settled is empty, and its source says why."""
    texts, keys = _columns_of_texts(known, form), gold.round.dimensions
    taken = {*BY_DRAFT, *ROUND, *OF_DRAFT, "text"}
    round_ = (gold.round.name, gold.rubric.name, gold.rubric.digest)

    def rows() -> Iterator[Sequence[Value]]:
        for part in gold.parts():
            drafts = _drafts(connection, gold, part)
            of_cell = {(cell.draft_id, cell.dimension): cell for cell in part.cells}
            settled = {(cell.draft_id, cell.dimension) for cell in part.settled}
            for name, task in {cell.draft_id: cell.task_id for cell in part.settled}.items():
                draft = drafts[name]
                yield (
                    name,
                    task,
                    *(of_cell[name, key].value if (name, key) in settled else None for key in keys),
                    *(of_cell[name, key].state for key in keys),
                    *_texts(draft, texts),
                    *map(draft.known.get, known.columns),
                    *round_,
                )

    return _Table(
        (
            *BY_DRAFT,
            *(f"level: {key}" if key in taken else key for key in keys),
            *(f"source: {key}" for key in keys),
            *texts,
            *known.columns,
            *ROUND,
        ),
        rows,
        {
            "DIMENSION": "the settled level; empty where its cell is left out (level: DIMENSION if another column is called so)",
            "source: DIMENSION": "agreed, adjudicated or single; of a cell left out, why: disagreement, skipped, missing, single",
            **_meanings(known, form),
        },
    )


def _meanings(known: _Known, form: Form) -> dict[str, str]:
    texts = {"text": "the draft, as imported", "task: TITLE": "a field of the task, as annotators were shown it"}
    of_draft = [name for name in OF_DRAFT if name in known.columns]
    fields = ["field: NAME"] if len(known.columns) > len(of_draft) else []
    never = "never shown to who labels: not for anybody who is still to label these drafts"
    return {
        **(texts if form.texts else {}),
        **({", ".join(of_draft): f"what is known of the draft and its task and {never}"} if of_draft else {}),
        **dict.fromkeys(fields, f"a field of the draft's or its task's own, as its file had it; unless shown on purpose {never}"),
    }


def _not_in_it(known: _Known, form: Form) -> list[str]:
    return [
        *([] if form.texts else ["the drafts' texts and their tasks' fields: a table with texts has them"]),
        "the labels behind each level, with notes: gold.jsonl and the raw labels have them",
        *([f"columns that no draft here has a value of: {', '.join(known.empty)}"] if known.empty else []),
        *([f"{many(known.beyond, 'field')} of the files beyond {MOST_COLUMNS}"] if known.beyond else []),
        "lists and objects that task and draft files held beside the fields above",
    ]


def _write_workbook(out: BinaryIO, gold: GoldInParts, table: _Table, not_in_it: Sequence[str], form: Form) -> list[str]:
    """The table as a workbook, with a sheet on the cells left out and one on the export; what was changed for it."""
    closed_at = gold.round.closed_at
    assert closed_at, "an open round has no gold"
    rows, left = CountedRows(table.rows()), CountedRows(_left_out(gold))
    with workbook(out, closed_at) as book:
        wide = [column for column in table.columns if column == "text" or column.startswith("task: ")]
        told = book.add("Gold", table.columns, rows, wide=wide).sentences
        book.add("Left out", ("draft_id", "dimension", "because"), left, wide=("because",))
        about = {
            "what": f"gold, a row a {form.per or CELL}",
            "round": gold.round.name,
            "sample": gold.round.is_sample,
            "closed_at": closed_at.isoformat(),
            "closed_early": gold.round.early_reason,
            "rubric": gold.rubric.name,
            "rubric_digest": gold.rubric.digest,
            "annotators": list(gold.round.annotators),
            "rows": rows.number,
            "cells": sum(len(part.settled) for part in gold.parts()),
            "cells_left_out": left.number,
            "not_in_it": list(not_in_it),
            "changed_in_the_workbook": told,
            "columns": table.meanings,
        }
        book.add("About", ("about", "this file"), about_rows(about), wide=("this file",))
    return told


def _left_out(gold: GoldInParts) -> Iterator[Sequence[Value]]:
    for part in gold.parts():
        kept = {(cell.draft_id, cell.dimension) for cell in part.settled}
        for cell in part.cells:
            if (cell.draft_id, cell.dimension) not in kept:
                yield cell.draft_id, cell.dimension, WHY.get(cell.state, cell.state)
