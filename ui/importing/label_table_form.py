"""The form that says what each column of a file of labels is: where its shape is not known, or where somebody asks for it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa
import streamlit as st

from touchstone.data.table.mapping import ColumnRole
from touchstone.data.table.source_table import in_one_sentence
from touchstone.english import many
from touchstone.importing.contract import Names
from touchstone.importing.mapped.label_mapping import (
    DIMENSION,
    LABEL_ROLES,
    LABELS,
    LabelColumn,
    LabelMapping,
    in_dimension,
    label_mapping_of,
    said_twice,
)
from touchstone.importing.mapped.mapped_labels import unknown_names, unknown_words
from touchstone.importing.words import MISSING
from touchstone.rubric.model import Dimension
from ui.base import panels
from ui.base.session import tab
from ui.data.column_box import MOST_COLUMNS, column_box
from workflow.importing.label_files import File
from workflow.importing.label_preview import Preview
from workflow.importing.label_tables import LabelTableOffered, offered_columns
from workflow.people.people import Person

MOST_ASKED = 12  # names of dimensions, and words, with a box each
NONE = "none of them: left out"


class ColumnsSaid(NamedTuple):
    """By file, what its columns are; how many answers are still open; whether something said cannot be so, which then stands on
    the page."""

    mappings: Mapping[str, LabelMapping]
    open: int = 0
    is_unfinished: bool = False


def ask(
    person: Person, engine: sa.Engine, given: Sequence[File], made: Preview, rubric: str, *, sheets_are_parts: bool
) -> ColumnsSaid:
    """Ask what the columns of each file are that is in no known shape, or of all where that is asked for. Files with the same
    columns are mapped together. `sheets_are_parts`: sheets were said to be one table, so a title may be a dimension's."""
    unknown = {each.name for each in made.files if not each.is_known}
    wants_all = any(file.name not in unknown for file in given) and st.checkbox(
        "Say what each column is",
        key=f"map-labels-{tab.counter('set')}",
        help="Also of files whose columns are known by their names",
    )
    groups: dict[tuple[str, ...], list[tuple[File, LabelTableOffered]]] = {}
    for file in given:
        if (wants_all or file.name in unknown) and (found := _offered(person, engine, file, rubric)):
            groups.setdefault(found.table.columns, []).append((file, found))
    said: dict[str, LabelMapping] = {}
    open_, is_unfinished = 0, False
    for alike in groups.values():
        (file, offered), names = alike[0], [each.name for each, _ in alike]
        mapping, unanswered = _of_columns(file, offered, len(alike) - 1, file.name in unknown, sheets_are_parts)
        wrong = "" if mapping is None else mapping.wrong(offered.table.columns, offered.names.rubric.keys)
        panels.wrong(wrong)
        if mapping is None or wrong:
            is_unfinished = True
        else:
            said |= dict.fromkeys(names, mapping)
            open_ += unanswered
    return ColumnsSaid(said, open_, is_unfinished)


def forget() -> None:
    """The files that were read in this tab are not looked at any longer."""
    tab.state().pop("label-tables", None)


def _offered(person: Person, engine: sa.Engine, file: File, rubric: str) -> LabelTableOffered | None:
    """The file as a table, read once in this tab while it is one of a few."""
    kept: dict[str, LabelTableOffered | None] = tab.state().setdefault("label-tables", {})
    key = f"{hashlib.sha256(file.source).hexdigest()}-{file.name}-{rubric}"
    if key not in kept:
        if len(kept) > 8:
            kept.clear()
        kept[key] = offered_columns(person, engine, file, rubric)
    return kept[key]


