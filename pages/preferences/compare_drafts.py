"""Compare drafts: two drafts of a task side by side, blind; which is better, overall and on each dimension. By keyboard too."""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, signed_in, store
from ui.labelling import form
from ui.preferences import comparing
from workflow.preferences.comparing import own_comparisons

person, engine = signed_in.require_person(), store.engine()
own = own_comparisons(person, engine)
if not own:
    panels.empty(
        "No drafts to compare yet.",
        "When a comparison round is opened with you in it, two drafts of a task stand here side by side, and you say which is "
        "better.",
        [("home", "Home")],
    )
    st.stop()

name = comparing.round_of(own)
pair = comparing.pair_of(person, engine, name)
if pair is None:
    panels.heading("Compare drafts", f"Nothing is left to compare in {name}.")
    panels.outcome()
    comparing.again(person, engine, name, own)
    st.stop()


def save():
    comparing.save(person, engine, pair)


with st.container(key="pair"):
    panels.heading("Compare drafts", comparing.where(pair))
    comparing.two_drafts(pair)
    with st.container(key="form"):
        form.refused(*messages.refusal())
        comparing.choices(pair, save)
