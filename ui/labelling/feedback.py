"""The gold of a draft just labelled, before the next one: what a calibration with feedback after each draft shows."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.english import many
from ui.base import panels
from ui.base.markup import NOTHING, draw
from ui.base.task_and_draft import task_and_draft
from ui.labelling import current_draft
from ui.rounds import progress
from workflow.labelling.feedback import Feedback, Told, feedback_on
from workflow.people.people import Person

_go_on = st.components.v2.component(
    "touchstone_go_on",
    html='<p class="ts-keys">Enter or Ctrl+Enter: next draft</p>',
    js=(Path(__file__).parent / "feedback.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def due(person: Person, engine: sa.Engine) -> bool:
    """Draw the feedback on the draft this tab has just saved, if there is some and it was not read yet; whether it did."""
    assignment = current_draft.feedback_due()
    found = feedback_on(person, engine, assignment) if assignment else None
    if found is None:
        current_draft.feedback_read(assignment)
        return False
    with st.container(key="desk"):
        with st.container(key="progress", horizontal=True, vertical_alignment="center"):
            progress.of_annotator(found)
        with st.container(key="paper"):
            task_and_draft(found.fields, found.text)
        with st.container(key="form"):
            panels.section(_sentence(found), is_name=True)
            with st.container(key="told"):
                table(found.told)
            with st.container(key="save", horizontal=True, vertical_alignment="center"):
                st.button(
                    "Next draft",
                    key=f"next-{assignment}",
                    type="primary",
                    on_click=current_draft.feedback_read,
                    args=(assignment,),
                )
                _go_on(key="go-on", data={"button": f"next-{assignment}"})
    return True


def _sentence(found: Feedback) -> str:
    if found.held_back:
        return "Saved. You also label this draft in another open round: its gold is shown under My labels after that."
    settled = [label for label in found.told if label.gold is not None]
    hits = sum(label.hit is True for label in settled)
    return f"Saved. {hits} of {many(len(settled), 'dimension')} matching the gold."


def in_words(each: Told) -> str:
    """How a label compares with the gold; words, not colour alone."""
    return {True: "the same", False: "differs", None: "not settled"}[each.hit]


def table(told: Sequence[Told]) -> None:
    """Dimension by dimension: the person's value, the gold's, and why the gold is what it is."""
    if not told:
        return
    draw(
        Markup(
            '<table class="ts-table ts-told"><caption>The gold is what its annotators agreed on, or what an adjudicator decided, '
            'with the reason below. Saved labels are final.</caption><thead><tr><th scope="col">Dimension</th>'
            '<th scope="col">You</th><th scope="col">Gold</th><th scope="col"></th></tr></thead><tbody>{}</tbody></table>'
        ).format(NOTHING.join(_row(label) for label in told))
    )


def _row(label: Told) -> Markup:
    row = Markup('<tr class="ts-{}"><th scope="row">{}</th><td><b>{}</b></td><td><b>{}</b></td><td>{}</td></tr>').format(
        "marked" if label.hit is False else "plain",
        label.title,
        label.value,
        "–" if label.gold is None else label.gold,
        in_words(label),
    )
    if label.reason:
        row += Markup('<tr class="ts-reason"><td colspan="4">{}</td></tr>').format(label.reason)
    return row


def levels(told: Sequence[Told]) -> str:
    """The gold of one draft in a cell of a table: levels in the rubric's order."""
    return " ".join("–" if each.gold is None else str(each.gold) for each in told)


def reasons(told: Sequence[Told]) -> str:
    """Why the gold differs from what the person gave, where an adjudicator said so."""
    return "; ".join(f"{each.title}: {each.reason}" for each in told if each.hit is False and each.reason)
