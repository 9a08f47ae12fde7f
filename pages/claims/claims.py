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
    begin = "To begin, type n and a figure or more as they are printed: can they occur together, and which nearest could?"
    if claim_form.any_figure(asked) and asked["n"]:
        made = messages.attempt(checking.check_figures, **asked)
    elif claim_form.any_figure(asked):
        begin = "Now n: on how many units do these figures rest?"
else:
    file = st.file_uploader("Published figures", type=["md", "txt", "csv", "tsv"], help=claim_form.WHAT_A_FILE_HOLDS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = claim_form.against(engine)
        n = st.number_input("n, if the file does not say it", 1, 10**9, None, width=230)
        levels = st.text_input("Levels, if it does not say them", placeholder="4, or 0,1,2,3", width=230, disabled=bool(labels))
    messages.clear()
    if file and labels:
        made = messages.attempt(checking.check_published, person, engine, file.getvalue(), file.name, n=n, **labels)
    elif file:
        made = messages.attempt(checking.check_alone, file.getvalue(), file.name, n=n, levels=levels)
    begin = "Choose a file of published figures, and the labels they are said to come from if they are here."

with top:
    panels.heading(
        "Claims", made.sentence if made else "This cannot be checked as it stands." if messages.refusal()[0] else begin
    )
    panels.outcome()
if made is not None and question == "figures":
    claim_form.show(made)
elif made is not None:
    claim_form.show_file(made)
