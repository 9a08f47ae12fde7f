"""Revision: the meeting on a closed round. One dimension's disagreements, what was decided on each, and what comes of it."""

import streamlit as st

from ui.base import next_focus, panels
from ui.base.session import signed_in, store, tab
from ui.base.task_and_draft import task_and_draft
from ui.rounds import shown_round
from ui.rubric import meeting
from workflow.agreement import disagreements
from workflow.rounds import rounds
from workflow.rubric import meetings, versions

person, engine = signed_in.require_person(), store.engine()
closed = {each.name: each for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold}
if not closed:
    panels.empty(
        "No round is closed yet, so there is nothing to discuss.",
        "When a round is closed, what its annotators disagree on is discussed in a meeting here, dimension by dimension, "
        "and the rubric's next version follows from its decisions.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = shown_round.of_page("revision", list(closed))
if not closed[name].told:  # every draft of it is held back, and the page says so
    panels.read(f"Revision meeting on {name}", store.dimensions_for_meeting, person, closed[name])
order = store.dimensions_for_meeting(person, closed[name])
desk = st.container(key="case")
with desk, st.container(key="case-top"):
    top = st.container()  # where things stand comes first
    of_dimension, of_draft = st.columns([12, 9], gap="medium", vertical_alignment="bottom")
with of_dimension:
    key = meeting.pick_dimension(order, closed[name], versions.titles_of_round(engine, closed[name].id))
near = tab.leads_to(f"point-{closed[name].id}-{key}", st.query_params.get("draft", ""))
made = meetings.meeting(person, engine, name, key, most=meeting.LISTED, near=near)
with top:
    panels.heading(f"Revision meeting on {name}", made.sentence, is_sample=made.round.is_sample)
    panels.outcome()

names = meeting.names_of(made)
if names:
    asked = st.query_params.get("draft", "")
    tab.lead(f"point-{made.round.id}-{key}", asked if asked in names else "", next(iter(names)))
    with of_draft:
        meeting.left_out(made)
    chosen = of_draft.selectbox(
        "Disagreement", list(names), key=f"point-{made.round.id}-{key}", format_func=names.get, label_visibility="collapsed"
    )
    tab.led(f"point-{made.round.id}-{key}", chosen)
    st.query_params["draft"] = chosen  # a refresh stays at it
    point = next(each for each in made.points if each.draft_id == chosen)
    shown = disagreements.draft_of(person, engine, chosen, made.rubric)
    with desk, st.container(key="case-paper"):
        task_and_draft(shown.fields, shown.text or "")
    with desk, st.container(key="case-form"):
        says = meeting.scorer(engine, made, point)
        meeting.voices(made.dimension, point, says)
        meeting.decision(person, engine, made, point, says)
    panels.text(meeting.marked(made), quiet=True)
if made.round.left_out:
    panels.text(f"{made.round.left_out}.", quiet=True)

next_focus.follow()
meeting.note(person, engine, made)
meeting.what_next(engine, made)
if names:
    panels.section("All disagreements" if meeting.has_all(made) else "Disagreements, some of each group")
    meeting.overview(made, says, point)
