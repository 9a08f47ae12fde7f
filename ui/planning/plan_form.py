"""What a plan rests on, as its page asks for it: a pilot or an assumption, the question, and the figure that is wanted."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from ui.base.session.round_in_hand import InHand
from workflow.planning import plan as planning

QUESTIONS = {"threshold": "Exceed a threshold", "half_width": "Reach a half-width"}

Pilot = tuple[str, str]  # ("round" or "set", its name); ("", "") for none


class Assumption(NamedTuple):
    """A true kappa and what it is a kappa of, as typed."""

    kappa: float
    levels: list[str]
    marginals: str
    weights: str


def pilots(here: InHand) -> tuple[list[Pilot], Pilot]:
    """What a plan may rest on: nothing yet, the round in hand once it is closed, a label set; and what it is asked to rest on."""
    found = here.round
    closed = [("round", found.name)] if found and not found.is_open else []
    asked = ("set", here.label_set) if here.label_set else ("round", found.name) if found else ("", "")
    return [("", ""), *closed, *(("set", name) for name in here.sets)], asked


def why_not(here: InHand, there: Sequence[Pilot]) -> str:
    """Why the plan does not rest on what is in hand; "" where it does, and where nothing is in hand."""
    assumed = "the plan is based on the assumptions made here."
    if here.label_set:
        return "" if ("set", here.label_set) in there else f"There is no label set “{here.label_set}”: {assumed}"
    if here.round and here.round.is_open and (here.is_chosen or any(not each.is_open for each in here.there)):
        return f"{here.round.name} is open, so it cannot be a pilot yet: {assumed}"
    return "" if any(not each.is_open for each in here.there) else f"No round is closed yet, so there is no pilot: {assumed}"


def pilot(there: Sequence[Pilot], asked: Pilot) -> Pilot:
    """The pilot that is asked for, else none."""
    place = there.index(asked) if asked in there else 0
    return st.selectbox("Pilot", there, index=place, format_func=_title, width=360)


def _title(pilot: Pilot) -> str:
    kind, name = pilot
    return name + (" (label set)" if kind == "set" else "") if name else "No pilot yet"


def as_the_verb_takes_it(pilot: Pilot) -> dict[str, str]:
    kind, name = pilot
    return {"round_name" if kind == "round" else "label_set": name}


def question() -> str:
    return st.segmented_control(
        "Question", list(QUESTIONS), default="threshold", format_func=QUESTIONS.__getitem__, required=True, width=340
    )


def wanted(question: str, pilot: Pilot, usual: float | None) -> float:
    """The threshold that is to be shown, `usual` to begin with, or the half-width that is to be reached. The boxes have no
    ends: what cannot be is refused with what may be, where a box would only turn red and hand over what it had before."""
    if question == "threshold":
        begins = min(max(usual or 0.8, 0.05), 0.99)
        return st.number_input("Threshold", value=begins, step=0.05, width=160, key=f"threshold-{pilot[0]}-{pilot[1]}")
    return st.number_input("Half-width", value=0.05, step=0.01, width=160)


def assumption() -> Assumption:
    with st.container(horizontal=True, vertical_alignment="top"):
        kappa = st.number_input("True kappa, assumed", value=0.85, step=0.05, width=200)
        levels = st.text_input("Levels in order", "0,1,2,3", width=200)
        marginals = st.text_input("Share of each level", placeholder="equal", width=260, help="Such as .1,.2,.3,.4, summing to 1")
        weights = st.selectbox("Weights of kappa", planning.WEIGHTS, width=200)
    return Assumption(kappa, [level.strip() for level in levels.split(",") if level.strip()], marginals, weights)
