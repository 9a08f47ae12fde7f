"""Rubric files on a terminal: checked, compared, printed as a codebook."""

from pathlib import Path
from typing import Annotated

import typer

from touchstone import papers
from touchstone.cli.printing import say
from touchstone.cli.rubric_changes import show_revision
from touchstone.cli.verbs import Json, document, read
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.making.scales import flags_nothing
from touchstone.rubric.model import Rubric

RubricFile = Annotated[Path, typer.Argument(help="a rubric file")]


def proved(file: Path) -> Rubric:
    """The rubric in a file, its checks tried on its own examples. Raises Refused with every line that is wrong."""
    from touchstone.scorer.loading import load_rubric  # RE2, and what compiles patterns

    rubric, problems = load_rubric(read(file), file.name)
    if rubric is None:
        raise Refused(f"{file.name} is not a valid rubric yet: {many(len(problems), 'problem')}", problems)
    return rubric


def check_rubric(file: RubricFile) -> None:
    """Check a rubric file and report its problems, line by line.

    Example: touchstone check-rubric rubric_versions/tenacious-v1.yml
    """
    say_good(proved(file))


def say_good(rubric: Rubric) -> None:
    say(f"{rubric.name} is valid: {many(len(rubric.dimensions), 'dimension')}, digest {rubric.digest}")
    for each in rubric.dimensions:
        if low := flags_nothing(each.agreement.threshold):
            say(f"  {each.title}: {low}")


def diff_rubrics(a: RubricFile, b: RubricFile, as_json: Json = False) -> None:
    """Show what changed from one rubric version to another: words, levels, agreement rule, scoring.

    Example: touchstone diff-rubrics tenacious-v1.yml tenacious-v2.yml
    """
    from touchstone.rubric.diff import revise

    revision = revise(proved(a), proved(b))
    if as_json:
        return document(revision.as_json())
    show_revision(revision)


Html = Annotated[Path, typer.Option("--html", help="the HTML file to write")]


def codebook(rubric: RubricFile, html: Html) -> None:
    """Write a rubric version as a codebook for annotators: one HTML file, to print or to read.

    Example: touchstone codebook tenacious-v1.yml --html codebook.html
    """
    write_codebook(proved(rubric), html)


def write_codebook(rubric: Rubric, to: Path) -> None:
    from touchstone.rubric import codebook

    say(f"{rubric.name}: the codebook is in {papers.write(to, codebook.html(rubric))}")
