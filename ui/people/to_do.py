"""What is somebody's to do, on the home page: a box a round, with the links that do it."""

from collections.abc import Sequence

import streamlit as st

from touchstone.english import day, listed, many
from ui.base import panels
from ui.rounds import progress
from workflow.people.next_step import Labelling, Lead, Step, ToDo
from workflow.projects.projects import WaitingElsewhere
from workflow.rounds.rounds import Round

NO_FIGURE = "no agreement is defined: too few drafts have two labels"
OPEN, MORE = ("rounds", "Open a round"), ("import_tasks", "Import more")
NEXT = {  # where each kind of step is done, and what lies beside it
    "none": [("my_labels", "My labels")],
    "label": [("label", "Go on labelling")],
    "compare": [("compare_drafts", "Compare drafts")],
    "compared": [("preferences", "Close the comparison round")],
    "import": [("import_tasks", "Import"), ("new_rubric", "New rubric")],
    "open": [OPEN, ("new_rubric", "New rubric"), MORE],
    "close": [("rounds", "Close the round")],
    "read": [("agreement", "Read its agreement")],
    "cells": [("adjudicate", "Adjudicate")],
    "gold": [("gold", "Export gold")],
    "wait": [("rounds", "See how far they are")],
    "measure": [("rubrics", "Open a round under it")],
    "publish": [("rubrics", "Publish it")],
    "write": [("next_version", "Go on writing")],
    "revise": [("revision", "Revise the rubric")],
    "exported": [OPEN, MORE],
}


def next_step(step: Step) -> None:
    """The one step that comes next, as a button; what it is done with goes with its address."""
    in_round = step.kind not in ("exported", "write")
    query = {"round": step.round if in_round else "", "rubric": step.rubric if step.kind != "revise" else ""}
    query["comparison"] = step.comparison
    panels.links(NEXT[step.kind], **{key: value for key, value in query.items() if value})


def elsewhere(waiting: Sequence[WaitingElsewhere]) -> None:
    """That drafts or pairs wait for the person in other projects, with the way there."""
    for each in waiting:
        drafts, pairs = many(each.drafts, "draft"), many(each.pairs, "pair of drafts", "pairs of drafts")
        told = listed([words for words, number in ((drafts, each.drafts), (pairs, each.pairs)) if number])
        with st.container(horizontal=True, vertical_alignment="center"):
            panels.text(f"{told} {'is' if each.drafts + each.pairs == 1 else 'are'} waiting for you in {each.project}.")
            panels.link("home", "Go there", project=each.project)


def of_sample(open_rounds: Sequence[Round]) -> None:
    """What a sample is, for who is not of it, and under which names its open rounds are labelled."""
    ways = [f"for {each.name} as {listed([mine.name for mine in each.progress], 'or')}" for each in open_rounds]
    panels.text(
        "This is a sample: made-up drafts to try things out. "
        + (f"To label them, sign out and sign in: {listed(ways, 'or')}. " if ways else "")
        + "Your own work goes into a project of its own.",
        quiet=True,
    )
    panels.link("projects", "Begin a project of your own")


def first_steps(todo: ToDo) -> None:
    """What leads from an empty project to its first round: each with the page it is done on, those behind one struck out."""
    steps = (
        ("import_tasks", "Import tasks and drafts", bool(todo.drafts)),
        ("new_rubric", "Make the rubric, or open the round under one that is there", bool(todo.rubric)),
        ("people", "Add the people who label: two or more", todo.people > 1),
        ("rounds", "Open a round: its rubric is the project’s from then on", False),
    )
    panels.section("First steps")
    for number, (page, words, is_done) in enumerate(steps, start=1):
        panels.link(page, f"{number}. {words}" + (" – done" if is_done else ""))
    panels.text("Each annotator labels alone, and agreement is reported once the round is closed.", quiet=True)


def to_label(labelling: Labelling) -> None:
    """A round somebody labels in: how far they are, and where they go on."""
    round_, mine = labelling.round, labelling.mine
    delivered = mine.saved + mine.skipped
    practice = f", {mine.practice:,} for practice first" if mine.practice else ""
    words = f"{delivered:,} of {mine.total:,}{practice}" if labelling.left else f"all {mine.total:,} done"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"mine-{round_.id}"):
        progress.of_annotators([(round_.name, delivered / mine.total if mine.total else 1.0, words)])
        if labelling.left:
            panels.link("label", "Label", round=round_.name)
        panels.link("my_labels", "My labels", round=round_.name)


def to_compare(name: str, left: int) -> None:
    """A comparison round somebody has a seat in: how many pairs wait for them, and where they go on."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"comparing-{name}"):
        panels.text(f"{name}: {many(left, 'pair')} of drafts to compare." if left else f"{name}: every pair compared.")
        panels.link("compare_drafts", "Compare drafts" if left else "See your choices", comparison=name)


def to_lead(lead: Lead, held_back: str) -> None:
    """A round to lead: where it stands, and what is next with it. `held_back`: that nothing of it can be told, and until when."""
    round_ = lead.round
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"lead-{round_.id}"):
        if round_.is_open:
            owed = [f"{mine.name} {mine.waiting:,}" for mine in round_.progress if mine.waiting]
            panels.text(
                f"{round_.name}: open, {many(round_.drafts, 'draft')}. "
                + (f"Still to label: {listed(owed)}." if owed else "Everyone is done: it can be closed.")
            )
            panels.link("rounds", "Close it" if lead.can_close else "Progress", round=round_.name)
        else:
            _closed(lead, held_back)


def _closed(lead: Lead, held_back: str) -> None:
    round_ = lead.round
    when = f"closed {day(round_.closed_at)}" if round_.closed_at else "closed"
    if round_.is_unread or not round_.has_gold:
        panels.text(f"{round_.name}: " + "; ".join(words for words in (round_.purpose, when, lead.state) if words) + ".")
        panels.link("agreement", "Agreement", round=round_.name)
        return
    if held_back:
        panels.text(f"{round_.name}: {when}; {held_back}.")
        return
    words = f"flagged: {listed(lead.flagged)}" if lead.flagged else "no dimension flagged" if lead.has_figures else NO_FIGURE
    panels.text("; ".join([f"{round_.name}: {when}", words, lead.state or "nothing settled"]) + ".")
    panels.link("agreement", "Agreement", round=round_.name)
    if lead.cells_waiting:
        panels.link("adjudicate", "Adjudicate", round=round_.name)
    elif lead.ready:
        panels.link("gold", "Gold" if lead.exported else "Export gold", round=round_.name)
