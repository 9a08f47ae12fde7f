"""From a rubric file to a published version, and from there to the round that measures it."""

import sqlalchemy as sa
import streamlit as st

from touchstone.english import day, listed, many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from ui.base import navigation, panels
from ui.base.session import messages, round_in_hand, tab
from ui.rubric.titles import title_of
from workflow.people import people
from workflow.people.people import Person
from workflow.rounds import rounds
from workflow.rubric import next_round, versions


def publish(person: Person, engine: sa.Engine, rubric: Rubric, *, is_published: bool) -> None:
    """Why the version was published; where no reason was recorded yet, the form that does it."""
    found = versions.publication(person, engine, rubric.name)
    if found is not None:
        _record(found, rubric)
        return
    closed = next_round.rounds_before(engine, rubric.name)
    if is_published and not closed:
        return  # a first version, published by its first round: there was no meeting to record
    asked = st.query_params.get("meeting", "")
    doing = "Record why" if is_published else "Publish"
    with st.expander(
        f"{doing} {panels.literal(rubric.name)}" + (" was published" if is_published else ""),
        expanded=messages.last_verb() == "publish" or asked in closed,
        icon=":material/publish:",
    ):
        if closed:
            meetings = ["", *closed]  # none unless the link from a meeting, or the person, says which
            st.selectbox(
                "After the meeting on",
                meetings,
                index=meetings.index(asked) if asked in closed else 0,
                format_func=lambda each: each or "no meeting",
                help="Its decisions are kept with the version",
                key=f"after-{rubric.name}",
            )
        st.text_area(
            "Why the rubric changes",
            key=f"why-{rubric.name}",
            height=90,
            placeholder="In a sentence or two: it is kept with the version.",
        )
        st.button(
            "Record it" if is_published else "Publish",
            type="primary",
            key=f"publish-{rubric.name}",
            on_click=_publish,
            args=(person, engine, rubric.name),
        )


def _publish(person: Person, engine: sa.Engine, name: str) -> None:
    made = messages.attempt(
        versions.publish, person, engine, name, tab.value_of(f"why-{name}") or "", round_name=tab.value_of(f"after-{name}") or ""
    )
    if made:
        messages.report(f"{made.name} is published: its file must not change from now on.")


def _record(found: versions.Publication, rubric: Rubric) -> None:
    panels.section("Why it was published")
    panels.text(found.why)
    meeting = f", after the meeting on {found.round}" if found.round else ""
    meeting = ", after a meeting in another project" if found.is_elsewhere else meeting
    panels.text(f"{found.by}, {day(found.recorded_at)}{meeting}.", quiet=True)
    if found.decisions:
        panels.table(
            ("Draft", "dimension", "decision", "by"),
            [
                (each.draft_id, title_of(rubric, each.dimension), each.words, f"{each.by}, {day(each.at)}")
                for each in found.decisions
            ],
            whole=(0,),
            links=[
                navigation.address("revision", round=found.round or "", dimension=each.dimension, draft=each.draft_id)
                for each in found.decisions
            ],
            caption="On these decisions of the meeting",
        )
    if found.held_back:
        panels.text(
            f"Decisions on {many(found.held_back, 'draft')} are left out, if there are any: you are labelling "
            f"{'it' if found.held_back == 1 else 'them'} in an open round.",
            quiet=True,
        )


def measure(person: Person, engine: sa.Engine, rubric: Rubric) -> None:
    """The blind round that measures a published version: one button, everything else as in the round before."""
    closed = next_round.rounds_before(engine, rubric.name)
    if not closed:
        return
    panels.section("Measure it")
    if messages.last_verb() == next_round.open_next_round.__name__:
        panels.outcome()
    for each in rounds.all_rounds(engine):
        if each.rubric == rubric.name:
            panels.link("rounds", f"{each.name}, {'open' if each.is_open else 'closed'}", round=each.name)
    asked = st.query_params.get("meeting", "") or st.query_params.get("round", "")
    after = (
        st.selectbox(
            "Against the round", closed, index=closed.index(asked) if asked in closed else 0, key=f"against-{rubric.name}"
        )
        if len(closed) > 1
        else closed[0]
    )
    try:
        plan = next_round.next_round(person, engine, rubric.name, after)
    except Refused as refusal:
        panels.text(panels.sentence_case(refusal.sentence) + ".")
        return
    if plan.refusal:
        panels.text(panels.sentence_case(plan.refusal) + ".")
        return
    panels.text(
        f"{listed(plan.titles)} {'differs' if len(plan.titles) == 1 else 'differ'} in words or levels from {after}. "
        f"{many(plan.fresh.drafts, 'draft')} {'is' if plan.fresh.drafts == 1 else 'are'} fresh: not used in {after} "
        f"or under {rubric.name}, and of no task that was discussed."
        + (
            f" {plan.fresh.elsewhere} of them {'is' if plan.fresh.elsewhere == 1 else 'are'} in other rounds: whoever "
            "labels there has seen them."
            if plan.fresh.elsewhere
            else ""
        )
    )
    left, right = st.columns([2, 1])
    key = f"{rubric.name}-{after}"
    left.multiselect(
        "Annotators", [each.name for each in people.everyone(engine)], default=list(plan.annotators), key=f"next-annotators-{key}"
    )
    right.number_input("Drafts", 1, plan.fresh.drafts, plan.drafts, key=f"next-drafts-{key}")
    st.button(
        f"Open the round “{panels.literal(plan.name)}”",
        type="primary",
        key=f"next-{rubric.name}",
        on_click=_open,
        args=(person, engine, rubric.name, after, plan.name),
        help="Blind, these dimensions only, assigned as in the previous round",
    )


def _open(person: Person, engine: sa.Engine, rubric: str, after: str, name: str) -> None:
    key = f"{rubric}-{after}"
    made = messages.attempt(
        next_round.open_next_round,
        person,
        engine,
        name,
        rubric=rubric,
        after=after,
        annotators=tab.value_of(f"next-annotators-{key}") or (),
        drafts=tab.value_of(f"next-drafts-{key}"),
    )
    if made:
        round_in_hand.take(made.id)
        messages.report(f"{made.name} is open: {many(made.drafts, 'draft')} for {listed(made.annotators)}.")
