"""Rounds: open one, follow it, close it."""

import streamlit as st

from touchstone.english import day, listed, many
from ui.base import navigation, panels, session
from ui.rounds import opening
from workflow.rounds import closing, rounds

person, engine = session.require_person(), session.engine()
found = rounds.all_rounds(engine)
open_ones = [each for each in found if each.is_open]
panels.heading(
    "Rounds",
    f"{many(len(open_ones), 'round')} open, {len(found) - len(open_ones)} closed."
    if found
    else "No round yet. A round is a set of drafts labelled by named annotators under one rubric version.",
)
if not opening.was_refused():
    panels.outcome()


def close(name):
    early = session.value_of(f"early-{name}")
    if session.attempt(closing.close_round, person, engine, name, early=early or None):
        session.tell(f"{name} is closed and its labels are counted. Its agreement can be read now.")


opening.form(person, engine)

asked = st.query_params.get("round", "")
for each in sorted(found, key=lambda each: (each.name != asked, not each.is_open)):
    with st.container(border=True, key=f"round-{each.id}"):
        panels.section(each.name + (" (sample)" if each.is_sample else ""))
        when = f"closed {day(each.closed_at)}" if each.closed_at else f"open since {day(each.opened_at)}"
        panels.text(
            (f"{each.purpose}; " if each.purpose else "") + f"{when}, {each.rubric} "
            f"({each.rubric_digest[:12]}), {many(each.drafts, 'draft')}, "
            f"{many(len(each.dimensions), 'dimension')}" + (f"; closed early: {each.early_reason}" if each.early_reason else ""),
            quiet=True,
        )
        panels.standing(
            [
                (
                    mine.name,
                    (mine.saved + mine.skipped) / mine.total if mine.total else 1.0,
                    f"{mine.saved + mine.skipped} of {mine.total}" + (f", {mine.skipped} skipped" if mine.skipped else ""),
                )
                for mine in each.progress
            ]
        )
        asked_for = rounds.queries_of(person, engine, each.name)
        if asked_for:
            panels.table(
                ("Draft", "Annotator", "Query"),
                [(row.draft_id, row.annotator, row.note) for row in asked_for],
                caption="Someone should look at these",
            )
        if not each.is_open:
            with st.container(horizontal=True):
                st.page_link(navigation.page("agreement"), label="Agreement", query_params={"round": each.name})
                for file, label in (("adjudicate", "Adjudicate"), ("gold", "Gold")) if each.has_gold else ():
                    st.page_link(navigation.page(file), label=label, query_params={"round": each.name})
            continue
        owed = [f"{mine.name} {mine.waiting}" for mine in each.progress if mine.waiting]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if owed:
                st.text_input(
                    "Reason for closing early",
                    key=f"early-{each.name}",
                    placeholder=f"Still owed: {listed(owed)}. The report will say why.",
                )
            st.button(
                "Close early" if owed else "Close the round",
                key=f"close-{each.id}",
                on_click=close,
                args=(each.name,),
                type="secondary" if owed else "primary",
            )
