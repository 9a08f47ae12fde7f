"""What a gate said so far, and how it was switched."""

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.figure import Figure, in_words
from touchstone.english import day, listed, many
from ui.base import panels
from ui.base.session import messages
from workflow import clock
from workflow.gate.figures import GateFigures, gate_figures
from workflow.gate.policies import ProjectGate, last_switch
from workflow.people.people import Person

EVERY = 10  # seconds
MOVED = {True: "moved", False: "steady", None: "too few to say"}


@st.fragment(run_every=EVERY)
def live(person: Person, engine: sa.Engine, switched: int) -> None:
    """The figures, asked for again every few seconds while somebody looks. `switched`: the number of the last switch that the
    page shows; after another one all of it is drawn again, so that it never says of a gate what it no longer is."""
    if last_switch(person, engine) != switched:
        messages.clear()  # what was done here is no longer how it stands
        st.rerun()
    if found := gate_figures(person, engine):
        _figures(found)


def _figures(found: GateFigures) -> None:
    panels.section(f"What {found.policy} said")
    panels.text(
        f"{many(found.decided, 'draft')} decided on by {clock.now():%H:%M:%S} UTC, of which people overrode {found.overridden:,}"
        + (f": {_rate(found.override_rate)}." if found.decided else ". Nothing has come yet.")
    )
    if not found.decided:
        return
    panels.table(
        ("Decision", "Drafts", "Share", "Enforced", "Overridden", "Override rate"),
        [
            (
                each.decision,
                f"{each.number:,}",
                _rate(each.share),
                f"{each.enforced:,}",
                f"{each.overridden:,}",
                _rate(each.override_rate) if each.number else "–",
            )
            for each in found.by_decision
        ],
        numbers=(1, 2, 3, 4, 5),
        caption="Decisions, with 95 % intervals. What people did not look at counts as not overridden",
    )
    if found.by_reason:
        panels.table(
            ("Reason", "Drafts", "Share"),
            [(each.key, f"{each.number:,}", _rate(each.share)) for each in found.by_reason],
            numbers=(1, 2),
            caption="Reasons that held drafts up, alone or with others",
        )
    panels.section("Whether it moved")
    panels.text(found.drift.sentence)
    panels.table(
        ("Seven days to", "Drafts", "Held up", "Share"),
        [(day(each.until), f"{each.decided:,}", f"{each.held:,}", _rate(each.share)) for each in found.drift.weeks],
        numbers=(1, 2, 3),
        caption="Drafts held up (review or block), by week",
    )
    panels.text(found.drift.by_day)
    with st.expander("Day by day"):
        panels.table(
            ("Day", "Drafts", "Held up", "Share", "Against the seven days before"),
            [
                (day(each.day), f"{each.decided:,}", f"{each.held:,}", _rate(each.share), MOVED[each.moved])
                for each in found.drift.days
            ],
            numbers=(1, 2, 3),
            caption="Drafts held up by day (UTC). A day moved where it differs at 1 − .05/14, as fourteen are looked at",
        )


def _rate(figure: Figure) -> str:
    return in_words(figure) if figure.value is not None else "–"


def conditions(found: ProjectGate) -> None:
    """What holds a draft up by the policy in use, and what a judge can do there."""
    panels.section("What holds a draft up")
    panels.table(
        ("Then", "When"),
        found.conditions,
        prose=(1,),
        caption=f"The strictest that holds decides; a draft that none holds up passes. An error leads to {found.on_error}",
    )
    if found.judges:
        panels.text(
            f"The gate does not ask {listed([f'the judge {each}' for each in found.judges])} itself: the program that brings a "
            "draft sends along how likely a judge says it is to pass, from 0 to 1. A judge only makes a decision stricter: it "
            "never passes what the scorer holds up, and a draft for which it says nothing goes to review.",
            quiet=True,
        )


def history(found: ProjectGate) -> None:
    """The policies, and how the gate was switched."""
    panels.table(
        ("Policy", "Rubric", "Published", "By", "Digest"),
        [(each.name, each.rubric, day(each.published_at), each.person, each.digest[:12]) for each in found.policies],
        caption="Policies: a version never changes",
    )
    panels.table(
        ("Switched", "Policy", "Mode", "By", "Why"),
        [(f"{each.switched_at:%d %b %Y %H:%M} UTC", each.policy, each.mode, each.person, each.reason) for each in found.switches],
        caption="How it was switched, the latest first",
        prose=(4,),
    )
