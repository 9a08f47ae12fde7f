"""Sealed: partitions, which of them are sealed, by whom they are kept; sealing one, and opening it."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.bench import seal_forms
from workflow.bench import sealing
from workflow.people.people import everyone

person, engine = signed_in.require_person(), store.engine()
there = sealing.partitions_of(person, engine)
if not there:
    panels.empty(
        "No partition yet",
        "A partition is sealed as a whole: its tasks and drafts are then told to nobody but who labels or adjudicates them.",
        [("import_tasks", "Import"), ("split", "Split")],
    )
    st.stop()
panels.heading("Sealed", seal_forms.sentence(there))
panels.outcome()
seal_forms.table(there)
seal_forms.new_files()
seal_forms.seal(person, engine, there, [each.name for each in everyone(engine)])
seal_forms.open_one(person, engine, there)
