"""What a closed comparison round says on each dimension: agreement, what sides and length do, who is chosen most."""

import streamlit as st

from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, PERCENT
from touchstone.agreement.figure import Figure, in_words, signed
from touchstone.preferences.report import PreferenceReport
from ui.base import panels
from workflow.preferences.report import AskedReport, ComparisonReport


def show(made: ComparisonReport) -> AskedReport:
    """All dimensions in a table where there are several, then the one that is chosen: the sides in a sentence first, then the
    tables. The one that is shown."""
    panels.notes(made.notes)
    shown = made.dimensions[0]
    if len(made.dimensions) > 1:
        _overview(made)
        shown = _chosen(made)
    panels.text(f"It asked: {shown.asked.question}")
    panels.notes(shown.report.agreement.warnings)
    if shown.report.choices:
        _figures(shown.report)
    return shown


def _chosen(made: ComparisonReport) -> AskedReport:
    """One of the dimensions, the one the address names, else the first; the address then says it."""
    there = {each.asked.key: each for each in made.dimensions}
    first = st.query_params.get("dimension", "")
    keys = list(there)
    key = st.segmented_control(
        "Dimension",
        keys,
        default=first if first in there else keys[0],
        format_func=lambda each: panels.literal(there[each].asked.title),
        required=True,
        key=f"dimension-of-{made.comparison.name}",
    )
    st.query_params["dimension"] = key
    return there[key]


def _overview(made: ComparisonReport) -> None:
    """A row a dimension, and each author's rank on every dimension."""
    panels.section("Dimension by dimension", place="overview")
    panels.table(
        ("Dimension", "nominal alpha", "the same where both decide", "left minus right", "chosen most"),
        [
            (
                each.asked.title,
                in_words(_alpha(each.report)),
                in_words(each.report.both_decide),
                signed(each.report.side.overall) if each.report.side.overall.value is not None else "–",
                _most(each.report),
            )
            for each in made.dimensions
        ],
        caption="Intervals are by tasks. Chosen most: who has the highest strength, with the places it takes in 95 % of draws of "
        "tasks.",
    )
    authors = sorted({each.author for of in made.dimensions for each in of.report.strengths.authors})
    ranks = {(of.asked.key, each.author): _rank(each.rank) for of in made.dimensions for each in of.report.strengths.authors}
    panels.table(
        (made.dimensions[0].report.ranked_by.capitalize(), *(f"rank: {of.asked.title}" for of in made.dimensions)),
        [(author, *(ranks.get((of.asked.key, author), "–") for of in made.dimensions)) for author in authors],
        caption="In brackets the places in 95 % of draws of tasks. A dash: that dimension’s choices give no ranking.",
    )


def _most(report: PreferenceReport) -> str:
    first = report.strengths.authors[0] if report.strengths.authors and not report.strengths.reason else None
    return f"{first.author}, {_rank(first.rank)}" if first else "no ranking"


def _alpha(report: PreferenceReport) -> Figure:
    return report.by_tasks.judged or report.agreement.overall[NOMINAL_ALPHA]


def _figures(report: PreferenceReport) -> None:
    panels.text(report.side_sentence)
    panels.section("Who is chosen most", place="ranking")
    _ranking(report)
    panels.section("How far annotators agree", place="agreement")
    rows = [
        (
            f"{each.report.a} and {each.report.b}",
            f"{each.report.n:,}",
            in_words(each.report.figures[KAPPA]),
            in_words(each.both_decide),
        )
        for each in report.of_two
    ]
    both = in_words(report.both_decide)
    rows.append(("all, nominal alpha", f"{report.agreement.units_with_two:,}", in_words(_alpha(report)), both))
    panels.table(
        ("Annotators", "pairs", "kappa on a, tie, b", "the same where both decide"),
        rows,
        numbers=(1,),
        caption=f"Percent agreement {in_words(report.agreement.overall[PERCENT])}. Intervals of all annotators are by tasks.",
    )
    panels.section("Each annotator", place="annotators")
    panels.table(
        ("Annotator", "ties", "left minus right, of choices that decide"),
        [(name, in_words(figure), signed(report.side.by_annotator[name])) for name, figure in report.ties.items()],
        caption=_swaps(report),
    )


def _ranking(report: PreferenceReport) -> None:
    strengths = report.strengths
    if strengths.reason:
        panels.text(f"No ranking: {strengths.reason}.")
    panels.table(
        (report.ranked_by.capitalize(), "won", "tied", "lost", "rank", "strength (log odds)"),
        [
            (
                each.author,
                f"{each.wins:,}",
                f"{each.ties:,}",
                f"{each.losses:,}",
                _rank(each.rank),
                signed(each.strength) if each.strength.value is not None else "–",
            )
            for each in strengths.authors
        ],
        numbers=(1, 2, 3),
        caption="In brackets what it is in 95 % of draws of tasks. "
        + (
            f"The longer draft is taken {in_words(report.longer)}; twice the length: {signed(strengths.doubling)}."
            if report.longer.value is not None
            else ""
        ),
    )


def _rank(rank: Figure) -> str:
    if rank.value is None:
        return "–"
    value, low, high = (f"{end:.0f}" for end in rank.ends)
    return f"{value} [{low}, {high}]"


def _swaps(report: PreferenceReport) -> str:
    swaps = report.consistency
    if swaps.same.value is None:
        return "No pair came twice with its sides swapped."
    told = f"the same again {in_words(swaps.same)}; the same side {in_words(swaps.same_side)}"
    return f"Of {swaps.same.n:,} that came twice with sides swapped, {told}."
