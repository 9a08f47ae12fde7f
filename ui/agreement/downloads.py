"""Buttons that hand out a report as a file, made when its button is pressed, not whenever its page is drawn."""

from functools import partial

import sqlalchemy as sa
import streamlit as st

from workflow.agreement import papers, reports
from workflow.agreement.papers import report as paper
from workflow.agreement.pseudonyms import pseudonyms_for
from workflow.agreement.report import Report
from workflow.people.people import Person


def report(person: Person, engine: sa.Engine, shown: Report) -> None:
    """The report on the page as HTML and as Markdown, with names or with codes."""
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


def _report(person: Person, engine: sa.Engine, shown: Report, codes: bool, draw) -> str:
    if codes:
        shown = (
            reports.agreement_of_set(person, engine, shown.label_set, codes=True)
            if shown.label_set
            else reports.agreement_of_rounds(person, engine, shown.rounds, codes=True)
        )
    return draw(shown)
