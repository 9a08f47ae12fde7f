"""The form that says which column of a table is what, and what its first drafts will look like to annotators."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
import streamlit as st

from touchstone.data.table.column_facts import ColumnFacts, facts_of
from touchstone.data.table.mapped import MappedTable
from touchstone.data.table.mapping import BESIDE, ROLES, TEXT, ColumnRole, TableMapping, mapping_of, more_than_one
from touchstone.data.table.source_table import SourceTable, in_one_sentence
from touchstone.data.task_input import fields_of
from touchstone.english import many
from touchstone.errors import Problem, Refused, in_short
from ui.base import panels
from ui.base.session import tab
from ui.base.task_and_draft import task_and_draft
from ui.data.column_box import MOST_COLUMNS, column_box
from workflow.data import table_import
from workflow.data.table_import import OfferedRoles
from workflow.people.people import Person


class ChosenFile(NamedTuple):
    """A file, or what was pasted, as it arrived."""

    name: str
    source: bytes


class MappingMade(NamedTuple):
    """What was said of a table: `mapping` None while it cannot be imported."""

    mapping: TableMapping | None
    sheet: str
    has_header: bool | None


class _Read(NamedTuple):
    table: SourceTable | None
    facts: Sequence[ColumnFacts]
    sentence: str
    problems: tuple[Problem, ...]


def ask(person: Person, engine: sa.Engine, file: ChosenFile, others: Sequence[ChosenFile] = ()) -> MappingMade:
    """Ask what each column is, and show what comes of it. `others`: tables that are to be mapped the same way."""
    key = hashlib.sha256(file.source).hexdigest()[:12] + str(tab.counter("files"))
    panels.section(f"What the columns are: {file.name}")
    sheet, has_header = tab.value_of(f"sheet-{key}") or "", tab.value_of(f"header-{key}")
    read = _read(file, key, sheet, has_header)
    if read.table is None:
        panels.refusal(read.sentence, in_short(read.problems))
        return MappingMade(None, sheet, has_header)
    table = read.table
    offered = table_import.offered_roles(person, engine, table)
    alike = f" {many(len(others), 'other table')} will be mapped the same way." if others else ""
    begun = f"as in {offered.kept_from}, the last table with these columns" if offered.kept_from else "guesses: look at each"
    panels.text(f"{in_one_sentence(table).capitalize()}. What is chosen below are {begun}.{alike}")
    _about_the_file(table, key)
    panels.notes(f"{panels.sentence_case(remark)}." for remark in table.remarks)
    roles = _roles(table, read.facts, offered, f"{key}-{table.sheet}-{table.has_header}")
    mapping = mapping_of(roles)
    if wrong := more_than_one(roles):
        panels.refusal(wrong)
        return MappingMade(None, sheet, has_header)
    try:
        made = table_import.preview_table(table, mapping)
    except Refused as refused:
        panels.refusal(refused.sentence)
        return MappingMade(None, sheet, has_header)
    _show(made)
    return MappingMade(None if made.problems else mapping, sheet, has_header)


def forget() -> None:
    """The table that was read in this tab is not looked at any longer."""
    tab.state().pop("table", None)


def _read(file: ChosenFile, key: str, sheet: str, has_header: bool | None) -> _Read:
    """The table of the file, read once in this tab."""
    kept = tab.state().get("table")
    asked = (key, sheet, has_header)
    if kept is None or kept[0] != asked:
        try:
            table = table_import.table_of(file.source, file.name, sheet, has_header)
            read = _Read(table, facts_of(table), "", ())
        except Refused as refused:
            read = _Read(None, (), refused.sentence, refused.problems)
        kept = tab.state()["table"] = (asked, read)
    return kept[1]


def _about_the_file(table: SourceTable, key: str) -> None:
    """Which sheet of a workbook, and whether the first row names the columns."""
    with st.container(horizontal=True, key=f"about-{key}"):
        if len(table.sheets) > 1:
            st.selectbox("Sheet", table.sheets, key=f"sheet-{key}")
        if table.is_of_rows:
            tab.start_with(f"header-{key}", table.has_header)
            st.checkbox("The first row names the columns", key=f"header-{key}")


def _roles(table: SourceTable, facts: Sequence[ColumnFacts], offered: OfferedRoles, key: str) -> list[ColumnRole]:
    """What each column is said to be, those that are shown in the order that is asked for."""
    begun = {each.column: each for each in offered.roles}
    order = {each.column: place for place, each in enumerate(offered.roles)}
    drawn = facts[:MOST_COLUMNS]
    roles = [tab.value_of(f"role-{key}-{place}") or begun[each.name].role for place, each in enumerate(drawn)]
    has_authors = roles.count(TEXT) > 1
    said = [_role(each, begun[each.name], f"{key}-{place}", has_authors) for place, each in enumerate(drawn)]
    if len(facts) > MOST_COLUMNS:
        panels.notes([f"The table has {many(len(facts), 'column')}: those after the first {MOST_COLUMNS} are ignored here."])
    shown = sorted((each.column for each in said if each.role in BESIDE), key=order.__getitem__)
    if len(shown) > 1:
        chosen = st.multiselect(
            "The order in which annotators see what is beside the text",
            shown,
            default=shown,
            key=f"order-{key}-{'-'.join(shown)}",
            help="Take one out and choose it again to put it last",
        )
        order = {name: place for place, name in enumerate([*chosen, *(name for name in shown if name not in chosen)])}
    return sorted(said, key=lambda each: order.get(each.column, 0) if each.role in BESIDE else -1)


def _role(column: ColumnFacts, begun: ColumnRole, key: str, has_authors: bool) -> ColumnRole:
    """One column, and what it is. `has_authors`: whether a text is asked for its author."""
    role, beside = column_box(column, begun, ROLES, key)
    words = ""
    if role in BESIDE or role == TEXT and has_authors:
        words = beside.text_input(
            "Title above it" if role in BESIDE else "Its author, not shown",
            value=begun.title or column.name,
            key=f"title-{role}-{key}",
        ).strip()
    return ColumnRole(column.name, role, words or column.name)


def _show(made: MappedTable) -> None:
    """What would be imported: problems, what must be read first, the first drafts."""
    if made.problems:
        panels.refusal(f"{many(len(made.problems), 'problem')} in the table: it cannot be imported so.", in_short(made.problems))
    said = [*made.remarks, *([made.left_over_sentence] if made.left_over else [])]
    if made.drafts:
        panels.section("The first drafts, as annotators will see them")
        for task, draft in made.first_drafts():
            with st.container(key=f"reading-preview-{hashlib.sha256(draft.draft_id.encode()).hexdigest()[:12]}"):
                task_and_draft(fields_of(task.input), draft.text)
                kept = {"author": draft.author, "partition": task.partition, **task.extra, **draft.extra}
                hidden = ", ".join(f"{name} {value}" for name, value in kept.items() if value is not None)
                panels.text(f"Draft {draft.draft_id}" + (f"; not shown to annotators: {hidden}" if hidden else ""), quiet=True)
    panels.text(f"To be imported: {made.sentence}.")
    panels.notes(f"{panels.sentence_case(sentence)}." for sentence in said)
