"""Commands on tables of people's own, and on taking an import back."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from commands import As, Json, document, read, store, verb, who
from terminal.tables import show_imports, show_preview, show_said
from touchstone.cli.printing import say
from touchstone.data.table.guessing import guessed
from touchstone.data.table.mapping import TEXT, TableMapping, TitledColumn, mapping_of
from touchstone.data.table.source_table import SourceTable
from touchstone.errors import Refused
from workflow.data import table_import, task_import, undoing

COLUMN = "COL"
COLUMNS = "COL,COL"
MOST_DIGITS = 10  # of the number of an import


@verb("import-table")
def import_table(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX, JSON, JSONL or Parquet")],
    id_: Annotated[str, typer.Option("--id", help="the column that names the task; derived when left out", metavar=COLUMN)] = "",
    text: Annotated[
        list[str] | None, typer.Option(help="the texts to judge; several columns are several drafts of a task", metavar=COLUMNS)
    ] = None,
    show: Annotated[
        list[str] | None,
        typer.Option(help="what annotators see beside it, in order; “COL=Title” gives it a title", metavar=COLUMNS),
    ] = None,
    author: Annotated[str, typer.Option(help="who wrote the text", metavar=COLUMN)] = "",
    cluster: Annotated[str, typer.Option(help="which tasks belong together", metavar=COLUMN)] = "",
    partition: Annotated[str, typer.Option(help="the partition of each task", metavar=COLUMN)] = "",
    slices: Annotated[list[str] | None, typer.Option(help="fields to slice, stratify and filter by", metavar=COLUMNS)] = None,
    sheet: Annotated[str, typer.Option(help="the sheet of a workbook; the first with a table when left out")] = "",
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="whether the first row names the columns; guessed when left out")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="refuse a column that could hold texts and is mapped to nothing")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", "--dry-run", help="show what each column would be and the first drafts; store nothing")
    ] = False,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Import tasks and drafts out of one table. Without --text, as the last table with these columns was mapped.

    A name with a comma is quoted as in CSV: --show '"reply, first",plan'.

    Example: python manage.py import-table tickets.xlsx --id ticket --text reply --show "message=Customer message" --slices plan
    """
    engine = store()
    person, source = who(engine, as_), read(file)
    table = table_import.table_of(source, file.name, sheet, header)
    said = {"--id": id_, "--author": author, "--cluster": cluster, "--partition": partition}
    if texts := _names(table, text):
        mapping = _mapping(table, texts, _names(table, show), _names(table, slices), said)
        roles = []
    elif alone := next((option for option, value in {**said, "--show": show, "--slices": slices}.items() if value), ""):
        raise Refused(f"{alone} says what one column is; say which holds the text to judge, too: --text {_guessed_text(table)}")
    else:
        offered = table_import.offered_roles(person, engine, table)
        roles, mapping = list(offered.roles), mapping_of(offered.roles)
        if not offered.kept_from and not preview:
            raise Refused(
                f"{file.name} was not imported: it does not say which column is what; look at what is guessed with --preview, "
                f"then say it, as in --text {_guessed_text(table)}"
            )
        if offered.kept_from and not as_json:
            say(f"mapped as {offered.kept_from} was")
    made = table_import.preview_table(table, mapping)
    roles = roles or table_import.roles_of(table, mapping)
    if as_json and preview:
        document(table_import.document_of(table, roles, made))
    elif preview:
        show_preview(file.name, table, roles, made)
    if preview:
        if made.problems:
            raise Refused("as it stands this would be refused", made.problems)
        return
    if not as_json:
        show_said(table, made)
    done = table_import.import_table(person, engine, source, file.name, mapping, sheet=sheet, has_header=header, strict=strict)
    if as_json:
        return document({**table_import.document_of(table, roles, made), "stored": done.imported.as_json()})
    say(done.imported.sentence)


@verb("undo-import")
def undo_import(
    import_: Annotated[
        str, typer.Argument(help="the number of the import; the list of imports when left out", metavar="NUMBER")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="remove it; without this it is only said what would be removed")] = False,
    as_: As = "",
) -> None:
    """Remove the tasks and drafts of one import, as a whole, while no round holds them. Says first what that would remove.

    Example: python manage.py undo-import 3 --yes
    """
    engine = store()
    person = who(engine, as_)
    if not import_:
        return show_imports(task_import.imports_so_far(engine))
    if not (import_.isascii() and import_.isdecimal() and len(import_) < MOST_DIGITS):
        raise Refused(f"{import_!r} is not the number of an import; undo-import without one lists them with their numbers")
    number = int(import_)
    if yes:
        return say(f"import {number} is undone: {undoing.undo_import(person, engine, number).what} removed")
    found = undoing.what_undoing_removes(person, engine, number)
    if found.in_the_way:
        raise Refused(found.sentence)
    say(f"{found.sentence}; say --yes to remove it")


def _mapping(table: SourceTable, texts: list[str], show: list[str], slices: list[str], said: dict[str, str]) -> TableMapping:
    """The mapping that options say. Raises Refused for a column that is not there."""
    return TableMapping(
        tuple(_titled(table, each) for each in texts),
        _column(table, said["--id"]),
        tuple(_titled(table, each) for each in show),
        _column(table, said["--author"]),
        _column(table, said["--cluster"]),
        _column(table, said["--partition"]),
        tuple(_column(table, each) for each in slices),
    )


def _names(table: SourceTable, given: list[str] | None) -> list[str]:
    """The names in one option, each time it is given: split at commas, quoted as in CSV; a column whose own name is all of it is
    that column."""
    found: list[str] = []
    for each in given or ():
        whole = each.strip() in table.columns
        found += [each] if whole else next(csv.reader([each], skipinitialspace=True), [])
    return [name.strip() for name in found if name.strip()]


def _titled(table: SourceTable, given: str) -> TitledColumn:
    """ "COL" or "COL=Title"; a name may contain = itself."""
    places = [place for place, each in enumerate(given) if each == "="]
    for place in places:
        if given not in table.columns and given[:place].strip() in table.columns and given[place + 1 :].strip():
            return TitledColumn(given[:place].strip(), given[place + 1 :].strip())
    column = _column(table, given)
    return TitledColumn(column, column)


def _column(table: SourceTable, given: str) -> str:
    """The column of that name, case aside where only one fits; "" for none."""
    if not given.strip() or given.strip() in table.columns:
        return given.strip()
    alike = [name for name in table.columns if name.casefold() == given.strip().casefold()]
    return alike[0] if len(alike) == 1 else given.strip()


def _guessed_text(table: SourceTable) -> str:
    texts = [each.column for each in guessed(table) if each.role == TEXT]
    return f"{','.join(f'“{each}”' if ',' in each else each for each in texts)} (a guess)" if texts else "COL"
