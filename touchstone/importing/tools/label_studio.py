"""Label Studio: JSON (tasks with annotations) and JSON-MIN (a flat record an annotation).

Shapes: the tool's guide, "Label Studio JSON format of annotated tasks", and its own converter in label-studio-sdk. An
annotator is called by first and last name where no two people of the file share it, else by e-mail, else by number.
Cancelled annotations, drafts and predictions do not count, nor do marked passages, what was answered about one of them, and
relations between them: they are no labels of the whole text. JSON-MIN has no cancelled annotations in it and no predictions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import MARKS, RELATIONS, FileField, ImportedFile, Names, RawLabel, answers_of, is_mark
from touchstone.importing.dimension_fields import dimension_field, may_tell, only_question, told_by

OF_JSON_MIN = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}


def is_label_studio(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("data"), dict) and isinstance(record.get("annotations", record.get("completions")), list)


def is_json_min(record: Mapping[str, Any]) -> bool:
    return {"annotator", "annotation_id"} <= record.keys()


def read_label_studio(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    called = _called(annotation for record in records for annotation in _annotations(record.data))
    units: dict[str, None] = {}
    fields: dict[str, None] = {}
    untouched = 0
    alone = only_question(_questions(records), names)
    field = dimension_field(records, names)
    for line, task in records:
        by_id = ("id", task.get("id"))
        unit_field, unit = names.unit_of(("data.", task.get("data")), ("meta.", task.get("meta"))) or by_id
        units.setdefault(unit_field)
        file.pass_over("predictions of a model", len(_listed(task.get("predictions"))))
        file.pass_over("drafts that were not submitted", len(_listed(task.get("drafts"))))
        for annotation in _annotations(task):
            if annotation.get("was_cancelled") or annotation.get("skipped"):
                file.pass_over("cancelled annotations")
                continue
            who = called.get(_person(annotation), "")
            ids = file.unit_and_annotator(line, (unit, f"the task's {unit_field}"), (who, "the annotator's name"))
            if ids:
                file.submitted[ids] = line
            for result in _listed(annotation.get("result")) if ids else ():
                name = as_text(result.get("from_name"))
                if ids and _passed_over(result, ids, names.key(name) or "", file):
                    continue
                fields.setdefault(name)
                of = told_by(field, task) or names.bare if name == alone else name
                if name != alone and names.key(name) is None:
                    file.leave_out(name or "a result without a name")
                    file.told.add((*(ids or ("", "")), ""))
                elif ids:
                    untouched += result.get("origin") == "prediction"
                    _take(answers_of(result.get("value")), ids, of, line, names, file)
    file.dimension_fields = may_tell(records) if alone else ()
    file.list_fields(units, ("completed_by",), [each for each in fields if each != alone], names)
    file.fields += [FileField(alone, "the label")] if alone else []
    file.fields += [FileField(field, "the dimension")] if alone and field else []
    if untouched:
        file.remarks.append(
            f"{untouched} answers are predictions of a model that were submitted unchanged: whoever gave "
            "them had seen what a program would give"
        )


def _questions(records: Sequence[Record]) -> Iterator[str]:
    """The controls by which whole texts were answered."""
    for _, task in records:
        for annotation in _annotations(task):
            for result in _listed(annotation.get("result")):
                kind = as_text(result.get("type"))
                if kind != "relation" and not is_mark(result.get("value"), kind):
                    yield as_text(result.get("from_name"))


def _passed_over(result: Mapping[str, Any], ids: tuple[str, str], key: str, file: ImportedFile) -> bool:
    """Whether a result is no label of the whole text; it is counted then."""
    kind = as_text(result.get("type"))
    if kind != "relation" and not is_mark(result.get("value"), kind):
        return False
    file.pass_over(RELATIONS if kind == "relation" else MARKS)
    file.told.add((*ids, key))
    return True


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _annotations(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _listed(task.get("annotations", task.get("completions")))


def _person(annotation: Mapping[str, Any]) -> str:
    """Whose an annotation is: the key of `_called`."""
    by = annotation.get("completed_by")
    return as_text(by.get("id", by.get("email"))) if isinstance(by, dict) else as_text(by)


def _called(annotations: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each person of the file is called."""
    full: dict[str, str] = {}
    email: dict[str, str] = {}
    for each in annotations:
        by, key = each.get("completed_by"), _person(each)
        person = by if isinstance(by, dict) else {}
        full[key] = " ".join(part for name in ("first_name", "last_name") if (part := as_text(person.get(name)).strip()))
        email[key] = as_text(person.get("email")).strip()
    shared = list(full.values())
    return {key: name if name and shared.count(name) == 1 else email[key] or key for key, name in full.items()}


def _take(answers: Sequence[Any], ids: tuple[str, str], name: str, line: int, names: Names, file: ImportedFile) -> None:
    """The one answer of a field; a blank one where nothing was answered."""
    if len(answers) > 1:
        some = ", ".join(map(as_text, answers[:4]))
        file.refuse(line, f"{ids[0]}: {name} has {len(answers)} answers ({some}); keep one")
        file.told.add((*ids, names.key(name) or ""))
        return
    file.answers.append(RawLabel(*ids, name, (as_text(answers[0]) if answers else "",), line, name))


def read_json_min(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    fields: dict[str, None] = {}
    for line, record in records:
        unit_field, unit = names.unit_of(("", record)) or ("id", record.get("id"))
        units.setdefault(unit_field)
        annotator = (record["annotator"], "the annotator's name")
        ids = file.unit_and_annotator(line, (unit, f"the task's {unit_field}"), annotator)
        if ids:
            file.submitted[ids] = line
        for name, value in record.items() if ids else ():
            if name in OF_JSON_MIN or name == unit_field:
                continue
            fields.setdefault(name)
            # A number or rating stands as a list of results, one choice by itself, several as {"choices": […]}.
            results = value if isinstance(value, list) else [value]
            labels = [result for result in results if not is_mark(result)]
            file.pass_over(MARKS, len(results) - len(labels))
            if names.key(name) is None:
                file.leave_out(name)
            elif ids and (labels or not results):
                _take([answer for result in labels for answer in answers_of(result)], ids, name, line, names, file)
            elif ids:
                file.told.add((*ids, names.key(name) or ""))
    file.list_fields(units, ("annotator",), fields, names)
    if MARKS in file.passed_over:
        file.remarks.append(
            "this export does not say which answers are about a marked passage: if the project asks about passages, export it as "
            "JSON"
        )
