"""A file of labels as its columns are said to be. What its cells mean is settled where that of any other file is.

    a label a row        one column of labels, beside columns that name the annotator and the dimension, or not
    a column a rater     columns of labels that are one annotator's each
    a column a dimension columns of labels that are of one dimension each, or of one dimension by one annotator

Sheets of a workbook are read as they are said to be: a rater each, or parts of one table. A sheet that is called by a dimension
holds that dimension's labels.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from touchstone.data.table.source_table import SourceTable, read_table, tables_of
from touchstone.english import listed
from touchstone.importing.columns import is_slot, places_of
from touchstone.importing.contract import FileField, ImportedFile, Names, RawLabel
from touchstone.importing.mapped.label_mapping import LabelColumn, LabelMapping, in_dimension
from touchstone.importing.words import MISSING, kind_of, level_of
from touchstone.rubric.model import Dimension

NO_LABELS = "no column is said to hold labels"
AS_SAID = "columns as they were said to be"
TOLD = 20


def read_mapped(source: bytes, file_name: str, mapping: LabelMapping, names: Names) -> ImportedFile:
    """One file by a mapping. Never raises."""
    file, mapping = ImportedFile(AS_SAID), _by_key(mapping, names)
    first = read_table(source, file_name, of_members=True)
    if first.problems:
        file.problems += first.problems
        return file
    tables = tables_of(source, file_name, first.sheets) if len(first.sheets) > 1 else [first]
    fitting = [each for each in tables if not each.problems and not _wrong(each, mapping, names)]
    if len(fitting) > 1 and not names.sheets:
        file.sheets = tuple(each.sheet for each in fitting)
    chosen = fitting if names.sheets in ("annotators", "parts") else (fitting or [first])[:1]
    for sheet in first.sheets:
        if sheet not in [each.sheet for each in chosen]:
            file.leave_out(f"the sheet {sheet}")
    for table in chosen or [first]:
        _read(table, mapping, names, file, len(chosen) > 1)
    file.remarks += [each for each in first.remarks if not first.sheets or len(chosen) < 2]
    file.places = places_of(file) if mapping.annotator else ()
    raters = dict.fromkeys(each.annotator for each in mapping.labels if each.annotator)
    file.slots = tuple(raters) if raters and all(map(is_slot, raters)) else ()
    if mapping.means:
        said = [f"“{word}” as {meant if meant != MISSING else 'no label'}" for word, meant in mapping.means.items()]
        file.remarks.append(f"words of the file were read as was said: {listed(said[:TOLD])}{' …' if len(said) > TOLD else ''}")
    return file


def _by_key(mapping: LabelMapping, names: Names) -> LabelMapping:
    """The mapping with keys for aliases."""
    labels = tuple(each._replace(dimension=names.key(each.dimension) or each.dimension) for each in mapping.labels)
    return replace(mapping, labels=labels, called={name: names.key(key) or key for name, key in mapping.called.items()})


def label_columns(table: SourceTable, mapping: LabelMapping, names: Names) -> tuple[LabelColumn, ...]:
    """The columns that hold labels: those that are said, else those that are called by a dimension."""
    if mapping.labels:
        return mapping.labels
    others = (mapping.unit, mapping.annotator, mapping.dimension)
    return tuple(LabelColumn(name, key) for name in table.columns if name not in others and (key := names.key(name)))


def _way(wrong: str) -> tuple[str, ...]:
    return ("value-field",) if wrong.startswith(NO_LABELS) else ()


def _wrong(table: SourceTable, mapping: LabelMapping, names: Names) -> str:
    labels = label_columns(table, mapping, names)
    if wrong := replace(mapping, labels=labels).wrong(table.columns, names.rubric.keys):
        return wrong
    if not labels:
        return f"{NO_LABELS}, and none is called by a dimension of {names.rubric.name}; say which does"
    return ""


@dataclass
class _MappedReading:
    """One table on its way. `key_of`: dimensions by what the file calls them, None for one that is left out; `gone`: cells with
    a word that was said to be no label."""

    mapping: LabelMapping
    names: Names
    file: ImportedFile
    key_of: dict[str, str | None] = field(default_factory=dict)
    gone: Counter[str] = field(default_factory=Counter)

    def dimension(self, name: str) -> str | None:
        """The key of a dimension by the file's name for it; None where it is none, or left out."""
        if name not in self.key_of:
            said = self.mapping.called.get(name)
            self.key_of[name] = (said or None) if said is not None else key_by_any_name(name, self.names)
            if self.key_of[name] is None:
                self.file.leave_out(name or "a blank dimension")
        return self.key_of[name]

    def level(self, cell: str, key: str) -> str | None:
        """The text of a cell as it was said to be meant, in that dimension or throughout; None for a word that is no label."""
        word, means = cell.strip(), self.mapping.means
        meant = means.get(in_dimension(key, word), means.get(word))
        if meant == MISSING:
            self.gone[word] += 1
            return None
        return cell if meant is None else meant


