"""Answers that were handed in empty: the cells in which somebody who answered for a unit gave no label.

A table has a blank cell there, and is asked about it. A tool's export has nothing: `result: []`, `label: []`, or a record without
one of the questions. Such a cell is a blank too, where

    nothing at all was answered    every dimension that the file has is blank (one without a name, where it has none)
    something was answered         those dimensions are blank that the same person answered for other units

so that whoever was never asked a question leaves no blank. A cell of which the file says something else (an answer withdrawn, a
mark on a part of the text) is none.
"""

from touchstone.importing.contract import ImportedFile, Names, RawLabel


def fill_gaps(file: ImportedFile, names: Names) -> None:
    """Add the blank answers of what was handed in (`file.submitted`)."""
    if not file.submitted:
        return
    given: dict[tuple[str, str], set[str]] = {}
    asked: dict[str, dict[str, str]] = {}  # by annotator: the dimensions answered, and the field of each
    for answer in file.answers:
        key = (names.key(answer.name) or "") if answer.name else ""
        given.setdefault(answer[:2], set()).add(key)
        asked.setdefault(answer.annotator, {}).setdefault(key, answer.field)
    every = {key: field for fields in asked.values() for key, field in fields.items()} or {names.bare: names.bare}
    if not asked and not names.bare and file.left_out:  # what was answered is no dimension of the rubric
        return
    for unit, who, key in file.told:
        given.setdefault((unit, who), set()).add(key)
    for ids, line in file.submitted.items():
        (unit, who), has = ids, given.get(ids, set())
        for key, field in (asked.get(who, {}) if has else every).items():
            if key not in has:
                file.answers.append(RawLabel(unit, who, key, ("",), line, field, is_gap=True))
