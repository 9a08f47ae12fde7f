"""Preferences: comparison rounds opened and closed, and what a closed one says. For the lead."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.preferences import figures, pairs_apart, rounds
from workflow.people.people import everyone
from workflow.preferences import comparisons
from workflow.preferences.report import preferences_in

person, engine = signed_in.require_person(), store.engine()
found = comparisons.comparisons(engine)
if not found:
    panels.heading("Preferences", "No comparison round yet. People choose between two drafts of a task; the figures stand here.")
    panels.outcome()
    rounds.open_form(person, engine, everyone(engine))
    st.stop()

top = st.container()  # the sentence stands above the box that asks for it
name = rounds.chosen(found)
shown = next(each for each in found if each.name == name)
made = None if shown.is_open else preferences_in(person, engine, name)
with top:
    panels.heading("Preferences", made.sentence if made else f"{shown.sentence}.")
    panels.outcome()
if shown.is_open:
    rounds.standing(shown)
    rounds.close_form(person, engine, shown)
elif made:
    on = figures.show(made)
    pairs_apart.show(person, engine, made, on)
    pairs_apart.download(person, engine, made)
with st.expander("Open another comparison round"):
    rounds.open_form(person, engine, everyone(engine))
