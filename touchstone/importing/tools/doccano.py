"""doccano: JSONL of a classification project, one file a user.

Shape: `{"id", "text", "label": ["tone=3", ...], "Comments": [...]}` and the columns that were imported with the text; a file
is named for the user whose labels it holds (a project that shares annotations has one file for all). A label names its
dimension and level at once; where none does, all are of one dimension, which has to be said. Marks on parts of a text and
relations between them are counted; a text with an empty list is asked about, as a blank cell is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import MARKS, RELATIONS, FileField, ImportedFile, Names
from touchstone.importing.dimension_fields import dimension_field, may_tell, told_by

LABELS = ("label", "labels", "category", "cats")
OF_PARTS = {"entities": MARKS, "relations": RELATIONS, "bbox": MARKS, "segmentation": MARKS}


def is_doccano(record: Mapping[str, Any]) -> bool:
    return any(_is_list(record.get(name)) for name in (*LABELS, *OF_PARTS)) and bool({"id", "text", "data"} & record.keys())


def _is_list(value: Any) -> bool:
    """Whether this is a list of labels or of marks, and not of records of labels."""
    if not isinstance(value, list):
        return False
    return not value or not all(isinstance(each, dict) and not {"start_offset", "start", "id"} & each.keys() for each in value)


def read_doccano(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    label_fields: dict[FileField, None] = {}
    field = dimension_field(records, names)
    for line, record in records:
        unit_field, unit = names.unit_of(("", record), ("meta.", record.get("meta"))) or ("id", record.get("id"))
        units.setdefault(unit_field)
        lacking = "the record names no unit; it needs a task_id or an id"
        ids = file.unit_and_annotator(line, (unit, f"the record's {unit_field}"), ("", "the annotator"), lacking)
        if ids is None:
            continue
        file.submitted[ids] = line
        for name, called in OF_PARTS.items():
            if isinstance(marks := record.get(name), list) and marks:
                file.pass_over(called, len(marks))
                file.told.add((*ids, ""))
        labels: list[Any] = next((record[name] for name in LABELS if isinstance(record.get(name), list)), [])
        for label in labels:
            if isinstance(label, list | dict):
                file.pass_over(MARKS)
                file.told.add((*ids, ""))
            else:
                label_fields.setdefault(file.take_label(names, ids[0], "", as_text(label), line, "label", told_by(field, record)))
    file.dimension_fields = may_tell(records)
    file.list_fields(units, (), (), names)
    file.fields += [FileField(field, "the dimension")] if field else []
    file.fields += label_fields
