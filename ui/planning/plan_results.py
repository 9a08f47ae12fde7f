"""How many drafts each dimension takes, as a table and as a curve."""

from collections.abc import Callable

from touchstone.english import percent
from touchstone.planning.plan import CHANCES, MOST, DimensionPlan, SizeAnswer
from ui.base import charts, choice_boxes, panels
from ui.base.panels import Table
from workflow.planning.plan import LIKELY, Plan

CAPTION = {
    True: "Drafts of a new round, with two or more labels each. Each range spans the quartiles of the pilot's plausible values; "
    f"“if exact” takes the pilot's proportions as exact, at {LIKELY}. A value at or below the threshold never shows it.",
    False: "Drafts of a new round, labelled by two people each.",
}


def table(plan: Plan, question: str) -> Table:
    """Header and rows of a plan's table, for one of its questions."""
    columns = _answered(plan, by_threshold=question == "threshold")
    rows = []
    for key, each in plan.dimensions.items():
        answer = getattr(each, question)  # None only where a pilot leaves a dimension undefined
        stands = (f"{each.point.n}", plan.point_in_words(key)) if plan.pilot else ("none", "assumed")
        rows.append((plan.titles[key], *stands, *("–" if answer is None else cell(each, answer) for cell in columns.values())))
    return ("Dimension", "pilot", "statistic", *columns), rows


def _answered(plan: Plan, *, by_threshold: bool) -> dict[str, Callable[[DimensionPlan, SizeAnswer], str]]:
    """The columns of a dimension's answer, by their titles."""
    columns = {f"{percent(chance)} chance": _at_chance(chance) for chance in CHANCES}
    if plan.pilot:
        columns["if exact"] = _if_exact
    if plan.pilot and by_threshold:
        columns["at or below it"] = lambda _, answer: "–" if answer.share_under is None else percent(answer.share_under)
    if plan.pilot and plan.seconds is not None:
        columns["hours per person"] = lambda each, answer: plan.hours_in_words(each, answer.work) or "–"
    return columns


def _at_chance(chance: float) -> Callable[[DimensionPlan, SizeAnswer], str]:
    return lambda _, answer: answer.in_words(chance)


def _if_exact(_: DimensionPlan, answer: SizeAnswer) -> str:
    exact = answer.as_it_stands[CHANCES[-1]]
    return "never" if answer.never else f"over {MOST:,}" if exact is None else f"{exact:,}"


def curve(plan: Plan, question: str, key: str) -> None:
    """Expected interval at each number of drafts, of one dimension; nothing where no dimension has an answer."""
    ready = {name: plan.titles[name] for name, dimension in plan.dimensions.items() if getattr(dimension, question)}
    if not ready:
        return
    panels.section("Expected interval")
    shown = next(iter(ready)) if len(ready) == 1 else choice_boxes.one_of("Dimension", ready, key)
    dimension = plan.dimensions[shown]
    if dimension.point.value is None or dimension.curve is None:
        return  # no answer either, so the dimension is none of those that are ready
    answer = getattr(dimension, question)
    charts.show(
        charts.sizes(dimension.point.value, dimension.curve, answer, against_threshold=question == "threshold"),
        key=f"sizes-{shown}",
        alt="The 95 % interval to expect at each number of drafts; the table above has the numbers",
    )
