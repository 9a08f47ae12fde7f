"""Label: one draft at a time, blind. The task and the draft on the left, the rubric on the right; by keyboard too."""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, signed_in, store
from ui.base.task_and_draft import task_and_draft
from ui.labelling import current_draft, feedback, form, looking_back
from workflow.labelling import labelling
from workflow.preferences.comparing import own_comparisons
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()


def keep_choices(desk):
    current_draft.keep_refused(person, engine, desk, form.chosen(desk))


def keep_note(desk):
    current_draft.keep_note(person, engine, desk, form.note_of(desk))


def save(desk):
    values, note, token = form.chosen(desk), form.note_of(desk), current_draft.save_token(desk)
    given = (person, engine, desk.assignment, values, note, desk.revision, token, current_draft.window(desk, values))
    if current_draft.may_save(desk) and messages.attempt(labelling.save_labels, *given):
        current_draft.leave(desk, "Saved")
    elif len(values) == len(desk.dimensions):
        current_draft.draw_afresh(person, engine, desk, values, note)


def skip(desk):
    reason, values = form.words_in_box(desk, "Skip"), form.chosen(desk)
    given = (person, engine, desk.assignment, reason, desk.revision, current_draft.window(desk, values))
    if messages.attempt(labelling.skip, *given):
        current_draft.leave(desk, "Skipped")
    elif reason:
        current_draft.draw_afresh(person, engine, desk, values, form.note_of(desk))


def query(desk):
    if messages.attempt(labelling.query, person, engine, desk.assignment, form.words_in_box(desk, "Query")):
        messages.announce("Query saved. Label the draft anyway if you can.")
        form.empty_box("Query")


if feedback.due(person, engine):
    st.stop()
round_name = current_draft.round_to_label()
desk = current_draft.desk(person, engine, round_name, st.query_params.get("assignment", "")) if round_name else None

if desk is None:
    panels.refusal(*messages.refusal())
    form.nothing_to_label(round_name, rounds.waiting_for(person, engine), own_comparisons(person, engine), messages.refusal()[0])
    st.stop()

with st.container(key="desk"):
    with st.container(key="progress", horizontal=True, vertical_alignment="center"):
        form.where(desk)
        looking_back.button(person, engine, desk)
        form.rubric(desk.dimensions)
        form.box(desk, "Query", "What should someone look at?", "Send the query", query)
        form.box(desk, "Skip", "Why can’t this draft be labelled?", "Skip this draft", skip)
        panels.link("my_labels", "Back to My labels" if desk.is_correction else "My labels", round=desk.round_name)

    with st.container(key="paper"):
        task_and_draft(desk.fields, desk.text)
    with st.container(key="form"):
        form.levels(desk)
        form.anchors(desk.dimensions)
        form.note(desk, keep_note)
        form.refused(*messages.refusal())
        with st.container(key="save", horizontal=True, vertical_alignment="center"):
            form.save_button(desk, save)
            form.keys(desk, looking_back.name_of(desk), keep_choices)

if current_draft.keep_rest(person, engine, desk, form.chosen(desk), form.note_of(desk)):
    st.rerun()
