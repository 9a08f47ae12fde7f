"""Prodigy: JSONL of `prodigy db-out`, classification with choices.

Shape, from its documentation (annotation interfaces, "choice"; the tool itself is not free): `{"text", "options": [{"id"}],
"accept": ["tone=3"], "answer": "accept", "_annotator_id", "_session_id", "_input_hash", "meta": {"task_id"}}`, or a binary
`{"label": "tone=3", "answer": "accept"}`. Rejected and ignored answers do not count. The unit is the task_id or id, in the
record or its meta, else the hash of the input. A label that names no dimension is for the one that a field of the record or of
its meta names. An accepted record of whose options none was chosen is asked about, as a blank cell is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import MARKS, RELATIONS, FileField, ImportedFile, Names, RawLabel, first_of
from touchstone.importing.dimension_fields import dimension_field, may_tell, told_by

OF_PARTS = {"spans": MARKS, "relations": RELATIONS, "arcs": RELATIONS}
NOT_ACCEPTED = {"reject": "rejected answers", "ignore": "ignored answers"}


def is_prodigy(record: Mapping[str, Any]) -> bool:
    return "answer" in record and bool({"_input_hash", "_task_hash", "accept", "_session_id"} & record.keys())


def read_prodigy(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    annotators: dict[str, None] = {}
    label_fields: dict[FileField, None] = {}
    field = dimension_field(records, names)
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
        told = told_by(field, record)
        for label in _accepted(record, file):
            label_fields.setdefault(file.take_label(names, *ids, as_text(label), line, "accept", told))
        _blanks(record, ids, line, told, names, file)
    file.dimension_fields = may_tell(records)
    file.list_fields(units, annotators, (), names)
    file.fields += [FileField(field, "the dimension")] if field else []
    file.fields += label_fields


def _accepted(record: Mapping[str, Any], file: ImportedFile) -> list[Any]:
    """The labels chosen; marks on parts of the text are counted, and are none."""
    for name, called in OF_PARTS.items():
        if isinstance(marks := record.get(name), list):
            file.pass_over(called, len(marks))
    accepted = record.get("accept", record.get("label", []))
    return accepted if isinstance(accepted, list) else [accepted]


def _blanks(record: Mapping[str, Any], ids: tuple[str, str], line: int, told: str, names: Names, file: ImportedFile) -> None:
    """The empty answers of a record that was accepted: nothing chosen of its options, or nothing of one dimension of them."""
    accepted = record.get("accept")
    if not isinstance(accepted, list):
        return
    options = [as_text(each.get("id")) for each in record.get("options") or () if isinstance(each, dict)]
    asked = {_named(option, told, names) for option in options} or {_named("", told, names)}
    chosen = {_named(as_text(label), told, names) for label in accepted}
    for name in sorted(asked - chosen) if asked - {""} or not accepted else ():
        if not name or names.key(name):
            file.answers.append(RawLabel(*ids, name, ("",), line, f"accept {name}".strip(), is_gap=True))


def _named(label: str, told: str, names: Names) -> str:
    """The dimension a label is for, by its own name or by the record's."""
    name = names.of_label(label)[0]
    name = told if told and name == names.bare else name
    return names.key(name) or name


def _unit(record: Mapping[str, Any], names: Names) -> tuple[str, Any]:
    """What names the unit, and its value: a task_id in the record or its meta, an id in either, else the hash of the input."""
    meta = record.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    if named := names.unit_of(("", record), ("meta.", meta)) or first_of(record, ("id",)):
        return named
    return ("meta.id", meta["id"]) if "id" in meta else ("_input_hash", record.get("_input_hash"))
