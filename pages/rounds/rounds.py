"""Rounds: open one, follow it, close it."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, signed_in, store, tab
from ui.projects import new_name
from ui.rounds import opening, round_overview
from workflow.projects import renaming
from workflow.rounds import closing, rounds

person, engine = signed_in.require_person(), store.engine()
found = rounds.all_rounds(engine)
open_ones = [each for each in found if each.is_open]
panels.heading(
    "Rounds",
    f"{many(len(open_ones), 'round')} open, {len(found) - len(open_ones)} closed."
    if found
    else "No round yet. A round is a set of drafts labelled by named annotators under one rubric version.",
)
if not opening.was_refused():
    panels.outcome()


def close(name):
    early = tab.value_of(f"early-{name}")
    if messages.attempt(closing.close_round, person, engine, name, early=early or None):
        messages.report(f"{name} is closed. Its agreement report is ready.")


opening.form(person, engine)

if found:
    with st.expander("Mend a round's name"):
        new_name.form(person, engine, "round", [each.name for each in found], renaming.rename_round)

asked = st.query_params.get("round", "")
for each in sorted(found, key=lambda each: (each.name != asked, not each.is_open)):
    with st.container(border=True, key=f"round-{each.id}"):
        round_overview.where_it_stands(each, rounds.queries_of(person, engine, each.name))
        round_overview.links(each)
        if each.is_open:
            round_overview.closing(each, close)
