"""What stands around every page: its style, the product's name, who is here, and Sign out."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from ui.base import panels
from ui.base.colours import FOLLOWING
from ui.base.markup import NOTHING, draw
from ui.base.session import tab
from workflow.people.people import Person
from workflow.projects.projects import Project

SHEETS = ("colours", "frame", "reading", "findings", "new_rubric", "label", "forced")  # in the order in which they are read
STYLE = Markup("<style>{}\n{}</style>").format(
    Markup("\n").join(Markup((Path(__file__).parent / "style" / f"{sheet}.css").read_text(encoding="utf-8")) for sheet in SHEETS),
    FOLLOWING,
)
_between = st.components.v2.component(
    "touchstone_between",
    js="\n".join((Path(__file__).parent / f"{part}.js").read_text(encoding="utf-8") for part in ("look", "reach", "between")),
    isolate_styles=False,
)


def style() -> None:
    draw(STYLE)


def between_pages(title: str) -> None:
    """What stood on the page before a button was pressed takes no click until it is drawn anew, and whoever went to another page
    by its link is at its heading then: ui/base/between.js. What opens over the page has its look (look.js), and Tab reaches a
    table that is wider than its place (reach.js)."""
    _between(key="between", data={"page": title})


def header(person: Person | None, there: Sequence[Project]) -> None:
    """The bar beside Streamlit's own navigation: the product's name, the project in hand with a menu of those there are, who is
    here, Sign out.

    Sign out is a plain form: it must reach a route that can end the HttpOnly cookie. A project is chosen by a plain link, with
    which the tab begins anew: nothing of the project before stands in it.
    """
    who = NOTHING
    if person is not None:
        who = Markup(
            '<form class="ts-who" method="post" action="/sign-out"><span title="Signed in as {name}">{name}</span>{badge}'
            "<button type='submit'>Sign out</button></form>"
        ).format(name=person.name, badge=panels.sample_badge(person.is_sample))
    draw(Markup('<div class="ts-brand"><span>Touchstone</span>{}</div>{}').format(_projects(there) if person else NOTHING, who))


def archived(there: Sequence[Project]) -> None:
    """That nothing more comes into the project in hand, before anyone fills in a form for it."""
    here = _in_hand(there)
    if here and here.is_archived:
        said = f"{here.name} is archived: all of it can be read, and no drafts, rounds or label sets come into it."
        panels.notes([f"{said} Bring it back on the page Projects."])


def _in_hand(there: Sequence[Project]) -> Project | None:
    return next((each for each in there if each.id == tab.state().get("project")), None)


def _projects(there: Sequence[Project]) -> Markup:
    """The project in hand, and a menu of the others that are not archived."""
    here = _in_hand(there)
    others = NOTHING.join(
        Markup('<a href="/?{}" target="_self">{}{}</a>').format(
            urlencode({"project": each.name}), each.name, panels.sample_badge(each.is_sample)
        )
        for each in there
        if each is not here and not each.is_archived
    )
    return Markup(
        '<details class="ts-project"><summary title="The project in hand: {0}"><span>{0}</span></summary>'
        '<nav aria-label="Projects">{1}<a href="/projects" target="_self">All projects</a></nav></details>'
    ).format(here.name + (" (archived)" if here.is_archived else "") if here else "No project yet", others)
