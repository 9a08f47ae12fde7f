"""People: who can label, lead and adjudicate here; in team mode, for an admin, who may do what."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, project_in_hand, signed_in, store, tab
from ui.people import accounts, round_links, team
from ui.projects import new_name
from workflow.people import people, roles
from workflow.people.team_mode import is_team
from workflow.projects import projects, renaming
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
everyone = roles.people_here(person, engine)
panels.heading(
    "People",
    team.in_a_sentence(everyone)
    if is_team()
    else f"{many(len(everyone), 'person', 'people')}. In local mode everyone may label, lead and adjudicate, "
    "and blind labelling relies on everyone using their own name.",
)
if not team.was_refused():
    panels.outcome()
    accounts.link_just_made()
team.question(person, engine)


def add():
    made = messages.attempt(people.add_person, person, engine, tab.value_of("person-name") or "")
    if made:
        messages.report(f"Added {made.name}.")
        tab.put("person-name", "")


if is_team():  # an invitation adds its person: a name alone opens nothing
    accounts.letting_in(person, engine)
place = st.expander("Add a name without an invitation") if is_team() else st.container()
with place, st.form("add-person", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
    st.text_input("Name", key="person-name", placeholder="Someone who will label or lead")
    st.form_submit_button("Add", type="secondary" if is_team() else "primary", on_click=add)

if everyone:
    with st.expander("Mend a name"):
        new_name.form(person, engine, "person", [each.name for each in everyone], renaming.rename_person)

found, here = rounds.all_rounds(engine), project_in_hand.current()
panels.table(
    ("Name", *(("May",) if is_team() else ()), "Open rounds", "Closed rounds"),
    [
        (
            each.name + (" (sample)" if each.is_sample else ""),
            *((team.in_words(each),) if is_team() else ()),
            round_links.of([one for one in found if one.is_open and each.name in one.annotators]),
            round_links.of([one for one in found if not one.is_open and each.name in one.annotators]),
        )
        for each in everyone
    ],
    caption=(f"Rounds of {here.name}, the project in hand. " if here else "")
    + "Annotators are named when a round is opened; each round leads to where it stands",
)
if is_team():
    accounts.everybody(person, engine)
    team.changing(person, engine, everyone, [each.name for each in projects.in_short(engine)])
