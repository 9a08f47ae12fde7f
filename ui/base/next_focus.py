"""Where the focus goes after a press of a button, and what is told of it to whoever hears the page."""

from pathlib import Path

import streamlit as st

from ui.base.session import tab

_next_focus = st.components.v2.component(
    "touchstone_next_focus",
    html='<p class="ts-heard" role="status" aria-live="polite"></p>',
    js=(Path(__file__).parent / "next_focus.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def lead_to(selector: str, said: str = "", *, from_the_top: bool = False) -> None:
    """From a callback: once the page is drawn, the focus goes to what the CSS selector names, in the middle of the window or, of
    something new to read, `from_the_top`; and `said` is spoken."""
    tab.state()["next-focus"] = {"selector": selector, "said": said, "block": "nearest" if from_the_top else "center"}
    tab.count("next-focus")


def follow() -> None:
    """On a page whose callbacks lead somewhere: ui/base/next_focus.js, once."""
    _next_focus(key="next-focus", data={**tab.state().get("next-focus", {}), "press": tab.counter("next-focus")})
