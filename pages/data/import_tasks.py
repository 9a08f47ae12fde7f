"""Import: tasks and drafts, from files of them or from any table. A file is taken whole or not at all."""

import streamlit as st

from touchstone.english import listed, many
from ui.base import panels
from ui.base.session import messages, project_in_hand, signed_in, store, tab
from ui.data import table_form, task_files
from workflow.data import table_import, task_import, undoing

person, engine = signed_in.require_person(), project_in_hand.for_import()
project = project_in_hand.current()
tasks, drafts = task_import.whats_there(store.engine())
panels.heading(
    "Import",
    project_in_hand.INTO_ANOTHER
    if project and project.is_sample
    else f"{many(tasks, 'task')} and {many(drafts, 'draft')} are in {project.name}."
    if project and (tasks or drafts)
    else "Nothing is imported yet. Choose a table with the texts to judge, or files of tasks and drafts.",
)
panels.outcome()

files, partition, cluster_by = task_files.chosen()
known, tables = task_files.sorted_out(files)
said = table_form.ask(person, engine, tables[0], tables[1:]) if tables else None
if st.button("Import", type="primary", disabled=not files or (said is not None and said.mapping is None)):
    done, tried = [], set()
    for file in (*known, *tables):
        tried.add(file.name)
        if file in known or said is None or said.mapping is None:
            made = messages.attempt(
                task_import.import_file, person, engine, file.source, file.name, partition=partition, cluster_by=cluster_by
            )
        else:
            more = {"sheet": said.sheet, "has_header": said.has_header, "partition": partition}
            made = messages.attempt(table_import.import_table, person, engine, file.source, file.name, said.mapping, **more)
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

if not files:
    if drafts:
        panels.link("rounds", f"Open a round on the {many(drafts, 'draft')}")
    task_files.what_a_file_holds(task_files.fields_in_use(store.engine(), project))
imports = task_import.imports_so_far(store.engine())
task_files.so_far(imports)
if number := task_files.import_to_undo(imports):
    found = undoing.what_undoing_removes(person, store.engine(), number)
    panels.text(f"{panels.sentence_case(found.sentence)}.")
    if st.button("Undo this import", disabled=bool(found.in_the_way), key="undo"):
        if undone := messages.attempt(undoing.undo_import, person, store.engine(), number):
            messages.report(f"Import {number} is undone: {undone.what} removed.")
            tab.count("undo")
        st.rerun()
