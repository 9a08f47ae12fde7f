"""The projects there are, the form for a new one, and what was mended."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.english import day
from ui.base import navigation, panels
from ui.base.session import messages, project_in_hand, tab
from workflow.people.people import Person
from workflow.projects import projects
from workflow.projects.projects import Project
from workflow.rubric import versions


def listed(there: Sequence[Project], here: Project | None) -> None:
    """A line a project; its name leads into it."""
    if there:
        panels.table(
            ("Project", "Rubric", "Drafts", "Rounds", "Label sets", "Last activity"),
            [
                (
                    each.name + each.marks,
                    each.rubric or "none yet",
                    f"{each.drafts:,}",
                    f"{each.rounds:,}",
                    f"{each.label_sets:,}",
                    day(each.last_activity) if each.last_activity else "–",
                )
                for each in there
            ],
            caption="A name opens the project; the one in hand is marked",
            numbers=(2, 3, 4),
            whole=(1, 5),
            marked=[place for place, each in enumerate(there) if here and each.id == here.id],
            links=[navigation.address("home", project=each.name) for each in there],
        )


def new_project(person: Person, engine: sa.Engine) -> None:
    """Name and, if it is known, rubric; the new project is in hand then, and Home says what comes first."""

    def make() -> None:
        name, rubric = tab.value_of("project-name") or "", tab.value_of("project-rubric") or ""
        if made := messages.attempt(projects.new_project, person, engine, name, rubric=rubric):
            project_in_hand.take(person, made.id)
            tab.state()["new_project"] = made.name

    if made := tab.state().pop("new_project", ""):
        messages.report_on("Home", f"{made} is made, and in hand now. These are its first steps.")
        st.switch_page("../../pages/people/home.py")
    asked = st.query_params.get("rubric", "")
    if asked in versions.names_of_rubrics(engine):
        tab.start_with("project-rubric", asked)
    with st.form("new-project", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("New project", key="project-name", placeholder="What the work is called")
        st.selectbox(
            "Rubric", versions.names_of_rubrics(engine), index=None, placeholder="That of its first round", key="project-rubric"
        )
        st.form_submit_button("Make it", type="primary", on_click=make)


def record(changes: Sequence[sa.Row]) -> None:
    """What was renamed, archived and deleted, by whom."""
    if changes:
        with st.expander("What was renamed, archived and deleted"):
            panels.table(
                ("When", "Who", "What"),
                [(day(each.changed_at), each.by, _in_words(each)) for each in changes],
                caption="The latest first",
                whole=(0,),
            )


def _in_words(change: sa.Row) -> str:
    what = change.what
    within = f" in {what['project']}" if what["kind"] == "round" else ""
    return f"{what['kind']} {what['name']}{within} {change.verb}" + (f" to {what['to']}" if "to" in what else "")
