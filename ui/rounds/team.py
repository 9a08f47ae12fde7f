"""The team of a round: a line an annotator, what was changed, and the forms that change who labels what."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
import streamlit as st

from touchstone.english import day, duration, listed, many
from ui.base import panels
from ui.base.session import messages, tab
from workflow.people import people
from workflow.people.people import Person
from workflow.rounds.rounds import Round
from workflow.rounds.team import reassigning
from workflow.rounds.team.pace import PACED, Pace
from workflow.rounds.team.reassigning import Change


def in_a_sentence(found: Round, lines: Sequence[Pace]) -> str:
    """What is still owed, and how long that takes as things go."""
    left = sum(each.left for each in lines)
    if found.closed_at:
        return f"{found.name} was closed on {day(found.closed_at)}: who labelled what does not change any more."
    if not left:
        return f"Everyone is done in {found.name}: it can be closed."
    owing = [f"{each.name} {each.left:,}" for each in lines if each.left]
    slowest = max((each.days_left for each in lines if each.days_left), default=None)
    stalled = [each.name for each in lines if each.left and each.days_left is None]
    sentence = f"{many(left, 'draft')} still to label: {listed(owing)}."
    if stalled:
        return f"{sentence} Nothing came from {listed(stalled, 'or')} in the last week."
    return f"{sentence} At this pace the last is done in about {days(slowest)}." if slowest else sentence


def days(number: float) -> str:
    return "a day" if number <= 1 else many(round(number), "day")


def table(found: Round, lines: Sequence[Pace]) -> None:
    """A row an annotator."""
    panels.table(
        ("Annotator", "Done", "Still to label", "Begun", "Skipped", "Queries", "Time a draft", "Drafts a day", "Left"),
        [
            (
                each.name,
                f"{each.progress.saved + each.progress.skipped:,} of {each.progress.total:,}",
                _many(each.left) + (f", {each.progress.practice:,} for practice" if each.progress.practice else ""),
                _many(each.begun),
                _many(each.progress.skipped),
                _many(each.queries),
                duration(each.seconds) if each.seconds else "–",
                f"{each.a_day:,.1f}" if each.a_day else "–",
                _left(each) if found.is_open else "–",
            )
            for each in lines
        ],
        caption=f"Time a draft is the average of those delivered{_of_the_last(lines)}, drafts a day are those of the last week"
        + ("; what is left takes so long if it goes on like this" if found.is_open else ""),
        numbers=(4, 5),
        whole=(1, 6, 7),
    )


def _many(number: int) -> str:
    return f"{number:,}" if number else "–"


def _of_the_last(lines: Sequence[Pace]) -> str:
    """That a time is an average of part of what was delivered; "" where it is of all."""
    return f" (of the last {PACED:,} of each annotator)" if any(each.delivered > PACED for each in lines) else ""


def _left(line: Pace) -> str:
    said = [duration(line.work_left)] if line.work_left else []
    return ", ".join([*said, *([days(line.days_left)] if line.days_left else [])]) or "–"


def record(changes: Sequence[Change]) -> None:
    """What was changed while the round was open, for whoever reads its figures."""
    if changes:
        panels.section("What was changed while it was open")
        for each in changes:
            panels.text(f"{each.on_record}.", quiet=True)


def changing(person: Person, engine: sa.Engine, found: Round, lines: Sequence[Pace]) -> None:
    """The three forms. Each draft keeps as many labels as the round promised."""
    everyone = [each.name for each in people.everyone(engine)]
    nth = tab.counter("team-changed")
    panels.section("Change who labels what")
    panels.text(
        "Each draft keeps as many labels as the round promised, and nobody gets one twice. What somebody has begun stays theirs.",
        quiet=True,
    )

    def do(verb: Callable[..., Change], *args: Any, **more: Any) -> None:
        if made := messages.attempt(verb, person, engine, found.name, *args, **more):
            stay = f"; {many(made.stay, 'draft')} could not go" if made.stay else ""
            messages.report(f"{made.in_words}{stay}.")
            tab.count("team-changed")

    def reassign() -> None:
        number = tab.value_of(f"team-drafts-{nth}")
        giver, taker = tab.value_of(f"team-from-{nth}") or "", tab.value_of(f"team-to-{nth}") or ""
        do(reassigning.reassign, giver, taker, drafts=int(number) if number else None)

    def add() -> None:
        do(reassigning.add_annotator, tab.value_of(f"team-new-{nth}") or "")

    def draw() -> None:
        do(reassigning.add_drafts, int(tab.value_of(f"team-further-{nth}") or 0))

    owing = [each.name for each in lines if each.progress.waiting]
    with st.form(f"team-reassign-{nth}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Drafts from", owing, index=None, placeholder="Who has them", key=f"team-from-{nth}")
        st.selectbox("Go to", everyone, index=None, placeholder="Who gets them", key=f"team-to-{nth}")
        st.number_input("How many (empty: all that can)", 1, None, None, key=f"team-drafts-{nth}")
        st.form_submit_button("Reassign", on_click=reassign)

    out = [each for each in everyone if each not in found.annotators]
    left, right = st.columns(2, gap="large")
    with left, st.form(f"team-add-{nth}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("New annotator", out, index=None, placeholder="Who comes in", key=f"team-new-{nth}")
        st.form_submit_button("Add", on_click=add, help="With an even share of what the others have not begun")
    with right, st.form(f"team-more-{nth}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Further drafts", 1, None, None, key=f"team-further-{nth}")
        st.form_submit_button("Draw them", on_click=draw)
