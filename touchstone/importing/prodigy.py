"""Prodigy: JSONL of `prodigy db-out`, classification with choices.

Shape, from its documentation (annotation interfaces, "choice"; the tool itself is not free): `{"text", "options": [{"id"}],
"accept": ["tone=3"], "answer": "accept", "_annotator_id", "_session_id", "_input_hash", "meta": {"task_id"}}`, or a binary
`{"label": "tone=3", "answer": "accept"}`. Rejected and ignored answers do not count. The unit is the task_id or id, in the
record or its meta, else the hash of the input.
"""

from collections.abc import Mapping, Sequence

from touchstone.files.json_records import Record
from touchstone.importing.contract import Field, Names, Reading, as_text, first_of, fit_id


def is_prodigy(record: Mapping) -> bool:
    return "answer" in record and bool({"_input_hash", "_task_hash", "accept", "_session_id"} & record.keys())


def read_prodigy(records: Sequence[Record], names: Names, reading: Reading) -> None:
    units, who_field, fields = {}, {}, {}
    for line, record in records:
        meta = record.get("meta") if isinstance(record.get("meta"), dict) else {}
        found = (
            names.unit_of(("", record), ("meta.", meta))
            or first_of(record, ("id",))
            or (("meta.id", meta["id"]) if "id" in meta else ("_input_hash", record.get("_input_hash")))
        )
        whose = first_of(record, ("_annotator_id", "_session_id")) or ("", "")
        units.setdefault(found[0])
        who_field.setdefault(whose[0])
        if record["answer"] != "accept":
            reading.pass_over(
                {"reject": "rejected answers", "ignore": "ignored answers"}.get(record["answer"], "other answers")
                if isinstance(record["answer"], str)
                else "other answers"
            )
            continue
        try:
            unit, who = fit_id(found[1], f"the record's {found[0]}"), fit_id(whose[1], "the annotator's name")
        except ValueError as wrong:
            reading.refuse(line, str(wrong))
            continue
        if not unit:
            reading.refuse(line, "the record names no unit; it needs a task_id, an id or an _input_hash")
            continue
        accepted = record.get("accept", record.get("label", []))
        for label in map(as_text, accepted if isinstance(accepted, list) else [accepted]):
            fields.setdefault(reading.take_label(names, unit, who, label, line, "accept"))
    reading.fields += [Field(name, "the unit") for name in units]
    reading.fields += [*(Field(name or "the file", "the annotator") for name in who_field), *fields]
