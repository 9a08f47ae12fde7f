"""One dimension of a report: every pair of annotators, level against level."""

import streamlit as st

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import in_words
from touchstone.agreement.report import DimensionReport
from ui.agreement import report_tables
from ui.base import charts, panels
from workflow.agreement.report import Report

PAIRS = 6  # shown on one page


def pairs(report: Report, opened: DimensionReport) -> None:
    """Map and table of each pair; why there is none, where nobody was paired."""
    for pair in opened.pairs[:PAIRS]:
        left, right = st.columns([3, 2], gap="large")
        with left:
            charts.show(
                charts.confusion(pair, report.mark),
                key=f"confusion-{opened.dimension}-{pair.a}-{pair.b}",
                alt=f"Confusion matrix of {pair.a} (rows) and {pair.b} (columns), with marginal totals",
            )
        with right:
            panels.table(
                *report_tables.by_level(pair),
                numbers=(1, 2, 3),
                names=(1, 2),
                caption=report_tables.marked(
                    report, f"By level: how often {pair.a} and {pair.b} used it, and their agreement on it"
                ),
            )
    if len(opened.pairs) > PAIRS:
        panels.text(f"The first {PAIRS} of {len(opened.pairs)} pairs are shown.", quiet=True)
    if not opened.pairs:
        why = "" if opened.units_with_two else f": {in_words(opened.overall[PERCENT])}"
        panels.text(f"{report.no_pairs.removesuffix('.')}{why}.")
