"""Records of labels that no annotation tool wrote: a set of labels a line, and scores of a scorer.

    {"task_id", "labels": {dimension: level}}                            one file a rater, or with "annotator"
    {"task_id", "draft_id", "scores": {dimension: {"value", "reason"}}}  `score`; value null with a reason is no label

The unit is the draft where both ids stand, and the task's id is kept beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from touchstone.data.label import UNIT_COLUMNS
from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.columns import ANNOTATORS, RowIds
from touchstone.importing.contract import FileField, ImportedFile, Names, RawLabel, first_of, fit_id


def is_scores(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("scores"), dict) and bool({"task_id", "draft_id"} & record.keys())


def is_labels(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("labels"), dict) and any(name in record for name in UNIT_COLUMNS)


def read_scores(records: Sequence[Record], names: Names, reading: ImportedFile) -> None:
    _read(records, "scores", names, reading)


def read_label_records(records: Sequence[Record], names: Names, reading: ImportedFile) -> None:
    _read(records, "labels", names, reading)


def _read(records: Sequence[Record], held_in: str, names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    annotators: dict[str, None] = {}
    dimensions: dict[str, None] = {}
    for line, record in records:
        unit_field, unit = first_of(record, (names.unit, *UNIT_COLUMNS)) or ("task_id", "")
        annotator_field, annotator = first_of(record, ANNOTATORS) or ("the file", "")
        units.setdefault(unit_field)
        annotators.setdefault(annotator_field)
        ids = _ids(record, line, (unit, unit_field), annotator, file)
        labels = record.get(held_in)
        if ids:
            file.submitted[(ids.unit, ids.annotator)] = line
        for name, given in labels.items() if ids and isinstance(labels, dict) else ():
            dimensions.setdefault(name)
            if names.key(name) is None:
                file.leave_out(name)
            elif ids and (text := _text_of(given, f"{ids.unit}: {name}", line, file)) is None:
                file.told.add((ids.unit, ids.annotator, names.key(name) or ""))
            elif ids and text is not None:
                file.answers.append(RawLabel(ids.unit, ids.annotator, name, (text,), line, name, ids.task))
    file.list_fields(units, annotators, (), names)
    file.fields += [FileField(f"{held_in}.{name}", names.key(name) or "left out") for name in dimensions]


def _ids(record: Mapping[str, Any], line: int, unit: tuple[Any, str], annotator: Any, file: ImportedFile) -> RowIds | None:
    """The record's ids; None, with a problem, where one cannot be kept or the unit is not named."""
    try:
        ids = RowIds(
            fit_id(unit[0], f"the record's {unit[1]}"),
            fit_id(annotator, "the annotator's name"),
            fit_id(record.get("task_id"), "the task's id") if unit[1] != "task_id" else "",
        )
    except ValueError as wrong:
        file.refuse(line, str(wrong))
        return None
    if not ids.unit:
        file.refuse(line, f"the record names no unit; it needs {' or '.join(UNIT_COLUMNS)}")
        return None
    return ids


def _text_of(given: Any, what: str, line: int, file: ImportedFile) -> str | None:
    """What was answered; None where that is no label, said or refused."""
    value = given.get("value") if isinstance(given, dict) else given
    if isinstance(given, dict) and value is None and given.get("reason"):
        file.pass_over("not scorable, with a reason")
        return None
    if isinstance(value, list | dict):
        file.refuse(line, f"{what} has several answers; keep one")
        return None
    return as_text(value)
