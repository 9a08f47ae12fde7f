"""Labels from other tools: one table of formats, one module a tool, one reading for all.

`read` takes the bytes of one file and returns a `contract.ImportedFile`; it never raises. The format is found in the content,
never by the file's name, unless it was named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from touchstone.files.csv_rows import rows_with_a_header
from touchstone.files.json_records import Record
from touchstone.files.json_records import records as read_records
from touchstone.files.parquet import records_of_parquet
from touchstone.files.table_rows import TableRow, as_text
from touchstone.files.text import too_many
from touchstone.files.xlsx import MOST_ROWS, read_workbook
from touchstone.importing.contract import FileField, ImportedFile, Names
from touchstone.importing.gaps import fill_gaps
from touchstone.importing.shapes import flat_records, lines_of_labels, markdown_table, records_by_unit, unwrapped
from touchstone.importing.table import is_header_for, read_table
from touchstone.importing.tools import argilla, doccano, label_studio, potato, prodigy, promptfoo, records

TABLE, WORKBOOK, FLAT = "csv", "xlsx", "records"
SHEETS = ("annotators", "parts", "first")  # what several sheets with labels may be: a rater each, one table, or only the first
PACKED, OLD_WORKBOOK, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


class Format(NamedTuple):
    """A format of JSON records: how one of its records is known, and its reader."""

    title: str
    fits: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Sequence[Record], Names, ImportedFile], None]


JSON_FORMATS: Mapping[str, Format] = {  # in the order they are tried
    "label-studio": Format("Label Studio JSON", label_studio.is_label_studio, label_studio.read_label_studio),
    "label-studio-min": Format("Label Studio JSON-MIN", label_studio.is_json_min, label_studio.read_json_min),
    "prodigy": Format("Prodigy JSONL", prodigy.is_prodigy, prodigy.read_prodigy),
    "potato": Format("Potato", potato.is_potato, potato.read_potato),
    "argilla": Format("Argilla", argilla.is_argilla, argilla.read_argilla),
    "promptfoo": Format("promptfoo JSON", promptfoo.is_promptfoo, promptfoo.read_promptfoo),
    "scores": Format("scores, a line a draft", records.is_scores, records.read_scores),
    "labels": Format("labels, a line a unit", records.is_labels, records.read_label_records),
    "doccano": Format("doccano JSONL", doccano.is_doccano, doccano.read_doccano),
}
FORMATS = ("auto", TABLE, WORKBOOK, *JSON_FORMATS, FLAT)


def read(source: bytes, names: Names, format: str = "auto") -> ImportedFile:
    """One file of labels. `format` is one of FORMATS."""
    file = ImportedFile("")
    if source.startswith(OLD_WORKBOOK):
        file.refuse(None, "this is an old-format workbook (XLS); save it as XLSX or CSV")
    elif format == WORKBOOK or (format == "auto" and source.startswith(PACKED)):
        _read_workbook(source, names, file)
    elif format == TABLE or (format == "auto" and is_text(source)):
        if wrong := too_many("lines", source.count(b"\n"), len(source)):
            file.add_problem(wrong)
            return replace(file, format="table")
        rows = rows_of_text(source, names, file) or rows_with_a_header(source, is_header_for(names), file.problems)
        if not file.problems:
            read_table(rows, names, file)
    else:
        _read_json(source, names, file, format)
    file.format = file.format or "nothing that could be read"
    return file


def is_text(source: bytes) -> bool:
    return not source.startswith(PARQUET) and source.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[")


def rows_of_text(source: bytes, names: Names, file: ImportedFile) -> list[TableRow] | None:
    """The rows of a text that is no CSV: a label a line, or a table in Markdown; None for any other."""
    if rows := markdown_table(source, is_header_for(names), file):
        return rows
    if rows := lines_of_labels(source, names):
        file.remarks.append("the file names no unit, so its lines are counted: line 1 of every file is taken to be the same unit")
    return rows


def _read_workbook(source: bytes, names: Names, file: ImportedFile) -> None:
    workbook = read_workbook(source, is_header_for(names), every=names.sheets in ("annotators", "parts"))
    file.problems += workbook.problems
    for sheet in workbook.other_sheets:
        file.leave_out(f"the sheet {sheet}")
    if len(workbook.with_header) > 1 and not names.sheets:
        file.sheets = workbook.with_header
    if not file.problems and names.sheets in ("annotators", "parts") and len(workbook.sheets) > 1:
        _read_sheets(workbook.sheets, names, file)
    elif not file.problems:
        read_table(workbook.rows, names, file)
    file.format = f"{file.format} of a workbook" if file.format else "workbook"


def _read_sheets(sheets: Mapping[str, list[TableRow]], names: Names, file: ImportedFile) -> None:
    """Each sheet as a table of its own; of the annotator it is called by, where the sheets are one each and name nobody. A sheet
    called by a dimension holds that dimension's labels."""
    for title, rows in sheets.items():
        of_sheet = ImportedFile("")
        key = names.key(title) or ""
        read_table(rows, replace(names, bare=key or names.bare), of_sheet)
        file.format = of_sheet.format
        for answer in of_sheet.answers:
            who = title if names.sheets == "annotators" and not answer.annotator else answer.annotator
            file.answers.append(answer._replace(annotator=who))
        file.problems += [each.within(f"sheet {title}") for each in of_sheet.problems]
        file.fields += [FileField(f"{title}: {field.name}", field.role) for field in of_sheet.fields]
        for name in of_sheet.left_out:
            file.leave_out(name)
        file.remarks += [remark for remark in of_sheet.remarks if remark not in file.remarks]
        file.slots = tuple(dict.fromkeys([*file.slots, *of_sheet.slots]))
        file.rater_columns = tuple(dict.fromkeys([*file.rater_columns, *of_sheet.rater_columns]))


