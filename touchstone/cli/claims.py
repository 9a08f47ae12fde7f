"""Published figures checked, on a terminal. What it needs takes a moment to import, so it is imported where it is used."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from touchstone.claims.left_open import way_of
from touchstone.cli.printing import say, say_filled
from touchstone.cli.verbs import Json, document, read, refuse
from touchstone.errors import Refused, with_options

if TYPE_CHECKING:
    from touchstone.claims.claim import CheckedClaim
    from touchstone.claims.document.checked import CheckedFile

Published = TypeVar("Published", "CheckedClaim", "CheckedFile")

File = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="Markdown, text or CSV with published figures, checked row by row; instead of figures"),
]
N = Annotated[int | None, typer.Option("--n", help="how many units the figures are based on; a file may state it itself")]
Percent = Annotated[str, typer.Option(help="percent agreement as printed: 89.3, or .893 as a share", metavar="FIGURE")]
Kappa = Annotated[str, typer.Option(help="Cohen's kappa as printed, unweighted; digits count", metavar="FIGURE")]
Linear = Annotated[str, typer.Option(help="linearly weighted kappa as printed", metavar="FIGURE")]
Quadratic = Annotated[str, typer.Option(help="quadratically weighted kappa as printed", metavar="FIGURE")]
Levels = Annotated[str, typer.Option(help="how many levels, or which: 4, 0-3, or 0,1,2,3", metavar="LEVELS")]
By = Annotated[str, typer.Option(help="what the weights of kappas go by, as in a rubric: position or value", metavar="BY")]
Disagreements = Annotated[int | None, typer.Option(help="units on which the two differ")]
Mean = Annotated[list[str] | None, typer.Option(help="mean level of one annotator; again for the second", metavar="FIGURE")]
Sum = Annotated[list[int] | None, typer.Option("--sum", help="sum of the levels of one annotator; again for the second")]
Numbers = Annotated[
    list[str] | None, typer.Option(help="one annotator's labels by level, 7,8,9,6; again for the second", metavar="NUMBERS")
]
Shares = Annotated[
    list[str] | None, typer.Option(help="the same as shares, .23,.27,.30,.20; again for the second", metavar="SHARES")
]
# The option of each figure, for sentences.
OPTIONS = {
    "percent": "--percent",
    "kappa": "--kappa",
    "linear": "--kappa-linear",
    "quadratic": "--kappa-quadratic",
    "disagreements": "--disagreements",
    "means": "--mean",
    "sums": "--sum",
    "counts": "--counts",
    "marginals": "--marginals",
}


@dataclass(frozen=True)
class Asked:
    """What is to be checked: a file, or figures; each field is an option of the command (see `takes_claims`)."""

    file: File = None
    n: N = None
    percent: Percent = ""
    kappa: Kappa = ""
    kappa_linear: Linear = ""
    kappa_quadratic: Quadratic = ""
    levels: Levels = ""
    by: By = "position"
    disagreements: Disagreements = None
    mean: Mean = None
    sum_: Sum = None
    counts: Numbers = None
    marginals: Shares = None
    as_json: Json = False

    @property
    def figures(self) -> dict[str, Any]:
        """The figures that were named, by the argument of `touchstone.claims.typed_claim.check_claim` they are."""
        given = (self.percent, self.kappa, self.kappa_linear, self.kappa_quadratic, self.disagreements)
        values = zip(OPTIONS, (*given, self.mean, self.sum_, self.counts, self.marginals), strict=True)
        return {name: figure for name, figure in values if figure not in ("", None, [])}


def takes_claims(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose first parameter is an Asked, with the fields of that as options beside its own."""
    own = list(inspect.signature(command).parameters.values())[1:]
    names = [field.name for field in fields(Asked)]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        asked = Asked(**{name: given.pop(name) for name in names if name in given})
        command(asked, **given)

    parameters = [*inspect.signature(Asked).parameters.values(), *own]
    as_keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    run.__signature__ = inspect.Signature(as_keywords)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in as_keywords}
    return run


@takes_claims
def check_claim(asked: Asked) -> None:
    """Can these figures occur together, and which nearest could? Of a file, its figures one by one.

    Exit 1 when they cannot.

    Example: touchstone check-claim --n 30 --percent 89.3 --kappa .8567 --levels 4
    """
    answer(asked)


def answer(asked: Asked) -> None:
    """Check figures, or a file by itself, and say what was found."""
    file = file_of(asked)
    if file is None:
        _say_claim(asked)
        return
    from touchstone.claims.document.checking import check_file
    from touchstone.claims.typed_claim import levels_of

    say_file(check_file(read(file), file.name, n=asked.n, levels=levels_of(asked.levels, asked.by)), asked.as_json)


def file_of(asked: Asked) -> Path | None:
    """The file that is asked about. Raises Refused for figures beside it, BadParameter where there is nothing at all."""
    if asked.file is None and asked.n is None and not asked.figures:
        raise typer.BadParameter("Missing: a file, or figures: --n 30 --percent 89.3")
    if asked.file is not None and asked.figures:
        raise Refused(f"{OPTIONS[next(iter(asked.figures))]} is for figures without a file; leave it or {asked.file} out")
    return asked.file


def _say_claim(asked: Asked) -> None:
    from touchstone.claims.typed_claim import check_claim as checked_claim

    claim = checked_claim(asked.n, levels=asked.levels, by=asked.by, **asked.figures)
    _say(claim, asked.as_json, _show_claim, claim.can_occur is not False)


def say_file(checked: "CheckedFile", as_json: bool) -> None:
    _say(checked, as_json, _show_file, checked.can_occur)


def _say(checked: Published, as_json: bool, show: Callable[[Published], None], fine: bool) -> None:
    if as_json:
        document(checked.as_json())
    else:
        show(checked)
    if not fine:
        refuse(checked.sentence)


def _show_claim(claim: "CheckedClaim") -> None:
    if claim.can_occur is not False:
        say(claim.sentence)
    for figure in claim.everything:
        name = f"{figure.figure} {figure.printed}" if figure.figure != "together" else "together"
        _show_line(name, figure.status, figure.because)
    if claim.read_as:
        say(f"! {claim.read_as}")


def _show_file(checked: "CheckedFile") -> None:
    say(f"{checked.name}: {checked.sentence}")
    if checked.labels:
        say(f"labels: {checked.labels}, made by {checked.made_by}")
    for title, group in checked.grouped():
        say(f"\n{title}")
        for figure in group:
            _show_line(figure.words, figure.finding.status, figure.finding.because)
    say("\nread as")
    for table, header, words in checked.read:
        say(f"  {table}, {header or '(no header)'}: {words}")
    for note in (*(f"left out: {name}" for name in checked.left_out), *checked.notes):
        say_filled(f"! {with_options(note, way_of(note))}")


def _show_line(figure: str, status: str, because: str) -> None:
    shown = status.upper() if status in ("impossible", "does not follow") else status
    say_filled(f"{figure}: {shown}. {with_options(because, way_of(because))}", "  ", "      ")
