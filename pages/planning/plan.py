"""Plan: how many drafts to label, from a pilot or from an assumption."""

import streamlit as st

from ui.base import navigation, panels
from ui.base.session import messages, round_in_hand, signed_in, store
from ui.planning import plan_form, plan_results
from workflow.planning import plan as planning

person, engine = signed_in.require_person(), store.engine()
here = round_in_hand.current()
pilots, asked = plan_form.pilots(here)
top = st.container()


with st.container(horizontal=True, vertical_alignment="top"):
    pilot, question = plan_form.pilot(pilots, asked), plan_form.question()
    of_pilot = plan_form.as_the_verb_takes_it(pilot)
    usual = (
        messages.attempt(planning.usual_threshold, person, engine, **of_pilot) if question == "threshold" and pilot[1] else 0.8
    )
    wanted = plan_form.wanted(question, pilot, usual)
if pilot[1]:
    plan = messages.attempt(planning.plan_of_pilot, person, engine, **of_pilot, **{question: wanted})
else:
    assumed = plan_form.assumption()
    shares = messages.attempt(planning.shares_of, assumed.marginals)
    plan = (
        None
        if shares is None
        else messages.attempt(
            planning.plan_of_assumption, assumed.levels, assumed.kappa, shares, weights=assumed.weights, **{question: wanted}
        )
    )

with top:
    panels.heading(
        "Plan", plan.sentence if plan else "This cannot be planned as it stands.", is_sample=bool(plan and plan.is_sample)
    )
    if why_not := plan_form.why_not(here, pilots):
        panels.text(why_not)
    panels.outcome()
if plan is None:
    st.stop()

links = (
    [navigation.address("agreement", **{pilot[0]: pilot[1], "dimension": key, "to": "one-dimension"}) for key in plan.dimensions]
    if pilot[1]
    else ()
)
about = plan_results.CAPTION[bool(pilot[1])]
panels.table(*plan_results.table(plan, question), numbers=(1, 2, 3, 4, 5, 6), links=links, caption=about)
plan_results.curve(plan, question, f"curve-{pilot[0]}-{pilot[1]}")
panels.notes(plan.notes)
