"""Published figures checked, by themselves or against labels of the store."""

from typing import Annotated

import typer

from commands import As, read, store, verb, who
from touchstone.cli import claims
from touchstone.cli.verbs import Json
from touchstone.errors import Refused


@verb("check-claim")
def check_claim(
    file: claims.File = None,
    n: claims.N = None,
    percent: claims.Percent = "",
    kappa: claims.Kappa = "",
    kappa_linear: claims.Linear = "",
    kappa_quadratic: claims.Quadratic = "",
    levels: claims.Levels = "",
    disagreements: claims.Disagreements = None,
    mean: claims.Mean = None,
    sum_: claims.Sum = None,
    counts: claims.Numbers = None,
    marginals: claims.Shares = None,
    set_: Annotated[str, typer.Option("--set", help="compare a file's figures with this label set", metavar="NAME")] = "",
    round_: Annotated[str, typer.Option("--round", help="compare them with this closed round", metavar="NAME")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Check whether figures are possible together, and which nearest ones are. A file's one by one, also against labels.

    Exit 1 when they are not, or do not follow from the labels.

    Example: python manage.py check-claim --n 30 --percent 89.3 --kappa .8567 --levels 4
    """
    if not (set_ or round_):
        return claims.check_claim(
            file, n, percent, kappa, kappa_linear, kappa_quadratic, levels, disagreements, mean, sum_, counts, marginals, as_json
        )
    given = claims.figures_given(
        percent=percent,
        kappa=kappa,
        linear=kappa_linear,
        quadratic=kappa_quadratic,
        disagreements=disagreements,
        means=mean,
        sums=sum_,
        counts=counts,
        marginals=marginals,
    )
    if file is None:
        claims.refuse_nothing(n, given)
        raise Refused(f"--{'set' if set_ else 'round'} is for the figures of a file; name the file, or leave it out")
    claims.refuse_figures_beside(file, given)
    from workflow.claims import checking  # brings statsmodels: not needed by the other commands

    source, engine = read(file), store()
    published = {"round_name": round_, "label_set": set_}
    claims.say_file(
        checking.check_published(who(engine, as_), engine, source, file.name, n=n, levels=levels, **published), as_json
    )
