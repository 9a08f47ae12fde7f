"""Prodigy: JSONL of `prodigy db-out`, classification with choices.

Shape, from its documentation (annotation interfaces, "choice"; the tool itself is not free): `{"text", "options": [{"id"}],
"accept": ["tone=3"], "answer": "accept", "_annotator_id", "_session_id", "_input_hash", "meta": {"task_id"}}`, or a binary
`{"label": "tone=3", "answer": "accept"}`. Rejected and ignored answers do not count. The unit is the task_id or id, in the
record or its meta, else the hash of the input.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import FileField, ImportedFile, Names, first_of

NOT_ACCEPTED = {"reject": "rejected answers", "ignore": "ignored answers"}


def is_prodigy(record: Mapping[str, Any]) -> bool:
    return "answer" in record and bool({"_input_hash", "_task_hash", "accept", "_session_id"} & record.keys())


def read_prodigy(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    annotators: dict[str, None] = {}
    label_fields: dict[FileField, None] = {}
    for line, record in records:
        unit_field, unit = _unit(record, names)
        annotator_field, annotator = first_of(record, ("_annotator_id", "_session_id")) or ("", "")
        units.setdefault(unit_field)
        annotators.setdefault(annotator_field or "the file")
        if record["answer"] != "accept":
            answer = record["answer"] if isinstance(record["answer"], str) else ""
            file.pass_over(NOT_ACCEPTED.get(answer, "other answers"))
            continue
        lacking = "the record names no unit; it needs a task_id, an id or an _input_hash"
        ids = file.unit_and_annotator(line, (unit, f"the record's {unit_field}"), (annotator, "the annotator's name"), lacking)
        if ids is None:
            continue
        accepted = record.get("accept", record.get("label", []))
        for label in accepted if isinstance(accepted, list) else [accepted]:
            label_fields.setdefault(file.take_label(names, *ids, as_text(label), line, "accept"))
    file.list_fields(units, annotators, (), names)
    file.fields += label_fields


def _unit(record: Mapping[str, Any], names: Names) -> tuple[str, Any]:
    """What names the unit, and its value: a task_id in the record or its meta, an id in either, else the hash of the input."""
    meta = record.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    if named := names.unit_of(("", record), ("meta.", meta)) or first_of(record, ("id",)):
        return named
    return ("meta.id", meta["id"]) if "id" in meta else ("_input_hash", record.get("_input_hash"))
