"""A round's drift, and its annotators side by side, for the lead."""

from collections.abc import Sequence

from touchstone.agreement.figure import in_words, short, signed
from touchstone.english import duration
from touchstone.subgroups.rater_effects import FAST
from ui.base import navigation, panels
from ui.base.panels import Table
from ui.rubric.titles import title_of
from workflow.rubric.levels import declared
from workflow.subgroups.annotators import Annotators


def show_drift(found: Annotators) -> None:
    """The two halves of a round beside each other."""
    panels.section("Drift within the round")
    panels.text(found.drift_sentence)
    table, marked = drift_rows(found)
    panels.table(
        *table,
        numbers=(3, 4, 5),
        whole=(2,),
        marked=marked,
        caption="Agreement in the first and the second half of the drafts: by when they got their second label, and in "
        "each annotator's own order. Marked: the interval of the difference excludes zero.",
    )


def drift_rows(found: Annotators) -> tuple[Table, list[int]]:
    """A row per way of halving and dimension, and which rows have an interval that leaves zero out. A way of halving
    that gives nothing for one and the same reason is one row."""
    rows, marked = [], []
    for order in dict.fromkeys(each.order for each in found.agreement):
        mine = [each for each in found.agreement if each.order == order]
        cut = "by time" if order == "time" else f"by the order of {order}"
        reasons = {each.halves.difference.reason for each in mine}
        if len(reasons) == 1 and None not in reasons:
            rows.append((cut, "all", "–", in_words(mine[0].halves.difference), "–", "–"))
            continue
        for each in mine:
            if each in found.moved:
                marked.append(len(rows))
            rows.append(
                (
                    cut,
                    title_of(found.rubric, each.dimension),
                    each.judged_by,
                    in_words(each.halves.first),
                    in_words(each.halves.second),
                    signed(each.halves.difference),
                )
            )
    return (("Halves", "Dimension", "judged by", "first half", "second half", "difference"), rows), marked


def show_annotators(found: Annotators) -> None:
    """Each annotator against the others, and in what time they worked."""
    panels.section("Annotators, for the lead")
    panels.notes(found.notes)
    ordered, nominal = (_on(found, is_nominal=is_nominal) for is_nominal in (False, True))
    if ordered:
        panels.table(
            *annotator_rows(found, ordered),
            numbers=(2, 3, 4, 5, 6, 7, 8),
            links=[_to(found, key) for key in ordered for _ in found.annotators],
            caption="Annotators against all others on the same drafts, in levels: above zero means higher levels. "
            "Spread is the standard deviation. Halves are of the annotator's own order.",
        )
    for key in nominal:
        panels.table(
            *share_rows(found, key),
            numbers=range(1, 5 + len(levels := declared(found.rubric, key).values)),
            names=range(4, 4 + len(levels)),
            caption=f"{title_of(found.rubric, key)}: its levels have no order, so annotators are compared by which they give. "
            "Share of the annotator's labels on each level, and after the stroke of the others' on the same drafts. Distance is "
            "half the sum of the differences: 0 where the shares are alike, 1 where no level is given by both; its interval "
            "holds 0 where chance alone may make it.",
        )
    panels.table(
        *pace_rows(found),
        numbers=(1, 2, 3, 4, 5),
        caption="Time per saved draft, pauses of over two minutes counted as two. Fast: under "
        f"{100 * FAST:.0f} % of the round's median"
        + (f" of {duration(found.median)}." if found.median else ", which is not known here."),
    )


def _to(found: Annotators, key: str) -> str:
    return navigation.address("agreement", round=found.round.name, dimension=key, to="one-dimension")


def _on(found: Annotators, *, is_nominal: bool) -> list[str]:
    """The round's dimensions on a nominal scale, or on another."""
    return [key for key in found.round.dimensions if (declared(found.rubric, key).scale == "nominal") is is_nominal]


def annotator_rows(found: Annotators, keys: Sequence[str]) -> Table:
    """A row per dimension and annotator, so that those of one dimension stand together."""
    rows = []
    for key in keys:
        for mine in found.annotators:
            each, halves = mine.dimensions[key], mine.drift[key]
            rows.append(
                (
                    title_of(found.rubric, key),
                    mine.name,
                    str(each.severity.n),
                    signed(each.severity),
                    in_words(each.agreement),
                    f"{each.used} of {each.levels}",
                    f"{_two(each.deviation)} / {_two(each.deviation_of_others)}",
                    f"{_two(halves.first.value)} → {_two(halves.second.value)}",
                    signed(halves.difference),
                )
            )
    return (
        "Dimension",
        "Annotator",
        "n",
        "level against others",
        "same level",
        "levels used",
        "spread own / others",
        "mean level by halves",
        "difference",
    ), rows


def share_rows(found: Annotators, key: str) -> Table:
    """A row an annotator, of one dimension on a nominal scale: which levels they give, and which the others."""
    levels = [str(level) for level in declared(found.rubric, key).values]
    rows = []
    for mine in found.annotators:
        each = mine.dimensions[key]
        given = each.shares.in_words if each.shares else []
        rows.append(
            (
                mine.name,
                str(each.severity.n),
                in_words(each.agreement),
                f"{each.used} of {each.levels}",
                *(given or ["–"] * len(levels)),
                in_words(each.shares.distance) if each.shares else "–",
            )
        )
    return ("Annotator", "n", "same level", "levels used", *levels, "distance from the others"), rows


def pace_rows(found: Annotators) -> Table:
    """A row an annotator: what they delivered, and in what time."""
    return (
        ("Annotator", "saved", "skipped", "owed", "median time", "fast drafts"),
        [
            (
                each.name,
                str(each.saved),
                str(each.skipped),
                str(each.waiting),
                "not known" if each.pace.median is None else duration(each.pace.median),
                "–" if each.pace.median is None else f"{each.pace.fast} of {each.pace.timed}",
            )
            for each in found.annotators
        ],
    )


def _two(value: float | None) -> str:
    return "–" if value is None else short(value)
