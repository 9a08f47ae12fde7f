"""A table about to be imported, and the imports so far, in a terminal."""

from collections.abc import Sequence

import sqlalchemy as sa

from touchstone.cli.printing import say
from touchstone.data.table.mapped import MappedTable
from touchstone.data.table.mapping import ROLES, ColumnRole
from touchstone.data.table.source_table import SourceTable, in_one_sentence
from touchstone.data.task_input import fields_of
from touchstone.english import day, many

LONGEST = 300  # characters of a text in a preview


def show_preview(file_name: str, table: SourceTable, roles: Sequence[ColumnRole], made: MappedTable) -> None:
    """What each column would be, the first drafts, the counts, what is left over."""
    say(f"nothing was stored; {file_name} ({in_one_sentence(table)}) would give {made.sentence}")
    for each in roles:
        titled = f", as “{each.title}”" if each.title and each.title != each.column else ""
        say(f"  {each.column}: {ROLES[each.role]}{titled}" + (f" (a guess: {each.reason})" if each.reason else ""))
    for task, draft in made.first_drafts():
        say(f"\n{draft.draft_id}" + (f" of {task.task_id}" if task.task_id != draft.draft_id else ""))
        for title, words in fields_of(task.input):
            say(f"  {title}: {_short(words)}")
        say(f"  > {_short(draft.text)}")
        kept = {**task.extra, **draft.extra, "author": draft.author, "partition": task.partition}
        if task.cluster != task.task_id:
            kept["cluster"] = task.cluster
        if hidden := ", ".join(f"{name} {value}" for name, value in kept.items() if value is not None):
            say(f"  (not shown to annotators: {hidden})")
    say("")
    show_said(table, made)


def show_said(table: SourceTable, made: MappedTable) -> None:
    """What must be read before anything is stored."""
    for sentence in (*table.remarks, *made.remarks, *([made.left_over_sentence] if made.left_over else [])):
        say(f"! {sentence}")


def _short(text: str) -> str:
    """One line of a text, marks that change how a terminal writes left out."""
    line = " / ".join(part.strip() for part in text.split("\n") if part.strip())
    shown = "".join(each if each.isprintable() else " " for each in line)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def show_imports(found: Sequence[sa.Row]) -> None:
    """A line an import; with its project where there are several."""
    several = len({row.project for row in found}) > 1
    for row in found:
        undone = f"; undone on {day(row.undone_at)} by {row.undone_by}" if row.undone_at else ""
        of = f"{row.project_name}: " if several else ""
        say(
            f"{row.id}: {of}{row.file_name}, {many(row.tasks_added, 'task')} and {many(row.drafts_added, 'draft')}, "
            f"{day(row.imported_at)}{undone}"
        )
    if not found:
        say("nothing was imported yet")
