"""What stands in the address: the project and the round in hand, and what a page adds to them, so that a copied link and a
refresh show the same (docs/decisions/0017)."""

from collections.abc import Sequence

import streamlit as st


def says(parameter: str) -> str:
    """What the address says for one of its parameters; "" for none."""
    return st.query_params.get(parameter, "")


def put(parameter: str, value: str) -> None:
    """Have the address say so; "" takes the parameter out. Where it does already nothing goes to the browser."""
    if value and says(parameter) != value:
        st.query_params[parameter] = value
    elif not value and parameter in st.query_params:
        del st.query_params[parameter]


def only(**more: str | Sequence[str]) -> None:
    """The address says where one is, and `more`; nothing else. A label set stands in the place of a round."""
    place: dict[str, str | Sequence[str]] = {each: says(each) for each in ("project", "round") if says(each)}
    if "set" in more:
        place.pop("round", None)
    st.query_params.from_dict(place | more)
