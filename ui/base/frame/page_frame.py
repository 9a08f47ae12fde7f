"""What stands around every page beside its bar: its style, what happens between two pages, and what is told of where one is."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ui.base import panels
from ui.base.colours import FOLLOWING
from ui.base.frame import bar
from ui.base.markup import draw
from ui.base.session import messages
from ui.base.session.round_in_hand import InHand
from workflow.projects.projects import Project

# As they are read
SHEETS = (
    "colours",
    "frame",
    "bar",
    "reading",
    "tables",
    "findings",
    "new_rubric",
    "comparing",
    "label",
    "regions",
    "case",
    "terms",
    "forced",
)
STYLE = Markup("<style>{}\n{}</style>").format(
    Markup("\n").join(
        Markup((Path(__file__).parents[1] / "style" / f"{sheet}.css").read_text(encoding="utf-8")) for sheet in SHEETS
    ),
    FOLLOWING,
)
SCRIPTS = ("look", "reach", "between", "terms")  # one module: what stands on every page is loaded at once
_between = st.components.v2.component(
    "touchstone_between",
    js="\n".join((Path(__file__).parent / f"{script}.js").read_text(encoding="utf-8") for script in SCRIPTS),
    isolate_styles=False,
)


def style() -> None:
    draw(STYLE)


def between_pages(title: str) -> None:
    """What stood on the page before a button was pressed takes no click until it is drawn anew, and whoever went to another page
    by its link is at its heading then, or at the place on it that the link named: ui/base/frame/between.js.
    What opens over the page has its look (look.js), and Tab reaches what scrolls within it (reach.js)."""
    _between(key="between", data={"page": title, "to": st.query_params.pop("to", "")})


def told(there: Sequence[Project], here: InHand) -> None:
    """What somebody must know of where they are, before anything of the page: a name that is another now, or of nothing
    here; a project into which nothing more comes."""
    said = [messages.told()] if messages.told() else []
    if here.problem:
        said.append(here.problem)
    project = bar.in_hand(there)
    if project and project.is_archived:
        said.append(
            f"{project.name} is archived: all of it can be read, and no drafts, rounds or label sets come into it. Bring it back "
            "on the page Projects."
        )
    panels.notes(said)
