"""Findings: one draft with what the rubric's checks find in it, for the lead, once its round is closed."""

import streamlit as st

from ui.base import choice_boxes, panels
from ui.base.session import messages, round_in_hand, signed_in, store
from ui.rounds import shown_round
from ui.scorer import findings
from workflow.rounds import rounds
from workflow.scorer import scoring

person, engine = signed_in.require_person(), store.engine()
here = round_in_hand.current().round
most = findings.LISTED + 1  # so that a part is known from all of them
of_round = scoring.drafts_with_findings(engine, here.id, most) if here and not here.is_open else []
drafts = of_round or scoring.drafts_with_findings(engine, most=most)
is_part, drafts = len(drafts) > findings.LISTED, drafts[: findings.LISTED]
asked, version = st.query_params.get("draft", ""), st.query_params.get("rubric", "")

if not drafts and not asked:
    panels.empty(
        "No draft has been in a closed round yet, so there are no findings to show.",
        "What the checks find is shown when a draft’s round is closed, so that everyone labels blind.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()
if not asked:
    shown_round.of_page("findings", rounds.closed_names(engine))

top = st.container()  # where things stand comes first, above the boxes that ask for another draft
if is_part:
    of = next((each for each in rounds.all_rounds(engine) if of_round and here and each.name == here.name), None)
    findings.left_out(drafts, of)
left, right = st.columns([10, 11], gap="medium", vertical_alignment="bottom")
options = drafts if asked in drafts or not asked else [asked, *drafts]
draft = left.selectbox("Draft", options, index=options.index(asked) if asked else 0)
made = messages.attempt(scoring.findings_of, person, engine, draft, version if draft == (asked or draft) else "")
if made is None:
    with top:
        panels.heading("Findings", f"{draft} cannot be shown under {version}." if version else f"{draft} cannot be shown.")
        panels.wrong(*messages.refusal())
    for each in scoring.versions_to_score_by(engine)[:4] if version else ():
        panels.link("findings", f"Under {each}", draft=draft, rubric=each)
    st.stop()
versions = scoring.versions_to_score_by(engine, made.version.rubric.name)
with right:
    chosen = st.selectbox("Rubric version", versions, key=f"version-{draft}-{made.version.rubric.name}")
if chosen != made.version.rubric.name:
    made = panels.read("Findings", scoring.findings_of, person, engine, draft, chosen)
st.query_params["draft"], st.query_params["rubric"] = draft, chosen  # a copied link shows this, a refresh too

rubric, score = made.version.rubric, made.score
with top:
    panels.heading(f"Findings in {made.draft_id}", made.sentence, is_sample=made.is_sample)
if made.version.note:
    panels.notes([made.version.note])
titles = {each.key: each.title for each in rubric.dimensions}
every, asked = {"": "All dimensions", **titles}, st.query_params.get("dimension", "")
key = choice_boxes.one_of("Dimension", every, f"dimension-{draft}-{chosen}", asked=asked)
st.query_params["dimension"] = key
found = findings.numbered(score, rubric, key)
left, right = st.columns([10, 11], gap="medium")
with left, st.container(key="reading-findings"):
    findings.draft(made, found)
with right:
    findings.levels(score, titles, key, draft=draft, rubric=chosen)
    findings.listed(found, titles)
    if not found:
        panels.text("No check matched" + (f" for {titles[key]}." if key else "."), quiet=True)
    findings.numbers(made)
