"""Next version: a rubric version's successor, written beside it and saved as a new file of rubric_versions/."""

from functools import partial

import streamlit as st

from touchstone.rubric.diff import revise
from ui.base import choice_boxes, panels
from ui.base.session import messages, signed_in, store
from ui.rubric import check_editor, check_form, diff, problems
from ui.rubric import new_rubric as making
from ui.rubric import next_version as writing
from workflow.rubric import next_version, rubrics, unfinished_version

person, engine = signed_in.require_person(), store.engine()
names = [each.name for each in rubrics.rubric_files(engine) if each.rubric and not each.is_changed]
if not names:
    panels.empty(
        "No rubric to begin from yet",
        "Write a first version under New rubric, or put a file such as my-rubric-v1.yml into rubric_versions/. Its next version "
        "is then written here.",
        [("new_rubric", "New rubric"), ("rubrics", "Rubrics")],
    )
    st.stop()

top = st.container()  # where things stand comes first
base = choice_boxes.pick("From version", names[::-1], "rubric", usual=unfinished_version.begun_after(person, engine, names))
found = unfinished_version.unfinished(person, engine, base)
with top:
    panels.heading(f"{found.name}, after {base}", writing.state(found))
    if messages.last_verb() not in check_editor.STEPS:
        panels.outcome()
if found.exists and not found.is_kept:
    with st.container(horizontal=True, vertical_alignment="center"):
        writing.links(found)
        writing.take_back(person, engine, next(each for each in rubrics.rubric_files(engine) if each.name == found.name))
    diff.between(engine, base, found.name)
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    problems.save_button(person, engine, found)
    st.button(
        "Start over",
        on_click=messages.attempt,
        args=(next_version.start_over, person, engine, base),
        disabled=not found.is_kept,
        key="start-over",
    )
    writing.links(found)
problems.listed(found, partial(writing.go_to, found))

key = writing.pick_dimension(found)
if key is None:
    check_editor.outcome(*check_editor.STEPS)
    panels.text("The file cannot be parsed: fix the whole file below, and the boxes come back.")
else:
    panels.text("Before on the left, after on the right. Each box is saved when you leave it.", quiet=True)
    writing.words_of(person, engine, found, key)
    making.judged(person, engine, found, writing.number_of(found, key))
    panels.section("Checks")
    check = check_editor.pick(person, engine, found, key)
    check_editor.outcome("add_check", "remove_check", "keep_check")
    in_boxes = bool(check) and check_form.in_boxes_or_yaml(person, engine, found, key, check, "yaml boxes")
    is_offered = check_editor.take(person, engine, found, key, check)
    check_editor.outcome("add_text", "add_example")
    check_editor.own_examples(found, key, None if in_boxes else check)
    if is_offered:
        panels.text(check_editor.TAKEN, quiet=True)
    if check:
        check_editor.changed(found, key, check)
    panels.section("Scoring and examples")
    check_editor.outcome("keep_rest")
    check_editor.rest(person, engine, found, key)
writing.whole_file(person, engine, found)
if found.rubric and found.is_kept:
    diff.changes(revise(found.base, found.rubric))
