"""Opening and closing comparison rounds, and how far everyone is."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from ui.base import panels
from ui.base.session import messages
from workflow.people.people import Person
from workflow.preferences import comparisons
from workflow.preferences.comparisons import QUESTION, Comparison, ComparisonDesign


def chosen(found: Sequence[Comparison]) -> str:
    """One of the rounds, the one the address names, else the newest; the address then says it."""
    names = [each.name for each in found]
    asked = st.query_params.get("comparison", "")
    name = names[0]
    if len(names) > 1:
        name = st.selectbox("Comparison round", names, index=names.index(asked) if asked in names else 0)
    st.query_params["comparison"] = name
    return name


def standing(shown: Comparison) -> None:
    """A row an annotator."""
    panels.text(f"It asks: {shown.question}")
    panels.table(
        ("Annotator", "pairs", "chosen", "left"),
        [(each.name, f"{each.shown:,}", f"{each.chosen:,}", f"{each.left:,}") for each in shown.progress],
        numbers=(1, 2, 3),
        caption="Pairs that come a second time with their sides swapped are counted twice. What was chosen stays hidden until "
        "the round is closed.",
    )


def close_form(person: Person, engine: sa.Engine, shown: Comparison) -> None:
    """Close it, with a reason where somebody has pairs left."""
    with st.form("close-comparison", border=False):
        early = st.text_input("Why close it early (needed while someone has pairs left)", max_chars=500)
        if st.form_submit_button("Close the comparison round"):
            if messages.attempt(comparisons.close_comparison, person, engine, shown.name, early):
                messages.report(f"{shown.name} is closed.")
            st.rerun()


def open_form(person: Person, engine: sa.Engine, people: Sequence[Person]) -> None:
    """Open a comparison round."""
    with st.form("open-comparison", border=False):
        name = st.text_input("Name", max_chars=80)
        annotators = st.multiselect("Annotators", [each.name for each in people], format_func=panels.literal)
        question = st.text_input("Question", value=QUESTION, max_chars=200)
        with st.container(horizontal=True):
            pairs = st.number_input("Pairs of a task at most (0 for all)", 0, 1_000, 0, width=280)
            seed = st.number_input("Seed", 0, comparisons.MOST_SEED, 1, width=160, help="The same seed draws the same pairs")
        if st.form_submit_button("Open the comparison round", type="primary"):
            design = ComparisonDesign(name, annotators, question, int(pairs) or None, seed=int(seed))
            if made := messages.attempt(comparisons.open_comparison, person, engine, design):
                messages.report(f"{made.sentence}.")
                st.query_params["comparison"] = made.name
            st.rerun()
