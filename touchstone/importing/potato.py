"""Potato: JSONL with a record an annotator and instance, and `user_state.json`.

Shapes, out of potato-annotation itself: `{"user_id", "instance_id", "label_annotations": {scheme: {label: value}}}` of
annotated_instances.jsonl (older ones name the instance `id`, and the user by the folder alone), the same with `labels` of
its JSONL exporter, and `{"user_id", "instance_id_to_label_to_value": {instance: [[{"schema", "name"}, value], ...]}}` of a
user_state.json. A radio button answers with the label's name, a Likert scale with its value; whichever is a level counts.
Records that a machine annotator made (`annotator_origin`) are said.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.importing.contract import Answer, Field, Names, Reading, as_text, first_of, fit_id

STATE = "instance_id_to_label_to_value"
NOT_CHOSEN = ("", "false", "False")


def is_potato(record: Mapping) -> bool:
    return (
        isinstance(record.get(STATE), dict)
        or isinstance(record.get("label_annotations"), dict)
        or {"instance_id", "user_id"} <= record.keys()
        and isinstance(record.get("labels"), dict)
    )


def read_potato(records: Sequence[Record], names: Names, reading: Reading) -> None:
    fields, machines = {}, {}
    for line, record in records:
        who = first_of(record, ("user_id", "user")) or ("", "")
        origin = record.get("annotator_origin", record.get("origin"))
        if isinstance(origin, dict) and origin.get("kind", "human") != "human":
            machines.setdefault(as_text(who[1]) or "someone")
        for instance, schemes in _instances(record):
            try:
                unit, annotator = fit_id(instance, "the instance's id"), fit_id(who[1], "the user's id")
            except ValueError as wrong:
                reading.refuse(line, str(wrong))
                continue
            if not unit:
                reading.refuse(line, "the record names no instance; it needs an instance_id")
                continue
            for name, chosen in schemes.items():
                fields.setdefault(name)
                if names.key(name) is None:
                    reading.leave_out(name or "a scheme without a name")
                    continue
                texts = [_texts(label, value) for label, value in chosen.items() if as_text(value) not in NOT_CHOSEN]
                if len(texts) > 1:
                    reading.refuse(
                        line,
                        f"{unit}: {name} has {len(texts)} answers ({', '.join(each[0] for each in texts[:4])}); a label is one",
                    )
                elif texts:
                    reading.answers.append(Answer(unit, annotator, name, texts[0], line, name))
    if machines:
        reading.remarks.append(f"the file says that {', '.join(machines)} is no person")
    reading.fields += [Field("instance_id", "the unit"), Field("user_id", "the annotator")]
    reading.fields += [Field(name, names.key(name) or "left out") for name in fields]


def _texts(label: str, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in (label, as_text(value)) if text))


def _instances(record: Mapping) -> Iterator[tuple[Any, dict[str, dict[str, Any]]]]:
    """Every instance of a record with its schemes: by scheme, what each label of it was given."""
    if isinstance(state := record.get(STATE), dict):
        for instance, given in state.items():
            yield instance, _schemes(given)
        return
    instance = first_of(record, ("instance_id", "id")) or ("", "")
    yield instance[1], _schemes(record.get("label_annotations", record.get("labels")))


def _schemes(given: Any) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    if isinstance(given, dict):
        for name, chosen in given.items():
            made[name] = chosen if isinstance(chosen, dict) else {as_text(chosen): chosen}
    for pair in given if isinstance(given, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], dict):
            made.setdefault(as_text(pair[0].get("schema")), {})[as_text(pair[0].get("name"))] = pair[1]
    return made
