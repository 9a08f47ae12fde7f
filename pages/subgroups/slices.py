"""Slices: where in a round agreement is low, whether it drifted, and how annotators differ. For the lead."""

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.rounds import shown_round
from ui.subgroups import annotators as annotating
from ui.subgroups import slices as slicing
from workflow.agreement import clusters, reports
from workflow.rounds import rounds
from workflow.subgroups import slices

person, engine = signed_in.require_person(), store.engine()
every = rounds.all_rounds(engine)
closed = {each.name: each for each in every if not each.is_open and each.has_gold}
if not closed:
    panels.empty(
        "No round is closed yet, so there is nothing to slice.",
        "Labels stay hidden until their round is closed, so that everyone labels blind.",
        [("rounds", "See the rounds")],
    )
    st.stop()

top = st.container()  # where things stand comes first, above the boxes that ask for something else
name = shown_round.of_page("slices", list(closed))
fields = slices.fields_to_slice_by(person, engine, name)
by = st.segmented_control(
    "Slice by",
    list(fields),
    default="difficulty" if "difficulty" in fields else next(iter(fields)),
    format_func=lambda field: panels.literal(fields[field]),
    required=True,
    key="cut-by" if list(fields) == list(slices.BY) else f"cut-by-{name}",
)
found = panels.read(f"Slices of {name}", store.slices_of, person, closed[name], every, by)
with top:
    panels.heading(f"Slices of {name}", found.sentence, is_sample=found.round.is_sample)
    panels.outcome()
panels.notes(found.notes)
if slicing.has_picture(found):
    slicing.show_multiples(found, f"slices-{by}")
links, about = slicing.links(found), slicing.slice_caption(found)
panels.table(*slicing.slice_rows(found), numbers=(2, 3, 4, 6), whole=(1, 5), links=links, caption=about)
panels.link("agreement", "The whole round", round=name)

panels.section("Drafts of one cluster")
panels.text(
    "Drafts of one trace or template are alike, so they carry less information than as many independent drafts. "
    "An interval by clusters takes clusters, not drafts, as independent.",
    quiet=True,
)
if st.toggle("Show intervals by clusters", key="by-clusters"):
    report = reports.agreement_of_rounds(person, engine, [name], kept=store.kept_reports())
    slicing.show_clusters(report, clusters.by_clusters(person, engine, report))

everyone = store.annotators_of(person, closed[name], every)
annotating.show_drift(everyone)
annotating.show_annotators(everyone)
