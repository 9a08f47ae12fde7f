"""The tables of an agreement report: a row a dimension, and level by level; with the words that stand over them."""

from collections.abc import Sequence

from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA, on_level
from touchstone.agreement.figure import PairReport, in_words
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.verdict import judgement_in_words, thresholds_in_words
from touchstone.english import day, listed, many
from ui.base.panels import Table
from ui.rubric.titles import title_of
from workflow.agreement.report import Report


def provenance(report: Report) -> str:
    """Where the labels came from, in a line."""
    when = f"closed {day(report.closed_at)}, " if report.closed_at else ""
    return (
        f"{when}rubric {report.rubric.name} ({report.rubric.digest[:12]}), {listed(report.annotators)}, "
        f"{many(report.units, 'draft')}; labels made by {report.made_by}"
    )


def judged_in_words(each: DimensionReport) -> str:
    """The figure a dimension is judged on, with its interval; a dash where a rubric sets no rule."""
    return "–" if each.judged is None else in_words(each.judged, each.only_level)


def summary(report: Report, ordered: Sequence[DimensionReport]) -> Table:
    """Header and rows of the table of dimensions: kappas for two annotators, alphas for more."""
    two = len(report.annotators) == 2 and report.are_people
    names = (KAPPA, QUADRATIC_KAPPA) if two else (NOMINAL_ALPHA, ORDINAL_ALPHA)
    rows = []
    for each in ordered:
        figures = each.pairs[0].figures if two and each.pairs else each.overall
        judged = [in_words(figures[name], each.only_level) if name in figures else "–" for name in names]
        rows.append(
            (
                title_of(report.rubric, each.dimension),
                str(each.units_with_two),
                in_words(each.overall[PERCENT]),
                *judged,
                f"{each.threshold:.2f}" if each.threshold is not None else "–",
                judgement_in_words(each.judgement),
            )
        )
    return ("Dimension", "n", "agreement", *(name.heading for name in names), "threshold", "verdict"), rows


def judged_on(ordered: Sequence[DimensionReport]) -> str:
    """Which statistic the thresholds are held against, in words."""
    return listed(thresholds_in_words([each.judgement for each in ordered])) or "nothing"


def how_to_read(report: Report, ordered: Sequence[DimensionReport]) -> str:
    """The caption of the table of dimensions, with the second opinion on all figures."""
    said = [marked(report, f"Point estimate and 95 % interval, judged on {judged_on(ordered)}.")]
    if any(each.threshold is not None for each in ordered):
        said.append(
            "A dimension is flagged when its point estimate is below the threshold; the verdict asks whether the whole interval "
            "is on one side of it."
        )
    return " ".join([*said, report.opinion_in_words])


def marked(report: Report, words: str) -> str:
    """Words at a figure, after who made the labels where that must not be missed."""
    return f"{report.mark.capitalize()}. {words}" if report.mark else words


def by_level(pair: PairReport) -> Table:
    """Header and rows: both marginals and the agreement on each level."""
    rows = [
        (
            str(level),
            str(sum(pair.table[place])),
            str(sum(row[place] for row in pair.table)),
            in_words(pair.figures[on_level(place)]),
        )
        for place, level in enumerate(pair.levels)
    ]
    return ("Level", pair.a, pair.b, "agreement on it"), rows
