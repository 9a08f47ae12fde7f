"""One draft under two rubric versions: what counts no longer and what counts now, drawn in its text and listed beside it."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup, escape

from ui.base import panels
from ui.base.markup import NOTHING, draw
from ui.scorer import findings
from ui.scorer.findings import Marked
from workflow.scorer.effect_report import EffectReport, MovedDraft

GONE, NEW = "gone", "new"


def show(made: EffectReport, each: MovedDraft) -> None:
    """A draft with what counts no longer and what counts now drawn in its text, and listed beside it."""
    said = made.said(each)
    both = sorted(
        [*((finding, GONE) for finding in said.gone), *((finding, NEW) for finding in said.new)],
        key=lambda one: (one[0].start, -one[0].end, one[0].check),
    )
    found = [Marked(number, finding, kind, ()) for number, (finding, kind) in enumerate(both, start=1)]
    left, right = st.columns([10, 11], gap="medium")
    with left, st.container(key="reading-effect"):
        _drawn(made.text(each), found)
    with right:
        panels.table(
            ("Version", "level", "because"),
            [
                (made.before.name, _level(each.moved.before), each.moved.because_before or "–"),
                (made.after.name, _level(each.moved.after), each.moved.because_after or "–"),
            ],
            numbers=(1,),
            caption=f"{each.draft.draft_id}, a draft for {each.draft.task_id}"
            + ("" if each.gold is None else f"; the gold is {each.gold}"),
        )
        _listed(made, found)


def _drawn(text: str, found: Sequence[Marked]) -> None:
    body = NOTHING
    for words, inside, ending in findings.pieces(text, found):
        kinds = {marked.level for marked in inside}
        kind = f"ts-{NEW if NEW in kinds else GONE}{' ts-many' if len(kinds) > 1 else ''}"
        body += Markup('<mark class="{}">{}</mark>').format(kind, words) if inside else escape(words)
        body += findings.numbers_of(ending)
    draw(
        Markup(
            '<div class="ts-paper"><section class="ts-draft ts-marking" aria-label="The draft, marked" tabindex="0">'
            "<div>{}</div></section></div>"
        ).format(body)
    )


def _listed(made: EffectReport, found: Sequence[Marked]) -> None:
    if not found:
        panels.text("The same checks matched: different scoring lines give the level.", quiet=True)
        return
    item = Markup('<li><sup>{}</sup><div><b class="ts-{}">{}</b> {}<small>{}</small></div></li>')
    items = NOTHING.join(
        item.format(
            marked.number,
            marked.level,
            f"counts in {made.before.name if marked.level == GONE else made.after.name} alone",
            marked.finding.message,
            marked.finding.check,
        )
        for marked in found
    )
    draw(Markup('<ol class="ts-found">{}</ol>').format(items))


def _level(level: int | str | None) -> str:
    return "not scorable" if level is None else str(level)
