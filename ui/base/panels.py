"""What every page is made of: headings, refusals, text, tables, links."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec, TypeVar

import streamlit as st
from markupsafe import Markup

from ui.base import navigation
from ui.base.markup import NOTHING, draw
from ui.base.session import messages

# Words with which a refusal begins that are no name: these alone are written large, "pilot is closed" begins with a name.
OPENERS = re.compile(
    r"(a|an|annotators|another|as|drafts|feedback|ids|import|intervals|levels|looks|marginals|name|no|nobody|nothing|planned|responses|"
    r"rounds|scores|slots|someone|that|the|there|this|two|weights|who|with|you)(?=[ ,])"
)
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!~$<>|&:-])")
EMOJI = re.compile(r":(?=[\w+/-]+:)")  # these and icons are put in after the marks were read, so that no mark keeps them away

Table = tuple[Sequence[str], Sequence[Sequence[str]]]  # header and rows
Taken = ParamSpec("Taken")
Result = TypeVar("Result")


def literal(text: str) -> str:
    """Text for a widget's label, which Streamlit reads as Markdown: every mark escaped, no emoji from `:smile:`. An address comes
    out as it is, and can be copied."""
    return MARKDOWN.sub(r"\\\1", EMOJI.sub(":\u2060", text))


def sentence_case(words: str) -> str:
    """With a large first letter; all else, such as a unit or an id further on, as it was. A lone letter is a symbol: n."""
    return words[:1].upper() + words[1:] if len(words) > 1 else words


def sample_badge(is_sample: bool) -> Markup:
    return Markup('<span class="ts-badge" title="Made up for trying things out">sample</span>') if is_sample else NOTHING


def refusal(sentence: str, problems: Sequence[str] = ()) -> None:
    """A sentence on what was not done, with the problems behind it; nothing for an empty sentence."""
    if sentence:
        _sentence_box(Markup('<div class="ts-refusal" role="alert"><b>That didn’t work.</b> {}{}</div>'), sentence, problems)


def wrong(sentence: str, problems: Sequence[str] = ()) -> None:
    """The same on what somebody only looked at, and has not asked for: a file with mistakes, an address of nothing."""
    if sentence:
        _sentence_box(Markup('<div class="ts-refusal ts-wrong" role="note">{}{}</div>'), sentence, problems)


def _sentence_box(box: Markup, sentence: str, problems: Sequence[str]) -> None:
    sentence = sentence_case(sentence) if OPENERS.match(sentence) else sentence
    listed = NOTHING.join(Markup("<li>{}</li>").format(problem) for problem in problems)
    draw(box.format(sentence, Markup("<ul>{}</ul>").format(listed) if listed else NOTHING))


def done(sentence: str) -> None:
    if sentence:
        draw(Markup('<p class="ts-done" role="status"><b>Done.</b> {}</p>').format(sentence))


def outcome() -> None:
    """What the last button did or was refused, once, above the page that shows its result."""
    with st.container():  # always there, so that what stands below it is not drawn anew when a sentence comes or goes
        refusal(*messages.refusal())
        done(messages.reported())


def read(title: str, verb: Callable[Taken, Result], *args: Taken.args, **kwargs: Taken.kwargs) -> Result:
    """What a page is about; where it is held back from this person the page says why, and ends. For pages without buttons of
    their own: it forgets what was said before."""
    result = messages.attempt(verb, *args, **kwargs)
    if result is None:
        heading(title, "It cannot be shown right now.")
        wrong(*messages.refusal())
        st.stop()
    return result


def heading(title: str, sentence: str, *, is_sample: bool = False, mark: str = "") -> None:
    """What every page begins with: its name, and one sentence on where things stand. `mark`: what must not be missed about
    the labels below."""
    draw(
        Markup('<header class="ts-heading"><h1>{}{}{}</h1><p>{}</p></header>').format(
            title, sample_badge(is_sample), Markup('<span class="ts-badge">{}</span>').format(mark) if mark else NOTHING, sentence
        )
    )


def text(words: str, *, quiet: bool = False) -> None:
    """A paragraph of plain text; line breaks are kept."""
    draw(Markup('<p class="ts-text{}">{}</p>').format(" ts-quiet" if quiet else "", words))


def section(title: str) -> None:
    draw(Markup('<h2 class="ts-section">{}</h2>').format(title))


def notes(sentences: Iterable[str]) -> None:
    """Cautions: each a sentence that must be read beside the figures."""
    if sentences := list(sentences):
        listed = NOTHING.join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
        draw(Markup('<ul class="ts-notes">{}</ul>').format(listed))


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str,
    numbers: Sequence[int] = (),
    marked: Sequence[int] = (),
    links: Sequence[str] = (),
    names: Sequence[int] = (),
    whole: Sequence[int] = (),
    prose: Sequence[int] = (),
) -> None:
    """A plain table of text. `numbers` are the columns set right, `marked` the rows that stand out, `links` where the
    first cell of each row leads, `names` the columns whose header is someone's name and stays as it is, `whole` those whose
    cells stay on one line, `prose` those of sentences, which stay wide enough to be read."""

    def kind(column: int) -> Markup:
        kinds = (("ts-number", numbers), ("ts-whole", whole), ("ts-prose", prose))
        return next((Markup(' class="{}"').format(name) for name, columns in kinds if column in columns), NOTHING)

    head = NOTHING.join(
        Markup('<th{} scope="col">{}</th>').format(kind(column), title if column in names else sentence_case(title))
        for column, title in enumerate(header)
    )
    plain_row, marked_row = Markup("<tr>{}</tr>"), Markup("<tr class='ts-marked'>{}</tr>")
    body = NOTHING
    for number, row in enumerate(rows):
        cells = NOTHING
        for column, words in enumerate(row):
            if column == 0 and links and links[number]:
                words = Markup('<a href="{}" target="_self">{}</a>').format(links[number], words)
            cells += Markup("<td{}>{}</td>").format(kind(column), words)
        body += (marked_row if number in marked else plain_row).format(cells)
    draw(
        Markup(
            '<div class="ts-wide"><table class="ts-table"><caption>{}</caption>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(caption, head, body)
    )


def link(page: str, label: str, *, icon: str | None = None, **query: str) -> None:
    """A link to a page by its name ("my_labels"), with what goes into its address. The label is plain text."""
    st.page_link(navigation.page(page), label=literal(label), icon=icon, query_params=query or None)


def links(named: Iterable[tuple[str, str]], **query: str) -> None:
    """Where to go next: links in a row, the first as a button; `query` goes with that one."""
    with st.container(horizontal=True, key="onward"):
        for place, (page, label) in enumerate(named):
            link(page, label, **({} if place else query))


def empty(sentence: str, then: str = "", next_pages: Iterable[tuple[str, str]] = ()) -> None:
    """An empty page: what it will show, how to begin, and links to pages by name, the first as a button. It is the page's
    heading too. Links drawn after it line up with its text."""
    draw(Markup('<section class="ts-empty"><h1>{}</h1><p>{}</p></section>').format(sentence, then))
    if next_pages := list(next_pages):
        links(next_pages)
