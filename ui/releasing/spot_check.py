"""The page Spot check: how it stands, the next cell, and drawing one."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import panels, task_and_draft
from ui.base.session import messages
from workflow.people.people import Person
from workflow.releasing import spot_checks
from workflow.releasing.spot_checks import SpotCheck, ToCheck

MOST = 1_000


def standing(checks: Sequence[SpotCheck]) -> None:
    """A row a spot check; nothing where there is none."""
    if checks:
        panels.table(
            ("Spot check", "by", "cells drawn", "still to check", "error rate of agreed cells"),
            [
                (f"{place}, seed {each.seed}", each.checker, f"{each.drawn:,}", f"{each.left:,}", each.rate.in_words())
                for place, each in enumerate(checks, start=1)
            ],
            numbers=(2, 3),
            prose=(4,),
            caption="With the 95 % interval for all agreed cells (Wilson, corrected for drawing from so many). A cell counts as "
            "wrong until somebody decides that its labels were right.",
        )


def draw(person: Person, engine: sa.Engine, name: str) -> None:
    """How many cells to draw, and the seed."""
    panels.text(
        "Somebody who did not label draws agreed cells at random and labels them again, without seeing their labels: that gives "
        "the error rate of gold. A cell that gets another level returns to adjudication.",
        quiet=True,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cells = st.number_input("Cells", 1, MOST, 50, width=140)
        seed = st.number_input("Seed", 0, spot_checks.MOST_SEED, 1, width=140, help="The same seed draws the same cells")
        if st.button("Draw a spot check"):
            made = messages.attempt(spot_checks.draw_spot_check, person, engine, name, int(cells), int(seed))
            if made:
                messages.report(f"{many(made.drawn, 'cell')} drawn.")
                st.rerun()


def check(person: Person, engine: sa.Engine, name: str, cell: ToCheck) -> None:
    """The next cell: the draft, the question, a level to choose."""
    task_and_draft.task_and_draft(cell.fields, cell.text)
    dimension = cell.dimension
    with st.form(f"check-{cell.draft_id}-{dimension.key}", border=False):
        level = st.radio(
            panels.literal(f"{dimension.title}: {dimension.question}"),
            dimension.values,
            index=None,
            format_func=lambda value: panels.literal(dimension.in_words(value)),
        )
        reason = st.text_input("Why (optional)", max_chars=500)
        if st.form_submit_button("Give this level", type="primary"):
            if level is None:
                messages.clear()
                messages.refuse("a check needs a level; choose one")
            else:
                same = messages.attempt(spot_checks.check_cell, person, engine, name, cell.draft_id, dimension.key, level, reason)
                if same is not None:
                    messages.report("The labels say the same." if same else "The labels say otherwise: it waits for a decision.")
            st.rerun()
