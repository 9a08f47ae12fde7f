"""Files made by touchstone/papers read again: their tables, their text, the elements they are made of."""

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from touchstone.errors import Refused
from workflow.agreement.papers import report as paper

COMMON = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Reader(HTMLParser):
    """What a file says: its tables as rows of cells, all its text, the elements it is made of."""

    def __init__(self, html: str):
        super().__init__()
        self.tables, self.text, self.elements, self.attributes = [], "", set(), set()
        self.inside = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.inside = tag if tag in ("th", "td") else self.inside
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.inside = None

    def handle_data(self, data):
        self.text += data
        if self.inside:
            self.tables[-1][-1][-1] += data


def rendered(markdown: str) -> str:
    return COMMON.render(markdown)


def dimensions_of(html: str, heading: str = '<section class="dimension') -> list[Reader]:
    """Each dimension's part of a file."""
    return [Reader("<x " + part) for part in html.split("<h2>Where the labels")[0].split(heading)[1:]]


def both(report) -> list[tuple[str, list[Reader]]]:
    html, text = paper.html(report), rendered(paper.markdown(report))
    return [("html", dimensions_of(html)), ("markdown", dimensions_of(text, "<h2>")[1:])]


def refusal(verb, *args, **more) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value.sentence
