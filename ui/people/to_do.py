"""What is somebody's to do, on the home page: a box a round, with the links that do it."""

from collections.abc import Sequence

import streamlit as st

from touchstone.english import day, listed, many
from ui.base import panels
from ui.rounds import progress
from workflow.people.home import Labelling, Lead
from workflow.rounds.rounds import Round

RUBRICS = ("rubrics", "Read the rubrics")
OPEN, IMPORT = ("rounds", "Open a round"), ("import_tasks", "Import tasks and drafts")
NEXT = {  # where each kind of step is done, and what lies beside it; labels are given right below
    "import": [IMPORT, RUBRICS],
    "open": [OPEN, RUBRICS, ("import_tasks", "Import more")],
    "close": [("rounds", "Close the round")],
    "cells": [("adjudicate", "Adjudicate")],
    "gold": [("gold", "Export gold")],
    "exported": [OPEN, ("import_tasks", "Import more")],
}


def of_sample(open_rounds: Sequence[Round]) -> None:
    """What the sample is, for who is not of it, and under which names its open rounds are labelled."""
    ways = [f"for {each.name} as {listed([mine.name for mine in each.progress], 'or')}" for each in open_rounds]
    panels.text(
        "Made-up drafts to try things out. "
        + (f"To label them, sign out and sign in: {listed(ways, 'or')}. " if ways else "")
        + "What you import yourself is kept separate.",
        quiet=True,
    )


def to_label(labelling: Labelling, mark: str) -> None:
    """A round somebody labels in: how far they are, and where they go on. `mark` stands behind its name."""
    round_, mine = labelling.round, labelling.mine
    delivered = mine.saved + mine.skipped
    practice = f", {mine.practice} for practice first" if mine.practice else ""
    words = f"{delivered} of {mine.total}{practice}" if labelling.left else f"all {mine.total} done"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"mine-{round_.id}"):
        progress.of_annotators([(round_.name + mark, delivered / mine.total if mine.total else 1.0, words)])
        if labelling.left:
            panels.link("label", "Label", icon=":material/edit:", round=round_.name)
        panels.link("my_labels", "My labels", round=round_.name)


def to_lead(lead: Lead, mark: str) -> None:
    """A round to lead: where it stands, and what is next with it."""
    round_ = lead.round
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"lead-{round_.id}"):
        if round_.is_open:
            owed = [f"{mine.name} {mine.waiting}" for mine in round_.progress if mine.waiting]
            panels.text(
                f"{round_.name}{mark}: open, {many(round_.drafts, 'draft')}. "
                + (f"Still to label: {listed(owed)}." if owed else "Everyone is done: it can be closed.")
            )
            panels.link("rounds", "Close it" if lead.can_close else "Progress", round=round_.name)
        else:
            _closed(lead, mark)


def _closed(lead: Lead, mark: str) -> None:
    round_ = lead.round
    when = f"closed {day(round_.closed_at)}" if round_.closed_at else "closed"
    if not round_.has_gold:
        panels.text(f"{round_.name}{mark}: {round_.purpose}, {when}.")
        panels.link("agreement", "Agreement", round=round_.name)
        return
    words = f"flagged: {listed(lead.flagged)}" if lead.flagged else "no dimension flagged"
    panels.text("; ".join([f"{round_.name}{mark}: {when}", words, lead.state or "nothing settled"]) + ".")
    panels.link("agreement", "Agreement", round=round_.name)
    if lead.cells_waiting:
        panels.link("adjudicate", "Adjudicate", round=round_.name)
    elif lead.ready:
        panels.link("gold", "Gold" if lead.exported else "Export gold", round=round_.name)
