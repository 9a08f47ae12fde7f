"""A task and the draft written for it, for reading."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from ui.base.markup import NOTHING, draw

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
LABELLED = re.compile(r"([A-Z][^\s:.!?]*(?: [^\s:.!?]+){0,3}):\s+(?=\S)(.*)", re.S)  # a name has four words at most
QUOTE = re.compile(r"""["“”«»‘]|(?<!\w)'""")
EMPTY = Markup('<em class="ts-quiet">This draft is empty.</em>')


def lines_of(text: str) -> Markup:
    """A field of the task as lines to read: “Name: value.” sentences become names and values; anything else, and
    every quotation, stays word for word."""
    parts = [part.strip() for part in SENTENCE_END.split(text.strip())]
    pairs = [LABELLED.fullmatch(part) for part in parts]
    if QUOTE.search(text) or sum(map(bool, pairs)) < max(2, len(parts) - 1):
        return Markup("<p>{}</p>").format(text)
    rows = NOTHING.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(pair[1], pair[2].removesuffix("."))
        if pair
        else Markup("<div><dd>{}</dd></div>").format(part.removesuffix("."))
        for part, pair in zip(parts, pairs, strict=True)
    )
    return Markup("<dl>{}</dl>").format(rows)


def task(fields: Sequence[tuple[str, str]], of: str = "") -> Markup:
    """The task's fields, each under its title; nothing for a task without any. `of`: the draft's id where a page has several."""
    if not fields:
        return NOTHING
    shown = NOTHING.join(Markup("<h3>{}</h3>{}").format(title, lines_of(words)) for title, words in fields)
    # The heading is for whoever goes from one to the next; everyone else sees what this is.
    return Markup('<section class="ts-task" aria-label="{0}" tabindex="0"><h2 class="ts-heard">{0}</h2>{1}</section>').format(
        _named("The task", of), shown
    )


def _named(part: str, of: str) -> str:
    return f"{part} of {of}" if of else part


def task_and_draft(fields: Sequence[tuple[str, str]], text: str, of: str = "") -> None:
    """The task's input above the draft. One element for both, so that a new draft arrives as one message. `of`: the draft's id
    where a page has several, by which whoever hears it tells them apart."""
    draw(Markup('<div class="ts-paper">{}{}</div>').format(task(fields, of), draft_paper(text, _named("The draft", of))))


def draft_paper(text: str, name: str) -> Markup:
    """A draft for reading, under a name for whoever hears it."""
    # Lines in spans, so that an empty one can be lower than a line: more of a long one is in view, letter for letter.
    lines = (Markup("<span>{}</span>").format(line) if line.strip() else line for line in text.split("\n"))
    shown = Markup("\n").join(lines) if text.strip() else EMPTY
    return Markup('<section class="ts-draft" aria-label="{}" tabindex="0"><div>{}</div></section>').format(name, shown)
