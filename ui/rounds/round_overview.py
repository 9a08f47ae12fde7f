"""A round on its lead's page: where it stands, what is asked about its drafts, and what can be done with it."""

from collections.abc import Sequence

import streamlit as st

from touchstone.english import day, many
from ui.base import navigation, panels
from ui.rounds import progress
from workflow.rounds.closing import Reopening
from workflow.rounds.rounds import Queried, Round


def where_it_stands(round_: Round, queries: Sequence[Queried], reopenings: Sequence[Reopening]) -> None:
    """Its name, what is in it, how far each annotator is, closings that were taken back, and the drafts that someone should look
    at."""
    panels.section(round_.name + (" (sample)" if round_.is_sample else ""), is_name=True)
    when = f"closed {day(round_.closed_at)}" if round_.closed_at else f"open since {day(round_.opened_at)}"
    panels.text(
        (f"{round_.purpose}; " if round_.purpose else "")
        + f"{when}, {round_.rubric} ({round_.rubric_digest[:12]}), {many(round_.drafts, 'draft')}, "
        + many(len(round_.dimensions), "dimension")
        + (f"; {plan.in_words()} planned" if (plan := round_.plan) else "")
        + (f"; closed early: {round_.early_reason}" if round_.early_reason else "")
        + (f"; {round_.left_out}" if round_.left_out else ""),
        quiet=True,
    )
    for each in reopenings:
        panels.text(
            f"Closed {day(each.closed_at)}; reopened {day(each.reopened_at)} by {each.by}, before anybody had read its labels.",
            quiet=True,
        )
    progress.of_annotators(
        (
            mine.name,
            (mine.saved + mine.skipped) / mine.total if mine.total else 1.0,
            f"{mine.saved + mine.skipped:,} of {mine.total:,}" + (f", {mine.skipped:,} skipped" if mine.skipped else ""),
        )
        for mine in round_.progress
    )
    if queries:
        panels.table(
            ("Draft", "Annotator", "Query"),
            [(row.draft_id, row.annotator, row.note) for row in queries],
            links=[navigation.address("drafts", round=round_.name, draft=row.draft_id) for row in queries],
            caption="Someone should look at these; each id leads to its draft",
        )


def links(round_: Round) -> None:
    """Where a round leads: its drafts; a closed one to its agreement and gold, too."""
    with st.container(horizontal=True):
        panels.link("drafts", "Drafts", round=round_.name)
        if not round_.is_open:
            panels.link("agreement", "Agreement", round=round_.name)
        if not round_.is_open and round_.has_gold:
            panels.link("adjudicate", "Adjudicate", round=round_.name)
            panels.link("gold", "Gold", round=round_.name)
