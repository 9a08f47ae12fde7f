"""Judges: a source of levels held against people, before it stands in for one. For the lead."""

import streamlit as st

from ui.base import choice_boxes, panels
from ui.base.session import round_in_hand, signed_in, store
from ui.comparison import two_sources
from ui.judging import judged, models, trained
from workflow.comparison.source import overlaps
from workflow.judging.against import judge_against, judges_and_people

person, engine = signed_in.require_person(), store.engine()
judges, people = judges_and_people(engine)
people = two_sources.in_hand_first(people, round_in_hand.current().round)

if not people:
    panels.empty(
        "No people’s labels yet, so there is nobody to hold a judge against.",
        "Close a round, or import labels that people gave: a model, the scorer or a trained judge is then held against them, "
        "and a sentence says on which dimensions it may stand in for a person.",
        [("rounds", "See the rounds"), ("label_sets", "Import labels")],
    )
    st.stop()

top = st.container()  # what was found stands above the boxes that ask for it
panels.outcome()
boxes = st.columns(3)
with boxes[1]:
    who = judged.chosen("The people", people, "people", first=True)
with boxes[0]:
    others = [each for each in judges if each != who and not overlaps(who, each)]
    judge = judged.chosen("The judge", others, "judge", first=False)
with boxes[2]:
    are = judged.people_are()
if not judge:
    with top:
        panels.heading("Judges", "Choose a judge: what may stand in for a person, and on which dimensions, is then said here.")
    models.section(person, engine, who)
    trained.section(person, engine)
    st.stop()
with top, judged.telling() as tell:
    made = panels.read("Judges", judge_against, person, engine, judge, who, people_are=are, kept=store.kept_scores(), tell=tell)
with top:
    panels.heading("Judges", made.sentence, is_sample=made.people.is_sample)
judged.verdicts(made)
compared = models.older(person, engine, judges, judge, who)

panels.section("One dimension", place="one-dimension")
titles = {each.key: each.title for each in made.dimensions}
key = choice_boxes.one_of("Dimension", titles, f"open-{judge}-{who}", asked=st.query_params.get("dimension", ""))
st.query_params["dimension"] = key
judged.one_dimension(person, engine, made, next(each for each in made.dimensions if each.key == key))
models.changed(compared, key, made.people.origin if made.people.kind != "set" else "")
models.section(person, engine, who)
trained.section(person, engine)
