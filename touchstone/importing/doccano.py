"""doccano: JSONL of a classification project, one file a user.

Shape: `{"id", "text", "label": ["tone=3", ...], "Comments": [...]}` and the columns that were imported with the text; a file
is named for the user whose labels it holds (a project that shares annotations has one file for all). A label names its
dimension and level at once; where none does, all are of one dimension, which has to be said.
"""

from collections.abc import Mapping, Sequence

from touchstone.files.json_records import Record
from touchstone.importing.contract import Field, Names, Reading, as_text, fit_id

LABELS = ("label", "labels", "category")


def is_doccano(record: Mapping) -> bool:
    return any(isinstance(record.get(name), list) for name in LABELS) and bool({"id", "text", "data"} & record.keys())


def read_doccano(records: Sequence[Record], names: Names, reading: Reading) -> None:
    units, fields, spans = {}, {}, 0
    for line, record in records:
        found = names.unit_of(("", record), ("meta.", record.get("meta"))) or ("id", record.get("id"))
        units.setdefault(found[0])
        try:
            unit = fit_id(found[1], f"the record's {found[0]}")
        except ValueError as wrong:
            reading.refuse(line, str(wrong))
            continue
        if not unit:
            reading.refuse(line, "the record names no unit; it needs a task_id or an id")
            continue
        labels = next((record[name] for name in LABELS if isinstance(record.get(name), list)), [])
        spans += sum(isinstance(each, list | dict) for each in labels)
        for label in (as_text(each) for each in labels if not isinstance(each, list | dict)):
            fields.setdefault(reading.take_label(names, unit, "", label, line, "label"))
    reading.pass_over("marks on parts of a text", spans)
    reading.fields += [*(Field(name, "the unit") for name in units), *fields]
