"""Records of labels that no annotation tool wrote: a set of labels a line, and scores of a scorer.

    {"task_id", "labels": {dimension: level}}                            one file a rater, or with "annotator"
    {"task_id", "draft_id", "scores": {dimension: {"value", "reason"}}}  `score`; value null with a reason is no label

The unit is the draft where both ids stand, and the task's id is kept beside it.
"""

from collections.abc import Mapping, Sequence

from touchstone.files.json_records import Record
from touchstone.importing.contract import UNIT_COLUMNS, Answer, Field, Names, Reading, as_text, first_of, fit_id
from touchstone.importing.table import ANNOTATORS


def is_scores(record: Mapping) -> bool:
    return isinstance(record.get("scores"), dict) and bool({"task_id", "draft_id"} & record.keys())


def is_labels(record: Mapping) -> bool:
    return isinstance(record.get("labels"), dict) and any(name in record for name in UNIT_COLUMNS)


def read_scores(records: Sequence[Record], names: Names, reading: Reading) -> None:
    _read(records, "scores", names, reading)


def read_label_records(records: Sequence[Record], names: Names, reading: Reading) -> None:
    _read(records, "labels", names, reading)


def _read(records: Sequence[Record], held_in: str, names: Names, reading: Reading) -> None:
    units, who_field, fields = {}, {}, {}
    for line, record in records:
        found = first_of(record, (names.unit, *UNIT_COLUMNS)) or ("task_id", "")
        whose = first_of(record, ANNOTATORS) or ("the file", "")
        units.setdefault(found[0])
        who_field.setdefault(whose[0])
        try:
            unit, who = fit_id(found[1], f"the record's {found[0]}"), fit_id(whose[1], "the annotator's name")
            task = fit_id(record.get("task_id"), "the task's id") if found[0] != "task_id" else ""
        except ValueError as wrong:
            reading.refuse(line, str(wrong))
            continue
        if not unit:
            reading.refuse(line, f"the record names no unit; it needs {' or '.join(UNIT_COLUMNS)}")
            continue
        for name, given in record[held_in].items() if isinstance(record.get(held_in), dict) else ():
            fields.setdefault(name)
            value = given.get("value") if isinstance(given, dict) else given
            if names.key(name) is None:
                reading.leave_out(name)
            elif isinstance(given, dict) and value is None and given.get("reason"):
                reading.pass_over("not scorable, with a reason")
            elif isinstance(value, list | dict):
                reading.refuse(line, f"{unit}: {name} has several answers; a label is one")
            else:
                reading.answers.append(Answer(unit, who, name, (as_text(value),), line, name, task))
    reading.fields += [Field(name, "the unit") for name in units] + [Field(name, "the annotator") for name in who_field]
    reading.fields += [Field(f"{held_in}.{name}", names.key(name) or "left out") for name in fields]
