"""Label: one draft at a time, blind. The task and the draft on the left, the rubric on the right; by keyboard too."""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, signed_in, store
from ui.base.task_and_draft import task_and_draft
from ui.labelling import current_draft, feedback, form, looking_back
from workflow.labelling import labelling
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()


def keep_choice(desk, dimension):
    value = form.chosen(desk).get(dimension.key)
    if value is not None and current_draft.is_in_hand(desk):
        messages.attempt(labelling.choose, person, engine, desk.assignment, dimension.key, value)


def keep_note(desk):
    if current_draft.is_in_hand(desk):
        messages.attempt(labelling.keep_note, person, engine, desk.assignment, form.note_of(desk))


def save(desk):
    values, note, token = form.chosen(desk), form.note_of(desk), current_draft.save_token(desk)
    is_seen = current_draft.may_save(desk)
    if is_seen and messages.attempt(labelling.save_labels, person, engine, desk.assignment, values, note, desk.revision, token):
        current_draft.leave(desk, "Saved")
    elif len(values) == len(desk.dimensions):
        current_draft.draw_afresh()


def skip(desk):
    if messages.attempt(labelling.skip, person, engine, desk.assignment, form.words_in_box(desk, "Skip"), desk.revision):
        current_draft.leave(desk, "Skipped")


def query(desk):
    if messages.attempt(labelling.query, person, engine, desk.assignment, form.words_in_box(desk, "Query")):
        messages.announce("Query saved. Label the draft anyway if you can.")
        form.empty_box("Query")


if feedback.due(person, engine):
    st.stop()
round_name = current_draft.round_to_label()
desk = current_draft.desk(person, engine, round_name, st.query_params.get("assignment", "")) if round_name else None
sentence, problems = messages.refusal()

if desk is None:
    panels.refusal(sentence, problems)
    form.nothing_to_label(round_name, rounds.waiting_for(person, engine), sentence)
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
        form.levels(desk, keep_choice)
        form.anchors(desk.dimensions)
        form.note(desk, keep_note)
        form.refused(sentence, problems)
        with st.container(key="save", horizontal=True, vertical_alignment="center"):
            form.save_button(desk, save)
            form.keys(desk, looking_back.name_of(desk))

for verb, *words in current_draft.not_kept(desk, form.chosen(desk), form.note_of(desk)):
    messages.attempt(verb, person, engine, desk.assignment, *words)
