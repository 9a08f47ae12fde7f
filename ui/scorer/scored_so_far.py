"""How far it is, while a page waits for many drafts to be scored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from touchstone.english import many
from ui.base import panels

MANY = 1_500  # drafts that take about a second: from so many on a bar is worth it


@contextmanager
def telling(title: str, why: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives what to call with how many of `total` drafts are scored. With the first call a bar appears under the page's `title`
    and `why` it takes long; it is gone once all is done. Nothing appears for few drafts, and where nothing is called."""
    if total < MANY:
        yield lambda done: None
        return
    place = st.empty()
    drawn: list[DeltaGenerator] = []

    def tell(done: int) -> None:
        if not drawn:
            with place.container():
                panels.heading(title, why)
                drawn.append(st.progress(0.0))
        drawn[0].progress(done / total, text=f"{done:,} of {many(total, 'draft')} scored")

    try:
        yield tell
    finally:
        place.empty()
