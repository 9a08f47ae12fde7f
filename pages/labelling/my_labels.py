"""My labels: what you have delivered in a round, to find, read and, until the round closes, correct. Your own rows only."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.labelling import own_filter, read_again
from ui.labelling import own_labels as delivered
from ui.rounds import shown_round
from workflow.labelling import own_labels
from workflow.labelling.feedback import feedback_in
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
mine = rounds.own_rounds(person, engine)

if not mine:
    panels.empty(
        "You have no labels yet",
        "When a lead opens a round with your name in it, what you label is listed here.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

names = [each.name for each in mine]
name = shown_round.of_page("my_labels", names)
if asked := st.query_params.get("read", ""):
    number = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
    one = panels.read_one("my_labels", own_labels.own_labels_of, person, engine, name, number)
    read_again.show(one, feedback_in(person, engine, name).get(number, ()))
    st.stop()

found = mine[names.index(name)]
rows = own_labels.my_labels(person, engine, name, delivered.LISTED)
gold = feedback_in(person, engine, name)
panels.heading("My labels", delivered.in_a_sentence(found, rows, person.id), is_sample=found.is_sample)
panels.outcome()
if not rows:
    panels.link("label", "Begin labelling", round=name)
    st.stop()
shown = own_filter.narrowed(name, rows)
delivered.table(found, shown, gold)
own_filter.parts(shown)
if len(rows) == delivered.LISTED:
    panels.text(f"The list has the {len(rows):,} that you handed in last.", quiet=True)
