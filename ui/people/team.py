"""The people of a team, for an admin: what each may do, and changing that, after a question on what it means."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import next_focus, panels
from ui.base.session import messages, tab
from workflow.people import roles
from workflow.people.people import Person
from workflow.people.roles import Member

ASKED = "asked-of-a-role"  # the change that is being asked about in this tab
ROLE_IN_WORDS = {"annotator": "annotator", "lead": "lead", roles.NO_ROLE: "no role"}


class Change(NamedTuple):
    """What is to be changed for whom: `kind` is one of KINDS; `role` and `project` are of a role."""

    kind: str
    name: str
    role: str = ""
    project: str = ""


KINDS: dict[str, tuple[Callable[..., str], str]] = {  # the verb, and the button that does it
    "role": (roles.set_role, "Change the role"),
    "admin": (roles.make_admin, "Make an admin"),
    "no admin": (roles.take_admin, "Take admin away"),
    "deactivate": (roles.deactivate, "Deactivate"),
    "reactivate": (roles.reactivate, "Let in again"),
}
MEANS = {
    "admin": "As admin, {name} may do what a lead may in every project, make and delete projects, and change who is here.",
    "no admin": "{name} then has the roles in projects alone, and this page no more.",
    "deactivate": "{name} is signed out everywhere at once and not let in again. Labels, decisions and roles stay; drafts they "
    "still have to label stay theirs until a lead reassigns them.",
    "reactivate": "{name} may sign in again, with the roles they had.",
    "lead": "As lead of {project}, {name} may open and close rounds there, import, read labels of closed rounds, adjudicate and "
    "export. What they label themselves in an open round stays held back from them.",
    "annotator": "As annotator of {project}, {name} labels where they have a seat, and sees their own work there alone.",
    roles.NO_ROLE: "Without a role, {name} sees nothing of {project} but rounds in which they have a seat.",
}
SEATS_STAY = "Seats in rounds stay as they are: they decide who labels."


def in_a_sentence(found: Sequence[Member]) -> str:
    """How many there are, and which are admins."""
    active = [each for each in found if each.is_active]
    admins = [each.name for each in active if each.is_admin]
    gone = len(found) - len(active)
    return (
        f"{many(len(active), 'person', 'people')}, {many(len(admins), 'admin')} among them"
        + (f"; {gone} deactivated" if gone else "")
        + ". Roles say what somebody may do in a project; seats in rounds say who labels."
    )


def in_words(member: Member) -> str:
    return member.in_words if member.is_active else f"deactivated ({member.in_words})"


def changing(person: Person, engine: sa.Engine, found: Sequence[Member], projects: Sequence[str]) -> None:
    """Somebody chosen, with what can be changed for them."""
    panels.section("Change what somebody may do")
    names = [each.name for each in found]
    name = st.selectbox("Who", names, index=None, placeholder="Choose a person", key="team-who")
    member = next((each for each in found if each.name == name), None)
    if member is None:
        return
    panels.text(f"{member.name}: {in_words(member)}.", quiet=True)
    if projects and member.is_active:
        with st.container(horizontal=True, vertical_alignment="bottom", key="team-role"):
            project = st.selectbox("Project", projects, key="team-project")
            had = member.roles.get(project, roles.NO_ROLE)
            choices = [each for each in ROLE_IN_WORDS if each != had]
            role = st.selectbox("Role there", choices, format_func=ROLE_IN_WORDS.__getitem__, key=f"team-role-{project}-{had}")
            _button(Change("role", member.name, role, project))
    with st.container(horizontal=True, key="team-more"):
        if member.is_active:
            _button(Change("no admin" if member.is_admin else "admin", member.name))
        _button(Change("deactivate" if member.is_active else "reactivate", member.name))


def question(person: Person, engine: sa.Engine) -> None:
    """The question on what a change means, over the page, while it stands."""
    if asked := tab.state().get(ASKED):
        title = f"{KINDS[asked.kind][1]}: {panels.literal(asked.name)}?"
        st.dialog(title, on_dismiss=_leave)(_question)(person, engine, asked)


def was_refused() -> bool:
    """Whether the refusal to be shown belongs to the question: it stands there, not above the page."""
    return ASKED in tab.state() and messages.last_verb() in {verb.__name__ for verb, _ in KINDS.values()}


def what_it_means(change: Change) -> list[str]:
    """A sentence each."""
    told = MEANS[change.role if change.kind == "role" else change.kind].format(name=change.name, project=change.project)
    return [told, SEATS_STAY] if change.kind == "role" else [told]


def _question(person: Person, engine: sa.Engine, change: Change) -> None:
    if ASKED not in tab.state():
        st.rerun()  # answered: the page is drawn without it
    panels.refusal(*(messages.refusal() if was_refused() else ("", ())))
    for each in what_it_means(change):
        panels.text(each)
    with st.container(horizontal=True):
        st.button("Do it", type="primary", key="team-do-it", on_click=_do, args=(person, engine, change))
        st.button("Leave it", key="team-leave-it", on_click=_leave)
    next_focus.follow()


def _button(change: Change) -> None:
    st.button(KINDS[change.kind][1], key=f"team-ask-{change.kind}", on_click=_ask, args=(change,))


def _ask(change: Change) -> None:
    messages.clear()
    tab.state()[ASKED] = change


def _leave() -> None:
    if was_refused():
        messages.clear()
    tab.state().pop(ASKED, None)


def _do(person: Person, engine: sa.Engine, change: Change) -> None:
    of_role: tuple[Any, ...] = (change.role, change.project) if change.kind == "role" else ()
    if done := messages.attempt(KINDS[change.kind][0], person, engine, change.name, *of_role):
        tab.state().pop(ASKED, None)
        messages.report(f"{done}.")
    else:
        next_focus.lead_to("[role=dialog] button")
