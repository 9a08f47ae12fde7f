"""What each column of a file of labels may be, by what it holds and by its name. Guesses: whoever imports it looks at them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from touchstone.data.label import UNIT_COLUMNS
from touchstone.data.table.column_facts import SHORT, ColumnFacts, facts_of
from touchstone.data.table.mapping import ColumnRole
from touchstone.data.table.source_table import SourceTable
from touchstone.importing.columns import ANNOTATORS, BESIDE, DIMENSIONS, JUDGES, MORE_DIMENSIONS, REASONS, VALUES
from touchstone.importing.contract import OTHER_UNITS, Names, plain
from touchstone.importing.mapped.label_mapping import ANNOTATOR, DIMENSION, LABELS, LEFT_OUT, UNIT, LabelColumn
from touchstone.importing.mapped.mapped_labels import key_by_any_name
from touchstone.importing.table import TABLE_UNITS
from touchstone.importing.words import kind_of, level_of
from touchstone.rubric.model import Dimension

IDS = re.compile(r"(?:^|_)(?:id|nr|no|nummer|number|key|uuid|ref|case|fall|item|ticket)$")
PEOPLE = re.compile(r"annotat|rater|coder|labell?er|reviewer|assessor|evaluator|judge|grader|prüfer|bewerter|gutachter|kodierer")
KINDS = re.compile(r"dimension|criteri|kriteri|aspect|aspekt|merkmal|metric|question|frage")
SAID_BESIDE = re.compile(r"comment|kommentar|note|notiz|reason|grund|remark|bemerkung|begründung|confidence|date|datum|time|zeit")
MOST_DIFFERENT = 200  # in a column of levels, with whatever else stands in it
MOST_WORDS, MOST_NAMES = 12, 30  # different ones in a column of words for levels, and of names of dimensions


class LabelGuesses(NamedTuple):
    """A role for each column, with its reason, in the table's order; of those that hold labels what is guessed beside it."""

    roles: tuple[ColumnRole, ...]
    labels: tuple[LabelColumn, ...]


def guessed_labels(table: SourceTable, names: Names) -> LabelGuesses:
    facts = {each.name: each for each in facts_of(table)}
    taken: dict[str, ColumnRole] = {}
    _dimension(table, facts, names, taken)
    _annotator(facts, taken)
    few = [name for name, each in facts.items() if each.values <= MOST_DIFFERENT]
    levels = {name for name in few if _holds_levels(table, name, names.rubric.dimensions)}
    _unit(facts, levels, taken)
    labels = _labels(facts, levels, names, taken)
    for name in table.columns:
        taken.setdefault(name, ColumnRole(name, LEFT_OUT))
    return LabelGuesses(tuple(taken[name] for name in table.columns), tuple(labels))


def _called(name: str) -> str:
    """A name as it is compared: of a path its last part."""
    return plain(re.sub(r"[.:/]", " ", name.rsplit(".", 1)[-1]))


def _dimension(table: SourceTable, facts: dict[str, ColumnFacts], names: Names, taken: dict[str, ColumnRole]) -> None:
    for name, column in facts.items():
        values = set(table.cells(name)) - {""} if column.values <= MOST_NAMES else set()
        if values and 2 * sum(key_by_any_name(each.strip(), names) is not None for each in values) >= len(values):
            taken[name] = ColumnRole(name, DIMENSION, reason="it holds names of dimensions")
            return
    for name, column in facts.items():
        called = _called(name)
        if (
            (called in (*DIMENSIONS, *MORE_DIMENSIONS) or KINDS.search(called))
            and column.values <= MOST_NAMES
            and column.longest <= SHORT
        ):
            taken[name] = ColumnRole(name, DIMENSION, reason="by its name")
            return


def _annotator(facts: dict[str, ColumnFacts], taken: dict[str, ColumnRole]) -> None:
    for name, column in facts.items():
        called = _called(name)
        is_named = called in (*ANNOTATORS, *JUDGES) or PEOPLE.search(called)
        if name not in taken and is_named and column.longest <= 2 * SHORT and not column.is_measured and not _is_number(column):
            taken[name] = ColumnRole(name, ANNOTATOR, reason="by its name")
            return


def _is_number(column: ColumnFacts) -> bool:
    return column.is_plain and column.longest <= 2  # "Rater 1" above levels is a rater's column, and names nobody in its cells


def _unit(facts: dict[str, ColumnFacts], levels: set[str], taken: dict[str, ColumnRole]) -> None:
    free = [each for name, each in facts.items() if name not in taken and each.filled and not each.is_measured]
    wanted = (*UNIT_COLUMNS, *OTHER_UNITS, *TABLE_UNITS)
    found = [each for called in wanted for each in free if _called(each.name) == called]
    found += [each for each in free if IDS.search(_called(each.name)) and not each.could_hold_texts]
    reason = "by its name"
    if not found:
        found = [each for each in free if each.name not in levels and each.tells_apart]
        reason = "each value stands once"
    if not found:
        found = [each for each in free if each.filled == each.rows and each.values > MOST_WORDS and each.longest <= SHORT]
        found = [each for each in found if each.name not in levels]
        reason = "it has the most values"
        found.sort(key=lambda each: -each.values)
    if found:
        taken[found[0].name] = ColumnRole(found[0].name, UNIT, reason=reason)


def _labels(facts: dict[str, ColumnFacts], levels: set[str], names: Names, taken: dict[str, ColumnRole]) -> list[LabelColumn]:
    free = [each for name, each in facts.items() if name not in taken and each.filled and each.longest <= 2 * SHORT]
    free = [each for each in free if _called(each.name) not in (*BESIDE, *REASONS) and not SAID_BESIDE.search(_called(each.name))]
    of_dimension = {each.name: _of_dimension(each.name, names) for each in free}
    held = [each for each in free if each.name in levels]
    why = "it holds levels"
    if not held:
        held = [each for each in free if _called(each.name) in VALUES and each.values <= MOST_WORDS] or [
            each for each in free if each.can_be_sliced_by and each.values <= MOST_WORDS and not each.could_hold_texts
        ]
        why = "it holds a few words again and again"
    has_annotator = any(each.role == ANNOTATOR for each in taken.values())
    if any(of_dimension[each.name] for each in held):
        held = [each for each in held if of_dimension[each.name]]
    elif has_annotator and any(each.role == DIMENSION for each in taken.values()):
        held = held[:1]
    are_raters = len(held) > 1 and not has_annotator
    labels = []
    for each in held:
        key = of_dimension[each.name]
        reason = f"{why}, and is called by a dimension" if key else why
        taken[each.name] = ColumnRole(each.name, LABELS, reason=reason)
        labels.append(LabelColumn(each.name, key, each.name if are_raters and not key else ""))
    return labels


def _of_dimension(name: str, names: Names) -> str:
    last = name.rsplit(".", 1)[-1]
    return key_by_any_name(name, names) or key_by_any_name(last, names) or ""


def _holds_levels(table: SourceTable, name: str, dimensions: Sequence[Dimension]) -> bool:
    """Whether most of a column's cells that are neither blank nor a word for it are levels of one dimension or another."""
    given = {text: number for text, number in Counter(table.cells(name)).items() if kind_of(text) is None}
    levels = sum(number for text, number in given.items() if any(level_of(each, text) is not None for each in dimensions))
    return levels > 0 and 2 * levels > sum(given.values())
