"""What a closed comparison round says: agreement, what sides and length do, who is chosen most."""

from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, PERCENT
from touchstone.agreement.figure import Figure, in_words, signed
from ui.base import panels
from workflow.preferences.report import ComparisonReport


def show(made: ComparisonReport) -> None:
    """The sides in a sentence first, then the tables."""
    report = made.report
    panels.text(f"It asked: {made.comparison.question}")
    panels.notes([*(f"{note}." for note in made.notes), *report.agreement.warnings])
    if not report.choices:
        return
    panels.text(report.side_sentence)
    panels.section("Who is chosen most", place="ranking")
    _ranking(made)
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
    overall = report.by_tasks.judged or report.agreement.overall[NOMINAL_ALPHA]
    rows.append(("all, nominal alpha", f"{report.agreement.units_with_two:,}", in_words(overall), in_words(report.both_decide)))
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
        caption=_swaps(made),
    )


def _ranking(made: ComparisonReport) -> None:
    strengths = made.report.strengths
    if strengths.reason:
        panels.text(f"No ranking: {strengths.reason}.")
    panels.table(
        (made.report.ranked_by.capitalize(), "won", "tied", "lost", "rank", "strength (log odds)"),
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
            f"The longer draft is taken {in_words(made.report.longer)}; twice the length: {signed(strengths.doubling)}."
            if made.report.longer.value is not None
            else ""
        ),
    )


def _rank(rank: Figure) -> str:
    if rank.value is None:
        return "–"
    value, low, high = (f"{end:.0f}" for end in rank.ends)
    return f"{value} [{low}, {high}]"


def _swaps(made: ComparisonReport) -> str:
    swaps = made.report.consistency
    if swaps.same.value is None:
        return "No pair came twice with its sides swapped."
    told = f"the same again {in_words(swaps.same)}; the same side {in_words(swaps.same_side)}"
    return f"Of {swaps.same.n:,} that came twice with sides swapped, {told}."
