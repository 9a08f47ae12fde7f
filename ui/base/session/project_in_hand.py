"""Which project this browser tab has in hand; every page sees the store from inside it (`store.engine`)."""

import sqlalchemy as sa
import streamlit as st

from touchstone.errors import Refused
from ui.base.session import messages, store, tab
from workflow.people.people import Person
from workflow.projects import projects
from workflow.projects.projects import Project

INTO_ANOTHER = "What you import here goes into a project of your own, not into the sample."


def settle(person: Person) -> list[Project]:
    """Take the project in hand before a page is drawn: the one the address names (`?project=NAME`), else the tab's own, else
    the one to begin with. Returns every project, for the bar."""
    engine = store.whole()
    there = projects.in_short(engine)
    asked = st.query_params.get("project", "")
    if asked != tab.state().get("asked_project", ""):
        tab.state()["asked_project"] = asked
        if asked:
            _take_asked(person, asked)
    had = tab.state().get("project")
    if had not in {each.id for each in there}:
        tab.state()["project"] = projects.to_begin_with(
            person, engine, round_name=st.query_params.get("round", ""), label_set=st.query_params.get("set", "")
        )
        if had is not None:
            now = next(
                (f"{each.name} is in hand now" for each in there if each.id == tab.state()["project"]), "there is none now"
            )
            messages.refuse(f"The project this tab had in hand was deleted; {now}.")
    return there


def _take_asked(person: Person, asked: str) -> None:
    try:
        take(person, projects.named(store.whole(), asked).id)
    except Refused as refused:
        messages.refuse(refused.sentence)


def take(person: Person, project: int) -> None:
    """Have another project in hand from here on, in this tab and in those that are opened after it."""
    if tab.state().get("project") != project:
        for key in ("round", "in_hand"):  # what is labelled (ui/labelling/current_draft.py) is of the project before
            tab.state().pop(key, None)
    tab.state()["project"] = project
    projects.choose(person, store.whole(), project)


def current() -> Project | None:
    """The project in hand; None in a store without projects."""
    return next((each for each in projects.in_short(store.whole()) if each.id == tab.state().get("project")), None)


def for_import() -> sa.Engine:
    """The store for what is imported: with the sample in hand that of every project, so that it goes into one of the
    team's own."""
    here = current()
    return store.whole() if here is None or here.is_sample else store.engine()


def take_named(person: Person, name: str) -> None:
    """Have the project of that name in hand, where it is not already."""
    here = current()
    if here is None or here.name != name:
        take(person, projects.named(store.whole(), name).id)
