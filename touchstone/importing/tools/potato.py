"""Potato: JSONL with a record an annotator and instance, and `user_state.json`.

Shapes, out of potato-annotation itself: `{"user_id", "instance_id", "label_annotations": {scheme: {label: value}}}` of
annotated_instances.jsonl (older ones name the instance `id`, and the user by the folder alone), the same with `labels` of
its JSONL exporter, and `{"user_id", "instance_id_to_label_to_value": {instance: [[{"schema", "name"}, value], ...]}}` of a
user_state.json. A radio button answers with the label's name, a Likert scale with its value; whichever is a level counts.
Records that a machine annotator made (`annotator_origin`) are said. Its CSV and TSV, with a column a scheme or a scheme's label
("rating:::scale_3", "rating.scale_3"), are tables: see `importing.raters`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import MARKS, RELATIONS, ImportedFile, Names, RawLabel, first_of

STATE = "instance_id_to_label_to_value"
SPANS_OF_STATE = "instance_id_to_span_to_value"
OF_PARTS = {"spans": MARKS, SPANS_OF_STATE: MARKS, "links": RELATIONS}
NOT_CHOSEN = ("", "false", "False", "off")
CHOSEN = ("true", "on", "yes", "checked", "selected", "x", "✓")  # that it was chosen, and nothing else
SCALE = re.compile(r"scale_(\d+)", re.I)


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
            if ids:
                file.submitted[ids] = line
                _count_marks(record, ids, file)
            for name, chosen in schemes.items() if ids else ():
                dimensions.setdefault(name)
                if names.key(name) is None:
                    file.leave_out(name or "a scheme without a name")
                elif ids and (texts := chosen_of(chosen, f"{ids[0]}: {name}", line, file)) is None:
                    file.told.add((*ids, names.key(name) or ""))
                elif ids and texts:
                    file.answers.append(RawLabel(*ids, name, texts, line, name))
    file.machines = tuple(machines)
    if machines:
        file.remarks.append(f"the file says that {', '.join(machines)} is not a person")
    file.list_fields(("instance_id",), ("user_id",), dimensions, names)


def _count_marks(record: Mapping[str, Any], ids: tuple[str, str], file: ImportedFile) -> None:
    """Marks of one instance are counted; in a user's state they are kept by instance."""
    for name, called in OF_PARTS.items():
        given = record.get(name)
        given = given.get(ids[0]) if name == SPANS_OF_STATE and isinstance(given, dict) else given
        marks = [each for held in (given.values() if isinstance(given, dict) else [given]) for each in as_list(held)]
        file.pass_over(called, len(marks))
        if marks:
            file.told.add((*ids, ""))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def chosen_of(labels: Mapping[str, Any], what: str, line: int, file: ImportedFile) -> tuple[str, ...] | None:
    """The one label chosen in a scheme, as texts of which one may be a level; () where none was, None, with a problem, where
    several were."""
    chosen = [_texts(label, value) for label, value in labels.items() if as_text(value).strip() not in NOT_CHOSEN]
    if len(chosen) > 1:
        some = ", ".join(texts[0] for texts in chosen[:4])
        file.refuse(line, f"{what} has {len(chosen)} answers ({some}); keep one")
        return None
    return chosen[0] if chosen else ()


def _texts(label: str, value: Any) -> tuple[str, ...]:
    """The texts of a label and what was stored for it. A mark says only that it was chosen; so does 1, of a step of a scale."""
    given, step = as_text(value).strip(), SCALE.fullmatch(label)
    if given.casefold() in CHOSEN or (given == "1" and step is not None):
        given = step[1] if step else ""
    return tuple(dict.fromkeys(text for text in (label, given) if text))


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
