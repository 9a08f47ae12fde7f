"""Which project this browser tab has in hand; every page sees the store from inside it (`store.engine`)."""

import sqlalchemy as sa

from touchstone.errors import Refused
from ui.base.session import address, messages, store, tab
from workflow.people.people import Person
from workflow.people.team_mode import is_team
from workflow.projects import projects
from workflow.projects.projects import Project
from workflow.rounds import in_hand

INTO_ANOTHER = "What you import here goes into a project of your own, not into the sample."


def settle(person: Person) -> list[Project]:
    """Take the project in hand before a page is drawn: the one the address names (`?project=NAME`), else the tab's own, else
    the one to begin with; the address says so from then on. Returns every project, for the bar."""
    engine, own = store.across(), tab.state()
    there = projects.in_short(engine)
    asked = address.says("project")
    if asked != own.get("asked_project", ""):
        own["asked_project"] = asked
        if asked:
            _take_asked(person, asked)
    had = own.get("project")
    if had not in {each.id for each in there}:
        own["project"] = projects.to_begin_with(person, engine, round_name=address.says("round"), label_set=address.says("set"))
    here = next((each for each in there if each.id == own["project"]), None)
    if had is not None and own["project"] != had:
        gone = "was deleted, or is not yours any more" if is_team() else "was deleted"
        messages.tell(
            f"The project this tab had in hand {gone}; {f'{here.name} is in hand now' if here else 'there is none now'}."
        )
    own["asked_project"] = here.name if here else ""
    address.put("project", own["asked_project"])
    return there


def _take_asked(person: Person, asked: str) -> None:
    """Have the project of that name in hand, or the one that was called so once; where there is none, that is told."""
    engine = store.across()
    try:
        take(person, projects.named(engine, asked).id)
    except Refused as refused:
        now = in_hand.called_now(engine, "project", asked)
        there = {each.name: each.id for each in projects.in_short(engine)}
        if now in there:
            take(person, there[now])
            messages.tell(f"The project “{asked}” is called {now} now.")
        else:
            messages.tell(f"{refused.sentence[:1].upper()}{refused.sentence[1:]}.")


def take(person: Person, project: int) -> None:
    """Have another project in hand from here on, in this tab and in those that are opened after it."""
    if tab.state().get("project") != project:
        # What is labelled (ui/labelling/current_draft.py) and looked at is of the project before.
        for key in ("in_hand", "round", "asked_round", "shown_round", "round_not_here"):
            tab.state().pop(key, None)
    tab.state()["project"] = project
    projects.choose(person, store.across(), project)


def current() -> Project | None:
    """The project in hand; None in a store without projects."""
    return next((each for each in projects.in_short(store.across()) if each.id == tab.state().get("project")), None)


def for_import() -> sa.Engine:
    """The store for what is imported: with the sample in hand that of every project, so that it goes into one of the
    team's own."""
    here = current()
    return store.across() if here is None or here.is_sample else store.engine()


def take_named(person: Person, name: str) -> None:
    """Have the project of that name in hand, where it is not already."""
    here = current()
    if here is None or here.name != name:
        take(person, projects.named(store.across(), name).id)
