"""Label Studio: JSON (tasks with annotations) and JSON-MIN (a flat record an annotation).

Shapes: the tool's guide, "Label Studio JSON format of annotated tasks", and its own converter in label-studio-sdk. An
annotator is called by first and last name where no two people of the file share it, else by e-mail, else by number.
Cancelled annotations, drafts and predictions do not count. JSON-MIN has no cancelled annotations in it and no predictions.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.importing.contract import Answer, Field, Names, Reading, answers_of, as_text, fit_id

OF_JSON_MIN = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}


def is_label_studio(record: Mapping) -> bool:
    return isinstance(record.get("data"), dict) and isinstance(record.get("annotations", record.get("completions")), list)


def is_json_min(record: Mapping) -> bool:
    return {"annotator", "annotation_id"} <= record.keys()


def read_label_studio(records: Sequence[Record], names: Names, reading: Reading) -> None:
    called = _called(each for record in records for each in _annotations(record.data))
    units, fields, untouched = {}, {}, 0
    for line, task in records:
        found = names.unit_of(("data.", task.get("data")), ("meta.", task.get("meta"))) or ("id", task.get("id"))
        units.setdefault(found[0])
        reading.pass_over("predictions of a model", len(_listed(task.get("predictions"))))
        reading.pass_over("drafts that were not submitted", len(_listed(task.get("drafts"))))
        for annotation in _annotations(task):
            if annotation.get("was_cancelled") or annotation.get("skipped"):
                reading.pass_over("cancelled annotations")
                continue
            try:
                unit = fit_id(found[1], f"the task's {found[0]}")
                who = fit_id(called.get(_person(annotation), ""), "the annotator's name")
            except ValueError as wrong:
                reading.refuse(line, str(wrong))
                continue
            for result in _listed(annotation.get("result")):
                name = as_text(result.get("from_name"))
                fields.setdefault(name)
                if names.key(name) is None:
                    reading.leave_out(name or "a result without a name")
                    continue
                untouched += result.get("origin") == "prediction"
                if (text := _one(answers_of(result.get("value")), f"{unit}: {name}", line, reading)) is not None:
                    reading.answers.append(Answer(unit, who, name, (text,), line, name))
    reading.fields += [Field(name, "the unit") for name in units] + [Field("completed_by", "the annotator")]
    reading.fields += [Field(name, names.key(name) or "left out") for name in fields]
    if untouched:
        reading.remarks.append(
            f"{untouched} answers are predictions of a model that were submitted as they stood: whoever gave "
            "them had seen what a program would give"
        )


def _listed(value: Any) -> list[Mapping]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _annotations(task: Mapping) -> list[Mapping]:
    return _listed(task.get("annotations", task.get("completions")))


def _person(annotation: Mapping) -> str:
    """Whose an annotation is: the key of `_called`."""
    by = annotation.get("completed_by")
    return as_text(by.get("id", by.get("email"))) if isinstance(by, dict) else as_text(by)


def _called(annotations: Iterator[Mapping]) -> dict[str, str]:
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


def _one(answers: Sequence[Any], what: str, line: int, reading: Reading) -> str | None:
    if len(answers) > 1:
        reading.refuse(line, f"{what} has {len(answers)} answers ({', '.join(map(as_text, answers[:4]))}); a label is one")
        return None
    return as_text(answers[0]) if answers else ""


def read_json_min(records: Sequence[Record], names: Names, reading: Reading) -> None:
    units, fields = {}, {}
    for line, record in records:
        found = names.unit_of(("", record)) or ("id", record.get("id"))
        units.setdefault(found[0])
        try:
            unit, who = fit_id(found[1], f"the task's {found[0]}"), fit_id(record["annotator"], "the annotator's name")
        except ValueError as wrong:
            reading.refuse(line, str(wrong))
            continue
        for name, value in record.items():
            if name in OF_JSON_MIN or name == found[0]:
                continue
            fields.setdefault(name)
            if names.key(name) is None:
                reading.leave_out(name)
                continue
            # A number or rating stands as a list of results, one choice by itself, several as {"choices": […]}.
            given = [part for each in value for part in answers_of(each)] if isinstance(value, list) else answers_of(value)
            if (text := _one(given, f"{unit}: {name}", line, reading)) is not None:
                reading.answers.append(Answer(unit, who, name, (text,), line, name))
    reading.fields += [Field(name, "the unit") for name in units] + [Field("annotator", "the annotator")]
    reading.fields += [Field(name, names.key(name) or "left out") for name in fields]
