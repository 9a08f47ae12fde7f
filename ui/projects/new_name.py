"""The form that mends a name: a project's, a person's, a round's."""

from collections.abc import Callable

import sqlalchemy as sa
import streamlit as st

from ui.base.session import messages, tab
from workflow.people.people import Person


def form(
    person: Person, engine: sa.Engine, kind: str, names: list[str], verb: Callable[[Person, sa.Engine, str, str], str]
) -> None:
    """Which of the `names` (no box for a single one) gets which new name; `verb` gives it."""
    nth = tab.counter(f"renamed-{kind}")

    def mend() -> None:
        old = tab.value_of(f"old-{kind}-{nth}") if len(names) > 1 else names[0]
        new = messages.attempt(verb, person, engine, old or "", tab.value_of(f"new-{kind}-{nth}") or "")
        if new:
            messages.report(f"{old} is now {new}.")
            tab.count(f"renamed-{kind}")

    with st.form(f"rename-{kind}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        if len(names) > 1:
            st.selectbox(f"Which {kind}", names, index=None, placeholder="Choose one", key=f"old-{kind}-{nth}")
        st.text_input("To be called", key=f"new-{kind}-{nth}", placeholder=names[0] if len(names) == 1 else "As it should be")
        st.form_submit_button("Rename", on_click=mend)
