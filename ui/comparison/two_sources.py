"""The table of two sources of labels, and what a source is called."""

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import in_words
from ui.base.panels import Table
from workflow.comparison.two_sources import ComparedSources


def source_title(name: str) -> str:
    """A source for choosing: "ana, of the round pilot", "gold of pilot", "ana, of the label set march"."""
    kind, _, rest = name.partition(":")
    origin, _, who = rest.rpartition("/")
    if kind == "gold":
        return f"gold of {rest}"
    whole = {"round": "the round", "set": "the label set"}[kind]
    return f"{who}, of {whole} {origin}" if origin else f"{whole} {rest}"


def sources(made: ComparedSources) -> Table:
    """Header and rows of the table of two sources."""
    names = (PERCENT, KAPPA, QUADRATIC_KAPPA)
    rows = [
        (
            each.title,
            str(each.n),
            *([in_words(each.pair.figures[name]) for name in names] if each.pair else [each.reason or "", "–", "–"]),
        )
        for each in made.dimensions
    ]
    return ("Dimension", "n", "agreement", KAPPA.heading, QUADRATIC_KAPPA.heading), rows
