"""What this browser tab is in the middle of, and what stands in its widgets: the only user of st.session_state."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException


def state() -> dict[str, Any]:
    """This tab's own small state, reached without a yield point.

    `st.session_state[...]` is one: when the next key press has arrived, Streamlit ends a callback there and forgets it
    (three quick clicks on callbacks of 0.15 s: the first two never got past that line). `to_dict` is none. So
    callbacks reach state only through this module.
    """
    own = st.session_state.to_dict().get("touchstone")
    if own is None:
        own = st.session_state["touchstone"] = {}
    return own


def value_of(key: str) -> Any:
    """A widget's value by its key; None when it has none. No yield point: see `state`."""
    return st.session_state.to_dict().get(key)


@contextmanager
def drawing(page: str) -> Iterator[None]:
    """One drawing of a page. It counts once it came to its end, also an early one, by `st.stop` or an error; one that is begun
    again half way does not. What was not in it is gone from the browser, and on another page than before everything is new."""
    if state().get("drawing") != page:
        state()["drawing"] = page
        count("drawings")
    came_to_its_end = True
    try:
        with suppress(StopException):
            yield
    except RerunException:
        came_to_its_end = False
        raise
    finally:
        if came_to_its_end:
            count("drawings")


def _is_new(key: str) -> bool:
    """Whether a widget comes into the browser now, or anew. Streamlit keeps a value given to its key beyond its end and does not
    hand it to one that comes back: it would be drawn empty, and what is empty be sent as if it was typed. In a drawing that is
    begun again it is new no longer: what was chosen meanwhile stands in it."""
    is_new = _comes_anew(key)
    state().setdefault("drawn-in", {})[key] = counter("drawings")
    return is_new


def _comes_anew(key: str) -> bool:
    """The same, before the widget is drawn."""
    return state().get("drawn-in", {}).get(key, -2) < counter("drawings") - 1


def start_with(key: str, value: Any) -> None:
    """Give a widget its stored value when it comes into the browser; what the person has changed since stays."""
    if (_is_new(key) or key not in st.session_state) and value is not None:
        st.session_state[key] = value


def follow(key: str, value: Any) -> None:
    """Give a widget what is stored when it comes into the browser, and wherever that is another value than when it was drawn
    last; what the person has typed since stays. So a box can keep its key, and the focus, while what is stored changes."""
    drawn, now = state().setdefault("drawn", {}), sha256(repr(value).encode()).hexdigest()[:16]
    if _is_new(key) or drawn.get(key) != now or key not in st.session_state:
        st.session_state[key] = value
    drawn[key] = now


def lead(key: str, asked: str, usual: Any) -> None:
    """Give a widget what the address asks for ("" for nothing, then the usual) when it comes into the browser, and wherever
    somebody has since followed a link on the same page to something else. `led` says what stands in it then."""
    start_with(key, asked or usual)
    was_asked, stands = state().setdefault("led", {}).get(key, (asked, asked))
    if asked and asked not in (was_asked, stands):
        st.session_state[key] = asked
    state()["led"][key] = (asked, stands)


def leads_to(key: str, asked: str) -> str:
    """What `lead` will have stand in a widget, before it is called: what the address asks for where that is new, else what was
    chosen in it meanwhile; "" for neither."""
    is_followed = asked and asked not in state().get("led", {}).get(key, ())
    return asked if is_followed or _comes_anew(key) else value_of(key) or asked


def led(key: str, chosen: Any) -> None:
    """What stands in a widget that an address leads to; the page may write it into the address."""
    asked, _ = state()["led"][key]
    state()["led"][key] = (asked, chosen)


def put(key: str, value: Any) -> None:
    """Set a widget's value from a callback, after the verb it follows."""
    st.session_state[key] = value


def counter(name: str) -> int:
    """How often `count` was called for `name` in this tab: part of a widget's key, so that counting empties it."""
    return state().get(f"counter-{name}", 0)


def count(name: str) -> None:
    state()[f"counter-{name}"] = counter(name) + 1
