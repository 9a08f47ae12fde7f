"""Revision: the meeting on a closed round. One dimension's disagreements, what was decided on each, and what comes of it."""

import streamlit as st

from ui.base import panels, session
from ui.rubric import meeting
from workflow.agreement import disagreements
from workflow.rounds import rounds
from workflow.rubric import meetings, rubrics

person, engine = session.require_person(), session.engine()
closed = {each.name: each for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold}
if not closed:
    panels.nothing(
        "No round is closed yet, so there is nothing to discuss.",
        "When a round is closed, what its annotators differ on is brought to a meeting here, dimension by dimension, "
        "and the rubric's next version is made from what it decides.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = panels.pick("Round", list(closed), besides="repeats another round, ")
top = st.container()  # where things stand comes first
of_dimension, of_draft = st.columns([10, 11], gap="medium", vertical_alignment="center")
with of_dimension:
    key = meeting.pick_dimension(closed[name], rubrics.titles_of_round(engine, closed[name].id))
made = meetings.meeting(person, engine, name, key)
with top:
    panels.heading(f"Revision meeting on {name}", made.sentence, is_sample=made.round.is_sample)
    panels.outcome()

names = meeting.names_of(made)
if names:
    asked = st.query_params.get("draft", "")
    session.start_with(f"point-{made.round.id}-{key}", asked if asked in names else next(iter(names)))
    chosen = of_draft.selectbox(
        "Disagreement", list(names), key=f"point-{made.round.id}-{key}", format_func=names.get, label_visibility="collapsed"
    )
    st.query_params["draft"] = chosen  # a refresh stays at it
    point = next(each for each in made.points if each.draft_id == chosen)
    token, shown = meeting.token(made, point), disagreements.draft_of(person, engine, chosen, made.rubric)
    left, right = st.columns([10, 11], gap="medium")
    with left, st.container(key="reading-case"):
        panels.task_and_draft(shown.fields, shown.text or "")
    with right:
        panels.anchors_of(made.dimension, title=made.dimension.title)
        says = meeting.scorer(engine, made, point)
        meeting.voices(point, says)
        session.start_with(f"words-{token}", point.said.words if point.said else None)
        st.text_area(
            "Decision: what the rubric should say, so that this draft has one level",
            key=f"words-{token}",
            height=90,
            on_change=meeting.keep,
            args=(person, engine, made, point),
            placeholder="Which words change, and how. Kept when you leave the box.",
        )
        with st.container(key="decide", horizontal=True, vertical_alignment="center"):
            st.button(
                "Keep and next",
                type="primary",
                shortcut="Ctrl+Enter",
                key=f"next-{token}",
                on_click=meeting.keep_and_next,
                args=(person, engine, made, point),
            )
            st.checkbox(
                "Discussed",
                value=point.is_discussed,
                disabled=point.is_decided,
                key=f"discussed-{token}",
                on_change=meeting.mark,
                args=(person, engine, made, point),
            )
            meeting.to_findings(made, point, says)
        meeting.who(point.said, "Decided")
    panels.text(meeting.marked(made), quiet=True)
if made.held_back and names:
    panels.text(f"{made.held_back} more held back: you label those drafts in an open round.", quiet=True)

panels.section("Note of the meeting")
of_note = meeting.token(made, None)
session.start_with(f"words-{of_note}", made.note.words if made.note else None)
st.text_area(
    f"Note on {panels.literal(made.dimension.title)}",
    key=f"words-{of_note}",
    height=90,
    label_visibility="collapsed",
    on_change=meeting.keep,
    args=(person, engine, made, None),
    placeholder=f"What the meeting says of {made.dimension.title} as a whole. Kept when you leave the box.",
)
meeting.who(made.note, "Written")
meeting.what_next(engine, made)
if names:
    panels.section("All disagreements")
    meeting.overview(made, says)
