"""doccano: JSONL of a classification project, one file a user.

Shape: `{"id", "text", "label": ["tone=3", ...], "Comments": [...]}` and the columns that were imported with the text; a file
is named for the user whose labels it holds (a project that shares annotations has one file for all). A label names its
dimension and level at once; where none does, all are of one dimension, which has to be said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import FileField, ImportedFile, Names

LABELS = ("label", "labels", "category")


def is_doccano(record: Mapping[str, Any]) -> bool:
    return any(isinstance(record.get(name), list) for name in LABELS) and bool({"id", "text", "data"} & record.keys())


def read_doccano(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    label_fields: dict[FileField, None] = {}
    for line, record in records:
        unit_field, unit = names.unit_of(("", record), ("meta.", record.get("meta"))) or ("id", record.get("id"))
        units.setdefault(unit_field)
        lacking = "the record names no unit; it needs a task_id or an id"
        ids = file.unit_and_annotator(line, (unit, f"the record's {unit_field}"), ("", "the annotator"), lacking)
        if ids is None:
            continue
        labels: list[Any] = next((record[name] for name in LABELS if isinstance(record.get(name), list)), [])
        for label in labels:
            if isinstance(label, list | dict):
                file.pass_over("marks on parts of a text")
            else:
                label_fields.setdefault(file.take_label(names, ids[0], "", as_text(label), line, "label"))
    file.list_fields(units, (), (), names)
    file.fields += label_fields
