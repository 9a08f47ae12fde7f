"""Compare: two closed rounds side by side, every dimension with its difference and that difference's interval."""

import streamlit as st

from ui.base import charts, panels
from ui.base.session import messages, round_in_hand, signed_in, store
from ui.comparison import asking
from ui.comparison import two_rounds as drawing
from workflow.comparison import two_rounds
from workflow.rounds import in_hand, rounds

person, engine = signed_in.require_person(), store.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.kind == "double"]

if len(closed) < 2:
    panels.empty(
        f"A comparison needs two closed rounds; there is {'one' if closed else 'none'} yet.",
        "Close a round, revise the rubric, and close a second round on drafts of tasks that were not discussed: "
        "every dimension of both is then shown here side by side.",
        [("rounds", "See the rounds")],
    )
    st.stop()

here = round_in_hand.current()
asked = {side: st.query_params.get(side, "") for side in ("before", "after")}
usual = dict(zip(asked, in_hand.to_compare(here.round.name if here.round else "", here.there), strict=True))
if wrong := [name for name in asked.values() if name and name not in closed]:
    messages.attempt(two_rounds.compare_rounds, person, engine, wrong[0], wrong[-1])  # says why it cannot be read
    panels.heading("Compare", f"{wrong[0]} cannot be compared.")
    panels.outcome()
    panels.link("compare", f"Compare {usual['before']} with {usual['after']}", **usual)
    st.stop()

top = st.container()  # what was found stands above the boxes that ask for it
left, right = st.columns(2)
before = left.selectbox("Before", closed, index=closed.index(asked["before"] or usual["before"]))
after = right.selectbox("After", closed, index=closed.index(asked["after"] or usual["after"]))
st.query_params.update(before=before, after=after)  # a link that was copied shows these two, whichever rounds come later
labels = panels.read("Compare", two_rounds.labels_to_count, person, engine, before, after, asking.AT_ONCE)
with top:
    asking.ask_before("Compare", labels, before, after, between=f"{before} with {after}")
made = panels.read("Compare", two_rounds.compare_rounds, person, engine, before, after, kept=store.kept_reports())
with top:
    panels.heading(f"{made.before.name} and {made.after.name}", made.sentence, is_sample=made.is_sample)
panels.text(drawing.compared_on(made), quiet=True)
if any(each.compared.method for each in made.in_both):
    charts.show(
        charts.differences(made.in_both),
        key="differences",
        alt="Each dimension's difference with its interval, against 0; the table below has the numbers",
    )
panels.table(
    *drawing.differences(made),
    numbers=(1, 2, 4, 5, 6),
    marked=[place for place, each in enumerate(made.dimensions) if each.before and each.before.flagged],
    links=drawing.links(made),
    caption="Point estimate and 95 % interval. A difference is after minus before: paired where all drafts are in both rounds, "
    "independent where none is, partly paired otherwise. Marked: flagged before.",
)
panels.section("Notes")
panels.notes(made.notes)
with st.container(horizontal=True):
    for name in dict.fromkeys((before, after)):
        panels.link("agreement", f"Agreement of {name}", round=name)
