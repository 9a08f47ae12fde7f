"""What goes out with an export of gold beside its four files, and the files to take away."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from touchstone.english import many
from workflow.gold import export_folder
from workflow.gold.gold import Gold
from workflow.gold.tables import CELL, DRAFT, Form

TABLES = {"": "none", DRAFT: "a row a draft", CELL: "a row a cell"}


def choose() -> Form:
    """The table to go with the export: none, unless one is asked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        per = st.segmented_control(
            "With a table (CSV and XLSX)",
            list(TABLES),
            format_func=TABLES.__getitem__,
            default="",
            required=True,
            key="per",
            help="The levels beside what is known of each draft: its author, cluster, difficulty",
        )
        if not per:
            return Form()
        texts = st.checkbox("with the drafts’ texts", value=True, key="texts", help="And the fields of the task shown with them")
        bom = st.checkbox("CSV for Excel", key="bom", help="A byte order mark in every CSV, by which Excel knows UTF-8")
    return Form(per, texts, bom)


def with_single(found: Gold) -> bool:
    """Whether what one annotator labelled goes out: the box is there where there is any."""
    number = found.single + len(found.lone)
    if not number:
        return False
    lone = ""
    if found.lone:
        which = f"{len(found.lone)} of which" if found.single else "which"
        lone = f", {which} {'was' if len(found.lone) == 1 else 'were'} to be labelled twice"
    return st.checkbox(
        f"Include the {many(number, 'cell')} that one annotator labelled, marked “single”{lone}",
        help="The round was closed early, before the other label; the manifest names these cells" if found.lone else None,
    )


def told_of(folder: Path, files: Sequence[str]) -> str:
    """What was written, and what was left out of it."""
    left_out = len((export_folder.manifest_in(folder) or {}).get("left_out", ()))
    return f"Written to exports/{folder.name}: {', '.join(files)}." + (
        f" {many(left_out, 'cell')} left out, listed in manifest.json." if left_out else " No cell is left out."
    )


def downloads(folder: Path, files: Sequence[str]) -> None:
    """A button a file of an export that was written."""
    with st.container(horizontal=True):
        for file in files:
            st.download_button(f"Download {file}", (folder / file).read_bytes(), file_name=file, on_click="ignore")
