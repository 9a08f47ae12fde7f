"""Commands on what goes into the store: people and how they sign in, tasks, drafts."""

from typing import Annotated

import typer

from commands import As, Files, read, store, verb, who
from touchstone.cli.printing import say
from workflow.data import task_import
from workflow.data.task_import import Imported
from workflow.people import invitations
from workflow.people.invitations import Link
from workflow.people.people import add_person as add
from workflow.people.people import command_line


@verb("add-person", in_project=False)
def add_person(name: str) -> None:
    """Add a person, who can then label, lead and adjudicate. Adding the same name again changes nothing.

    Example: python manage.py add-person ana
    """
    engine = store()
    say(f"Added {add(command_line(engine), engine, name).name}")


@verb("create-admin", in_project=False)
def create_admin(name: str) -> None:
    """Make somebody an admin of a team's Touchstone, and print the link with which they set their password: so the first gets in.

    Example: TOUCHSTONE_PUBLIC_URL=https://touchstone.example.org python manage.py create-admin ana
    """
    engine = store()
    _hand_over(invitations.create_admin(command_line(engine), engine, name))


@verb("invite", in_project=False)
def invite(
    name: str,
    role: Annotated[str, typer.Option(help="annotator, lead or admin")] = "annotator",
    to_project: Annotated[str, typer.Option("--project", help="the project; an admin has none", metavar="NAME")] = "",
    as_: As = "",
) -> None:
    """Invite somebody, and print the link with which they set their password.

    Example: TOUCHSTONE_PUBLIC_URL=https://touchstone.example.org python manage.py invite ben --role lead --project support
    """
    engine = store()
    _hand_over(invitations.invite(who(engine, as_), engine, name, role, to_project))


@verb("reset-link", in_project=False)
def reset_link(name: str, as_: As = "") -> None:
    """Print a link with which somebody sets a new password. The old one holds until they have.

    Example: TOUCHSTONE_PUBLIC_URL=https://touchstone.example.org python manage.py reset-link ben
    """
    engine = store()
    _hand_over(invitations.reset_link(who(engine, as_), engine, name))


def _hand_over(link: Link) -> None:
    say(link.address)
    say(f"  for {link.name}, once, until {link.ends_at:%d %b %Y %H:%M} UTC")
    say("  It is shown only here. Whoever opens it first sets the password: hand it over by a way that others do not read.")


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
