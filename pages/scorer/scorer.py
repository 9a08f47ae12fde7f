"""Scorer: a rubric's checks held against the gold of a closed round and its annotators, for the lead."""

import streamlit as st

from ui.base import choice_boxes, navigation, panels
from ui.base.session import address, signed_in, store
from ui.rounds import shown_round
from ui.scorer import against_people as against
from ui.scorer import no_scoring
from workflow.rounds import rounds
from workflow.scorer import against_people, drafts_against, scoring

person, engine = signed_in.require_person(), store.engine()
closed = [each for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.empty(
        "No round is closed yet, so there are no human labels to compare the scorer with.",
        "Close a round: the levels its rubric's checks give its drafts are then compared with the human labels, "
        "beside the inter-annotator kappa.",
        [("rounds", "See the rounds"), ("rubrics", "See the rubrics")],
    )
    st.stop()

top = st.container()  # where things stand comes first, above the boxes that ask for something else
name = shown_round.of_page("scorer", [each.name for each in closed])
round_ = next(each for each in closed if each.name == name)
sizes = drafts_against.samples_of(round_.drafts)
boxes = st.columns(3 if sizes else 2)
versions = scoring.versions_to_score_by(engine, round_.rubric)
if not versions:
    with top:
        panels.empty("No rubric version has scoring yet, so there is no scorer.", no_scoring.HOW, no_scoring.WAYS)
    st.stop()
with boxes[0]:
    version = choice_boxes.pick("Rubric version", versions, "rubric")
with boxes[1]:
    cut = against.one_of("A draft is bad below", against.cuts(against_people.cuts_of_round(engine, name)), "cut", round=name)
with boxes[-1]:
    size = against.one_of("Drafts scored", sizes, "drafts", round=name) if sizes else ""
with top:
    made = against.scored(person, engine, round_, version, cut, int(size or 0))
    panels.heading(f"Scorer of {version}", made.sentence, is_sample=made.is_sample)
panels.text(against.provenance(made), quiet=True)
panels.notes(made.notes)

who = against.whom(made)
header, rows = against.table(made, who)
to = {"round": name, "rubric": version, "cut": cut, "against": who, "drafts": size}
links = [navigation.address("scorer", **to, dimension=each.key, to="one-dimension") for each in made.dimensions]
panels.table(header, rows, numbers=against.short(rows), links=links, caption=against.caption(made, who))
against.links(made)

panels.section("One dimension", place="one-dimension")
titles = {each.key: each.title for each in made.dimensions}
key = choice_boxes.one_of("Dimension", titles, f"open-{name}", asked=st.query_params.get("dimension", ""))
opened = next(each for each in made.dimensions if each.key == key)
other = opened.against(who)
left, right = st.columns([2, 3], gap="large")
cells = against.cells(other)
with right:
    chosen = against.pick_cell(made, opened, other, cells, round=name, rubric=version, against=who, dimension=key)
with left:
    against.matrix(made, opened, other, cells.get(chosen))
against.not_scorable(made, opened)
address.only(rubric=version, cut=cut, against=who, dimension=key, cell=chosen, **({"drafts": size} if size else {}))
