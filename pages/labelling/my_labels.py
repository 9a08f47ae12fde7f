"""My labels: what you have delivered in a round, to find, read and, until the round closes, correct. Your own rows only."""

import streamlit as st

from ui.base import choice_boxes, panels
from ui.base.session import signed_in, store
from ui.labelling import own_filter, read_again
from ui.labelling import own_labels as delivered
from workflow.labelling import own_labels
from workflow.labelling.feedback import feedback_in
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
mine = [each for each in rounds.all_rounds(engine) if person.name in each.annotators]

if not mine:
    panels.empty(
        "You have no labels yet",
        "When a lead opens a round with your name in it, what you label is listed here.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

names = [each.name for each in mine]
if (asked := st.query_params.get("read", "")) and st.query_params.get("round", "") in names:
    name = st.query_params["round"]
    number = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
    one = panels.read("My labels", own_labels.own_labels_of, person, engine, name, number)
    read_again.show(one, feedback_in(person, engine, name).get(number, ()))
    st.stop()

top = st.container()  # where things stand comes first, above the boxes that narrow it
name = choice_boxes.pick("Round", names, besides=None)
found = mine[names.index(name)]
rows = own_labels.my_labels(person, engine, name)
gold = feedback_in(person, engine, name)
with top:
    panels.heading("My labels", delivered.in_a_sentence(found, rows), is_sample=found.is_sample)
    panels.outcome()
if not rows:
    panels.link("label", "Begin labelling", round=name)
    st.stop()
shown = own_filter.narrowed(name, rows)
delivered.table(found, shown, gold)
own_filter.parts(shown)
