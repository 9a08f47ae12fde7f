"""Bring a table in, whatever its columns are called: which is what is said, looked at, kept, and offered for the next table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_tasks
from db.store.data import imports as stored
from touchstone.data.table.guessing import guessed
from touchstone.data.table.mapped import MappedTable, mapped, short_digest
from touchstone.data.table.mapping import IGNORED, ColumnRole, TableMapping
from touchstone.data.table.source_table import SourceTable, read_table
from touchstone.data.task import Draft
from touchstone.data.task_file import TaskFile
from touchstone.english import many
from touchstone.errors import Problem, Refused, command, without
from workflow.data.seen_alike import seen_alike
from workflow.data.task_import import Imported, store_whole
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import look_ahead_import

ARE_LABELS = "if it holds labels, import it under Label sets"


@dataclass(frozen=True)
class OfferedRoles:
    """What each column may be, to begin with: as in the newest import whose columns the table has (`kept_from` is its file), else
    guessed, each with its reason."""

    roles: tuple[ColumnRole, ...]
    kept_from: str = ""


@dataclass(frozen=True)
class ImportedTable:
    """What an import of a table stored, and what was to be read before."""

    imported: Imported
    made: MappedTable

    @property
    def sentence(self) -> str:
        return self.imported.sentence

    @property
    def project(self) -> str:
        """The name of the project it came into."""
        return self.imported.project


def table_of(source: bytes, file_name: str, sheet: str = "", has_header: bool | None = None) -> SourceTable:
    """The table of a file. Raises Refused with every problem where it cannot be read."""
    table = read_table(source, file_name, sheet=sheet, has_header=has_header)
    if table.problems:
        raise Refused(f"{file_name} cannot be read as a table: {many(len(table.problems), 'problem')} in it", table.problems)
    return table


@verb
def offered_roles(person: Person, engine: sa.Engine, table: SourceTable) -> OfferedRoles:
    """What to begin with when a table is mapped."""
    with reading(engine, person) as connection:
        look_ahead_import(connection)
        kept = stored.kept_mappings(connection)
    for row in kept:
        mapping = TableMapping.from_json(row.mapping)
        if not mapping.wrong(table.columns):
            return OfferedRoles(tuple(roles_of(table, mapping)), row.file_name)
    return OfferedRoles(tuple(guessed(table)))


def roles_of(table: SourceTable, mapping: TableMapping) -> list[ColumnRole]:
    """A mapping, column by column: those it shows and judges in its order, then the others in the table's."""
    titles = {each.column: each.title for each in (*mapping.texts, *mapping.shown)}
    roles = mapping.roles
    ordered = [*titles, *(name for name in table.columns if name not in titles)]
    return [ColumnRole(name, roles.get(name, IGNORED), titles.get(name, "")) for name in ordered]


def preview_table(table: SourceTable, mapping: TableMapping) -> MappedTable:
    """What a table would give; nothing is stored. Raises Refused for a mapping that does not fit it."""
    if wrong := mapping.wrong(table.columns):
        if mapping.texts:
            raise Refused(wrong)
        raise Refused(f"{wrong}; {ARE_LABELS}", way=(command("import-labels"),))
    return mapped(table, mapping)


@verb
def import_table(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    file_name: str,
    mapping: TableMapping,
    *,
    sheet: str = "",
    has_header: bool | None = None,
    partition: str | None = None,
    strict: bool = False,
) -> ImportedTable:
    """Import a table as it is mapped, whole or not at all; the mapping is kept with it.

    `partition` stands for that of every task. `strict`: a column that could hold texts and is mapped to nothing is refused.
    Raises Refused with every bad line.
    """
    table = table_of(source, file_name, sheet, has_header)
    if wrong := mapping.wrong(table.columns):
        raise Refused(f"{file_name} was not imported: {wrong}")
    made = preview_table(table, mapping)
    if strict and (texts := [each.column for each in made.left_over if each.could_hold_texts]):
        raise Refused(
            f"{file_name} was not imported: {texts[0]} could hold texts and is mapped to nothing; map it, or do not ask for "
            "every column to be mapped",
            way=("strict",),
        )
    tasks = [replace(task, partition=partition) for task in made.tasks] if partition else made.tasks
    drafts, others = _told_apart(person, engine, made.drafts)
    read = TaskFile(tasks, drafts, [*made.problems, *others])
    return ImportedTable(store_whole(person, engine, read, source, file_name, mapping=mapping.as_json()), made)


def _told_apart(person: Person, engine: sa.Engine, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Problem]]:
    """The drafts, those by another author than the stored draft of their id with an id of their own: a table for each model. The
    problems are of those whose author nobody said. Of a draft that the person labels, who wrote it is not asked: another text is
    by another author (see `seen_alike`)."""
    with reading(engine, person) as connection:
        look_ahead_import(connection)
        known = stored_tasks.known_drafts(connection, [draft.draft_id for draft in drafts])
        alike = seen_alike(person, connection, (), drafts)
    kept, problems = [], []
    for draft in drafts:
        stored_one = known.get(draft.draft_id)
        is_changed = stored_one is not None and alike.draft_differs(draft, stored_one.digest)
        if is_changed and draft.author is None:
            reason = (
                f"{draft.draft_id} has another text in the store; if this is a second draft of it, say who wrote it: "
                "map a column as the author, or give the column of texts an author"
            )
            problems.append(Problem(draft.line, reason, without(reason, draft.draft_id), ("text COL=NAME",)))
        else:
            by = None if stored_one is None or draft.draft_id in alike.drafts else stored_one.author
            is_by_another = is_changed and by != draft.author
            kept.append(
                replace(draft, draft_id=f"{draft.draft_id}-{short_digest(str(draft.author))}") if is_by_another else draft
            )
    return kept, problems


def document_of(table: SourceTable, roles: Sequence[ColumnRole], made: MappedTable) -> dict[str, Any]:
    """The document of `import-table --json`."""
    return {
        "columns": {each.column: {"role": each.role, "title": each.title, "guess": each.reason} for each in roles},
        "tasks": len(made.tasks),
        "drafts": len(made.drafts),
        "left_over": [each._asdict() for each in made.left_over],
        "remarks": [*table.remarks, *made.remarks],
        "problems": [{"line": each.line, "reason": each.reason} for each in made.problems],
        "first": [
            {
                "task_id": task.task_id,
                "draft_id": draft.draft_id,
                "author": draft.author,
                "shown": dict(task.input),
                "text": draft.text,
            }
            for task, draft in made.first_drafts()
        ],
    }