def _read_json(source: bytes, names: Names, file: ImportedFile, format: str) -> None:
    is_parquet = source.startswith(PARQUET)
    records, file.problems = records_of_parquet(source, MOST_ROWS) if is_parquet else read_records(source)
    if len(records) == 1 and not any(tool.fits(records[0].data) for tool in JSON_FORMATS.values()):
        records = unwrapped(records)
    if len(records) == 1 and (by_column := argilla.records_of_columns(records[0].data)) is not None:
        records = [Record(records[0].line, data) for data in by_column]
    if not records and not file.problems:
        file.refuse(None, "the file contains no records; it needs at least one")
    if file.problems:
        return
    if format == "auto":
        format = format_of(records)
    if format == FLAT:
        if len(records) == 1 and (by_unit := records_by_unit(records[0], names, file)) is not None:
            records = by_unit
        if file.problems:
            return
        read_table(_as_rows(flat_records(records, names)), names, file)
        file.format = f"{file.format} of records" if file.format else "records"
        return
    tool = JSON_FORMATS[format]
    file.format = tool.title
    for record in records:
        if not tool.fits(record.data):
            no_record = f"not a record of {tool.title}, unlike others in the file"
            file.refuse(record.line, f"{no_record}; export the file again, or name its format", ("format",))
    if not file.problems:
        tool.read(records, names, file)
        fill_gaps(file, names)


def format_of(records: Sequence[Record]) -> str:
    """The first format that one of the first records fits; flat records else."""
    first = records[:50]
    return next((key for key, tool in JSON_FORMATS.items() if any(tool.fits(record.data) for record in first)), FLAT)


def _as_rows(records: Sequence[Record]) -> list[TableRow]:
    """Flat records as a table: a header of all their fields, and a row each."""
    header = list(dict.fromkeys(name for record in records for name in record.data))
    rows = [TableRow(record.line, [as_text(record.data.get(name)) for name in header]) for record in records]
    return [TableRow(1, header), *rows]
