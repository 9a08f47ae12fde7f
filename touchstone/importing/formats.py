"""Labels from other tools: one table of formats, one module a tool, one reading for all.

`read` takes the bytes of one file and returns a `contract.Reading`; it never raises. The format is found in the content,
never by the file's name, unless it was named.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from touchstone.errors import Problem
from touchstone.files.csv_rows import Row, csv_rows_of
from touchstone.files.json_records import Record
from touchstone.files.json_records import records as json_records
from touchstone.files.xlsx import xlsx_rows
from touchstone.importing import argilla, doccano, label_studio, potato, prodigy, records
from touchstone.importing.contract import Names, Reading, as_text
from touchstone.importing.table import is_header_for, read_table

TABLE, WORKBOOK, FLAT = "csv", "xlsx", "records"
PACKED, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Format(NamedTuple):
    """A format of JSON records: how one of its records is known, and its reader."""

    title: str
    fits: Callable[[Mapping], bool]
    read: Callable[[Sequence[Record], Names, Reading], None]


JSON_FORMATS: Mapping[str, Format] = {  # in the order they are tried
    "label-studio": Format("Label Studio JSON", label_studio.is_label_studio, label_studio.read_label_studio),
    "label-studio-min": Format("Label Studio JSON-MIN", label_studio.is_json_min, label_studio.read_json_min),
    "prodigy": Format("Prodigy JSONL", prodigy.is_prodigy, prodigy.read_prodigy),
    "potato": Format("Potato", potato.is_potato, potato.read_potato),
    "argilla": Format("Argilla", argilla.is_argilla, argilla.read_argilla),
    "scores": Format("scores, a line a draft", records.is_scores, records.read_scores),
    "labels": Format("labels, a line a unit", records.is_labels, records.read_label_records),
    "doccano": Format("doccano JSONL", doccano.is_doccano, doccano.read_doccano),
}
FORMATS = ("auto", TABLE, WORKBOOK, *JSON_FORMATS, FLAT)


def read(source: bytes, names: Names, format: str = "auto") -> Reading:
    """One file of labels. `format` is one of FORMATS."""
    reading = Reading("")
    if source.startswith(OLD_WORKBOOK):
        reading.refuse(None, "this is a workbook of the old kind (XLS); save it as XLSX or CSV")
    elif format == WORKBOOK or (format == "auto" and source.startswith(PACKED)):
        rows = xlsx_rows(source, is_header_for(names), reading)
        if not reading.problems:
            read_table(rows, names, reading)
        reading.format = f"{reading.format} of a workbook" if reading.format else "workbook"
    elif format == TABLE or (format == "auto" and source.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[")):
        rows = csv_rows_of(source, is_header_for(names), reading.problems)
        if not reading.problems:
            read_table(rows, names, reading)
    else:
        _read_json(source, names, reading, format)
    reading.format = reading.format or "nothing that could be read"
    return reading


def _read_json(source: bytes, names: Names, reading: Reading, format: str) -> None:
    found, reading.problems = json_records(source)
    if len(found) == 1 and (columns := argilla.records_of_columns(found[0].data)) is not None:
        found = [Record(found[0].line, each) for each in columns]
    if reading.problems or not found:
        reading.problems = reading.problems or [Problem(None, "the file holds no record; it needs one at least")]
        return
    if format == "auto":
        format = next((key for key, each in JSON_FORMATS.items() if any(each.fits(record.data) for record in found[:50])), FLAT)
    if format == FLAT:
        read_table(_as_rows(found), names, reading)
        reading.format = f"{reading.format} of records" if reading.format else "records"
        return
    chosen = JSON_FORMATS[format]
    reading.format = chosen.title
    for line in [each.line for each in found if not chosen.fits(each.data)]:
        reading.refuse(
            line,
            f"this is no record of {chosen.title}, as others of the file are; export the file again, or name "
            "its format with --format",
        )
    if not reading.problems:
        chosen.read(found, names, reading)


def _as_rows(found: Sequence[Record]) -> list[Row]:
    """Flat records as a table: a header of all their fields, and a row each."""
    header = list(dict.fromkeys(name for record in found for name in record.data))
    return [Row(1, header), *(Row(each.line, [as_text(each.data.get(name)) for name in header]) for each in found)]
