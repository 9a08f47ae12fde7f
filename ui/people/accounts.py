"""How people sign in to a team's Touchstone, for its admins: who has a password, and links with which somebody sets one."""

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, tab
from workflow.people.accounts import invitations
from workflow.people.accounts.invitations import Account, Link
from workflow.people.people import Person
from workflow.projects import projects

ROLES = ("annotator", "lead", "admin")


def letting_in(person: Person, engine: sa.Engine) -> None:
    """The two forms that make a link, which is shown just above them."""
    _invitation(person, engine)
    if have := [each.name for each in invitations.accounts_of(person, engine) if each.has_password]:
        _reset(person, engine, have)


def everybody(person: Person, engine: sa.Engine) -> None:
    """Who signs in how."""
    panels.section("Signing in")
    found = invitations.accounts_of(person, engine)
    panels.table(("Name", "Signs in by", "Last seen"), [_row(each) for each in found], caption="How everybody signs in")


def _row(each: Account) -> tuple[str, str, str]:
    waits = f"{each.waiting} link open until {each.waits_until:%d %b %H:%M} UTC" if each.waits_until else ""
    ways = ["password"] * each.has_password + ["provider"] * each.has_provider + [waits] * bool(waits)
    said = ", ".join(ways) or "not yet: invite them"
    return each.name, said, f"{each.last_seen:%d %b %Y %H:%M} UTC" if each.last_seen else "never"


def _invitation(person: Person, engine: sa.Engine) -> None:
    there = [each.name for each in projects.in_short(engine) if not each.is_archived]

    def make() -> None:
        role = tab.value_of("invite-role") or ROLES[0]
        project = "" if role == "admin" else tab.value_of("invite-project") or ""
        made = messages.attempt(invitations.invite, person, engine, tab.value_of("invite-name") or "", role, project)
        if made:
            tab.put("invite-name", "")
            _keep(made)

    with st.form("invite", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Invite", key="invite-name", placeholder="Their name")
        st.selectbox("Role", ROLES, key="invite-role", help="An admin has no project of their own: all are theirs.")
        st.selectbox("Project", there, key="invite-project")
        st.form_submit_button("Make the invitation", type="primary", on_click=make)


def _reset(person: Person, engine: sa.Engine, have: list[str]) -> None:
    def make() -> None:
        if made := messages.attempt(invitations.reset_link, person, engine, tab.value_of("reset-name") or ""):
            _keep(made)

    with st.expander("Somebody lost their password"), st.form("reset", border=False):
        st.selectbox("Who", have, key="reset-name")
        st.form_submit_button("Make a link to set a new one", on_click=make)


def _keep(link: Link) -> None:
    hours = invitations.HOLDS[link.kind].total_seconds() / 3600
    holds = many(int(hours // 24), "day") if hours >= 48 else many(int(hours), "hour")
    which = "a password" if link.kind == "invitation" else "another password"
    said = f"With this link {link.name} sets {which}, once, within {holds}. It is shown only now: hand it over in private."
    messages.report(said)
    tab.state()["link"] = (said, link.address)


def link_just_made() -> None:
    """A link is shown once, below the sentence on what was done."""
    said, address = tab.state().get("link", ("", ""))
    if said and said == messages.reported():
        st.code(address, language=None, wrap_lines=True)
