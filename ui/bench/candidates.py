"""The page of candidates, laid out: which wait, one of them as it would be shown, and the two buttons."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.english import listed, many
from ui.base import navigation, panels
from ui.base.session import messages
from workflow.bench import candidates, from_drafts
from workflow.bench.candidates import Candidate
from workflow.people.people import Person

HOW = {"drafts": "from a failed draft", "synthesis": "by models"}


def sentence(found: Sequence[Candidate]) -> str:
    waiting = sum(each.verdict is None for each in found)
    decided = len(found) - waiting
    return f"{many(waiting, 'candidate')} {'waits' if waiting == 1 else 'wait'} for a sign-off, {decided:,} decided."


def table(found: Sequence[Candidate]) -> None:
    """A row a candidate: its id leads to it."""
    panels.table(
        ("Candidate", "begins", "made", "failed on", "state"),
        [
            [each.task_id, each.begins or "–", HOW.get(each.method, each.method), listed(each.failed) or "–", each.state]
            for each in found
        ],
        links=[navigation.address("candidates", candidate=each.task_id) for each in found],
        whole=(0,),
        prose=(1,),
        caption="Each id leads to the candidate. Nothing becomes a task before somebody has read it.",
    )


def one(each: Candidate, person: Person, engine: sa.Engine) -> None:
    """A candidate as annotators would see it, what was replaced, what to look at, and the sign-off."""
    if each.failed:
        panels.text(f"Its draft failed on {listed(each.failed)}.")
    for title, text in each.fields:
        panels.section(title, is_name=True)
        panels.text(text)
    if each.draft:
        panels.section("The draft that failed")
        panels.text("It stays here: the task alone becomes part of the benchmark.", quiet=True)
        panels.text(each.draft)
    if each.verdict is not None:
        why = f": {each.reason}" if each.reason else ""
        panels.text(f"It was {each.state}{why}.")
        return
    panels.section("Sign off")
    if kinds := each.about.get("kinds"):
        panels.text(f"Replaced: {from_drafts.told_of(kinds)}.")
    if look_at := each.about.get("look_at"):
        panels.notes([f"Look at these, which nothing replaced: {', '.join(look_at)}."])
    names = st.text_input(
        "Further names to replace, by commas", key=f"names-{each.task_id}", help="Each is replaced wherever it stands."
    )
    reason = st.text_input("Why not, to turn it down", key=f"reason-{each.task_id}")
    with st.container(horizontal=True):
        if st.button("It is a task", type="primary"):
            more = names.split(",")
            if messages.attempt(candidates.sign_off, person, engine, each.task_id, more_names=more):
                messages.report(f"{each.task_id} is a task now.")
            st.rerun()
        if st.button("Turn it down"):
            if messages.attempt(candidates.turn_down, person, engine, each.task_id, reason):
                messages.report(f"{each.task_id} was turned down.")
            st.rerun()
