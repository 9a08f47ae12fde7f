"""Two sources: any two of annotators of closed rounds, gold and label sets, on the units both have."""

import streamlit as st

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import in_words
from ui.agreement import one_dimension
from ui.base import choice_boxes, panels
from ui.base.session import round_in_hand, signed_in, store
from ui.comparison import against_third, asking
from ui.comparison import two_sources as drawing
from workflow.comparison import two_sources
from workflow.comparison.source import in_plain_words, overlaps

person, engine = signed_in.require_person(), store.engine()
found = drawing.in_hand_first(two_sources.all_sources(engine), round_in_hand.current().round)

if len(found) < 2:
    panels.empty(
        "Two sources of labels are needed, and there are none yet."
        if not found
        else "A second source of labels is needed to compare with the first.",
        "A source is an annotator of a closed round, a round’s gold, or an imported label set, such as the "
        "scorer’s output or a model’s scores.",
        [("label_sets", "Import labels"), ("rounds", "See the rounds")],
    )
    st.stop()

top = st.container()  # what was found stands above the boxes that ask for it
left, right = st.columns(2)
asked = [st.query_params.get(side, "") for side in "ab"]
a = left.selectbox("First", found, index=found.index(asked[0]) if asked[0] in found else 0, format_func=in_plain_words)
others = [each for each in found if each != a and not overlaps(a, each)]
b = right.selectbox("Second", others, index=others.index(asked[1]) if asked[1] in others else 0, format_func=in_plain_words)
st.query_params.update(a=a, b=b)  # a copied link shows these two
labels = panels.read("Two sources", two_sources.labels_to_count, person, engine, a, b)
with top:
    asking.ask_before("Two sources", labels, a, b, between=f"{in_plain_words(a)}, and {in_plain_words(b)}")
kept = store.kept_pairs()
made = panels.read("Two sources", two_sources.compare_sources, person, engine, a, b, kept=kept)
with top:
    panels.heading("Two sources", made.sentence, mark=made.mark, is_sample=made.is_sample)
panels.text(f"{made.joined_in_words}.", quiet=True)
panels.notes(made.notes)
shown = [each for each in made.dimensions if each.pair]
if made.dimensions:
    panels.table(
        *drawing.sources(made),
        numbers=(1, 2, 3, 4),
        links=drawing.links(made, a, b),
        caption=f"Point estimate and 95 % interval: {made.relation}. No threshold applies.",
    )
if shown:
    titles = {each.key: each.title for each in shown}
    key = choice_boxes.one_of("Dimension", titles, f"open-{a}-{b}", asked=st.query_params.get("dimension", ""))
    st.query_params["dimension"] = key
    one, other = drawing.short_titles(a, b)
    pair = next(each.pair for each in shown if each.key == key)._replace(a=one, b=other)
    caption = f"By level: {made.relation}, {in_words(pair.figures[PERCENT])} of {pair.n:,}"
    one_dimension.level_against_level(pair, f"{a}-{b}-{key}", caption, made.a.rubric.dimension(key), mark=made.mark)
against_third.against(person, engine, a, b, found, made.notes)
