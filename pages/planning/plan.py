"""Plan: how many drafts to label, from a pilot or from an assumption."""

import streamlit as st

from ui.agreement import report_tables
from ui.base import charts, panels
from ui.base.session import messages, signed_in, store
from workflow.importing import label_sets
from workflow.planning import plan as planning
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
pilots = [("", "")] + [("round", each.name) for each in rounds.all_rounds(engine) if not each.is_open]
pilots += [("set", each.name) for each in label_sets.all_label_sets(engine)]
asked = ("set", st.query_params["set"]) if "set" in st.query_params else ("round", st.query_params.get("round", ""))
top = st.container()
QUESTIONS = {"threshold": "Show a threshold", "half_width": "Reach a half-width"}


def title(pilot):
    return pilot[1] + (" (label set)" if pilot[0] == "set" else "") if pilot[1] else "No pilot yet"


with st.container(horizontal=True, vertical_alignment="top"):
    place = pilots.index(asked) if asked in pilots else min(len(pilots) - 1, 1) if not asked[1] else 0
    kind, name = st.selectbox("Pilot", pilots, index=place, format_func=title, width=360)
    pilot = {"round_name" if kind == "round" else "label_set": name}
    question = st.segmented_control(
        "Question", list(QUESTIONS), default="threshold", format_func=QUESTIONS.get, required=True, width=340
    )
    if question == "threshold":
        usual = messages.attempt(planning.usual_threshold, person, engine, **pilot) if name else 0.8
        wanted = st.number_input(
            "Threshold", 0.05, 0.99, min(max(usual or 0.8, 0.05), 0.99), 0.05, width=160, key=f"threshold-{kind}-{name}"
        )
    else:
        wanted = st.number_input("Half-width", 0.01, 0.50, 0.05, 0.01, width=160)

if name:
    plan = messages.attempt(planning.plan_of_pilot, person, engine, **pilot, **{question: wanted})
else:
    with st.container(horizontal=True, vertical_alignment="top"):
        kappa = st.number_input("True kappa, assumed", 0.05, 0.99, 0.85, 0.05, width=200)
        levels = st.text_input("Levels in order", "0,1,2,3", width=200)
        marginals = st.text_input("Share of each level", placeholder="equal", width=260, help="As .1,.2,.3,.4: they sum to 1")
        weights = st.selectbox("Weights of kappa", planning.WEIGHTS, width=200)
    shares = messages.attempt(planning.shares_of, marginals)
    plan = (
        None
        if shares is None
        else messages.attempt(
            planning.plan_of_assumption,
            [each.strip() for each in levels.split(",") if each.strip()],
            kappa,
            shares,
            weights=weights,
            **{question: wanted},
        )
    )

with top:
    panels.heading(
        "Plan", plan.sentence if plan else "This cannot be planned as it stands.", is_sample=bool(plan and plan.is_sample)
    )
    if asked[1] and asked not in pilots:
        panels.refusal(f"“{asked[1]}” is no closed round and no label set, so it is no pilot. Choose another.")
    panels.outcome()
if plan is None:
    st.stop()

if len(pilots) == 1:
    panels.text("No round is closed yet, so there is no pilot: the plan rests on what is assumed here.")
panels.table(*report_tables.sizes(plan, question), numbers=(1, 2, 3, 4, 5, 6), caption=report_tables.SIZES_CAPTION[bool(name)])
ready = {key: plan.titles[key] for key, each in plan.dimensions.items() if getattr(each, question)}
if ready:
    panels.section("What interval to expect")
    shown = (
        next(iter(ready))
        if len(ready) == 1
        else st.segmented_control(
            "Dimension",
            list(ready),
            default=next(iter(ready)),
            format_func=ready.get,
            required=True,
            label_visibility="collapsed",
            key=f"curve-{kind}-{name}",
        )
    )
    each = plan.dimensions[shown]
    st.plotly_chart(
        charts.sizes(each, getattr(each, question), against_threshold=question == "threshold"),
        config=charts.CONFIG,
        key=f"sizes-{shown}",
        theme=None,
        alt="The 95 % interval to expect at each number of drafts; the table above has the numbers",
    )
panels.notes(plan.notes)
