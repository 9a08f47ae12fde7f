"""Leaks: whether a held partition leaks into another; each held task's nearest train tasks, read and signed."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.bench import leak_lists, leak_run
from workflow.bench import sealing
from workflow.bench.leaks import lists_to_sign
from workflow.bench.splits import tasks_to_split

person, engine = signed_in.require_person(), store.engine()
there = [each for each in sealing.partitions_of(person, engine) if each.seal is None or each.seal.is_open]
if len(there) < 2:
    panels.empty(
        "Nothing to compare yet",
        "Two partitions of the project's tasks are compared, such as train and held_out. Import tasks with a partition, or split "
        "them. A sealed partition is compared before it is sealed, or once it is open.",
        [("import_tasks", "Import"), ("split", "Split")],
    )
    st.stop()
found = leak_run.result()
panels.heading("Leaks", found.report.sentence if found else leak_run.WHY)
panels.outcome()
leak_run.form(there, tasks_to_split(person, engine).fields)
found = leak_run.run(person, engine) or found
if found is None:
    st.stop()
leak_run.table(found)
leak_lists.signing(person, engine, found.report.order, lists_to_sign(person, engine, found))
