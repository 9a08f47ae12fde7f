"""Rounds: open one, follow it, close it."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import round_in_hand, signed_in, store
from ui.projects import new_name
from ui.rounds import closing, opening, round_overview
from workflow.projects import renaming
from workflow.rounds import rounds
from workflow.rounds.closing import reopenings_of

person, engine = signed_in.require_person(), store.engine()
found = rounds.all_rounds(engine)
open_ones = [each for each in found if each.is_open]
panels.heading(
    "Rounds",
    f"{many(len(open_ones), 'round')} open, {len(found) - len(open_ones)} closed."
    if found
    else "No round yet. A round is a set of drafts labelled by named annotators under one rubric version.",
)
if not opening.was_refused() and not closing.was_refused():
    panels.outcome()
closing.notice(person, engine, found)
closing.question(person, engine, found)
opening.form(person, engine, found)

if found:
    with st.expander("Mend a round's name"):
        new_name.form(person, engine, "round", [each.name for each in found], renaming.rename_round)

here = round_in_hand.current().round
for each in sorted(found, key=lambda each: (here is None or each.id != here.id, not each.is_open)):
    with st.container(border=True, key=f"round-{each.id}"):
        round_overview.where_it_stands(each, rounds.queries_of(person, engine, each.name), reopenings_of(engine, each.name))
        round_overview.links(each)
        if each.is_open:
            closing.button(each)
