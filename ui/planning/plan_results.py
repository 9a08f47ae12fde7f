"""How many drafts each dimension takes, as a table and as a curve."""

from touchstone.planning.plan import CHANCES, MOST
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
    by_threshold, hours = question == "threshold", plan.seconds is not None
    chances = [f"{chance:.0%} chance" for chance in CHANCES]
    rows = []
    for key, each in plan.dimensions.items():
        answer = getattr(each, question)
        row = [plan.titles[key], f"{each.point.n}" if plan.pilot else "none", each.point_in_words if plan.pilot else "assumed"]
        if answer is None:  # only a pilot leaves a dimension undefined
            rows.append((*row, *["–"] * (3 + by_threshold + hours)))
            continue
        row += [answer.in_words(chance) for chance in CHANCES]
        if plan.pilot:
            exact = answer.as_it_stands[CHANCES[-1]]
            row.append("never" if answer.never else f"over {MOST:,}" if exact is None else f"{exact:,}")
            row += [f"{answer.share_under:.0%}"] if by_threshold else []
            row += [plan.hours_in_words(each, answer.work) or "–"] if hours else []
        rows.append(tuple(row))
    pilot = ["if exact", *(["at or below it"] if by_threshold else []), *(["hours per person"] if hours else [])]
    return ("Dimension", "pilot", "statistic", *chances, *(pilot if plan.pilot else [])), rows


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
