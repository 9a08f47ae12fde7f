"""Commands on rubric versions."""

import json
from pathlib import Path
from typing import Annotated

import typer

from commands import verb
from db.engine import open_engine, schema_state, there_is_a_store
from touchstone import papers
from touchstone.cli import rubric as cli
from touchstone.cli.printing import say
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.schema import schema
from workflow.rubric import rubrics


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
