"""Drafts: those of a round, to search, filter and sort, each leading to all that is known of it. For the lead."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.rounds import draft_filter, draft_list, one_draft, shown_round
from workflow.rounds import draft_list as listing
from workflow.rounds import rounds
from workflow.rounds.one_draft import draft_of_round

person, engine = signed_in.require_person(), store.engine()
found = [each.name for each in rounds.all_rounds(engine)]
if not found:
    panels.empty(
        "No round yet, so there are no drafts to list",
        "When a round is opened, its drafts are listed here: how far each is, what was asked about it, and once the round is "
        "closed what it was given.",
        [("rounds", "Open a round"), ("home", "Home")],
    )
    st.stop()

name = shown_round.of_page("drafts", found)
if asked := st.query_params.get("draft", ""):
    one_draft.show(panels.read_one("drafts", draft_of_round, person, engine, name, asked))
    st.stop()

made = panels.read("Drafts", listing.drafts_of_round, person, engine, name, draft_filter.asked(name))
panels.heading(f"Drafts of {name}", draft_list.in_a_sentence(made), is_sample=made.round.is_sample)
draft_filter.boxes(made)
draft_list.table(made)
draft_filter.parts(made)
