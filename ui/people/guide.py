"""The guide and the glossary in the app: docs/guide.md and docs/glossary.md as they are, read once; nothing is fetched.

They are our own words, and the only Markdown that is drawn as such.
"""

import re
import textwrap
from functools import cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from ui.base.navigation import anchor_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
LARGEST = 400_000  # bytes that are read of a file
INDENTED = re.compile(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", re.MULTILINE)
LINK = re.compile(r"\[([^\[\]]+)\]\(([^()]+)\)")

_to_part = st.components.v2.component(
    "touchstone_to_part", js=(Path(__file__).parent / "to_part.js").read_text(encoding="utf-8"), isolate_styles=False
)


class Part(NamedTuple):
    """A part of the guide under its heading, as Markdown."""

    heading: str
    text: str


@cache
def parts() -> tuple[Part, ...]:
    """The parts of the guide in their order, the glossary last; none of a file that is not there."""
    glossary = re.sub(r"^## ", "### ", _read("glossary.md").partition("\n")[2], flags=re.MULTILINE)
    found = re.split(r"^## (.+)$", _read("guide.md"), flags=re.MULTILINE)[1:]
    guide = [Part(heading.strip(), _in_the_app(text)) for heading, text in zip(found[::2], found[1::2], strict=True)]
    return (*guide, Part("Glossary", _in_the_app(glossary))) if glossary.strip() else tuple(guide)


def _read(name: str) -> str:
    try:
        with (DOCS / name).open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "ignore")
    except OSError:
        return ""


def _in_the_app(text: str) -> str:
    """Links lead within the page; what stands in another file of the project is named, and nothing outside is led to. Commands
    stand between fences: Streamlit takes the indent off a text that begins with one."""
    text = INDENTED.sub(lambda block: f"```sh\n{textwrap.dedent(block[0]).strip()}\n```\n", text)
    return LINK.sub(lambda link: link[1] if "://" in link[2] else _link(link[1], link[2]), text)


def _link(words: str, to: str) -> str:
    if to.startswith("#"):
        return f"[{words}]({to})"
    if to == "glossary.md":
        return f"[{words}](#{anchor_of('Glossary')})"
    file = (DOCS / to.partition("#")[0]).resolve()
    return f"{words} (`{file.relative_to(DOCS.parent)}`)" if file.is_relative_to(DOCS.parent) else words


def lead_to(part: str) -> None:
    """To the part that an address names by its anchor: ui/people/to_part.js."""
    known = {anchor_of(each.heading) for each in parts()}
    _to_part(key="to-part", data={"part": part if part in known else ""})


def contents_line() -> str:
    """A link a part."""
    return " · ".join(f"[{part.heading}](#{anchor_of(part.heading)})" for part in parts())


def contents() -> None:
    st.markdown(contents_line())


def everything() -> None:
    """Part after part, each under a heading that an address can name."""
    for part in parts():
        st.header(part.heading, anchor=anchor_of(part.heading))
        st.markdown(part.text)
