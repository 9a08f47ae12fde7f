"""The table of two rounds, before and after."""

from collections.abc import Sequence

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import Figure, in_words
from touchstone.comparison import two_rounds
from touchstone.english import listed, many
from ui.agreement.report_tables import judged_in_words, judged_on
from ui.base import navigation
from ui.base.panels import Table
from workflow.comparison.two_rounds import ComparedRounds, DimensionChange


def compared_on(made: ComparedRounds) -> str:
    """Which rounds, under which rubric, and what they have in common, in a line."""
    sides = "; ".join(
        f"{when}: {each.name}, rubric {each.rubric.name} ({each.rubric.digest[:12]}), {listed(each.annotators)}, "
        f"{many(each.units, 'draft')}"
        for when, each in (("Before", made.before), ("after", made.after))
    )
    return (
        f"{sides}. In both: {many(made.drafts_in_common, 'draft')}, {many(made.tasks_in_common, 'task')}, "
        f"{'the same people' if made.same_annotators else 'not the same people'}."
    )


def differences(made: ComparedRounds) -> Table:
    """Header and rows of the table of two rounds; a dimension of one round alone has its own figure and no difference."""
    header = ("Dimension", "n", "agreement", "statistic", "before", "after", "difference", "method")
    return header, [_row(change) for change in made.dimensions]


def links(made: ComparedRounds) -> list[str]:
    """Where each row leads: its dimension in the report of the round after, or of the one round that has it."""
    return [
        navigation.address(
            "agreement", round=(made.after if each.after else made.before).name, dimension=each.key, to="one-dimension"
        )
        for each in made.dimensions
    ]


def _row(change: DimensionChange) -> Sequence[str]:
    sides = (change.before, change.after)
    n = " → ".join("–" if side is None else f"{side.units_with_two:,}" for side in sides)
    if change.compared is None:
        shown = ["–" if side is None else judged_in_words(side) for side in sides]
        percent = " → ".join("–" if side is None else _percent(side.overall[PERCENT]) for side in sides)
        statistic = judged_on([side for side in sides if side])
        return (change.title, n, percent, statistic, *shown, "–", f"only {change.where}")
    judged, agreed = change.compared.judged, change.compared.percent
    method = change.compared.method or "–"
    if method in ("paired", "partly paired"):
        method += f", {many(judged.difference.n, 'draft')} in both"
    return (
        change.title,
        n,
        f"{_percent(agreed.before)} → {_percent(agreed.after)}",
        change.compared.judged_by,
        *(
            in_words(figure, side.only_level if side else None)
            for figure, side in zip((judged.before, judged.after), sides, strict=True)
        ),
        two_rounds.difference_in_words(judged),
        method,
    )


def _percent(figure: Figure) -> str:
    return "–" if figure.value is None else f"{100 * figure.value:.0f} %"
