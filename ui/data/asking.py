"""Models that are asked from a page: how far a run is, with a button that stops it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def telling(begin: str, stops: str) -> Iterator[Callable[[float, str], None]]:
    """A bar that begins with those words, to be told the share that is done and in words how far it is, and a button that stops
    it: what is told next after a press ends the run. `stops`: what then becomes of the run."""
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text=begin)
        st.button("Stop", key="stop-asking", help=stops)

    def tell(share: float, words: str) -> None:
        bar.progress(min(1.0, share), text=words)

    try:
        yield tell
    finally:
        place.empty()
