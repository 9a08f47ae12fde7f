"""One draft of a round for its lead: the task and the text, who labels it, what was asked, and what it was given."""

from collections.abc import Sequence

import streamlit as st

from touchstone.data.gold import ADJUDICATED, WAITING, Cell
from touchstone.english import many
from ui.base import navigation, panels
from ui.base.task_and_draft import task_and_draft
from ui.rounds import draft_filter
from workflow.rounds.one_draft import DraftInRound, WorkOnDraft

MINE = {"saved": "You have labelled it here", "skipped": "You have skipped it here", "waiting": "It is yours to label here"}


def show(made: DraftInRound) -> None:
    round_ = made.round
    panels.heading(f"{made.draft_id} in {round_.name}", _sentence(made), is_sample=round_.is_sample)
    with st.container(horizontal=True):
        asked = {"round": round_.name, **draft_filter.in_address(draft_filter.from_address())}
        panels.link("drafts", "Back to the list", icon=None, **asked)
        if not made.held_back and not round_.is_open:
            panels.link("findings", "Findings", draft=made.draft_id)
        for cell in made.cells if made.can_decide else ():
            if len({label.value for label in cell.labels}) > 1:
                title, key = made.titles[cell.dimension], cell.dimension
                panels.link("revision", f"Revision: {title}", round=round_.name, draft=made.draft_id, dimension=key)
    left, right = st.columns([10, 11], gap="medium")
    with left, st.container(key="reading-case"):
        task_and_draft(made.fields, made.text)
    with right:
        if made.held_back:
            _held_back(made)
            return
        _given(made)
        _work(made)
        _asked(made)
        _about(made)


def _sentence(made: DraftInRound) -> str:
    if made.held_back:
        return "You label this draft in an open round, so what others did with it is held back."
    saved = sum(each.state == "saved" for each in made.work)
    stands = f"{'Practice: it does not count. ' if made.is_practice else ''}Labelled by {saved} of {len(made.work)}"
    if made.round.is_open:
        return f"{stands}; what they gave is told once the round is closed."
    return f"{stands}; the round is closed."


def _held_back(made: DraftInRound) -> None:
    mine = f"{MINE[made.mine]}. " if made.mine in MINE else ""
    panels.text(f"{mine}Who wrote it, how far others are and what was asked about it is told once that round is closed.")
    if made.mine and made.round.is_open:
        panels.link("label", "Label", round=made.round.name)
        panels.link("my_labels", "My labels", round=made.round.name)


def _given(made: DraftInRound) -> None:
    """The labels of a closed round side by side, a row a dimension, each cell that is adjudicated leading there."""
    if not made.cells:
        return
    names = list(dict.fromkeys(each.annotator for each in made.work))
    panels.table(
        ("Dimension", *names, *(["gold"] if made.can_decide else [])),
        [
            (made.titles[cell.dimension], *_levels(cell, names), *([_gold(cell)] if made.can_decide else []))
            for cell in made.cells
        ],
        names=range(1, len(names) + 1),
        marked=[place for place, cell in enumerate(made.cells) if cell.state in WAITING and made.can_decide],
        links=[_to_cell(made, cell) for cell in made.cells],
        caption="Marked: waits for a decision. A dimension leads to its cell under Adjudicate where one was or is to be decided, "
        "else to its agreement."
        if made.can_decide
        else "What each annotator gave",
    )
    notes = {each.annotator: each.note for cell in made.cells for each in cell.labels if each.note}
    for who, note in notes.items():
        panels.text(f"{who}: “{note}”")


def _levels(cell: Cell, names: Sequence[str]) -> list[str]:
    given = {each.annotator: str(each.value) for each in cell.labels}
    return [given.get(name, "–") for name in names]


def _gold(cell: Cell) -> str:
    if cell.state == ADJUDICATED and cell.decision:
        return f"{cell.value}, adjudicated: {cell.decision.reason}"
    return "waits" if cell.state in WAITING else f"{cell.value}, {cell.state}"


def _to_cell(made: DraftInRound, cell: Cell) -> str:
    if made.can_decide and cell.state in (ADJUDICATED, *WAITING):
        return navigation.address("adjudicate", round=made.round.name, draft=made.draft_id, dimension=cell.dimension)
    if not made.round.is_open:
        return navigation.address("agreement", round=made.round.name, dimension=cell.dimension, to="one-dimension")
    return ""


def _work(made: DraftInRound) -> None:
    panels.table(
        ("Annotator", "state", "when (UTC)"),
        [(each.annotator, _state(each), f"{each.delivered_at:%d %b %H:%M}" if each.delivered_at else "–") for each in made.work],
        whole=(2,),
        caption=f"To be labelled by {many(len(made.work), 'annotator')}",
    )


def _state(each: WorkOnDraft) -> str:
    if each.state == "skipped":
        return f"skipped: {each.skip_reason}"
    return "labelled" if each.state == "saved" else "opened, not labelled yet" if each.begun else "waiting"


def _asked(made: DraftInRound) -> None:
    if made.queries:
        panels.table(
            ("Annotator", "query", "when (UTC)"),
            [(each.annotator, each.note, f"{each.asked_at:%d %b %H:%M}") for each in made.queries],
            whole=(2,),
            caption="Someone should look at this",
        )


def _about(made: DraftInRound) -> None:
    """What no annotator is shown."""
    known = [("task", made.task_id), ("author", made.author or "not given"), *made.metadata]
    panels.text(
        "Not shown to annotators: " + "; ".join(f"{name}: {made.titles.get(value, value)}" for name, value in known) + ".",
        quiet=True,
    )
