"""A draft that somebody has delivered, with what they gave it, to read."""

from collections.abc import Sequence

import streamlit as st

from touchstone.english import day
from ui.base import panels
from ui.base.task_and_draft import task_and_draft
from ui.labelling import feedback
from workflow.labelling.feedback import Told
from workflow.labelling.own_labels import OwnLabels


def show(one: OwnLabels, told: Sequence[Told]) -> None:
    """The task and the draft, the labels beside them, and the gold where it may be seen."""
    desk = one.desk
    name = f"{'Practice draft' if desk.is_practice else 'Draft'} {desk.position} of {desk.round_name}"
    panels.heading(name, _sentence(one), is_sample=desk.is_sample)
    panels.link("my_labels", "Back to my labels", round=desk.round_name)
    left, right = st.columns([10, 11], gap="medium")
    with left, st.container(key="reading-case"):
        task_and_draft(desk.fields, desk.text)
    with right:
        if desk.choices:
            panels.table(
                ("Dimension", "your level", "its anchor"),
                [
                    (each.title, str(level := desk.choices[each.key]), each.level(level).anchor)
                    for each in desk.dimensions
                    if each.key in desk.choices
                ],
                prose=(2,),
                caption="What you gave",
            )
        feedback.table(told)
        for title, words in (("Your note", desk.note), *(("You asked", each) for each in one.queries)):
            if words:
                panels.text(f"{title}: “{words}”")


def _sentence(one: OwnLabels) -> str:
    if one.held_back:
        return "You are labelling this draft again in an open round, so what you gave it here is held back."
    if one.desk.state == "skipped":
        return f"You skipped it on {day(one.delivered_at)}: {one.desk.skip_reason}"
    final = "" if one.desk.is_open else "; the round is closed, so your labels are final"
    return f"You labelled it on {day(one.delivered_at)}{final}."
