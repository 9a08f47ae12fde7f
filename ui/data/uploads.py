"""The box for files from somebody's machine: it says what it takes, and hands over nothing larger."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from ui.base import panels

LARGEST = 64  # MB of a file, and of all in one box: the server holds them in memory as long as the page is open


class Upload(NamedTuple):
    """A file as it arrived."""

    name: str
    source: bytes


def files(
    label: str, kinds: Sequence[str], *, largest: int = LARGEST, several: bool = True, key: str | None = None, help: str = ""
) -> list[Upload]:
    """The files in a box; `kinds`: what their names may end with, `largest`: MB, no more than the server takes. None of them
    where they are too much together, which the page then says."""
    given = st.file_uploader(
        f"{label}, {largest} MB at most",  # Streamlit's own words for it are gone once a file stands in the box
        type=list(kinds),
        accept_multiple_files=several,
        key=key,
        help=help or None,
        max_upload_size=largest,
    )
    found = given if isinstance(given, list) else [given] if given else []
    size = sum(each.size for each in found) / 2**20
    if size > largest:
        panels.wrong(f"The files have {size:.0f} MB together; at most {largest} MB are taken at once: take some out of the box.")
        return []
    return [Upload(each.name, each.getvalue()) for each in found]
