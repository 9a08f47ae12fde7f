"""What has many labels to count is compared once it is asked for."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import tab

AT_ONCE = 50_000  # labels counted as the page opens: some tenths of a second


def ask_before(page: str, labels: int, *asked: str, between: str) -> None:
    """Where two sides have many labels to count, they are compared once it is asked for: the page says so, and ends. `between`:
    the two in words."""
    if not is_asked(labels, *asked):
        panels.heading(page, f"Not compared yet: {between}.")
        panels.text(f"It takes a moment, as up to {many(labels, 'label')} of both are counted; they are kept for the next look.")
        ask("Compare them", *asked)
        st.stop()


def is_asked(labels: int, *asked: str) -> bool:
    """Whether what has so many labels is compared at once, or was asked for in this tab."""
    return labels <= AT_ONCE or asked in _asked()


def ask(button: str, *asked: str) -> None:
    """The button that asks for it."""
    if st.button(button, type="primary"):
        _asked().add(asked)
        st.rerun()


def _asked() -> set[tuple[str, ...]]:
    """What was asked for in this tab."""
    return tab.state().setdefault("compared when asked", set())
