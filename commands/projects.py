"""Commands on projects: list them, make one, put one away, delete one; and on names that are to be mended."""

from typing import Annotated

import typer

from commands import As, document, store, verb, who
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import day, many
from workflow.projects import projects, renaming

To = Annotated[str, typer.Argument(metavar="NEW_NAME")]


@verb("projects", in_project=False)
def list_projects(as_json: Json = False) -> None:
    """List the projects: rubric, drafts, rounds, label sets.

    Example: python manage.py projects
    """
    found = projects.all_projects(store())
    if as_json:
        return document([each.as_json() for each in found])
    for each in found:
        say(
            f"{each.name}{each.marks}: {f'rubric {each.rubric}' if each.rubric else 'no rubric yet'}, "
            f"{many(each.drafts, 'draft')}, {many(each.rounds, 'round')}, {many(each.label_sets, 'label set')}"
            + (f"; last activity {day(each.last_activity)}" if each.last_activity else "")
        )
    if not found:
        say("there is no project yet; make one with: python manage.py new-project NAME")


@verb("new-project", in_project=False)
def new_project(
    name: str,
    rubric: Annotated[
        str, typer.Option(help="the rubric it is labelled by, with or without a version; else the first used")
    ] = "",
    as_: As = "",
) -> None:
    """Make a project: tasks, drafts, one rubric with its versions, rounds, label sets and gold of one piece of work. Who is named
    by --as was added before, with add-person.

    Example: python manage.py new-project support --rubric replies
    """
    engine = store()
    made = projects.new_project(who(engine, as_), engine, name, rubric=rubric)
    say(f"{made.name} is made{f', of the rubric {made.rubric}' if made.rubric else ''}; nothing is in it yet")


@verb("rename-project", in_project=False)
def rename_project(name: str, to: To, as_: As = "") -> None:
    """Give a project another name.

    Example: python manage.py rename-project suport support
    """
    engine = store()
    say(f"{name} is now {renaming.rename_project(who(engine, as_), engine, name, to)}")


@verb("rename-person", in_project=False)
def rename_person(name: str, to: To, as_: As = "") -> None:
    """Give a person another name, on all their labels too.

    Example: python manage.py rename-person anna ana
    """
    engine = store()
    say(f"{name} is now {renaming.rename_person(who(engine, as_), engine, name, to)}")


@verb("rename-round")
def rename_round(name: str, to: To, as_: As = "") -> None:
    """Give a round another name. A folder of gold that was exported before keeps the old one.

    Example: python manage.py rename-round pilt pilot
    """
    engine = store()
    say(f"{name} is now {renaming.rename_round(who(engine, as_), engine, name, to)}")


@verb("archive-project", in_project=False)
def archive_project(name: str, back: Annotated[bool, typer.Option("--back", help="bring it back")] = False, as_: As = "") -> None:
    """Archive a project: it is read and its open rounds are finished, and nothing new comes into it.

    No command takes it for the only project there is.

    Example: python manage.py archive-project support
    """
    engine = store()
    made = projects.archive_project(who(engine, as_), engine, name, back=back)
    say(f"{made.name} is {'brought back' if back else 'archived; bring it back with --back'}")


@verb("delete-project", in_project=False)
def delete_project(
    name: str,
    yes: Annotated[str, typer.Option(help="the project's name again, exactly as it is", metavar="NAME")] = "",
    as_: As = "",
) -> None:
    """Delete a project with its tasks, drafts, rounds, labels and gold. Make a backup first, with the verb backup.

    Example: python manage.py delete-project support --yes support
    """
    engine = store()
    gone = projects.delete_project(who(engine, as_), engine, name, typed=yes)
    say(f"{yes} is deleted: {many(gone, 'row')}")
