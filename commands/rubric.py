"""Commands on rubric versions."""

import json
from pathlib import Path
from typing import Annotated

import typer

from commands import verb
from db.engine import open_engine, schema_state, there_is_a_store
from touchstone import papers
from touchstone.cli import rubric as cli
from touchstone.cli.printing import say, say_filled
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.making.templates import templates
from touchstone.rubric.schema import schema
from workflow.rubric import new_rubric, rubrics


@verb("check-rubric", in_project=False)
def check_rubric(file: Annotated[Path, typer.Argument(help="a rubric file, or a name in rubric_versions/")]) -> None:
    """Check a rubric file and report its problems, line by line.

    Example: python manage.py check-rubric rubric_versions/tenacious-v1.yml
    """
    from workflow.scorer import scoring  # RE2, and what compiles patterns

    path = file if file.suffix in (".yml", ".yaml") else rubrics.FOLDER / f"{file.name}.yml"
    found, problems, _ = rubrics.read_file(path)
    if found is None:
        raise Refused(f"{path.name} is not a valid rubric yet: {many(len(problems), 'problem')}", problems)
    if there_is_a_store() and schema_state(engine := open_engine()) == "present":
        rubrics.refuse_changed(engine, found)
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

    Example: python manage.py new-rubric replies --template support-reply
    """
    if not name and not template:
        raise typer.BadParameter("Missing: name the rubric, and with --template what it starts from", param_hint="NAME")
    if template == "list":
        return templates_()
    if not template:
        raise Refused(f"name what to start from with --template: {listed(list(templates()))}")
    engine = open_engine() if there_is_a_store() else None
    first = new_rubric.write_from_template(engine if engine and schema_state(engine) == "present" else None, name, template)
    say(f"rubric_versions/{first}.yml is written; change its words to what you mean, then publish it or open a round under it")
    say(f"Next: python manage.py check-rubric {first}")


@verb("codebook", in_project=False)
def codebook_(
    rubric: Annotated[str, typer.Argument(help="a version in rubric_versions/, e.g. tenacious-v1", metavar="RUBRIC")],
    html: cli.Html,
) -> None:
    """Write a rubric version as a codebook for annotators: one HTML file, to print or to read.

    Example: python manage.py codebook tenacious-v1 --html codebook.html
    """
    engine = open_engine() if there_is_a_store() else None
    found = rubrics.rubric_named(engine if engine and schema_state(engine) == "present" else None, rubric)
    cli.write_codebook(found, html)


@verb("rubric-schema", in_project=False)
def rubric_schema(to: Annotated[Path, typer.Option(help="the file to write")]) -> None:
    """Write the JSON Schema of rubric files, with which an editor can complete and check them.

    Example: python manage.py rubric-schema --to rubric_versions/schema.json
    """
    papers.write(to, json.dumps(schema(), ensure_ascii=False, indent=1) + "\n")
    say(f"the schema of rubric files is in {to}")
