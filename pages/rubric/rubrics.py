"""Rubrics: every version in rubric_versions/ or the store, its dimensions and anchors, and what is wrong with a file; for an
annotator the versions they label by."""

import streamlit as st

from touchstone.english import many
from ui.base import choice_boxes, panels
from ui.base.session import messages, project_in_hand, signed_in, store
from ui.labelling import own_versions
from ui.rubric import diff, dimensions, publishing
from workflow.people import verbs
from workflow.rubric import outdated_labels, rubrics

person, engine = signed_in.require_person(), store.engine()
if not verbs.standing(engine).leads:
    own_versions.page(person, engine)
    st.stop()
files = rubrics.rubric_files(engine)
published = sum(bool(each.published_digest) for each in files)
if not files:
    panels.empty(
        "No rubric yet",
        "Write one in boxes, from a template, a pasted table or nothing. Or put a file such as my-rubric-v1.yml into "
        "rubric_versions/; README.md there has the format.",
        [("new_rubric", "New rubric"), ("home", "Home")],
    )
    st.stop()
there = sum(bool(each.rubric or each.problems) for each in files)
project = project_in_hand.current()
of = f" of {project.rubric}, the rubric of {project.name}" if project and project.rubric else ""
panels.heading("Rubrics", f"{many(there, 'version')}{of}; {published} published.")
if messages.last_verb() != "open_next_round":  # what that did stands at its button
    panels.outcome()

names = [each.name for each in files]
name = choice_boxes.pick("Version", names, "rubric", elsewhere=dimensions.of_another_project(project))
panels.link("new_rubric", "New rubric")
file = files[names.index(name)]
if file.rubric is None or file.is_changed:
    dimensions.what_is_wrong(file)
elif file.note:
    panels.text(f"{file.note}.")
if file.rubric is None:
    st.stop()

rubric = file.rubric
dimensions.about(rubric, is_published=bool(file.published_digest))
panels.notes(panels.sentence_case(each) + "." for each in outdated_labels.outdated_in(engine, rubric))
if not file.is_changed:
    panels.link("next_version", "Write its next version", rubric=name)
    publishing.publish(person, engine, rubric, is_published=bool(file.published_digest))
if file.published_digest and not file.is_changed:
    publishing.measure(person, engine, rubric)
if rubric.about:
    panels.text(rubric.about)
dimensions.downloads(engine, file)
dimensions.overview(rubric)
diff.with_another(engine, rubric, [each.name for each in files if each.rubric and each.name != name])
dimensions.anchors(rubric)
