"""The drafts whose labels differ, each with who gave what, the notes, and the draft itself."""

from collections.abc import Iterable

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from ui.base import panels
from ui.base.markup import NOTHING, draw
from ui.base.task_and_draft import task_and_draft
from workflow.agreement.disagreements import Differing, draft_of, widest_apart
from workflow.agreement.report import Report
from workflow.people.people import Person

AT_ONCE = 20  # disagreements drawn on one page


def differing(person: Person, engine: sa.Engine, report: Report, shown: Report, key: str) -> Differing:
    """The drafts whose labels differ on a dimension, of all rounds of the report; of a calibration, of the annotator shown."""
    among = shown.annotators if report.by_annotator else ()
    return widest_apart(person, engine, key, AT_ONCE, rounds=report.rounds, label_set=report.label_set, among=among)


def what_differs(report: Report) -> str:
    """The heading over drafts whose labels differ."""
    return {"retest": "Changed on relabelling", "calibration": "Differs from gold"}.get(report.kind, "Disagreements")


def show(person: Person, engine: sa.Engine, report: Report, key: str, found: Differing) -> None:
    """Each with both labels, both notes and the draft; the widest apart first."""
    if not found.many and not report.dimensions[key].units_with_two:
        panels.text("No draft has labels by two, so none can differ.", quiet=True)
    elif not found.many:
        panels.text(
            {
                "retest": "Every draft labelled twice was given the same level both times.",
                "calibration": "Every draft with gold was given the gold's level.",
            }.get(report.kind, "Everyone who labelled the same draft gave it the same level."),
            quiet=True,
        )
    for each in found.some:
        labels = "; ".join(f"{label.annotator}: {label.value}" for label in each.labels)
        with st.expander(f"**{panels.literal(each.unit)}** — {panels.literal(labels)}"):
            dimension = report.rubric.dimension(key)
            draw(
                labels_given(
                    (label.annotator, dimension.in_words(label.value) if dimension else label.value, label.note)
                    for label in each.labels
                )
            )
            shown = draft_of(person, engine, each.unit, report.rubric)
            if shown.text is None:
                panels.text("No draft with this id is in the store, so there is no text to show.", quiet=True)
            if shown.fields or shown.text is not None:
                with st.container(key=f"reading-{key}-{each.unit}"):
                    task_and_draft(shown.fields, shown.text or "", of=each.unit)
    if found.many > len(found.some):
        panels.text(
            f"The {len(found.some)} of {found.many:,} that differ most are shown"
            + ("; all of a round’s are under Adjudicate." if report.rounds and report.kind == "double" else "."),
            quiet=True,
        )


def labels_given(labels: Iterable[tuple[str, int | str, str]], more: Markup = NOTHING) -> Markup:
    """Who gave which level, in words, and the note with it, a box each; `more` is one more box."""
    boxes = NOTHING.join(
        Markup("<div><b>{}: {}</b>{}</div>").format(who, value, Markup("<q>{}</q>").format(note) if note else NOTHING)
        for who, value, note in labels
    )
    return Markup('<div class="ts-given">{}{}</div>').format(boxes, more)
