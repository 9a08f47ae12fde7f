"""Files of tasks and drafts, and of tables: which were chosen, what they can hold, and which were brought in so far."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.data.task_file import says_what_it_holds
from ui.base import panels
from ui.base.session import tab
from ui.data import table_form, uploads
from ui.data.table_form import ChosenFile
from workflow.projects.projects import Project
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import named

KINDS = ["jsonl", "csv", "tsv", "json", "txt", "ndjson", "xlsx", "parquet"]
PASTED = "pasted table"


def chosen() -> tuple[list[ChosenFile], str | None, str | None]:
    """The files and the pasted table, the partition and the field of the cluster key; nothing after an import."""
    nth = tab.counter("files")
    files = uploads.files("Files", KINDS, key=f"files-{nth}")
    with st.expander("Or paste a table from a spreadsheet"):
        pasted = st.text_area("Table, with its header", key=f"pasted-{nth}", height=160, placeholder="id\tmessage\treply")
    with st.expander("Options for tasks"):
        partition = st.text_input(
            "Partition", placeholder="train, dev, …", help="Overrides the partition of every task in the files"
        )
        cluster_by = st.text_input(
            "Cluster key", placeholder="cluster", help="In files of tasks, the field that says which belong together"
        )
        st.checkbox(
            "Map the columns of every file", key="map-all", help="Also of files whose fields are tasks and drafts by name"
        )
    given = [ChosenFile(*each) for each in files]
    given += [ChosenFile(PASTED, pasted.encode())] if pasted.strip() else []
    return given, partition.strip() or None, cluster_by.strip() or None


def sorted_out(files: Sequence[ChosenFile]) -> tuple[list[ChosenFile], list[ChosenFile]]:
    """Those that say themselves what they hold, tasks before the drafts that need them; and the tables to be mapped."""
    by_name = sorted(files, key=lambda each: "draft" in each.name.lower())
    known = [each for each in by_name if not tab.value_of("map-all") and says_what_it_holds(each.source, each.name)]
    tables = [each for each in files if each not in known]
    if not tables:
        table_form.forget()
    return known, tables


def fields_in_use(engine: sa.Engine, project: Project | None) -> list[str]:
    """Keys of fields for an example: those that the project's own rubric declares, else neutral ones."""
    mine = project.rubric if project and not project.is_sample else ""
    versions = [each.rubric for each in rubrics.rubric_files(engine) if each.rubric] if mine else []
    declared = [[field.key for field in each.fields] for each in versions if named(each.name).rubric == mine]
    return (declared[-1] if declared else [])[:2] or ["message", "plan"]


def what_a_file_holds(fields: Sequence[str]) -> None:
    """What is read, with an example of each: `fields` are those of its task."""
    panels.section("What a file can contain")
    panels.table(
        ("Kind", "One record per line", "Fields"),
        [
            (
                "Any table",
                "CSV, TSV, XLSX, JSON, JSONL, Parquet, or pasted",
                "you say which column is the text to judge, and what annotators see beside it",
            ),
            (
                "Tasks",
                json.dumps({"task_id": "t1", "input": dict.fromkeys(fields, "…")}, ensure_ascii=False),
                "also partition, dimension, source_mode, difficulty, cluster; only input is shown to annotators",
            ),
            (
                "Drafts",
                '{"task_id": "t1", "text": "…", "draft_id": "d1", "author": "…"}',
                "output is accepted in place of text; without draft_id, one is derived from the text",
            ),
            ("Plain texts", '{"id": "1", "text": "…"}', "each is a draft of a task of its own"),
        ],
        caption="Tasks, drafts and plain texts as JSONL, or CSV with a header (input.NAME columns make up a task's input)",
    )


def so_far(imports: Sequence[sa.Row]) -> None:
    """The files brought in, the newest first; nothing where there are none."""
    if not imports:
        return
    panels.section("Imported so far")
    panels.table(
        ("File", "no.", "tasks", "drafts", "when (UTC)", "undone"),
        [
            (
                row.file_name,
                str(row.id),
                f"{row.tasks_added:,}",
                f"{row.drafts_added:,}",
                f"{row.imported_at:%d %b %Y %H:%M}",
                f"{row.undone_at:%d %b %Y %H:%M}, {row.undone_by}" if row.undone_at else "",
            )
            for row in imports
        ],
        numbers=(1, 2, 3),
        caption="Newest first; importing the same file again adds nothing",
    )


def import_to_undo(imports: Sequence[sa.Row]) -> int | None:
    """The number of an import that somebody may want to take back; None for none."""
    there = {row.id: row.file_name for row in imports if row.undone_at is None}
    if not there:
        return None
    return st.selectbox(
        "Undo an import",
        list(there),
        index=None,
        placeholder="Choose one to see what that would remove",
        format_func=lambda number: f"{number}: {there[number]}",
        key=f"to-undo-{tab.counter('undo')}",
    )
