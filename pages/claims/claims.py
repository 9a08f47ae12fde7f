"""Claims: can published figures occur together, and do they follow from the labels?"""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, signed_in, store
from ui.claims import claim_form
from workflow.claims import checking

person, engine = signed_in.require_person(), store.engine()
top = st.container()
QUESTIONS = {"figures": "Figures", "file": "A file"}
made = None

question = st.segmented_control(
    "What to check",
    list(QUESTIONS),
    format_func=QUESTIONS.get,
    required=True,
    default="file" if {"set", "round"} & set(st.query_params) else "figures",
)
if question == "figures":
    asked = claim_form.figures()
    messages.clear()
    begin = "Enter n and at least one figure as printed: are they possible together, and if not, what is the nearest that is?"
    if claim_form.any_figure(asked) and asked["n"]:
        made = messages.attempt(checking.check_figures, **asked)
    elif claim_form.any_figure(asked):
        begin = "Now enter n: how many units are these figures based on?"
else:
    file = claim_form.file()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = claim_form.against(engine)
        n = st.number_input("n, if the file does not state it", 1, 10**9, None, width=230)
        levels = st.text_input("Levels, if it does not state them", placeholder="4, or 0,1,2,3", width=230, disabled=bool(labels))
    messages.clear()
    if file and labels:
        made = messages.attempt(checking.check_published, person, engine, file.source, file.name, n=n, **labels)
    elif file:
        made = messages.attempt(checking.check_alone, file.source, file.name, n=n, levels=levels)
    begin = "Choose a file of published figures, and the labels they were computed from, if you have them here."

with top:
    panels.heading(
        "Claims", made.sentence if made else "This cannot be checked as it stands." if messages.refusal()[0] else begin
    )
    panels.outcome()
if made is not None and question == "figures":
    claim_form.show(made)
elif made is not None:
    claim_form.show_file(made)
