"""Boxes that ask what a page is about; each begins with what the address names."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.base import panels
from ui.base.session import tab


def pick(label: str, names: Sequence[str], parameter: str, elsewhere: str = "", *, usual: str = "") -> str:
    """Which of several the page is about: the one the address names, else the usual one, else the first; a box only where there
    is a choice. `elsewhere`: where one that is not here may be."""
    asked = st.query_params.get(parameter, "")
    if not asked or asked in names:
        place = names.index(asked or usual or names[0])
        return names[0] if len(names) == 1 else st.selectbox(label, names, index=place)
    panels.heading(f"{label} not shown", "Choose another.")
    panels.wrong(f"“{asked}” cannot be shown here: there is no such {label.lower()}{elsewhere}.")
    chosen = st.selectbox(label, names, index=None, placeholder="Choose another")
    if chosen is None:
        st.stop()
    return chosen


def one_of(label: str, titles: Mapping[str, str], key: str, *, asked: str = "") -> str:
    """One of a few, side by side under their titles: the one the address asks for, else the first."""
    tab.lead(key, asked if asked in titles else "", next(iter(titles)))
    chosen: str = st.segmented_control(  # type: ignore[assignment]  # required: something stands in it
        label,
        list(titles),
        format_func=lambda value: panels.literal(titles.get(value, value)),
        required=True,
        label_visibility="collapsed",
        key=key,
    )
    tab.led(key, chosen)
    return chosen
