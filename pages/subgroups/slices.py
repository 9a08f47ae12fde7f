"""Slices: where in a round agreement is low, whether it drifted, and how annotators differ. For the lead."""

import streamlit as st

from touchstone.agreement.verdict import thresholds_in_words
from touchstone.english import listed
from touchstone.subgroups.rater_effects import FAST
from ui.base import charts, navigation, panels, session
from ui.subgroups import slices as slicing
from workflow.agreement import clusters, reports
from workflow.rounds import rounds
from workflow.subgroups import slices

person, engine = session.require_person(), session.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.nothing(
        "No round is closed yet, so there is nothing to cut into slices.",
        "Labels are read when their round is closed, so that everyone labels blind.",
        [("rounds", "See the rounds")],
    )
    st.stop()

top = st.container()  # where things stand comes first, above the boxes that ask for something else
name = panels.pick("Round", closed)
by = st.segmented_control("Cut by", list(slices.BY), default="difficulty", format_func=slices.BY.get, required=True, key="cut-by")
found = panels.read(f"Slices of {name}", slices.slices, person, engine, name, by)
with top:
    panels.heading(f"Slices of {name}", found.sentence, is_sample=found.round.is_sample)
    panels.outcome()
panels.notes(found.notes)
if len(found.slices) > 1 and found.figures:
    st.plotly_chart(
        slicing.multiples(found),
        config=charts.CONFIG,
        key=f"slices-{by}",
        theme=None,
        alt="Each slice's figure with its interval, a column a dimension, against the threshold; the table has them",
    )
judged = listed(thresholds_in_words([each.judgement for part in found.slices for each in part.dimensions.values()])) or "nothing"
panels.table(
    *slicing.slice_rows(found),
    numbers=(2, 3, 4, 5),
    caption=f"Point and 95 % interval of each slice, judged on {judged}. In the picture the dotted line is the "
    "threshold, and a diamond a point under it. n counts drafts with two labels, clusters the traces or "
    "templates they came from.",
)
st.page_link(navigation.page("agreement"), label="The whole round", query_params={"round": name})

panels.section("Drafts of one cluster")
panels.text(
    "Drafts of one trace or template are alike, so together they tell less than as many drafts of their own would. "
    "An interval by clusters takes each cluster for one witness.",
    quiet=True,
)
if st.toggle("Show intervals by clusters", key="by-clusters"):
    report = reports.agreement_of_rounds(person, engine, [name])
    clustered = clusters.by_clusters(person, engine, report)
    panels.notes(dict.fromkeys(warning for each in clustered.values() for warning in each.warnings))
    panels.table(
        *slicing.cluster_rows(report, clustered),
        numbers=(1, 2, 3, 4, 5, 6, 7),
        caption="The whole round: the ordinary interval beside the one by clusters. The points are the same.",
    )

everyone = slices.annotators(person, engine, name)
panels.section("Drift within the round")
panels.text(everyone.drift_sentence)
table, marked = slicing.drift_rows(everyone)
panels.table(
    *table,
    numbers=(2, 3, 4),
    marked=marked,
    caption="Agreement in the first and the second half of the drafts: by when they got their second label, and in "
    "each annotator's own order. Marked: the interval of the difference leaves zero out.",
)

panels.section("Annotators, for the lead")
panels.notes(everyone.notes)
panels.table(
    *slicing.annotator_rows(everyone),
    numbers=(2, 3, 4, 5, 6, 7, 8),
    caption="Each against all others on the same drafts, in level positions: over zero means higher levels. Spread is "
    "the standard deviation. Halves are of the annotator's own order.",
)
panels.table(
    *slicing.pace_rows(everyone),
    numbers=(1, 2, 3, 4, 5),
    caption="Time at a saved draft, a pause of over two minutes counted as two. Fast: under "
    f"{100 * FAST:.0f} % of the round's median"
    + (f" of {everyone.median:.0f} s." if everyone.median else ", which is not known here."),
)
