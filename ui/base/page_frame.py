"""What stands around every page: its style, the product's name, who is here, and Sign out."""

from pathlib import Path

from markupsafe import Markup

from ui.base import panels
from ui.base.markup import NOTHING, draw
from workflow.people.people import Person

STYLE = Markup("<style>{}</style>").format(Markup((Path(__file__).parent / "style.css").read_text(encoding="utf-8")))


def style() -> None:
    draw(STYLE)


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
