"""Published figures checked, by themselves or against labels of the store."""

from typing import Annotated

import typer

from commands import As, read, reader, store, verb
from touchstone.cli import claims
from touchstone.errors import Refused


@verb("check-claim")
@claims.takes_claims
def check_claim(
    asked: claims.Asked,
    set_: Annotated[str, typer.Option("--set", help="compare a file's figures with this label set", metavar="NAME")] = "",
    round_: Annotated[str, typer.Option("--round", help="compare them with this closed round", metavar="NAME")] = "",
    as_: As = "",
) -> None:
    """Check whether figures are possible together, and which nearest ones are. A file's one by one, also against labels.

    Exit 1 when they are not, or do not follow from the labels.

    Example: python manage.py check-claim --n 30 --percent 89.3 --kappa .8567 --levels 4
    """
    if not (set_ or round_):
        return claims.answer(asked)
    file = claims.file_of(asked)
    if file is None:
        raise Refused(f"--{'set' if set_ else 'round'} is for the figures of a file; name the file, or leave it out")
    from workflow.claims import checking  # brings statsmodels: not needed by the other commands

    source, engine = read(file), store()
    published = {"round_name": round_, "label_set": set_}
    made = checking.check_published(
        reader(engine, as_), engine, source, file.name, n=asked.n, levels=asked.levels, by=asked.by, **published
    )
    claims.say_file(made, asked.as_json)
