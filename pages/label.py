"""Label: one draft at a time, blind. The task and the draft on the left, the rubric on the right; all of it by keyboard too."""

import streamlit as st

from ui import forms, panels, session
from workflow import labelling, rounds

person, engine = session.require_person(), session.engine()


def keep_choice(desk, dimension):
    value = session.value_of(forms.level_key(desk, dimension))
    session.attempt(labelling.choose, person, engine, desk.assignment, dimension.key, value)


def keep_note(desk):
    session.attempt(labelling.keep_note, person, engine, desk.assignment, session.value_of(forms.note_key(desk)))


def save(desk, token):
    chosen = {dimension.key: session.value_of(forms.level_key(desk, dimension)) for dimension in desk.dimensions}
    values = {key: value for key, value in chosen.items() if value is not None}
    note = session.value_of(forms.note_key(desk)) or ""
    if session.attempt(labelling.save_labels, person, engine, desk.assignment, values, note, desk.revision, token):
        leave(desk, "Saved")


def skip(desk):
    reason = session.value_of(forms.box_key(desk, "Skip")) or ""
    if session.attempt(labelling.skip, person, engine, desk.assignment, reason, desk.revision):
        leave(desk, "Skipped")


def leave(desk, what_happened):
    session.let_go(desk.assignment)
    st.query_params.pop("assignment", None)
    session.announce(f"{what_happened}, draft {desk.position} of {desk.total}.")


def query(desk):
    words = session.value_of(forms.box_key(desk, "Query")) or ""
    session.attempt(labelling.query, person, engine, desk.assignment, words)


mine = rounds.own_rounds(person, engine)
round_name = st.query_params.get("round") or next((each.name for each, own in mine if own.waiting + own.practice), "")
given = st.query_params.get("assignment", "")
desk = session.desk(person, round_name, int(given) if given.isdigit() else None) if round_name else None
sentence, problems = session.said()

if desk is None:
    panels.refusal(sentence, problems)
    forms.nothing_to_label(round_name)
    st.stop()

with st.container(key="desk"):
    with st.container(key="progress", horizontal=True, vertical_alignment="center"):
        forms.progress(desk)
        forms.box(desk, "Query", "What should someone look at?", "Send the query", query)
        forms.box(desk, "Skip", "Why can this draft not be labelled?", "Skip this draft", skip)
        st.page_link("../pages/my_labels.py", label="My labels")

    with st.container(key="paper"):
        panels.task_and_draft(desk.fields, desk.text)

    with st.container(key="form"):
        with st.container(key="levels"):
            for place, dimension in enumerate(desk.dimensions):
                forms.question(place, dimension)
                forms.levels(desk, place, dimension, keep_choice)
        forms.anchors(desk.dimensions)
        forms.note(desk, keep_note)
        panels.refusal(sentence, problems)
        with st.container(key="save", horizontal=True, vertical_alignment="center"):
            token = session.once(forms.save_key(desk))
            st.button("Save and next", key=forms.save_key(desk), type="primary", shortcut="Ctrl+Enter",
                      on_click=save, args=(desk, token))
            forms.keys(desk, session.said_times(), session.announced())
