"""Buttons that hand out a report as a file, made when its button is pressed, not whenever its page is drawn."""

from functools import partial

import sqlalchemy as sa
import streamlit as st

from touchstone import papers
from ui.base import panels
from workflow.agreement import reports
from workflow.agreement.papers import report as paper
from workflow.agreement.pseudonyms import pseudonyms_for
from workflow.agreement.report import Report
from workflow.exporting import label_export
from workflow.people.people import Person


def report(person: Person, engine: sa.Engine, shown: Report) -> None:
    """The report on the page as HTML and as Markdown, with names or with codes, and the labels behind that of one round."""
    with st.container(horizontal=True, vertical_alignment="center"):
        codes = st.checkbox("Annotators as A, B, C… in the file", key="codes")
        stem = papers.file_stem(pseudonyms_for(shown.annotators, codes).within(shown.name))
        for kind, draw, ending, mime in (
            ("HTML", paper.html, "html", "text/html"),
            ("Markdown", paper.markdown, "md", "text/markdown"),
        ):
            st.download_button(
                f"Report as {kind}",
                partial(_report, person, engine, shown, codes, draw),
                mime=mime,
                file_name=f"agreement-{stem}.{ending}",
                on_click="ignore",
            )
    if len(shown.rounds) == 1:
        _labels(person, engine, shown.rounds[0], stem, codes)


def _labels(person: Person, engine: sa.Engine, name: str, stem: str, codes: bool) -> None:
    """The raw labels of a closed round as a workbook or a CSV: read from the store when a button is pressed."""
    if held := label_export.held_back(person, engine, name):
        return panels.text(held[:1].upper() + held[1:] + ".", quiet=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        wide = st.checkbox("Labels with a row a draft", key="wide", help="A column a dimension and annotator; else a row a label")
        form = "wide" if wide else "long"
        st.download_button(
            "Labels as XLSX",
            partial(label_export.labels_workbook, person, engine, name, wide=wide, codes=codes),
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            file_name=f"labels-{stem}-{form}.xlsx",
            on_click="ignore",
            help="With notes, times and skips; the sheet About says what is left out",
        )
        csv = f"labels-{stem}-{form}.csv"
        st.download_button(
            "Labels as CSV (ZIP)",
            partial(label_export.labels_archive, person, engine, name, csv, wide=wide, codes=codes),
            mime="application/zip",
            file_name=f"labels-{stem}-{form}.zip",
            on_click="ignore",
            help="A ZIP of the CSV, in UTF-8, and a file that says what is left out; for Excel take XLSX",
        )
    panels.text(
        "Raw labels with notes, times, skips and queries; left out are the drafts’ texts and choices never saved.", quiet=True
    )


def _report(person: Person, engine: sa.Engine, shown: Report, codes: bool, draw) -> str:
    if codes:
        shown = (
            reports.agreement_of_set(person, engine, shown.label_set, codes=True)
            if shown.label_set
            else reports.agreement_of_rounds(person, engine, shown.rounds, codes=True)
        )
    return draw(shown)
