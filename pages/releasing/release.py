"""Release: gold that leaves as a folder complete by itself, by which rules, with the questions that only people can answer."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, signed_in, store
from ui.releasing import datasheet_form, release_form, release_list
from ui.rounds import shown_round
from workflow.gold import gold
from workflow.people.team_mode import is_team
from workflow.releasing import choices, releases
from workflow.rounds import rounds
from workflow.rubric import outdated_labels

person, engine = signed_in.require_person(), store.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.empty(
        "No release yet",
        "No round is closed. A release holds the gold of closed rounds, with everything needed to check it.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = shown_round.of_page("release", closed)
found = gold.gold_counted(person, engine, name, leaves=True)
panels.heading(
    f"Release of {name}",
    f"{many(found.settled, 'cell')} settled, {many(found.waiting, 'cell')} waiting. A release is a folder that checks itself: "
    "labels, decisions, gold, rubric, agreement, a datasheet.",
    is_sample=found.round.is_sample,
)
panels.notes(
    panels.sentence_case(each) + "." for each in outdated_labels.outdated_in(engine, found.rubric, found.round.dimensions)
)
if found.round.held_back > found.round.sealed:
    panels.text(f"{found.round.left_out}. It can be released by someone who labels none of its drafts again.", quiet=True)
    release_list.table(releases.all_releases(person, engine))
    st.stop()

panels.section("What leaves")
if found.round.sealed:
    panels.text(f"{found.round.left_out}. Nothing of a sealed draft leaves before its keeper opens it.")
if compared := choices.choices_to_leave(person, engine, name):
    panels.text(compared)
asked = release_form.asked(found, name)
pressed = st.button("Make the release" if is_team() else "Release gold", type="primary")
made, archive = release_form.make(person, engine, asked) if pressed else (None, None)
if made:
    messages.report(release_form.told_of(made))
if messages.last_verb() != "answer":
    panels.outcome()
if made:
    release_form.taken_away(made, archive)

given = datasheet_form.ask(releases.answers(person, engine))
if given is not None and messages.attempt(releases.answer, person, engine, given) is not None:
    messages.report("The answers are kept; the next release has them.")
    st.rerun()
if messages.last_verb() == "answer":
    panels.outcome()
release_list.table(releases.all_releases(person, engine))
