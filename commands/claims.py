"""Published figures checked. What it needs takes seconds to import, so it is imported where it is used."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import As, Json, document, read, refuse, say, store, verb, who
from terminal.printing import WIDTH
from touchstone.errors import Refused

if TYPE_CHECKING:
    from touchstone.claims.claim import Checked
    from touchstone.claims.document.checking import CheckedFile


@verb("check-claim")
def check_claim(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="Markdown, text or CSV with published figures, checked row by row; instead of figures"
        ),
    ] = None,
    n: Annotated[int | None, typer.Option("--n", help="the units the figures rest on; a file may say it itself")] = None,
    percent: Annotated[str, typer.Option(help="percent agreement as printed: 89.3, or .893 as a share", metavar="FIGURE")] = "",
    kappa: Annotated[str, typer.Option(help="Cohen's kappa as printed, unweighted; digits count", metavar="FIGURE")] = "",
    kappa_linear: Annotated[str, typer.Option(help="linearly weighted kappa as printed", metavar="FIGURE")] = "",
    kappa_quadratic: Annotated[str, typer.Option(help="quadratically weighted kappa as printed", metavar="FIGURE")] = "",
    levels: Annotated[str, typer.Option(help="how many levels, or which: 4, 0-3, or 0,1,2,3", metavar="LEVELS")] = "",
    disagreements: Annotated[int | None, typer.Option(help="units on which the two differ")] = None,
    mean: Annotated[
        list[str] | None, typer.Option(help="mean level of one annotator; again for the second", metavar="FIGURE")
    ] = None,
    sum_: Annotated[
        list[int] | None, typer.Option("--sum", help="sum of the levels of one annotator; again for the second")
    ] = None,
    counts: Annotated[
        list[str] | None, typer.Option(help="one annotator's labels by level, 7,8,9,6; again for the second", metavar="NUMBERS")
    ] = None,
    marginals: Annotated[
        list[str] | None, typer.Option(help="the same as shares, .23,.27,.30,.20; again for the second", metavar="SHARES")
    ] = None,
    set_: Annotated[str, typer.Option("--set", help="hold a file's figures against this label set", metavar="NAME")] = "",
    round_: Annotated[str, typer.Option("--round", help="hold them against this closed round", metavar="NAME")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Can these figures occur together, and which nearest could? A file's figures one by one, also against labels.

    Exit 1 when they cannot, or do not follow from the labels.

    Example: python manage.py check-claim --n 30 --percent 89.3 --kappa .8567 --levels 4
    """
    from workflow.claims import checking  # brings statsmodels: not needed by the other commands

    figures = {
        "--percent": percent,
        "--kappa": kappa,
        "--kappa-linear": kappa_linear,
        "--kappa-quadratic": kappa_quadratic,
        "--disagreements": disagreements,
        "--mean": mean,
        "--sum": sum_,
        "--counts": counts,
        "--marginals": marginals,
    }
    given = [name for name, value in figures.items() if value not in ("", None, [])]
    if file is None:
        if n is None and not given:
            raise typer.BadParameter("Missing: a file, or figures: --n 30 --percent 89.3")
        if set_ or round_:
            raise Refused(f"--{'set' if set_ else 'round'} is for the figures of a file; name the file, or leave it out")
        checked = checking.check_figures(
            n,
            percent=percent,
            disagreements=disagreements,
            kappa=kappa,
            linear=kappa_linear,
            quadratic=kappa_quadratic,
            means=mean or (),
            sums=sum_ or (),
            counts=counts or (),
            marginals=marginals or (),
            levels=levels,
        )
        return _said(checked, as_json, _show, checked.can_occur is not False)
    if given:
        raise Refused(f"{given[0]} is for figures without a file; leave it or {file} out")
    source = read(file)
    if set_ or round_:
        engine = store()
        made = checking.check_published(
            who(engine, as_), engine, source, file.name, n=n, levels=levels, round_name=round_, label_set=set_
        )
    else:
        made = checking.check_alone(source, file.name, n=n, levels=levels)
    _said(made, as_json, _show_file, made.can_occur)


def _said(made: "Checked | CheckedFile", as_json: bool, show: Callable, fine: bool) -> None:
    if as_json:
        document(made.as_json())
    else:
        show(made)
    if not fine:
        refuse(made.sentence)


def _show(checked: "Checked") -> None:
    if checked.can_occur is not False:
        say(checked.sentence)
    for each in checked.everything:
        _line(f"{each.figure} {each.printed}" if each.figure != "together" else "together", each.status, each.because)
    if checked.read_as:
        say(f"! {checked.read_as}")


def _show_file(made: "CheckedFile") -> None:
    say(f"{made.name}: {made.sentence}")
    if made.labels:
        say(f"labels: {made.labels}, made by {made.made_by}")
    for title, group in made.grouped():
        say(f"\n{title}")
        for each in group:
            _line(each.words, each.finding.status, each.finding.because)
    say("\nread as")
    for table, header, words in made.read:
        say(f"  {table}, {header or '(no header)'}: {words}")
    for note in (*(f"left out: {name}" for name in made.left_out), *made.notes):
        say(textwrap.fill(f"! {note}", WIDTH, subsequent_indent="  "))


def _line(figure: str, status: str, because: str) -> None:
    said = status.upper() if status in ("cannot occur", "does not follow") else status
    say(textwrap.fill(f"{figure}: {said}. {because}", WIDTH, initial_indent="  ", subsequent_indent="      "))
