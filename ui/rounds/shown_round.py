"""The round that a page shows: the one in hand; where the page cannot show it, one sentence on why, and the ways out of that."""

from collections.abc import Sequence

import streamlit as st

from ui.base import navigation, panels
from ui.base.session import round_in_hand
from workflow.rounds.in_hand import RoundInShort

MOST_OFFERED = 8  # other rounds


def of_page(page: str, can_show: Sequence[str], title: str = "") -> str:
    """The name of the round in hand, where it is among those that the page (the name of its file) can show; else why it is not,
    with links to what can be done, and the page ends. `can_show`: their names, the newest first."""
    here = round_in_hand.current()
    if here.round and here.round.name in can_show:
        return here.round.name
    title = title or navigation.TITLES[page]
    panels.heading(title, why_not(page, here.round) if here.round else "Choose a round.")  # why, stands above
    panels.outcome()
    with st.container(horizontal=True, key="onward"):
        if here.round:
            _ways_out(page, title, here.round, can_show)
        for project in here.elsewhere:
            panels.link(page, f"Go to {project}", project=project, round=st.query_params["round"])
        rest = [each for each in can_show if here.round is None or each != here.round.of_round]
        for name in rest[:MOST_OFFERED]:
            panels.link(page, f"{title} of {name}", round=name)
        if not rest:
            panels.link("home", "Home")
    st.stop()


def why_not(page: str, found: RoundInShort) -> str:
    """Why a page does not show a round that is there."""
    if page in ("label", "my_labels"):
        return (
            f"You label nothing in {found.name}."
            if not found.mine
            else f"{found.name} is closed: its labels are final, and nothing is left to label in it. Choices that were not saved "
            "were not counted."
        )
    if found.is_open:
        return f"{found.name} is open: its labels stay hidden until it is closed, so that everyone labels blind."
    return f"{found.name} is a {found.state}: its labels are never gold, and there is nothing in it to adjudicate."


def _ways_out(page: str, title: str, found: RoundInShort, can_show: Sequence[str]) -> None:
    if page in ("label", "my_labels"):
        if found.mine:
            panels.link("my_labels", f"My labels in {found.name}", round=found.name)
        return
    if found.is_open:
        panels.link("rounds", f"See how far {found.name} is, and close it", round=found.name)
        if found.waits:
            panels.link("label", f"Label {found.name}", round=found.name)
    elif found.of_round and found.of_round in can_show:
        panels.link(page, f"{title} of {found.of_round}", round=found.of_round)
