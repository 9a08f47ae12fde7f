"""Spot check: agreed cells labelled once more by somebody else, blind: the error rate of gold."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import signed_in, store
from ui.releasing import spot_check
from ui.rounds import shown_round
from workflow.gold import gold
from workflow.releasing import spot_checks
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.empty(
        "No spot check yet",
        "No round is closed. When one is, somebody who did not label in it can check its gold.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = shown_round.of_page("spot_check", closed)
found = gold.gold_counted(person, engine, name)
title = f"Spot check of {name}"
if found.round.left_out:
    panels.heading(title, f"{found.round.left_out}. Somebody who labels none of its drafts again can check it.")
    st.stop()

checks = spot_checks.spot_checks_of(person, engine, name)
cell = spot_checks.next_to_check(person, engine, name)
agreed = sum(each.by_state.get("agreed", 0) for each in found.standings)
mine = next((each for each in reversed(checks) if each.left and cell), None)
panels.heading(
    title,
    f"Cell {mine.rate.checked + 1} of {mine.drawn}: {cell.draft_id}."
    if mine and cell
    else f"{many(agreed, 'cell')} agreed; "
    + (f"{many(len(checks), 'spot check')} so far." if checks else "none was checked yet."),
    is_sample=found.round.is_sample,
)
panels.outcome()
if cell:
    spot_check.check(person, engine, name, cell)
elif person.name in found.round.annotators:
    panels.text(f"You labelled in {name}, so somebody else checks it.", quiet=True)
elif agreed:
    spot_check.draw(person, engine, name)
spot_check.standing(checks)
