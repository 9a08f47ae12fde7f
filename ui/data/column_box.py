"""One column of a table that is being mapped: its name, some of what is in it, and the choice of what it is."""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from touchstone.data.table.column_facts import ColumnFacts
from touchstone.data.table.mapping import ColumnRole
from ui.base import panels
from ui.base.markup import NOTHING, draw

MOST_COLUMNS = 60  # with a box each
LONGEST_EXAMPLE = 60  # characters


def column_box(column: ColumnFacts, begun: ColumnRole, roles: Mapping[str, str], key: str) -> tuple[str, DeltaGenerator]:
    """The role that was chosen, and where to ask for more about it. `begun`: the role to begin with, a guess where it has a
    reason."""
    with st.container(key=f"column-{key}", border=True):
        about, choice, more = st.columns([5, 3, 3], vertical_alignment="center")
        role = choice.selectbox(
            f"What {column.name} is",  # not drawn, so not read as Markdown
            list(roles),
            index=list(roles).index(begun.role),
            format_func=lambda each: panels.sentence_case(roles[each]),
            key=f"role-{key}",
            label_visibility="collapsed",
        )
        guess = f"A guess: {begun.reason}" if begun.reason and role == begun.role else ""
        with about:
            shown = Markup(" · ").join(Markup("<bdi>{}</bdi>").format(_short(each)) for each in column.examples[:2])
            draw(
                Markup('<p class="ts-text"><b><bdi>{}</bdi></b><br><span class="ts-quiet">{}{}</span></p>').format(
                    column.name, shown, Markup("<br><em>{}</em>").format(guess) if guess else NOTHING
                )
            )
    return role, more


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_EXAMPLE else line[: LONGEST_EXAMPLE - 1] + "…"
