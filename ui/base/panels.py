"""What every page is drawn with: the bar, headings, refusals, a draft with its context, anchors, tables.

Every text from outside passes through `html.escape` here: it is data, never markup.
"""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from touchstone.rubric.model import Dimension
from ui.base import navigation, session
from workflow.people.people import Person

HERE = Path(__file__).parent
STYLE = f"<style>{(HERE / 'style.css').read_text(encoding='utf-8')}</style>"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
LABELLED = re.compile(r"([A-Z][^:.!?]{1,40}):\s+(?=\S)(.*)", re.S)
QUOTE = re.compile(r"""["“”«»‘]|(?<!\w)'""")
# Words with which a refusal begins that are no name: these alone are written large, "pilot is closed" begins with a name.
OPENERS = re.compile(
    r"(a|an|another|as|drafts|feedback|intervals|levels|marginals|name|no|nobody|nothing|responses|rounds|slots|"
    r"someone|that|the|there|this|two|weights|who|with|you)(?=[ ,])"
)
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!~$<>|&-])")


def literal(text: str) -> str:
    """Text for a widget's label, which Streamlit reads as Markdown: every mark escaped, no emoji from `:smile:`."""
    return re.sub(r":(?=[\w+-])", ":\u2060", MARKDOWN.sub(r"\\\1", text))


def sentence_case(words: str) -> str:
    """With a large first letter; all else, such as a unit or an id further on, as it was. A lone letter is a symbol: n."""
    return words[:1].upper() + words[1:] if len(words) > 1 else words


def style() -> None:
    st.html(STYLE)


def header(person: Person | None) -> None:
    """The bar beside Streamlit's own navigation: the product's name, who is here, Sign out.

    Sign out is a plain form: it must reach a route that can end the HttpOnly cookie.
    """
    who = ""
    if person is not None:
        who = (
            f'<form class="ts-who" method="post" action="/sign-out"><span title="Signed in as {html.escape(person.name)}">'
            f"{html.escape(person.name)}</span>{sample_badge(person.is_sample)}"
            "<button type='submit'>Sign out</button></form>"
        )
    st.html(f'<div class="ts-brand">Touchstone</div>{who}')


def sample_badge(is_sample: bool) -> str:
    return '<span class="ts-badge" title="Made up for trying things out">sample</span>' if is_sample else ""


def refusal(sentence: str, problems: Sequence[str] = ()) -> None:
    """A sentence on what was not done, with the problems behind it; nothing for an empty sentence."""
    if sentence:
        sentence = sentence_case(sentence) if OPENERS.match(sentence) else sentence
        listed = "".join(f"<li>{html.escape(each)}</li>" for each in problems)
        st.html(
            f'<div class="ts-refusal" role="alert"><b>Not done.</b> {html.escape(sentence)}'
            + (f"<ul>{listed}</ul>" if listed else "")
            + "</div>"
        )


def done(sentence: str) -> None:
    if sentence:
        st.html(f'<p class="ts-done" role="status"><b>Done.</b> {html.escape(sentence)}</p>')


def outcome() -> None:
    """What the last button did or was refused, once, above the page that shows its result."""
    with st.container():  # always there, so that what stands below it is not drawn anew when a sentence comes or goes
        refusal(*session.said())
        done(session.told())


def round_progress(desk: Any, *, is_practice: bool = False) -> None:
    """Where one annotator is in a round: `desk` has round_name, is_sample, position, total and done."""
    share = round(100 * desk.done / desk.total)
    st.html(
        f'<div class="ts-progress"><b>{html.escape(desk.round_name)}</b>{sample_badge(desk.is_sample)}'
        + ('<span class="ts-badge">practice</span>' if is_practice else "")
        + f"<span>{desk.position} of {desk.total}</span>"
        f'<span class="ts-bar" role="progressbar" aria-label="Drafts done" aria-valuemin="0" aria-valuemax="{desk.total}" '
        f'aria-valuenow="{desk.done}"><i style="width:{share}%"></i></span><span>{desk.done} done</span></div>'
    )


