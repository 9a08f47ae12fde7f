"""The tables of an agreement report: a row a dimension, and level by level; with the words that stand over them."""

from collections.abc import Iterable, Sequence

from touchstone.agreement.coefficient import (
    KAPPA,
    NOMINAL_ALPHA,
    ORDINAL_ALPHA,
    PERCENT,
    QUADRATIC_KAPPA,
    on_level,
    with_meaning_on,
)
from touchstone.agreement.estimation.icc import IntraclassCorrelations
from touchstone.agreement.figure import PairReport, in_words, short
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.verdict import judgement_in_words
from touchstone.english import day, listed, many
from touchstone.rubric.model import Dimension
from ui.base.confusion_map import level_title
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
    """Header and rows of the table of dimensions: what each is judged by, named beside its figure, and for comparison the other
    usual ones, kappas for two annotators and alphas for more."""
    rows = [
        (
            title_of(report.rubric, each.dimension),
            str(each.units_with_two),
            in_words(each.overall[PERCENT]),
            each.judged_by or "–",
            judged_in_words(each),
            short(each.threshold) if each.threshold is not None else "–",
            judgement_in_words(each.judgement),
            _not_judged(report, each),
        )
        for each in ordered
    ]
    judged = ("judged by", "point and interval", "threshold", "verdict")
    return ("Dimension", "n", "agreement", *judged, "for comparison, not judged"), rows


def _not_judged(report: Report, each: DimensionReport) -> str:
    """The usual figures beside the one that is judged: "kappa, quadratic .85 [.70, .93]"."""
    two = len(report.annotators) == 2 and report.are_people
    figures = each.pairs[0].figures if two and each.pairs else each.overall
    judged = each.judgement.coefficient if each.judgement else None
    names = with_meaning_on(each.scale, (KAPPA, QUADRATIC_KAPPA) if two else (NOMINAL_ALPHA, ORDINAL_ALPHA))
    told = [
        f"{name.heading_by(each.by)} {in_words(figures[name], each.only_level)}"
        for name in names
        if name != judged and name in figures
    ]
    return "; ".join(told) or "–"


def judged_on(ordered: Iterable[DimensionReport]) -> str:
    """Which coefficients the thresholds are held against, each once, in words."""
    judged = [(each.judgement.coefficient, each.by) for each in ordered if each.judgement]
    by_value = " by value"
    names = [f"{name.kind_first}{by_value if by == 'value' and name.is_weighted else ''}" for name, by in judged]
    return listed(list(dict.fromkeys(names))) or "nothing"


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


def intraclass(icc: IntraclassCorrelations) -> Table:
    """Header and rows of the intraclass correlations."""
    return ("Intraclass correlation", "value and interval"), [(name, in_words(figure)) for name, figure in icc.rows]


def by_level(pair: PairReport, dimension: Dimension | None) -> Table:
    """Header and rows: both marginals and the agreement on each level, which has its title out of `dimension`."""
    rows = [
        (
            level_title(level, dimension),
            str(sum(pair.table[place])),
            str(sum(row[place] for row in pair.table)),
            in_words(pair.figures[on_level(place)]),
        )
        for place, level in enumerate(pair.levels)
    ]
    return ("Level", pair.a, pair.b, "agreement on it"), rows
