"""What stands around every page: its style, the product's name, who is here, and Sign out."""

from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ui.base import panels
from ui.base.markup import NOTHING, draw
from workflow.people.people import Person

STYLE = Markup("<style>{}</style>").format(Markup((Path(__file__).parent / "style.css").read_text(encoding="utf-8")))
_between = st.components.v2.component(
    "touchstone_between", js=(Path(__file__).parent / "between.js").read_text(encoding="utf-8"), isolate_styles=False
)


def style() -> None:
    draw(STYLE)


def between_presses() -> None:
    """What stood on the page before a button was pressed takes no click until it is drawn anew: ui/base/between.js."""
    _between(key="between")


def header(person: Person | None) -> None:
    """The bar beside Streamlit's own navigation: the product's name, who is here, Sign out.

    Sign out is a plain form: it must reach a route that can end the HttpOnly cookie.
    """
    who = NOTHING
    if person is not None:
        who = Markup(
            '<form class="ts-who" method="post" action="/sign-out"><span title="Signed in as {name}">{name}</span>{badge}'
            "<button type='submit'>Sign out</button></form>"
        ).format(name=person.name, badge=panels.sample_badge(person.is_sample))
    draw(Markup('<div class="ts-brand">Touchstone</div>{}').format(who))