def _of_columns(
    file: File, offered: LabelTableOffered, others: int, is_unknown: bool, sheets_are_parts: bool
) -> tuple[LabelMapping | None, int]:
    """What the columns of one file were said to be, and how many questions about it are open; None with a refusal."""
    key = f"{hashlib.sha256(file.source).hexdigest()[:12]}-{tab.counter('set')}-{offered.names.rubric.name}"
    panels.section(f"What the columns are: {file.name}")
    why = "It is in no shape that is known, so say what each column is. " if is_unknown else ""
    alike = f" {many(others, 'other file')} will be read the same way." if others else ""
    shape = panels.sentence_case(in_one_sentence(offered.table))
    panels.text(f"{why}{shape}. What is chosen below are guesses: look at each.{alike}")
    begun = {each.column: each for each in offered.guesses.labels}
    roles, labels = list[ColumnRole](), list[LabelColumn]()
    for place, (column, guess) in enumerate(zip(offered.facts, offered.guesses.roles, strict=True)):
        if place == MOST_COLUMNS:
            panels.notes(
                [f"The file has {many(len(offered.facts), 'column')}: those after the first {MOST_COLUMNS} are left out here."]
            )
            break
        role, beside = column_box(column, guess, LABEL_ROLES, f"{key}-{place}")
        roles.append(ColumnRole(column.name, role))
        if role == LABELS:
            with beside:
                labels.append(_labels(begun.get(column.name, LabelColumn(column.name)), offered.names, f"{key}-{place}"))
    if wrong := said_twice(roles):
        panels.wrong(wrong)
        return None, 0
    with st.container(horizontal=True, key=f"called-{key}"):
        said_by = next((each.column for each in roles if each.role == DIMENSION), "")
        names = unknown_names(offered.table.cells(said_by) if said_by else (), offered.names)
        if not said_by and sheets_are_parts and not all(each.dimension for each in labels):
            names = unknown_names(offered.table.sheets, offered.names)
        called, unnamed = _called(names, offered.names, f"{key}-{said_by}")
        mapping = label_mapping_of(roles, labels, called)
        means, unsaid = _means(unknown_words(offered.table, mapping, offered.names), offered.names.rubric.dimensions, key)
    return replace(mapping, means=means), unnamed + unsaid


def _labels(begun: LabelColumn, names: Names, key: str) -> LabelColumn:
    """Of which dimension the labels of a column are, and whose, where another column does not say it."""
    titles = {each.key: each.title for each in names.rubric.dimensions}
    dimension = st.selectbox(
        "Of dimension",
        ["", *titles],
        index=["", *titles].index(begun.dimension),
        format_func=lambda each: titles.get(each, "said elsewhere"),
        key=f"of-{key}",
        help="Where a column names the dimension, or you are asked for it, leave it so",
    )
    annotator = st.text_input(
        "By annotator",
        value=begun.annotator,
        placeholder="said elsewhere",
        key=f"by-{key}",
        help="Where a column names the annotator, or the file is one annotator’s, leave it empty",
    )
    return begun._replace(dimension=dimension, annotator=annotator.strip())


def _called(unknown: Sequence[str], names: Names, key: str) -> tuple[dict[str, str], int]:
    """Which dimension each name is that the rubric does not know; and how many of them are not answered."""
    titles = {each.key: each.title for each in names.rubric.dimensions}
    said: dict[str, str] = {}
    for place, name in enumerate(unknown[:MOST_ASKED]):
        chosen = st.selectbox(
            panels.literal(f"Which dimension is “{name[:60]}”?"),
            [*titles, ""],
            index=None,
            placeholder="Choose",
            format_func=lambda each: titles.get(each, NONE),
            key=f"called-{key}-{place}",
        )
        said |= {} if chosen is None else {name: chosen}
    return said, min(len(unknown), MOST_ASKED) - len(said)


def _means(unknown: Mapping[str, Sequence[Dimension]], every: Sequence[Dimension], key: str) -> tuple[dict[str, str], int]:
    """Which level each word means that is none, asked in each of its dimensions where they have none in common; and how many
    answers are left. A column of many words holds no labels,
    and is not asked about: its problems say so."""
    said: dict[str, str] = {}
    if len(unknown) > MOST_ASKED:
        panels.notes([f"The columns of labels hold {many(len(unknown), 'word')} that are no level: are they columns of labels?"])
        return said, 0
    asked = 0
    for word, dimensions in unknown.items():
        is_alike = not dimensions or bool(_levels_of(dimensions))
        for among in [dimensions or every] if is_alike else [(each,) for each in dimensions]:
            asked += 1
            levels = {**_levels_of(among, in_all=bool(dimensions)), MISSING: "no label"}
            where = "" if is_alike else f" in {among[0].title}"
            chosen = st.selectbox(
                panels.literal(f"What does “{word[:60]}” mean{where}?"),
                list(levels),
                index=None,
                placeholder="Choose",
                format_func=levels.__getitem__,
                key=f"means-{key}-{word[:60]}{where}",
            )
            said |= {} if chosen is None else {word if is_alike else in_dimension(among[0].key, word): chosen}
    return said, asked - len(said)


def _levels_of(dimensions: Sequence[Dimension], in_all: bool = True) -> dict[str, str]:
    """The levels that all of these have, or else that any has; with the title where it is one."""
    titles: dict[str, list[str]] = {}
    for level in (level for each in dimensions for level in each.levels):
        titles.setdefault(str(level.value), []).append(level.title)
    return {
        value: value if len(set(named)) > 1 or named[0].casefold() == value.casefold() else f"{value}: {named[0]}"
        for value, named in titles.items()
        if not in_all or len(named) == len(dimensions)
    }
