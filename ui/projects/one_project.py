"""What can be done with the project in hand: away with it for a while, or gone for good."""

import tempfile
from functools import partial
from pathlib import Path

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, tab
from workflow.maintenance.store_backup import backup
from workflow.people.people import Person
from workflow.people.team_mode import is_team
from workflow.projects import projects
from workflow.projects.projects import Project


def archiving(person: Person, engine: sa.Engine, here: Project) -> None:
    """Put it away, or bring it back."""

    def press() -> None:
        if messages.attempt(projects.archive_project, person, engine, here.name, back=here.is_archived):
            messages.report(f"{here.name} is {'brought back' if here.is_archived else 'archived'}.")

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Bring it back" if here.is_archived else "Archive", key="archive-project", on_click=press)
        panels.text(
            "It is archived: it is read and its open rounds are finished, and no drafts, rounds or label sets come into it."
            if here.is_archived
            else "It is still read and its open rounds are finished; nothing new comes into it, and it leaves the menu.",
            quiet=True,
        )


def deleting(person: Person, engine: sa.Engine, here: Project) -> None:
    """Delete it with its data: a backup is offered first, and its name is to be typed."""

    def press() -> None:
        gone = messages.attempt(projects.delete_project, person, engine, here.name, typed=tab.value_of("typed-name") or "")
        if gone:
            messages.report(f"{here.name} is deleted, with all that belonged to it ({many(gone, 'row')} of the store).")
            tab.state().pop("project", None)  # it was in hand here
            tab.put("typed-name", "")

    with st.expander("Delete the project", expanded=messages.last_verb() == "delete_project" and bool(messages.refusal()[0])):
        panels.text(
            "Its tasks, drafts, rounds, labels, decisions, label sets and gold are deleted for good. Gold that was exported "
            "stays where it is; rubric files stay. "
            + ("Have a backup" if is_team() else "Download a backup")
            + " of the whole store"
            + (" made on the server first: it is the only way back." if is_team() else " first: it is the only way back.")
        )
        if not is_team():  # everybody's labels would leave with it
            made = partial(_backup, engine)
            st.download_button("Download a backup", made, file_name="touchstone-backup.sqlite", on_click="ignore")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Type its name to delete it", key="typed-name", placeholder=here.name)
            st.button("Delete for good", key="delete-project", on_click=press)


def _backup(engine: sa.Engine) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "backup.sqlite"
        backup(engine, file)
        return file.read_bytes()
