"""Commands on rubric versions."""

import json
from pathlib import Path
from typing import Annotated

import typer

from commands import store_or_none, verb
from touchstone import papers
from touchstone.cli import rubric as cli
from touchstone.cli.printing import say, say_filled
from touchstone.english import listed
from touchstone.errors import Refused
from touchstone.rubric.making.templates import templates
from touchstone.rubric.schema import schema
from workflow.rubric import new_rubric, rubrics, versions


@verb("check-rubric", in_project=False)
def check_rubric(file: Annotated[Path, typer.Argument(help="a rubric file, or a name in rubric_versions/")]) -> None:
    """Check a rubric file and report its problems, line by line.

    Example: python manage.py check-rubric rubric_versions/tenacious-v1.yml
    """
    from workflow.scorer import scoring  # RE2, and what compiles patterns

    engine = store_or_none()
    found = versions.version_named(engine, str(file))
    if engine is not None:
        for told in scoring.facts_without_values(engine, found):
            say(f"  {told}")
    cli.say_good(found)


@verb("templates", in_project=False)
def templates_() -> None:
    """List the templates a rubric can start from, with their dimensions.

    Example: python manage.py templates
    """
    for name, rubric in templates().items():
        say_filled(f"{rubric.title}: {listed([each.title for each in rubric.dimensions])}", f"{name:<18}", " " * 18)
    say("")
    say("Next: python manage.py new-rubric NAME --template TEMPLATE")


@verb("new-rubric", in_project=False)
def new_rubric_(
    name: Annotated[str, typer.Argument(help="of the rubric: lower-case letters, digits, - and _", metavar="NAME")] = "",
    template: Annotated[str, typer.Option(help="what to start from; “list” names them", metavar="TEMPLATE")] = "",
) -> None:
    """Write the first version of a rubric, rubric_versions/NAME-v1.yml, from a template. Nothing is overwritten.

    Where that folder cannot be written, the store has the version.

    Example: python manage.py new-rubric replies --template support-reply
    """
    if not name and not template:
        raise typer.BadParameter("Missing: name the rubric, and with --template what it starts from", param_hint="NAME")
    if template == "list":
        return templates_()
    if not template:
        raise Refused(f"name what to start from with --template: {listed(list(templates()))}")
    engine = store_or_none()
    first = new_rubric.write_from_template(engine, name, template)
    if (rubrics.FOLDER / f"{first}.yml").exists():
        say(
            f"rubric_versions/{first}.yml is written; change its words to what you mean, then publish it or open a round under it"
        )
    else:
        say(f"{first} is in the store, as rubric_versions/ cannot be written; go on with it on the page New rubric")
    say(f"Next: python manage.py check-rubric {first}")


@verb("codebook", in_project=False)
def codebook_(
    rubric: Annotated[str, typer.Argument(help="a version in rubric_versions/, e.g. tenacious-v1", metavar="RUBRIC")],
    html: cli.Html,
) -> None:
    """Write a rubric version as a codebook for annotators: one HTML file, to print or to read.

    Example: python manage.py codebook tenacious-v1 --html codebook.html
    """
    cli.write_codebook(rubrics.rubric_named(store_or_none(), rubric), html)


@verb("export-rubric", in_project=False)
def export_rubric(
    rubric: Annotated[str, typer.Argument(help="a version, e.g. tenacious-v2", metavar="RUBRIC")],
    to: Annotated[Path, typer.Option(help="the file to write, or a folder for it", metavar="FILE")],
) -> None:
    """Write a rubric version to a file, as it is in the store or in rubric_versions/. A file that is there is not overwritten.

    Example: python manage.py export-rubric tenacious-v2 --to rubric_versions
    """
    say(f"{rubric} is in {versions.export(store_or_none(), rubric, to)}")


@verb("rubric-schema", in_project=False)
def rubric_schema(to: Annotated[Path, typer.Option(help="the file to write")]) -> None:
    """Write the JSON Schema of rubric files, with which an editor can complete and check them.

    Example: python manage.py rubric-schema --to rubric_versions/schema.json
    """
    papers.write(to, json.dumps(schema(), ensure_ascii=False, indent=1) + "\n")
    say(f"the schema of rubric files is in {to}")
