"""Commands on what leaves: the raw labels of a closed round."""

from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, store, verb, who
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import listed, many
from workflow.exporting import label_export


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
