"""Commands on what goes into the store: people, tasks, drafts; and on what leaves it: the raw labels of a closed round."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from commands import As, Files, document, read, store, verb, who
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import listed, many
from touchstone.errors import Refused
from workflow.data import task_import
from workflow.data.import_by_parts import ENDINGS, import_by_parts
from workflow.data.task_import import Imported
from workflow.exporting import label_export, task_export
from workflow.people.people import Person, command_line
from workflow.people.people import add_person as add

TOLD_EACH = 50_000  # records of an import


@verb("add-person", in_project=False)
def add_person(name: str) -> None:
    """Add a person, who can then label, lead and adjudicate. Adding the same name again changes nothing.

    Example: python manage.py add-person ana
    """
    engine = store()
    say(f"Added {add(command_line(engine), engine, name).name}")


@verb("import-tasks")
def import_tasks(
    files: Files,
    partition: Annotated[str, typer.Option(help="the partition of every task in the files")] = "",
    cluster_by: Annotated[str, typer.Option(help="the field that holds a task's cluster key")] = "",
    as_: As = "",
) -> None:
    """Import tasks from JSONL or CSV (or plain texts: id, text). A file with bad lines is rejected as a whole.

    Example: python manage.py import-tasks tasks-train.jsonl --partition train
    """
    engine = store()
    person = who(engine, as_)
    for path in files:
        if path.suffix.lower() in ENDINGS:
            _tell(_by_parts(person, engine, path, "tasks", partition=partition, cluster_by=cluster_by))
        else:
            _tell(task_import.import_tasks(person, engine, read(path), path.name, partition=partition, cluster_by=cluster_by))


@verb("import-drafts")
def import_drafts(files: Files, as_: As = "") -> None:
    """Import drafts for stored tasks from JSONL or CSV (or plain texts: id, text, each a task of its own).

    Example: python manage.py import-drafts drafts.jsonl
    """
    engine = store()
    person = who(engine, as_)
    for path in files:
        if path.suffix.lower() in ENDINGS:
            _tell(_by_parts(person, engine, path, "drafts"))
        else:
            _tell(task_import.import_drafts(person, engine, read(path), path.name))


def _by_parts(person: Person, engine: sa.Engine, path: Path, kind: str, **more: str) -> Imported:
    """Import a JSONL file some thousands of records at a time; how far it is stands on the terminal meanwhile."""
    told = 0

    def tell(records: int) -> None:
        nonlocal told
        if records // TOLD_EACH > told:
            told = records // TOLD_EACH
            typer.echo(f"\r{records:,} records of {path.name} so far ", err=True, nl=False)

    try:
        return import_by_parts(person, engine, path, kind, tell=tell, **more)
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror}); check the path") from None
    finally:
        if told:
            typer.echo("", err=True)


def _tell(made: Imported) -> None:
    say(made.sentence)
    if made.further:
        say(f"  kept, and not shown to annotators: {', '.join(made.further)}")


@verb("export-tasks")
def export_tasks(
    to: Annotated[Path, typer.Option(help="a new file, JSONL", metavar="FILE")],
    partition: Annotated[str, typer.Option(help="the tasks of this partition; all that are not sealed when left out")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Export tasks to a file that import-tasks reads back as the same tasks. What is sealed stays.

    Example: python manage.py export-tasks --partition train --to train.jsonl
    """
    engine = store()
    made = task_export.export_tasks(who(engine, as_), engine, to, partition or None)
    if as_json:
        return document(made.as_json())
    say(f"{to}: {many(made.tasks, 'task')}" + (f"; {many(made.sealed, 'sealed task')} left out" if made.sealed else ""))
    if made.cluster_by:
        say(f"  their clusters are the group {made.cluster_by}: import-tasks {to.name} --cluster-by {made.cluster_by}")


@verb("export-labels")
def export_labels(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    to: Annotated[Path, typer.Option(help="a file; its ending says the form: .csv, .tsv, .xlsx or .jsonl", metavar="FILE")],
    wide: Annotated[bool, typer.Option("--wide", help="a row a draft, a column a dimension and annotator")] = False,
    codes: Annotated[bool, typer.Option("--codes", help="annotators as A, B, C… instead of names")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="with a byte order mark, by which Excel knows UTF-8")] = False,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Export the raw labels of a closed round, with notes, times and skips; FILE.about.json says what is left out.

    Example: python manage.py export-labels pilot --to pilot.csv
    """
    engine = store()
    made = label_export.export_labels(who(engine, as_), engine, round_name, to, wide=wide, codes=codes, bom=bom)
    if as_json:
        return document(made.about)
    say(
        f"{to}: {many(made.rows, 'row')}; {many(made.labels, 'label')} of {many(made.drafts, 'draft')} "
        f"by {listed(made.annotators)} count"
        + (f"; kept in it and not counted: {listed(made.does_not_count)}" if made.does_not_count else "")
    )
    for each in made.left_out:
        say(f"  left out: {each}")
    for each in made.changed:
        say(f"  {each}")
    say(f"  all of this is in {to.name}{label_export.BESIDE}, with the columns and the digests")
