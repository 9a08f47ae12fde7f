"""Boxes that ask what a page is about; each begins with what the address names."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.base import panels


def pick(label: str, names: Sequence[str], parameter: str = "round", besides: str | None = "", elsewhere: str = "") -> str:
    """Which of several the page is about: the one the address names, else the first; a box only where there is a choice.
    `besides`: what else than an open round the page does not show, None where it shows open ones too; `elsewhere`: where one
    that is not here may be."""
    asked = st.query_params.get(parameter, "")
    if not asked or asked in names:
        place = names.index(asked) if asked else 0
        return names[0] if len(names) == 1 else st.selectbox(label, names, index=place)
    panels.heading(f"{label} not shown", "Choose another.")
    panels.wrong(
        f"“{asked}” cannot be shown here: "
        + (f"it is still open, {besides}or " if parameter == "round" and besides is not None else "")
        + f"there is no such {label.lower()}{elsewhere}."
    )
    chosen = st.selectbox(label, names, index=None, placeholder="Choose another")
    if chosen is None:
        st.stop()
    return chosen


def one_of(label: str, titles: Mapping[str, str], key: str, *, asked: str = "") -> str:
    """One of a few, side by side under their titles: the one asked for, else the first."""
    return st.segmented_control(
        label,
        list(titles),
        default=asked if asked in titles else next(iter(titles)),
        format_func=lambda value: panels.literal(titles[value]),
        required=True,
        label_visibility="collapsed",
        key=key,
    )


def asked_round_or_set() -> tuple[str, str]:
    """What the address names: ("set", its name), else ("round", its name); the name is "" where it names neither."""
    return ("set", st.query_params["set"]) if "set" in st.query_params else ("round", st.query_params.get("round", ""))
