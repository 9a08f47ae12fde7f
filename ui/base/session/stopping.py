"""A step that takes long: how far it is, and a button that stops it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from ui.base.session import messages

Tell = Callable[[float, str], None]  # the share that is done (0 to 1), and of what


@contextmanager
def stoppable(first: str, key: str, stopped: str, on_stop: Callable[[], object] = lambda: None) -> Iterator[Tell]:
    """A bar that begins with the words `first`, and Stop beside it, both gone at the end. Stop draws the page anew, which ends
    what runs where it tells of itself next; `stopped` is then reported, and `on_stop` called before."""
    place, over = st.empty(), False

    def stop() -> None:
        on_stop()
        messages.report("It was done before it could be stopped." if over else stopped)

    with place.container():
        bar = st.progress(0.0, text=first)
        st.button("Stop", key=key, on_click=stop)

    def tell(share: float, what: str) -> None:
        bar.progress(min(1.0, share), text=what)

    try:
        yield tell
        over = True
    finally:
        place.empty()
