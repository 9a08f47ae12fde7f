"""Gold as tables for people and for training: a row a cell or a row a draft, with what is known of the draft, as CSV and XLSX."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.store import tasks as stored_tasks
from db.store.data import fields as stored_fields
from touchstone.data.gold import Cell
from touchstone.data.task_input import fields_of
from touchstone.english import many
from touchstone.files.writing.delimited import Value, delimited
from touchstone.files.writing.workbook import workbook
from workflow.data.fields import MOST_COLUMNS, own_values
from workflow.exporting.label_export import about_rows
from workflow.gold.gold import Gold

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


class GoldTable(NamedTuple):
    """Columns and rows, and what each column is."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    meanings: Mapping[str, str]


class _Known(NamedTuple):
    """What is known of the drafts beside their gold: the columns in which some draft has a value, those of OF_DRAFT in which none
    has, how many fields are beyond MOST_COLUMNS, and each draft's values in the columns."""

    columns: tuple[str, ...]
    empty: tuple[str, ...]
    beyond: int
    of_draft: Mapping[str, Sequence[Value]]


class _Draft(NamedTuple):
    """What was written of a draft."""

    text: str
    fields: Mapping[str, str]


def table_files(
    connection: sa.Connection, gold: Gold, cells: Sequence[Cell], rows: Sequence[Mapping[str, Any]], form: Form
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files that a form asks for, by name, and what they say of themselves; nothing for the plain form. `rows`: the rows of
    gold.csv, one a cell."""
    if not form.stem:
        return {}, {}
    wanted = {cell.draft_id for cell in cells}
    stored = [row for row in stored_tasks.drafts_of_round(connection, gold.round.id) if row.draft_id in wanted]
    drafts = {row.draft_id: _Draft(row.text, _titled(fields_of(row.input, gold.rubric.fields))) for row in stored}
    further = {row.draft_id: own_values(row) for row in stored_fields.fields_of_round(connection, gold.round.id)}
    known = _known(stored, further)
    table = _by_draft(gold, cells, drafts, known, form) if form.per == DRAFT else _by_cell(rows, drafts, known, form)
    not_in_it = _not_in_it(known, form)
    book, told = _workbook(gold, cells, table, not_in_it, form)
    files = {f"{form.stem}.csv": delimited(table.columns, table.rows, bom=form.bom), f"{form.stem}.xlsx": book}
    about = {
        "files": sorted(files),
        "a_row_a": form.per or CELL,
        "rows": len(table.rows),
        "texts": form.texts,
        "columns": table.meanings,
        "not_in_it": not_in_it,
        "changed_in_the_workbook": told,
    }
    return files, about


def _known(stored: Sequence[sa.Row], further: Mapping[str, Mapping[str, Value]]) -> _Known:
    """Author, cluster and the like, then the project's own fields, without the columns in which no draft has anything."""
    of_draft: dict[str, dict[str, Value]] = {
        row.draft_id: {
            **{name: getattr(row, "target" if name == "target_dimension" else name) for name in OF_DRAFT},
            **{f"field: {name}": value for name, value in further[row.draft_id].items()},
        }
        for row in stored
    }
    has = dict.fromkeys(name for values in of_draft.values() for name, value in values.items() if value not in (None, ""))
    fields = [name for name in has if name not in OF_DRAFT]
    columns = (*(name for name in OF_DRAFT if name in has), *fields[:MOST_COLUMNS])
    return _Known(
        columns,
        tuple(name for name in OF_DRAFT if name not in has),
        len(fields[MOST_COLUMNS:]),
        {draft: [values.get(name) for name in columns] for draft, values in of_draft.items()},
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


def _columns_of_texts(gold_drafts: Mapping[str, _Draft], form: Form) -> tuple[str, ...]:
    """text, and every field that one of the tasks has, in the order shown."""
    return ("text", *dict.fromkeys(name for each in gold_drafts.values() for name in each.fields)) if form.texts else ()


def _texts(draft: _Draft, columns: Sequence[str]) -> Iterator[Value]:
    return (draft.text if name == "text" else draft.fields.get(name) for name in columns)


def _by_cell(rows: Sequence[Mapping[str, Any]], drafts: Mapping[str, _Draft], known: _Known, form: Form) -> GoldTable:
    texts = _columns_of_texts(drafts, form)
    own = tuple(rows[0])
    return GoldTable(
        (*own, *known.columns, *texts),
        [(*row.values(), *known.of_draft[row["draft_id"]], *_texts(drafts[row["draft_id"]], texts)) for row in rows],
        {"columns of gold.csv": "as in gold.csv", **_meanings(known, form)},
    )


def _by_draft(gold: Gold, cells: Sequence[Cell], drafts: Mapping[str, _Draft], known: _Known, form: Form) -> GoldTable:
    """A row a draft with gold. A level that is not settled is empty, and its source says why."""
    texts, keys = _columns_of_texts(drafts, form), gold.round.dimensions
    of_cell = {(cell.draft_id, cell.dimension): cell for cell in gold.cells}
    settled = {(cell.draft_id, cell.dimension) for cell in cells}
    task_of = {cell.draft_id: cell.task_id for cell in cells}
    taken = {*BY_DRAFT, *ROUND, *OF_DRAFT, "text"}
    round_ = (gold.round.name, gold.rubric.name, gold.rubric.digest)
    return GoldTable(
        (
            *BY_DRAFT,
            *(f"level: {key}" if key in taken else key for key in keys),
            *(f"source: {key}" for key in keys),
            *texts,
            *known.columns,
            *ROUND,
        ),
        [
            (
                draft,
                task,
                *(of_cell[draft, key].value if (draft, key) in settled else None for key in keys),
                *(of_cell[draft, key].state for key in keys),
                *_texts(drafts[draft], texts),
                *known.of_draft[draft],
                *round_,
            )
            for draft, task in task_of.items()
        ],
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


def _workbook(
    gold: Gold, cells: Sequence[Cell], table: GoldTable, not_in_it: Sequence[str], form: Form
) -> tuple[bytes, list[str]]:
    """The table as a workbook, with a sheet on the cells left out and one on the export."""
    out, kept = io.BytesIO(), {(cell.draft_id, cell.dimension) for cell in cells}
    closed_at = gold.round.closed_at
    assert closed_at, "an open round has no gold"
    left = [cell for cell in gold.cells if (cell.draft_id, cell.dimension) not in kept]
    with workbook(out, closed_at) as book:
        wide = [column for column in table.columns if column == "text" or column.startswith("task: ")]
        told = book.add("Gold", table.columns, table.rows, wide=wide).sentences
        book.add(
            "Left out",
            ("draft_id", "dimension", "because"),
            [(cell.draft_id, cell.dimension, WHY.get(cell.state, cell.state)) for cell in left],
            wide=("because",),
        )
        about = {
            "what": f"gold, a row a {form.per or CELL}",
            "round": gold.round.name,
            "sample": gold.round.is_sample,
            "closed_at": closed_at.isoformat(),
            "closed_early": gold.round.early_reason,
            "rubric": gold.rubric.name,
            "rubric_digest": gold.rubric.digest,
            "annotators": list(gold.round.annotators),
            "rows": len(table.rows),
            "cells": len(kept),
            "cells_left_out": len(left),
            "not_in_it": list(not_in_it),
            "changed_in_the_workbook": told,
            "columns": table.meanings,
        }
        book.add("About", ("about", "this file"), about_rows(about), wide=("this file",))
    return out.getvalue(), told
