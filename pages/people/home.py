"""Home: what is yours to do now."""

import streamlit as st

from touchstone.english import day, listed, many
from ui.base import navigation, panels, session
from workflow.people.home import to_do

person, engine = session.require_person(), session.engine()
RUBRICS = ("rubrics", "Read the rubrics")
OPEN, IMPORT = ("rounds", "Open a round"), ("import_tasks", "Import tasks and drafts")
NEXT = {  # where each kind of step is done, and what lies beside it; labels are given right below
    "import": [IMPORT, RUBRICS],
    "open": [OPEN, RUBRICS, ("import_tasks", "Import more")],
    "close": [("rounds", "Close the round")],
    "cells": [("adjudicate", "Adjudicate")],
    "gold": [("gold", "Export gold")],
    "exported": [OPEN, ("import_tasks", "Import more")],
}

todo = to_do(person, engine, session.flagged_in, session.tally_of)
step = todo.next
panels.heading(f"Hello, {person.name}", step.sentence)
panels.outcome()
if step.kind == "import":
    panels.text(
        "A round is then opened on the drafts. Each annotator labels alone, and how far they agree is read when the "
        "round is closed.",
        quiet=True,
    )
if step.kind in NEXT:
    panels.onward(NEXT[step.kind], **({"round": step.round} if step.round and step.kind != "exported" else {}))

for of_sample in (False, True):
    labelling = [each for each in todo.labelling if each.round.is_sample == of_sample]
    lead = [each for each in todo.lead if each.round.is_sample == of_sample]
    mark = " (sample)" if of_sample else ""
    if of_sample and (lead or todo.sample_drafts):
        panels.section("The sample workspace")
        if not todo.own_drafts and not person.is_sample:
            panels.text(
                "Invented drafts to try things on. To label its open round, sign out and come back as Sample Ana or "
                "Sample Ben. What you import yourself stays apart from it.",
                quiet=True,
            )
    if labelling and not of_sample:
        panels.section("Yours to label")
    for each in labelling:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"mine-{each.round.id}"):
            mine = each.mine
            delivered = mine.saved + mine.skipped
            practice = f", {mine.practice} for practice first" if mine.practice else ""
            panels.standing(
                [
                    (
                        each.round.name + mark,
                        delivered / mine.total if mine.total else 1.0,
                        f"{delivered} of {mine.total}{practice}" if each.left else f"all {mine.total} delivered",
                    )
                ]
            )
            if each.left:
                st.page_link(
                    navigation.page("label"), label="Label", query_params={"round": each.round.name}, icon=":material/edit:"
                )
            st.page_link(navigation.page("my_labels"), label="My labels", query_params={"round": each.round.name})
    if lead and not of_sample:
        panels.section("Rounds")
    for each in lead:
        found, query = each.round, {"round": each.round.name}
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"lead-{found.id}"):
            if found.is_open:
                owed = [f"{mine.name} {mine.waiting}" for mine in found.progress if mine.waiting]
                panels.text(
                    f"{found.name}{mark}: open, {many(found.drafts, 'draft')}. "
                    + (f"Still owed: {listed(owed)}." if owed else "Everyone has delivered: it can be closed.")
                )
                st.page_link(navigation.page("rounds"), label="Close it" if each.can_close else "Progress", query_params=query)
                continue
            if not found.has_gold:
                panels.text(f"{found.name}{mark}: {found.purpose}, closed {day(found.closed_at)}.")
                st.page_link(navigation.page("agreement"), label="Agreement", query_params=query)
                continue
            words = f"flagged: {listed(each.flagged)}" if each.flagged else "no dimension flagged"
            panels.text(
                "; ".join([f"{found.name}{mark}: closed {day(found.closed_at)}", words, each.state or "nothing settled"]) + "."
            )
            st.page_link(navigation.page("agreement"), label="Agreement", query_params=query)
            if each.cells_waiting:
                st.page_link(navigation.page("adjudicate"), label="Adjudicate", query_params=query)
            elif each.ready:
                st.page_link(navigation.page("gold"), label="Gold" if each.exported else "Export gold", query_params=query)
    if todo.in_no_round and not of_sample and step.kind not in ("open", "exported"):
        panels.text(
            f"{many(todo.in_no_round, 'draft')} of your own {'is' if todo.in_no_round == 1 else 'are'} in no round yet.",
            quiet=True,
        )