def key_by_any_name(name: str, names: Names) -> str | None:
    """The dimension of a key, an alias or a title."""
    titles = {each.title.casefold(): each.key for each in names.rubric.dimensions}
    return names.key(name) or titles.get(name.strip().casefold())


def _read(table: SourceTable, mapping: LabelMapping, names: Names, file: ImportedFile, is_of_sheets: bool) -> None:
    before = f"sheet {table.sheet}: " if is_of_sheets else ""
    if wrong := _wrong(table, mapping, names):
        file.refuse(None, f"{before}{wrong}", _way(wrong))
        return
    labels = label_columns(table, mapping, names)
    by_sheet = table.sheet if is_of_sheets and names.sheets == "annotators" else ""
    of_sheet = (mapping.called.get(table.sheet) or key_by_any_name(table.sheet, names)) if table.sheet else None
    reading, begun = _MappedReading(mapping, names, file), len(file.problems)
    for line, cells in _rows(table):
        name = cells[mapping.dimension].strip() if mapping.dimension else ""
        key = reading.dimension(name) if mapping.dimension else of_sheet or names.key(names.bare) or ""
        who = cells[mapping.annotator] if mapping.annotator else by_sheet
        if key is None or (ids := _ids(cells[mapping.unit], who, bool(mapping.annotator), line, file)) is None:
            continue
        for each in labels:
            text = reading.level(cells[each.column], each.dimension or key)
            where = f"{before}{name if name and not each.dimension else each.column}"
            if text is not None:
                file.answers.append(RawLabel(ids[0], each.annotator or ids[1], each.dimension or key, (text,), line, where))
    if before:
        file.problems[begun:] = [each._replace(reason=f"{before}{each.reason}") for each in file.problems[begun:]]
    for word, number in reading.gone.items():
        file.pass_over(f"cells with “{word}”, said to be no label", number)
    _list_fields(table, labels, reading, before, "" if mapping.dimension else of_sheet or "")


def _rows(table: SourceTable) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(zip(table.columns, row.cells, strict=True))) for row in table.rows]


def _ids(unit: str, who: str, is_named: bool, line: int, file: ImportedFile) -> tuple[str, str] | None:
    lacking = "the row names no unit; fill its id in"
    ids = file.unit_and_annotator(line, (unit.strip(), "the unit’s id"), (who.strip(), "the annotator’s name"), lacking)
    if ids and is_named and not ids[1]:
        file.refuse(line, "the row names no annotator; fill it in")
        return None
    return ids


def _list_fields(table: SourceTable, labels: Sequence[LabelColumn], reading: _MappedReading, before: str, of_sheet: str) -> None:
    """Say what each column was read as, and what each name in the column of dimensions."""
    mapping, file = reading.mapping, reading.file
    roles = {mapping.unit: "the unit", mapping.annotator: "the annotator", mapping.dimension: "the dimension"}
    for each in labels:
        roles[each.column] = (each.dimension or of_sheet or "labels") + (f", by {each.annotator}" if each.annotator else "")
    for name in table.columns:
        if name not in roles:
            file.leave_out(name)
        file.fields.append(FileField(f"{before}{name}", roles.get(name, "left out")))
    file.fields += [FileField(f"{before}{mapping.dimension} = {name}", key or "left out") for name, key in reading.key_of.items()]


def unknown_names(given: Sequence[str], names: Names) -> list[str]:
    """Those of what should be dimensions that are none by key, alias or title, the most frequent first."""
    counted = Counter(cell.strip() for cell in given)
    return [name for name, _ in counted.most_common() if name and key_by_any_name(name, names) is None]


def unknown_words(table: SourceTable, mapping: LabelMapping, names: Names) -> dict[str, tuple[Dimension, ...]]:
    """What the columns of labels have that is no level and none of the words that are asked about anyway, the most frequent
    first, with the dimensions in which it stands; none where that is not said."""
    counted, keys = Counter[str](), dict[str, dict[str, None]]()
    for each in mapping.labels:
        cells = table.cells(each.column)
        beside = table.cells(mapping.dimension) if mapping.dimension else [""] * len(cells)
        for (name, cell), number in Counter(zip(beside, cells, strict=True)).items():
            word, name = cell.strip(), name.strip()
            key = each.dimension or mapping.called.get(name, key_by_any_name(name, names) or "")
            is_left_out = not key and name in mapping.called
            among = [names.dimension(key)] if key else names.rubric.dimensions
            if not is_left_out and kind_of(word) is None and all(level_of(one, word) is None for one in among):
                counted[word] += number
                keys.setdefault(word, {}).update({key: None} if key else {})
    return {word: tuple(names.dimension(key) for key in keys[word]) for word, _ in counted.most_common()}
