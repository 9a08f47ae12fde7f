"""Commands on labels from elsewhere."""

from typing import Annotated

import typer

from commands import As, Files, read, say, store, verb, who
from workflow import label_sets


@verb("import-labels")
def import_labels(
    files: Files,
    set_: Annotated[str, typer.Option("--set", help="the name of the label set", metavar="NAME")],
    made_by: Annotated[str, typer.Option(help=f"who made the labels: {', '.join(label_sets.MADE_BY)}")],
    rubric: Annotated[str, typer.Option(help="the rubric version whose dimensions and levels they use")],
    annotator: Annotated[list[str] | None, typer.Option(help="one per file; the file's stem when left out")] = None,
    blank: Annotated[str, typer.Option(help="what an empty cell means: missing")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="refuse columns that are no dimension")] = False,
    as_: As = "",
) -> None:
    """Bring labels from elsewhere in as a label set: CSV, wide (one file an annotator) or long.

    Example: python manage.py import-labels round1.csv round2.csv --set seed --made-by program --rubric tenacious-v1
    """
    engine = store()
    made = label_sets.import_labels(
        who(engine, as_), engine, [label_sets.File(path.name, read(path)) for path in files], name=set_,
        made_by=made_by, rubric=rubric, annotators=annotator or [], blank=blank or None, strict=strict)
    say(made.sentence)
    for file, columns in made.left_out.items():
        say(f"  left out of {file}: {', '.join(columns)}")
