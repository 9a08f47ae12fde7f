"""Split: the project's tasks into partitions of exact sizes, with no group in two of them."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import signed_in, store
from ui.bench import split_form
from workflow.bench.splits import tasks_to_split

person, engine = signed_in.require_person(), store.engine()
there = tasks_to_split(person, engine)
if not there.tasks:
    panels.empty(
        "No task to split yet", "Tasks are split into partitions, such as train, dev and held_out.", [("import_tasks", "Import")]
    )
    st.stop()
made = split_form.result()
panels.heading(
    "Split",
    made.sentence if made else f"{many(there.tasks, 'task')} can be split: sizes are exact, and no group is in two partitions.",
)
panels.text(there.partitions_in_words, quiet=True)
panels.outcome()
panels.notes(panels.sentence_case(each) + "." for each in (made.notes if made else ()))
split_form.form(person, engine, there)
if made:
    split_form.table(made)
    split_form.use(person, engine, made)
