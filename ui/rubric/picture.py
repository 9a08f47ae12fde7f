"""The label form of a rubric being written, drawn by the label page's own code beside the boxes; nothing of it can be saved."""

from collections.abc import Sequence
from zlib import crc32

import streamlit as st
from markupsafe import Markup

from touchstone.rubric.making.picture import Pictured
from touchstone.rubric.model import Dimension
from ui.base import panels
from ui.base.markup import draw
from ui.labelling import form
from workflow.labelling.next_draft import Desk


def label_form(pictured: Sequence[Pictured], here: int) -> None:
    """Questions, levels and the save button as annotators will see them, with the anchors of the dimension at `here`."""
    shown = [each.shown for each in pictured if each.shown is not None]
    place = sum(each.shown is not None for each in pictured[:here])
    with st.container(key="picture"):
        panels.text("As annotators will see it", quiet=True)
        if not shown:
            panels.text("No dimension can be drawn yet: it needs two levels.")
            return
        desk = _desk(shown)
        if pictured[here].shown is not None:
            draw(
                Markup(
                    "<style>.ts-anchor-set[data-place='{0}'] {{ visibility: visible }}"
                    ".ts-question[data-place='{0}'] {{ --ts-here: 1; --ts-here-tint: var(--ts-tint) }}</style>"
                ).format(place)
            )
        with st.container(key="form"):
            form.levels(desk)
            form.anchors(desk.dimensions)
            form.note(desk, _nothing)
            form.save_button(desk, _nothing, disabled=True)


def _nothing(*_: object) -> None:
    """What is chosen in a picture is kept nowhere."""


def _desk(dimensions: Sequence[Dimension]) -> Desk:
    """A draft before nobody. Its number is made of the levels, so that other levels are other boxes."""
    number = crc32(repr([(each.key, each.values, [level.title for level in each.levels]) for each in dimensions]).encode())
    return Desk(
        assignment=number,
        round_name="",
        is_sample=False,
        is_practice=False,
        is_open=True,
        state="",
        position=1,
        total=1,
        done=0,
        fields=(),
        text="",
        dimensions=tuple(dimensions),
        choices={},
        note="",
        skip_reason=None,
        revision=0,
        last_saved=None,
        gives_feedback=False,
    )
