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
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import ImportedFile, Names, RawLabel, first_of

STATE = "instance_id_to_label_to_value"
NOT_CHOSEN = ("", "false", "False")


def is_potato(record: Mapping[str, Any]) -> bool:
    return (
        isinstance(record.get(STATE), dict)
        or isinstance(record.get("label_annotations"), dict)
        or {"instance_id", "user_id"} <= record.keys()
        and isinstance(record.get("labels"), dict)
    )


def read_potato(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    dimensions: dict[str, None] = {}
    machines: dict[str, None] = {}
    for line, record in records:
        _, user = first_of(record, ("user_id", "user")) or ("", "")
        origin = record.get("annotator_origin", record.get("origin"))
        if isinstance(origin, dict) and origin.get("kind", "human") != "human":
            machines.setdefault(as_text(user) or "someone")
        for instance, schemes in _instances(record):
            lacking = "the record names no instance; it needs an instance_id"
            ids = file.unit_and_annotator(line, (instance, "the instance's id"), (user, "the user's id"), lacking)
            for name, chosen in schemes.items() if ids else ():
                dimensions.setdefault(name)
                if names.key(name) is None:
                    file.leave_out(name or "a scheme without a name")
                elif ids and (texts := _chosen(chosen, f"{ids[0]}: {name}", line, file)):
                    file.answers.append(RawLabel(*ids, name, texts, line, name))
    if machines:
        file.remarks.append(f"the file says that {', '.join(machines)} is not a person")
    file.list_fields(("instance_id",), ("user_id",), dimensions, names)


def _chosen(labels: Mapping[str, Any], what: str, line: int, file: ImportedFile) -> tuple[str, ...]:
    """The one label chosen in a scheme, as texts of which one may be a level; () where none was, or several."""
    chosen = [_texts(label, value) for label, value in labels.items() if as_text(value) not in NOT_CHOSEN]
    if len(chosen) > 1:
        some = ", ".join(texts[0] for texts in chosen[:4])
        file.refuse(line, f"{what} has {len(chosen)} answers ({some}); keep one")
        return ()
    return chosen[0] if chosen else ()


def _texts(label: str, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in (label, as_text(value)) if text))


def _instances(record: Mapping[str, Any]) -> Iterator[tuple[Any, dict[str, dict[str, Any]]]]:
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
