"""Boxes that narrow a list down, and the parts of a long one. The address says the same as the boxes, so that a copied link, a
refresh and a step back show the same list."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from ui.base import panels
from ui.base.session import address, tab

PART = "part"  # of the list, in an address
Asked = Mapping[str, str | list[str]]  # what narrows the list, by the name it has in an address; a list: of several values


def key(of: str, box: str) -> str:
    """A box's key: `of` names the list."""
    return f"{of}-{box}"


def from_address(empty: Asked) -> tuple[dict[str, Any], int]:
    """What an address asks for, by the names of `empty`, which has what each is where nothing is asked for; and which part."""
    part = st.query_params.get(PART, "")
    asked = {
        name: st.query_params.get_all(name) if isinstance(usual, list) else st.query_params.get(name, usual)
        for name, usual in empty.items()
    }
    return asked, int(part) if part.isdecimal() and 0 < len(part) < 7 and int(part) else 1


def asked_for(of: str, about: str, empty: Asked) -> tuple[dict[str, Any], int]:
    """What the boxes say; what the address says where somebody has come by it, or gone back to it, since it was last written, or
    where the list is `about` something else. A list that is narrowed anew begins with its first part."""
    own = tab.state().get(key(of, "kept"), {})
    is_drawn = all(tab.value_of(key(of, name)) is not None for name in empty)
    if not is_drawn or own.get("address") != _address(empty) or own.get("about") != about:
        return from_address(empty)
    now = {name: tab.value_of(key(of, name)) or usual for name, usual in empty.items()}
    return now, own["part"] if now == own["asked"] else 1


def _address(names: Iterable[str]) -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in (*names, PART)}


def keep(of: str, about: str, asked: Asked, part: int) -> None:
    """Write what is asked for into the address, beside where one is, and into the boxes before they are drawn."""
    for name, value in asked.items():
        if tab.value_of(key(of, name)) != value:
            tab.put(key(of, name), value)
    address.only(**in_address(asked, part))
    tab.state()[key(of, "kept")] = {"address": _address(asked), "about": about, "asked": dict(asked), "part": part}


def in_address(asked: Asked, part: int) -> dict[str, str | list[str]]:
    """As it goes into an address; what narrows nothing is left out."""
    made = {name: value for name, value in asked.items() if value}
    return made | ({PART: str(part)} if part > 1 else {})


def one_of(place: Any, of: str, box: str, label: str, titles: Mapping[str, str]) -> None:
    """A box with one of a few, by their titles."""
    with place:
        st.selectbox(label, list(titles), key=key(of, box), format_func=lambda each: panels.sentence_case(titles.get(each, each)))


def parts(of: str, part: int, last: int, said: str) -> None:
    """The way to the part of the list before, and after; nothing where there is one."""
    if last > 1:
        with st.container(horizontal=True, vertical_alignment="center", key=key(of, "parts")):
            st.button("Earlier", on_click=_turn, args=(of, part - 1), disabled=part == 1)
            st.button("Later", on_click=_turn, args=(of, part + 1), disabled=part == last)
            panels.text(said, quiet=True)


def _turn(of: str, part: int) -> None:
    tab.state()[key(of, "kept")]["part"] = part
