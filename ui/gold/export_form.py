"""What goes out with an export of gold beside its four files, and the files to take away."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import streamlit as st

from touchstone import papers
from touchstone.english import many
from workflow.gold import export, export_folder
from workflow.gold.gold import GoldCounts
from workflow.gold.tables import CELL, DRAFT, Form
from workflow.people.people import Person

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


def with_single(found: GoldCounts) -> bool:
    """Whether what one annotator labelled goes out: the box is there where there is any."""
    number = found.single + found.lone
    if not number:
        return False
    lone = ""
    if found.lone:
        which = f"{found.lone} of which" if found.single else "which"
        lone = f", {which} {'was' if found.lone == 1 else 'were'} to be labelled twice"
    return st.checkbox(
        f"Include the {many(number, 'cell')} that one annotator labelled, marked “single”{lone}",
        help="The round was closed early, before the other label; the manifest names these cells" if found.lone else None,
    )


def told_of(folder: Path, files: Sequence[str]) -> str:
    """What was written, and what was left out of it."""
    manifest = export_folder.manifest_in(folder) or {}
    left_out, sealed = len(manifest.get("left_out", ())), manifest.get("sealed_drafts_left_out", 0)
    return (
        f"Written to exports/{folder.name}: {', '.join(files)}."
        + (f" {many(left_out, 'cell')} left out, listed in manifest.json." if left_out else " No cell is left out.")
        + (f" {many(sealed, 'sealed draft')} left out." if sealed else "")
    )


def archive(person: Person, engine: sa.Engine, name: str, how: Mapping[str, Any], *, primary: bool, disabled: bool) -> None:
    """A button that hands the export out as a ZIP, made when it is pressed."""
    st.download_button(
        "Export gold (ZIP)" if primary else "Download as ZIP",
        partial(export.gold_archive, person, engine, name, **how),
        mime="application/zip",
        file_name=f"gold-{papers.file_stem(name)}.zip",
        on_click="ignore",
        type="primary" if primary else "secondary",
        disabled=disabled,
        help="The same files in one, made when you press the button",
    )


def downloads(folder: Path, files: Sequence[str]) -> None:
    """A button a file of an export that was written."""
    with st.container(horizontal=True):
        for file in files:
            st.download_button(f"Download {file}", (folder / file).read_bytes(), file_name=file, on_click="ignore")
