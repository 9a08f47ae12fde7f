"""Candidates: what may become a task, from failed drafts or by models, and waits for somebody to read it."""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, project_in_hand, signed_in, store
from ui.bench import candidates as laying_out
from ui.bench import model_run
from workflow.bench import candidates, from_drafts
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
found = candidates.candidates_of(person, engine)
asked = st.query_params.get("candidate", "")
if asked:
    chosen = next((each for each in found if each.task_id == asked), None)
    panels.heading(asked, f"It {chosen.state}." if chosen and chosen.verdict is None else "A candidate for a task.")
    panels.outcome()
    if chosen is None:
        panels.wrong(f"There is no candidate “{asked}” here; pick one from the list.")
    else:
        laying_out.one(chosen, person, engine)
    panels.link("candidates", "All candidates")
    st.stop()

closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
panels.heading(
    "Candidates",
    laying_out.sentence(found)
    if found
    else "No candidate yet. The tasks of drafts that failed in a closed round become some, under other names."
    if closed
    else "No candidate yet, and no closed round whose failed drafts could give some.",
)
panels.outcome()
if closed:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Closed round", closed)
        if st.button("Make candidates of its failed drafts", type="secondary" if found else "primary"):
            made = messages.attempt(from_drafts.propose_from_drafts, person, engine, name)
            if made is not None:
                messages.report(f"{made.sentence}.")
            st.rerun()
else:
    panels.link("rounds", "See the rounds")
if found:
    laying_out.table(found)
model_run.form(person, project_in_hand.for_import())
