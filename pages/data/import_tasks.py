"""Import: tasks, drafts or plain texts, from JSONL or CSV. A file is taken whole or not at all."""

import streamlit as st

from touchstone.english import listed, many
from ui.base import panels
from ui.base.session import messages, project_in_hand, signed_in, store, tab
from ui.data import task_files
from workflow.data import task_import

person, engine = signed_in.require_person(), project_in_hand.for_import()
project = project_in_hand.current()
tasks, drafts = task_import.whats_there(store.engine())
panels.heading(
    "Import",
    project_in_hand.INTO_ANOTHER
    if project and project.is_sample
    else f"{many(tasks, 'task')} and {many(drafts, 'draft')} are in {project.name}."
    if project and (tasks or drafts)
    else "Nothing is imported yet. Import tasks first, then the drafts written for them.",
)
panels.outcome()

files = st.file_uploader(
    "Files", type=["jsonl", "csv", "tsv", "json", "txt"], accept_multiple_files=True, key=f"files-{tab.counter('files')}"
)
with st.expander("Options for tasks"):
    partition = st.text_input("Partition", placeholder="train, dev, …", help="Overrides the partition of every task in the files")
    cluster_by = st.text_input("Cluster key", placeholder="cluster", help="The field that says which tasks belong together")
if st.button("Import", type="primary", disabled=not files):
    done, tried = [], set()
    for file in sorted(files, key=lambda each: "draft" in each.name.lower()):  # tasks before the drafts that need them
        tried.add(file.name)
        made = messages.attempt(
            task_import.import_file,
            person,
            engine,
            file.getvalue(),
            file.name,
            partition=partition.strip() or None,
            cluster_by=cluster_by.strip() or None,
        )
        if made is None:
            break
        done.append(made.sentence)
        project_in_hand.take_named(person, made.project)
    untried = [file.name for file in files if file.name not in tried]
    if done:
        messages.report("; ".join(done) + ".")
    if untried:
        messages.add_to_refusal(f"{listed(untried)} {'was' if len(untried) == 1 else 'were'} not tried after it")
    if len(done) == len(files):
        tab.count("files")
    st.rerun()

if drafts:
    panels.link("rounds", "Open a round on them")

task_files.what_a_file_holds()
task_files.so_far(task_import.imports_so_far(store.engine()))
