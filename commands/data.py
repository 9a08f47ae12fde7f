"""Commands on what goes into the store: people, tasks, drafts."""

from typing import Annotated

import typer

from commands import As, Files, read, store, verb, who
from touchstone.cli.printing import say
from workflow.data import task_import
from workflow.data.task_import import Imported
from workflow.people.people import add_person as add
from workflow.people.people import command_line


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
        _tell(task_import.import_tasks(person, engine, read(path), path.name, partition=partition, cluster_by=cluster_by))


@verb("import-drafts")
def import_drafts(files: Files, as_: As = "") -> None:
    """Import drafts for stored tasks from JSONL or CSV (or plain texts: id, text, each a task of its own).

    Example: python manage.py import-drafts drafts.jsonl
    """
    engine = store()
    person = who(engine, as_)
    for path in files:
        _tell(task_import.import_drafts(person, engine, read(path), path.name))


def _tell(made: Imported) -> None:
    say(made.sentence)
    if made.further:
        say(f"  kept, and not shown to annotators: {', '.join(made.further)}")
