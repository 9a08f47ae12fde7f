"""Gate: which policy a project's drafts go by, what it said of them, how it is switched, and what people say against it."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.gate import forms, standing
from workflow.gate import overrides, policies, tokens
from workflow.people import people

person, engine = signed_in.require_person(), store.engine()
found = policies.gate_of_project(person, engine)
panels.heading("Gate", policies.in_words(found))
panels.outcome()
if found.now is None:
    panels.text(
        "A gate says of each draft that a program brings whether it passes, wants a look, or is blocked, by the scorer of a "
        "rubric version and what judges say. Begin in shadow: it tells and counts its decisions, and passes everything."
    )
    forms.publish(person, engine, first=True)
    st.stop()

forms.switch(person, engine, found)
standing.conditions(found)
standing.live(person, engine, found.now.number)
forms.override(person, engine)
everyone = [each.name for each in people.everyone(engine)]
forms.next_round(person, engine, overrides.drafts_to_label(person, engine), everyone)
forms.token_list(person, engine, tokens.tokens_of(person, engine))
panels.section("Policies and switches")
standing.history(found)
forms.publish(person, engine, first=False)
