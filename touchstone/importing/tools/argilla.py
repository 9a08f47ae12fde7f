"""Argilla, both generations.

Shapes, out of the tools' own exporters. Argilla 1 (argilla-v1), a record as its API and as its datasets write it:
`{"external_id", "responses": [{"user_id", "status", "values": {question: {"value"}}}], "suggestions": [...]}` and
`{question: [{"user_id", "value", "status"}], "question-suggestion": ...}`. Argilla 2, records.to_list() and to_json():
`{"id", "responses": {question: [{"value", "user_id"}]}, "suggestions": {...}}`, flattened
`{"question.responses": [...], "question.responses.users": [...], "question.responses.status": [...]}`, and to_dict(), where
every field is a list.

Only submitted responses count; drafts, discarded responses and suggestions do not. What Argilla 2 exports without
flattening has lost the status, so which responses were submitted is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.files.json_records import Record
from touchstone.files.json_values import json_value
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import MARKS, FileField, ImportedFile, Names, RawLabel, is_mark
from touchstone.importing.dimension_fields import dimension_field, may_tell, only_question, told_by

FLAT = ".responses"
UNSUBMITTED = ("draft", "discarded", "pending")


class Response(NamedTuple):
    """One answer of one user; `status` None where the export does not have it, `question` "" where a user answered none."""

    question: str
    user: Any
    value: Any
    status: str | None


def is_argilla(record: Mapping[str, Any]) -> bool:
    if any(name.endswith(FLAT) for name in record):
        return True
    if isinstance(record.get("responses"), list | dict) and bool({"fields", "suggestions", "status"} & record.keys()):
        return True
    if "external_id" in record and any(name.endswith("-suggestion") for name in record):
        return True
    return any(_is_answers(value) for value in record.values())


def _is_answers(value: Any) -> bool:
    """Whether this is a list of answers by users (Argilla 1, as a dataset)."""
    return isinstance(value, list) and any(isinstance(each, dict) and {"user_id", "value"} <= each.keys() for each in value)


def records_of_columns(record: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The records of one object in which every field is a list as long as the others (Argilla 2, to_dict); None for any
    other object."""
    lists = list(record.values())
    if not {"id", "status"} <= record.keys() or not all(isinstance(each, list) for each in lists):
        return None
    if len({len(each) for each in lists}) > 1:
        return None
    return [dict(zip(record, row, strict=True)) for row in zip(*lists, strict=True)]


def read_argilla(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    units: dict[str, None] = {}
    questions: dict[str, None] = {}
    alone = only_question((each.question for _, record in records for each in _responses(record) if each.question), names)
    field = dimension_field(records, names)
    for line, record in records:
        by_id = ("id", record.get("id", record.get("_server_id")))
        unit_field, unit = names.unit_of(("metadata.", _metadata(record)), ("", record)) or by_id
        units.setdefault(unit_field)
        file.pass_over("suggestions", _suggestions(record))
        for response in _responses(record):
            if response.question:
                questions.setdefault(response.question)
            lacking = "the record names no unit; it needs an id"
            user = (response.user, "the user's id")
            if ids := file.unit_and_annotator(line, (unit, f"the record's {unit_field}"), user, lacking):
                of = told_by(field, record) or names.bare if response.question and response.question == alone else None
                _take(response, ids, line, of, names, file)
    file.dimension_fields = may_tell(records) if alone else ()
    file.list_fields(units, ("the response’s user",), [each for each in questions if each != alone], names)
    file.fields += [FileField(alone, "the label")] if alone else []


def _is_submitted(response: Response, file: ImportedFile) -> bool:
    """Whether a response counts; where its export has lost that, it does, and the file says so."""
    if response.status is None:
        file.has_status = False
    elif response.status != "submitted":
        file.pass_over(f"{response.status if response.status in UNSUBMITTED else 'other'} responses")
        return False
    return True


def _take(response: Response, ids: tuple[str, str], line: int, of: str | None, names: Names, file: ImportedFile) -> None:
    """One response; `of` is the dimension of the only question there is, "" where nothing says it, None for any other."""
    question, value = response.question, response.value
    key = "" if not question else (names.key(of) if of else of) if of is not None else names.key(question)
    if not _is_submitted(response, file):
        file.told.add((*ids, key or ""))
        return
    file.submitted[ids] = line
    if isinstance(value, list) and value and all(isinstance(each, dict) and is_mark(each) for each in value):
        file.pass_over(MARKS, len(value))
        file.told.add((*ids, key or ""))
    elif key is None:
        file.leave_out(question)
    elif isinstance(value, dict) or (isinstance(value, list) and len(value) > 1):
        file.refuse(line, f"{ids[0]}: {question} has several answers; keep one")
        file.told.add((*ids, key))
    elif question:
        answer = value[0] if isinstance(value, list) and value else None if isinstance(value, list) else value
        file.answers.append(RawLabel(*ids, question if of is None else of, (as_text(answer),), line, question))


def _metadata(record: Mapping[str, Any]) -> Any:
    """The metadata of a record; a dataset's file has them as JSON in a text."""
    given = record.get("metadata")
    if not isinstance(given, str) or not given.startswith("{"):
        return given
    try:
        return json_value(given, 0)[0]
    except (ValueError, RecursionError):
        return None


def _suggestions(record: Mapping[str, Any]) -> int:
    given = record.get("suggestions")
    flat = sum(value is not None for name, value in record.items() if name.endswith((".suggestion", "-suggestion")))
    return len(given) if isinstance(given, list | dict) else flat


def _responses(record: Mapping[str, Any]) -> Iterator[Response]:
    """Every response of a record, whichever of the shapes above it has."""
    responses = record.get("responses")
    if isinstance(responses, list):
        yield from _by_user(responses)
    elif isinstance(responses, dict):  # Argilla 2, by question
        for question, given in responses.items():
            yield from _each_user(question, given)
    for name, value in record.items():
        if not isinstance(value, list) or name in ("responses", "suggestions"):
            continue
        if name.endswith(FLAT):
            yield from _flattened(record, name, value)
        else:  # Argilla 1, as a dataset
            yield from _each_user(name, value)


def _by_user(responses: Sequence[Any]) -> Iterator[Response]:
    """Argilla 1, as its API has it: a response a user, with all questions."""
    for response in responses:
        values = response.get("values") if isinstance(response, dict) else None
        if isinstance(response, dict) and not values:
            yield Response("", response.get("user_id"), None, _status(response))
        for question, value in values.items() if isinstance(values, dict) else ():
            answer = value.get("value") if isinstance(value, dict) else value
            yield Response(question, response.get("user_id"), answer, _status(response))


def _flattened(record: Mapping[str, Any], name: str, answers: Sequence[Any]) -> Iterator[Response]:
    """Argilla 2, flattened: answers, users and status of a question in lists beside each other."""
    users, statuses = (record.get(f"{name}.{kind}") or [] for kind in ("users", "status"))
    for place, answer in enumerate(answers):
        yield Response(name.removesuffix(FLAT), _at(users, place), answer, _at(statuses, place))


def _at(values: Any, place: int) -> Any:
    return values[place] if isinstance(values, list) and place < len(values) else None


def _each_user(question: str, given: Any) -> Iterator[Response]:
    for response in given if isinstance(given, list) else ():
        if isinstance(response, dict) and "user_id" in response and "value" in response:
            yield Response(question, response["user_id"], response["value"], _status(response))


def _status(response: Mapping[str, Any]) -> str | None:
    status = response.get("status")
    return as_text(status) if status is not None else None
