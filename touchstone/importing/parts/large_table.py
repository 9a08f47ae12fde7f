"""A table of labels that is read twice: first for what the whole of it must tell, then for its labels, a part at a time.

So are read tables whose header alone says what their columns are: a label a row, and a column a dimension. Others are told by
what is in all of their cells (`importing.raters`, `importing.level_columns`), for which a file must be in hand.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from touchstone.data.label import LabelRow
from touchstone.errors import MOST_PROBLEMS, Problem
from touchstone.files.table_rows import FIRST_ROWS
from touchstone.importing.columns import JUDGES, MORE_DIMENSIONS, REASONS, LabelTable, place_of, places_among
from touchstone.importing.contract import FileField, ImportedFile, Names, RawLabel
from touchstone.importing.level_columns import columns_by_level
from touchstone.importing.parts.row_sources import Opened, RowSource, in_parts, row_source
from touchstone.importing.table import (
    list_long,
    list_wide,
    place_of_header,
    refuse_twice,
    squared,
    table_of,
    take_long,
    take_wide,
    that_count,
)
from touchstone.importing.vocabulary import Resolving

Tell = Callable[[int], None]  # called with how many rows more were read


@dataclass
class LargeTable:
    """A table whose first reading is done: `file` has its problems, and gets the rest with the second. `place`: of its header
    among the rows; `keys`: the dimension of each column that is one, of a table with a column a dimension."""

    file: ImportedFile
    source: RowSource
    table: LabelTable
    place: int
    keys: Mapping[int, str]
    names: Names

    def answers(self, tell: Tell) -> Iterator[list[RawLabel]]:
        """The answers, a part at a time; after the last `file` says how each column was read."""
        at, file = self.table.at, self.file
        refuse_twice(self.table, self.keys, file)
        who: dict[str, None] = {}
        named: dict[str, None] = {}
        for rows in in_parts(islice(self.source.rows([]), self.place + 1, None)):
            table = that_count(self.table._replace(rows=squared(rows, self.table.header, ImportedFile(""))), file)
            if self.keys:
                take_wide(table, self.keys, {}, file)
            elif at.dimension is not None and at.value is not None:
                named |= take_long(table, at.dimension, at.value, self.names, file)
            who |= dict.fromkeys(answer.annotator for answer in file.answers)
            tell(len(rows))
            yield file.answers
            file.answers = []
        if self.keys:
            list_wide(self.table, self.keys, {}, places_among(who), file)
        elif at.dimension is not None and at.value is not None:
            list_long(self.table, at.dimension, at.value, named, places_among(who), self.names, file)
        file.format += self.source.kind


def large_table(opened: Opened, names: Names, format: str) -> LargeTable | None:
    """A file of labels, read the first time; None for one that must be in hand to be read."""
    found = row_source(opened, names, format)
    if found is None:
        return None
    source, problems = found
    file = ImportedFile("", problems=problems)
    unread: list[Problem] = []
    rows = source.rows(unread)
    first = list(islice(rows, FIRST_ROWS))
    if not first:
        return None
    place = place_of_header(first, names)
    header = first[place]
    if source.kind and place:
        return None
    file.fields += [FileField(f"line {each.line}", "above the header: left out") for each in first[:place]]
    titles = [cell.strip() for cell in header.cells]
    wrong = ImportedFile("")
    squared(first[place + 1 :], titles, wrong)
    for part in in_parts(rows):
        squared(part, titles, wrong)
    file.problems += unread or wrong.problems
    said = ImportedFile("")
    table = table_of(titles, header.line, [], names, said)
    keys = _keys_by_header(table, names) if table is not None else None
    if table is None or keys is None:
        return None
    file.problems += [] if unread else said.problems
    file.format = "nothing that could be read" if file.problems else ""
    return LargeTable(file, source, table, place, keys, names)


def _keys_by_header(table: LabelTable, names: Names) -> dict[int, str] | None:
    """The columns that are a dimension each, by place; none for a label a row; None where more must be seen than the header."""
    at, header = table.at, table.header
    keys = {place: key for place, cell in enumerate(header) if (key := names.key(cell))}
    if at.dimension is None and place_of(header, MORE_DIMENSIONS) is not None:
        return None
    has_reasons = place_of(header, REASONS) is not None
    if at.annotator is None and place_of(header, (*JUDGES, *(("model",) if has_reasons else ()))) is not None:
        return None
    if at.dimension is not None and at.value is not None and (at.annotator is not None or not keys):
        return {}
    return keys if keys and not columns_by_level(header, names, keys)[0] else None


class ResolvingParts(Resolving):
    """As `Resolving`, of labels that are handed on a part at a time: whether one is there twice is seen of all together."""

    def _keep(self, row: LabelRow, answer: RawLabel) -> None:
        self.rows.append(row)
        self.lines.append(answer.line)
        if answer.task:
            self.tasks[answer.unit] = answer.task

    def take(self, answer: RawLabel) -> None:
        super().take(answer)
        del self.asked[MOST_PROBLEMS + 1 :]

    def handed_on(self) -> None:
        """What was resolved so far is with somebody else now, but for one that waits: that there is any."""
        self.rows, self.lines, self.tasks, self.waiting = [], [], {}, dict(islice(self.waiting.items(), 1))
