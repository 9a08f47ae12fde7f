"""The form that opens a round."""

import sqlalchemy as sa
import streamlit as st

from touchstone.words import many
from ui import panels, session
from workflow import intake, people, rounds, rubrics
from workflow.people import Person

EVERY, PAIRS, OVERLAP = "every draft by all", "every draft by some of the pool", "every draft once, a share twice"


def form(person: Person, engine: sa.Engine) -> None:
    """Name, rubric, annotators, drafts, how they are shared out. Nothing is opened until the button says so."""
    there = intake.whats_there(engine)
    versions = [each.name for each in rubrics.rubric_files(engine) if each.rubric and not each.is_changed]
    if not there["own"][1] and not there["sample"][1]:
        panels.text("There are no drafts to label yet: import tasks and drafts first.")
        st.page_link("../pages/intake.py", label="Import")
        return
    if not versions:
        panels.text("No file in rubric_versions/ can be used yet; see Rubrics for what is wrong.")
        return
    names = [each.name for each in people.everyone(engine)]
    left, right = st.columns(2, gap="large")
    with left:
        name = st.text_input("Name", placeholder="march-pilot", key="new-name")
        rubric = st.selectbox("Rubric version", versions, help="Opening publishes it: from then on its file must not change")
        annotators = st.multiselect("Annotators", names, placeholder="Two or more people", key="new-annotators")
        dimensions = st.multiselect("Dimensions", _dimensions(engine, rubric), placeholder="All of the rubric's dimensions")
    with right:
        sources = [("own", "your own drafts"), ("sample", "the sample's drafts")]
        source = st.selectbox("Drafts from", [key for key, _ in sources if there[key][1]],
                              format_func=lambda key: f"{dict(sources)[key]} ({there[key][1]:,})")
        most = there[source][1]
        number = st.number_input(f"How many, of {many(most, 'draft')}", 1, most, most)
        strata = st.multiselect("Drawn in proportion by", rounds.STRATA, placeholder="Not stratified")
        practice = st.number_input("Practice drafts first, not counted", 0, 20, 0)
        seed = st.number_input("Seed", 0, 10**9, rounds.SEED, help="The same seed draws the same drafts and orders again")
    shape = st.radio("Who labels what", (EVERY, PAIRS, OVERLAP), horizontal=True)
    pool = max(len(annotators), 2)
    per_draft = st.number_input("Annotators per draft", 2, pool, 2) if shape == PAIRS else None
    overlap = st.slider("Share labelled twice", 0.05, 1.0, 0.2, 0.05) if shape == OVERLAP else None
    if st.button("Open the round", type="primary", key="open-round"):
        made = session.attempt(
            rounds.open_round, person, engine, name, rubric=rubric, annotators=annotators, per_draft=per_draft,
            overlap=overlap, drafts=int(number) if number < most else None,
            strata=strata, dimensions=dimensions, seed=int(seed), practice=int(practice), is_sample=source == "sample")
        if made:
            session.tell(f"{made.name} is open: {many(made.drafts, 'draft')} for {', '.join(made.annotators)}.")
            st.rerun()
        panels.outcome()


def _dimensions(engine: sa.Engine, name: str) -> list[str]:
    return next(list(each.rubric.keys) for each in rubrics.rubric_files(engine) if each.name == name)
