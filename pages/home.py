"""Home: what is yours to do now."""

import streamlit as st

from touchstone.words import day, listed, many
from ui import panels, session
from workflow.home import to_do

person, engine = session.require_person(), session.engine()
todo = to_do(person, engine)

panels.heading(f"Hello, {person.name}", todo.sentence)
panels.outcome()

if not todo.lead:
    with st.container(horizontal=True):
        st.page_link("../pages/intake.py", label="Import tasks and drafts", icon=":material/upload:")
        st.page_link("../pages/rounds.py", label="Open a round", icon=":material/play_arrow:")
        st.page_link("../pages/rubrics.py", label="Read the rubrics", icon=":material/menu_book:")

if todo.labelling:
    panels.section("Yours to label")
    for each in todo.labelling:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"mine-{each.round.id}"):
            mine = each.mine
            delivered = mine.saved + mine.skipped
            practice = f", {mine.practice} for practice first" if mine.practice else ""
            panels.standing([(each.round.name + (" (sample)" if each.round.is_sample else ""), delivered / mine.total,
                              f"{delivered} of {mine.total}{practice}" if each.left else f"all {mine.total} delivered")])
            if each.left:
                st.page_link("../pages/label.py", label="Label", query_params={"round": each.round.name},
                             icon=":material/edit:")
            st.page_link("../pages/my_labels.py", label="My labels", query_params={"round": each.round.name})

if todo.lead:
    panels.section("Rounds")
for each in todo.lead:
    found = each.round
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"lead-{found.id}"):
        name = found.name + (" (sample)" if found.is_sample else "")
        if found.is_open:
            owed = [f"{mine.name} {mine.waiting}" for mine in found.progress if mine.waiting]
            panels.text(f"{name}: open, {many(found.drafts, 'draft')}. "
                        + (f"Still owed: {listed(owed)}." if owed else "Everyone has delivered: it can be closed."))
            st.page_link("../pages/rounds.py", label="Close it" if each.can_close else "Progress",
                         query_params={"round": found.name})
            continue
        if not found.has_gold:
            panels.text(f"{name}: {found.purpose}, closed {day(found.closed_at)}.")
            st.page_link("../pages/agreement.py", label="Agreement", query_params={"round": found.name})
            continue
        flagged = session.flagged_in(found)
        words = f"flagged: {listed(flagged)}" if flagged else "no dimension flagged"
        state = (f"{many(each.cells_waiting, 'cell')} to adjudicate" if each.cells_waiting
                 else "gold is ready to leave" if each.ready else "nothing settled")
        panels.text(f"{name}: closed {day(found.closed_at)}; {words}; {state}.")
        st.page_link("../pages/agreement.py", label="Agreement", query_params={"round": found.name})
        if each.cells_waiting:
            st.page_link("../pages/adjudicate.py", label="Adjudicate", query_params={"round": found.name})
        elif each.ready:
            st.page_link("../pages/gold.py", label="Export gold", query_params={"round": found.name})

if todo.sample_drafts and not todo.own_drafts:
    panels.text("This is the sample workspace: invented drafts to try things on. To label its open round, sign out and "
                "come back as Sample Ana or Sample Ben. Import your own tasks and drafts to begin in earnest; the sample "
                "stays marked and apart.", quiet=True)
