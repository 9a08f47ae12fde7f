"""The sign-in form of the local mode: pick your name, or add it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from ui.base.markup import NOTHING, draw
from ui.base.navigation import rooted
from ui.base.panels import sample_badge
from workflow.people.people import Person

PICK = Markup("<p>Pick your name.</p>")
NOBODY_YET = Markup("<p>Nobody is on the list yet. Add your name to begin.</p>")


def signed_out(back_to: str) -> None:
    """In team mode the sign-in is a document of its own; this stands in a tab whose sign-in has ended. `back_to`: the path that
    opens after the next one."""
    draw(
        Markup(
            '<section class="ts-sign-in"><h1>You are signed out</h1><p>Your sign-in has ended, here or in another window. '
            '<a href="{}" target="_self" data-anew>Sign in again</a></p></section>'
        ).format(rooted(f"/sign-in?{urlencode({'next': back_to})}"))
    )


def sign_in(people: Sequence[Person], back_to: str) -> None:
    """Plain forms: they must reach a route that can set the HttpOnly cookie. `back_to`: the path that opens then.

    No field may be called like a property of a form or document ("name", "title"): Streamlit's sanitizer drops it silently.
    """
    back = Markup('<input type="hidden" name="next" value="{}">').format(back_to)
    names = NOTHING.join(
        Markup('<button type="submit" name="person" value="{}">{}{}</button>').format(
            person.id, person.name, sample_badge(person.is_sample)
        )
        for person in people
    )
    to = rooted("/sign-in")
    pick = Markup('<form method="post" action="{}" class="ts-names">{}{}</form>').format(to, back, names)
    draw(
        Markup(
            '<section class="ts-sign-in"><h1>Who is labelling?</h1>{}{}'
            '<form method="post" action="{}" class="ts-add">{}<label for="ts-name">Not on the list?</label>'
            '<input id="ts-name" name="new_name" maxlength="60" autocomplete="off" required placeholder="Your name">'
            '<button type="submit">Add me and sign in</button></form>'
            '<p class="ts-aside">This program runs on your own computer and asks for no password. Labels stay blind only if '
            "everyone works under their own name.</p></section>"
        ).format(PICK if people else NOBODY_YET, pick if people else NOTHING, to, back)
    )
