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
from touchstone.importing.contract import Answer, Field, Names, Reading, as_text, fit_id

FLAT = ".responses"
UNSUBMITTED = ("draft", "discarded", "pending")


class Response(NamedTuple):
    """One answer of one user; `status` None where the export does not have it."""

    question: str
    user: Any
    value: Any
    status: str | None


def is_argilla(record: Mapping) -> bool:
    if any(name.endswith(FLAT) for name in record):
        return True
    if isinstance(record.get("responses"), list | dict) and bool({"fields", "suggestions", "status"} & record.keys()):
        return True
    return "external_id" in record and any(name.endswith("-suggestion") for name in record)


def records_of_columns(record: Mapping) -> list[dict] | None:
    """The records of one object in which every field is a list as long as the others (Argilla 2, to_dict); None for any
    other object."""
    lists = list(record.values())
    if not {"id", "status"} <= record.keys() or not all(isinstance(each, list) for each in lists):
        return None
    if len({len(each) for each in lists}) > 1:
        return None
    return [dict(zip(record, row, strict=True)) for row in zip(*lists, strict=True)]


def read_argilla(records: Sequence[Record], names: Names, reading: Reading) -> None:
    units, fields = {}, {}
    for line, record in records:
        found = names.unit_of(("metadata.", record.get("metadata")), ("", record)) or (
            "id",
            record.get("id", record.get("_server_id")),
        )
        units.setdefault(found[0])
        reading.pass_over("suggestions", _suggestions(record))
        for each in _responses(record):
            fields.setdefault(each.question)
            if each.status is None:
                reading.has_status = False
            elif each.status != "submitted":
                reading.pass_over(f"{each.status if each.status in UNSUBMITTED else 'other'} responses")
                continue
            if names.key(each.question) is None:
                reading.leave_out(each.question)
                continue
            try:
                unit, who = fit_id(found[1], f"the record's {found[0]}"), fit_id(each.user, "the user's id")
            except ValueError as wrong:
                reading.refuse(line, str(wrong))
                continue
            if not unit:
                reading.refuse(line, "the record names no unit; it needs an id")
            elif isinstance(each.value, list | dict):
                reading.refuse(line, f"{unit}: {each.question} has several answers; a label is one")
            else:
                reading.answers.append(Answer(unit, who, each.question, (as_text(each.value),), line, each.question))
    reading.fields += [Field(name, "the unit") for name in units] + [Field("the response’s user", "the annotator")]
    reading.fields += [Field(name, names.key(name) or "left out") for name in fields]


def _suggestions(record: Mapping) -> int:
    given = record.get("suggestions")
    flat = sum(value is not None for name, value in record.items() if name.endswith((".suggestion", "-suggestion")))
    return len(given) if isinstance(given, list | dict) else flat


def _responses(record: Mapping) -> Iterator[Response]:
    responses = record.get("responses")
    if isinstance(responses, list):  # Argilla 1, a response a user
        for each in responses:
            values = each.get("values") if isinstance(each, dict) else None
            for question, value in values.items() if isinstance(values, dict) else ():
                yield Response(
                    question, each.get("user_id"), value.get("value") if isinstance(value, dict) else value, _status(each)
                )
    elif isinstance(responses, dict):  # Argilla 2, by question
        for question, some in responses.items():
            yield from _each_user(question, some)
    for name, value in record.items():
        if not isinstance(value, list) or name in ("responses", "suggestions"):
            continue
        if name.endswith(FLAT):
            users, statuses = (record.get(f"{name}.{kind}") or [] for kind in ("users", "status"))
            for place, answer in enumerate(value):
                yield Response(
                    name.removesuffix(FLAT),
                    *(
                        some[place] if isinstance(some, list) and place < len(some) else None
                        for some in (users, [answer] * len(value), statuses)
                    ),
                )
        else:  # Argilla 1, as a dataset
            yield from _each_user(name, value)


def _each_user(question: str, some: Any) -> Iterator[Response]:
    for each in some if isinstance(some, list) else ():
        if isinstance(each, dict) and "user_id" in each and "value" in each:
            yield Response(question, each["user_id"], each["value"], _status(each))


def _status(response: Mapping) -> str | None:
    status = response.get("status")
    return as_text(status) if status is not None else None