def read(title: str, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a page is about; where it is held back from this person the page says why, and ends. For pages without buttons of
    their own: it forgets what was said before."""
    made = session.attempt(verb, *args, **kwargs)
    if made is None:
        heading(title, "It cannot be read now.")
        outcome()
        st.stop()
    return made


def lines_of(text: str) -> str:
    """A field of the task as lines to read: “Name: value.” sentences become names and values; anything else, and
    every quotation, stays word for word."""
    parts = [part.strip() for part in SENTENCE_END.split(text.strip())]
    pairs = [LABELLED.fullmatch(part) for part in parts]
    if QUOTE.search(text) or sum(map(bool, pairs)) < max(2, len(parts) - 1):
        return f"<p>{html.escape(text)}</p>"
    return (
        "<dl>"
        + "".join(
            f"<div><dt>{html.escape(pair[1])}</dt><dd>{html.escape(pair[2].removesuffix('.'))}</dd></div>"
            if pair
            else f"<div><dd>{html.escape(part.removesuffix('.'))}</dd></div>"
            for part, pair in zip(parts, pairs, strict=True)
        )
        + "</dl>"
    )


def task_and_draft(fields: Sequence[tuple[str, str]], text: str) -> None:
    """The task's input above the draft. One element for both, so that a new draft arrives as one message."""
    shown = "".join(f"<h3>{html.escape(title)}</h3>{lines_of(words)}" for title, words in fields)
    task = f'<section class="ts-task" aria-label="The task" tabindex="0">{shown}</section>' if shown else ""
    # Lines in spans, so that an empty one can be lower than a line: more of a mail is in view, letter for letter.
    words = "\n".join(f"<span>{html.escape(line)}</span>" if line.strip() else html.escape(line) for line in text.split("\n"))
    words = words if text.strip() else '<em class="ts-quiet">This draft is empty.</em>'
    st.html(
        f'<div class="ts-paper">{task}'
        f'<section class="ts-draft" aria-label="The draft" tabindex="0"><div>{words}</div></section></div>'
    )


def heading(title: str, sentence: str, *, is_sample: bool = False, mark: str = "") -> None:
    """What every page begins with: its name, and one sentence on where things stand. `mark`: what must not be missed about
    the labels below."""
    badge = f'<span class="ts-badge">{html.escape(mark)}</span>' if mark else ""
    st.html(
        f'<header class="ts-heading"><h1>{html.escape(title)}{sample_badge(is_sample)}{badge}</h1>'
        f"<p>{html.escape(sentence)}</p></header>"
    )


def pick(label: str, names: Sequence[str], parameter: str = "round", besides: str = "") -> str:
    """Which of several the page is about: the one the address names, else the first; a box only where there is a choice.
    `besides`: what else than an open round the page does not show."""
    asked = st.query_params.get(parameter, "")
    if not asked or asked in names:
        place = names.index(asked) if asked else 0
        return names[0] if len(names) == 1 else st.selectbox(label, names, index=place)
    heading(f"{label} not shown", "Choose another.")
    refusal(
        f"“{asked}” cannot be shown here: "
        + (f"it is still open, {besides}or " if parameter == "round" else "")
        + f"there is no such {label.lower()}."
    )
    chosen = st.selectbox(label, names, index=None, placeholder="Choose another")
    if chosen is None:
        st.stop()
    return chosen


def text(words: str, *, quiet: bool = False) -> None:
    """A paragraph of plain text; line breaks are kept."""
    st.html(f'<p class="ts-text{" ts-quiet" if quiet else ""}">{html.escape(words)}</p>')


def section(title: str) -> None:
    st.html(f'<h2 class="ts-section">{html.escape(title)}</h2>')


def notes(sentences: Iterable[str]) -> None:
    """Cautions: each a sentence that must be read beside the figures."""
    if sentences := list(sentences):
        st.html('<ul class="ts-notes">' + "".join(f"<li>{html.escape(each)}</li>" for each in sentences) + "</ul>")


def anchors_of(dimension: Dimension, *, unfold: bool = False, title: str = "") -> None:
    """The anchors of one dimension, and its guidance, folded away unless `unfold`."""
    opened = " open" if unfold else ""
    guidance = (
        f"<details{opened}><summary>Guidance</summary><p>{html.escape(dimension.guidance)}</p></details>"
        if dimension.guidance
        else ""
    )
    named = f"<strong>{html.escape(title)}.</strong> " if title else ""
    st.html(
        f'<div class="ts-anchors ts-static"><p>{named}{html.escape(dimension.question)}</p><ol>'
        + "".join(
            f"<li><b>{html.escape(str(level.value))}</b><span>{html.escape(level.anchor)}</span></li>"
            for level in dimension.levels
        )
        + f"</ol>{guidance}</div>"
    )


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
) -> None:
    """A plain table of text. `numbers` are the columns set right, `marked` the rows that stand out, `links` where the
    first cell of each row leads, `names` the columns whose header is someone's name and stays as it is, `whole` those whose
    cells stay on one line."""

    def cell(tag: str, place: int, words: str, link: str = "") -> str:
        kind = ' class="ts-number"' if place in numbers else ' class="ts-whole"' if place in whole else ""
        scope = ' scope="col"' if tag == "th" else ""
        inside = html.escape(words)
        if link:
            inside = f'<a href="{html.escape(link)}" target="_self">{inside}</a>'
        return f"<{tag}{kind}{scope}>{inside}</{tag}>"

    head = "".join(cell("th", place, words if place in names else sentence_case(words)) for place, words in enumerate(header))
    body = ""
    for number, row in enumerate(rows):
        link = links[number] if links else ""
        body += "<tr class='ts-marked'>" if number in marked else "<tr>"
        body += "".join(cell("td", place, words, "" if place else link) for place, words in enumerate(row)) + "</tr>"
    st.html(
        f'<div class="ts-wide"><table class="ts-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def bar(share: float, label: str) -> str:
    """A thin progress bar as HTML; `share` from 0 to 1."""
    return (
        f'<span class="ts-bar" role="progressbar" aria-label="{html.escape(label)}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{round(100 * share)}"><i style="width:{round(100 * share)}%"></i></span>'
    )


def standing(lines: Iterable[tuple[str, float, str]]) -> None:
    """Name, bar and words, a line each: how far annotators are."""
    st.html(
        '<div class="ts-standing">'
        + "".join(
            f"<span>{html.escape(name)}</span>{bar(share, name)}<span>{html.escape(words)}</span>" for name, share, words in lines
        )
        + "</div>"
    )


def nothing(sentence: str, then: str = "", links: Iterable[tuple[str, str]] = ()) -> None:
    """An empty page: what it will show, how to begin, and links onward (the file in pages/ without its ending, and a
    label), the first as a button. It is the page's heading too. Links drawn after it line up with its text."""
    st.html(f'<section class="ts-empty"><h1>{html.escape(sentence)}</h1><p>{html.escape(then)}</p></section>')
    if links := list(links):
        onward(links)


def onward(links: Iterable[tuple[str, str]], **query: str) -> None:
    """Where to go next: links in a row, the first as a button; `query` goes with that one."""
    with st.container(horizontal=True, key="onward"):
        for place, (page, label) in enumerate(links):
            st.page_link(navigation.page(page), label=literal(label), query_params=query if query and not place else None)
