"""New rubric: begun from a template, another rubric, a text or nothing, written in boxes beside the label form."""

import streamlit as st

from touchstone.rubric.making.picture import pictured
from ui.base import panels
from ui.base.session import messages, project_in_hand, signed_in, store
from ui.rubric import check_editor, new_rubric_begin, picture, problems
from ui.rubric import new_rubric as making
from ui.rubric import next_version as writing
from workflow.rubric import new_rubric, next_version
from workflow.rubric.unfinished_version import before_first, unfinished

person, engine = signed_in.require_person(), store.engine()
begun = new_rubric.names_begun(person, engine)
name = st.query_params.get("rubric", "")
if name not in begun:
    saved = new_rubric_begin.saved(engine, name)
    here = project_in_hand.current()
    panels.heading(*new_rubric_begin.where_it_stands(saved, here))
    panels.outcome()
    new_rubric_begin.onward(person, engine, saved, begun, here)
    if not saved:
        new_rubric_begin.form(person, engine)
    st.stop()

found = unfinished(person, engine, before_first(name))
panels.heading(f"New rubric {found.name}", making.state(found))
if messages.last_verb() not in check_editor.STEPS:
    panels.outcome()


def forget():
    messages.attempt(next_version.start_over, person, engine, found.after)
    st.query_params.clear()


with st.container(horizontal=True, vertical_alignment="center"):
    problems.save_button(person, engine, found)
    making.undo(person, engine, found)
    making.discard(found, forget)
problems.listed(found, making.go_to)

shown = pictured(found.reads) if found.is_yaml else []
if not shown:
    panels.text("The file cannot be parsed: fix the whole file below, and the boxes come back.")
    writing.whole_file(person, engine, found)
    st.stop()
left, right = st.columns([11, 10], gap="medium")
with left:
    making.about_all(person, engine, found)
    place = making.pick(person, engine, found, shown)
    making.words(person, engine, found, place)
    making.levels(person, engine, found, place)
    making.guidance(person, engine, found, place)
    making.judged(person, engine, found, place)
with right:
    picture.label_form(shown, place)
making.checks(person, engine, found, place)
writing.whole_file(person, engine, found)
