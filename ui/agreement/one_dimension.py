"""One dimension of a report: pairs of annotators, level against level."""

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import PairReport, in_words
from touchstone.agreement.report import DimensionReport
from touchstone.english import many
from touchstone.rubric.model import Dimension
from ui.agreement import report_tables
from ui.base import confusion_map, panels
from workflow.agreement.report import Report
from workflow.agreement.reports import pair_of_report
from workflow.people.people import Person

PAIRS = 6  # shown together; of more, one at a time


def pairs(person: Person, engine: sa.Engine, report: Report, opened: DimensionReport) -> None:
    """Map and table of each pair, or of one chosen from many; why there is none, where nobody was paired."""
    if opened.pairs_left_out:
        _two_chosen(person, engine, report, opened)
    elif len(opened.pairs) > PAIRS:
        chosen = st.selectbox(
            f"One of {many(len(opened.pairs), 'pair')}",
            range(len(opened.pairs)),
            format_func=lambda place: f"{opened.pairs[place].a} and {opened.pairs[place].b}",
            key=f"pair-{report.name}-{opened.dimension}",
        )
        _pair(report, opened, opened.pairs[chosen])
    for pair in opened.pairs if len(opened.pairs) <= PAIRS else ():
        _pair(report, opened, pair)
    if not opened.pairs and not opened.pairs_left_out:
        why = "" if opened.units_with_two else f": {in_words(opened.overall[PERCENT])}"
        panels.text(f"{report.no_pairs(opened).removesuffix('.')}{why}.")


def intraclass(report: Report, opened: DimensionReport) -> None:
    """The intraclass correlations of levels that are numbers; nothing of others."""
    if opened.icc and opened.icc.is_shown:
        panels.table(
            *report_tables.intraclass(opened.icc), numbers=(1,), caption=report_tables.marked(report, opened.icc.caption)
        )


def _two_chosen(person: Person, engine: sa.Engine, report: Report, opened: DimensionReport) -> None:
    """Any two annotators, where there are too many pairs to make them all."""
    panels.text(f"{report.no_pairs(opened)} Choose two annotators to see theirs.", quiet=True)
    left, right = st.columns(2)
    a = left.selectbox("Annotator", opened.annotators, key=f"one-of-two-{report.name}")
    others = [each for each in opened.annotators if each != a]
    b = right.selectbox("Another annotator", others, key=f"other-of-two-{report.name}")
    pair = pair_of_report(person, engine, report, opened.dimension, a, b)
    if pair is None:
        panels.text(f"No draft has labels of both {a} and {b} on this dimension.")
    else:
        _pair(report, opened, pair)


def _pair(report: Report, opened: DimensionReport, pair: PairReport) -> None:
    caption = f"By level: how often {pair.a} and {pair.b} used it, and their agreement on it"
    level_against_level(
        pair,
        f"{opened.dimension}-{pair.a}-{pair.b}",
        report_tables.marked(report, caption),
        report.rubric.dimension(opened.dimension),
        mark=report.mark,
        beside=report_tables.marked(report, pair.beside.in_words),
    )


def level_against_level(
    pair: PairReport, key: str, caption: str, dimension: Dimension | None, *, mark: str, beside: str = ""
) -> None:
    """Two annotators or sources: their confusion map, and beside it the agreement on each level. `key` is the map's own among
    those of the page; `beside`: what else is to be said of the two."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        confusion_map.show(pair, key=f"confusion-{key}", dimension=dimension, mark=mark)
    with right:
        panels.table(*report_tables.by_level(pair, dimension), numbers=(1, 2, 3), names=(1, 2), caption=caption)
        if beside:
            panels.text(beside, quiet=True)
