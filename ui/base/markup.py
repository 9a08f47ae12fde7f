"""The one way from text to the browser as HTML: `Markup`, into which `format` and `join` put text from outside escaped."""

import streamlit as st
from markupsafe import Markup

NOTHING = Markup()


def draw(markup: Markup) -> None:
    """HTML of our own, as it is. TypeError for a plain text, whose characters could be read as tags."""
    if not isinstance(markup, Markup):
        raise TypeError(f"draw takes Markup, not {type(markup).__name__}: write Markup('…').format(…)")
    st.html(str(markup))
