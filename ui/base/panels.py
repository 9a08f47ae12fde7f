"""What every page is made of: headings, refusals, text, tables, links."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec, TypeVar

import streamlit as st
from markupsafe import Markup

from touchstone.english import grouped
from ui.base import navigation, terms
from ui.base.markup import NOTHING, draw
from ui.base.session import address, messages, open_pages

# Words with which a refusal or a caution begins that are no name: these alone are written large, "pilot is closed" begins with
# a name.
OPENERS = re.compile(
    r"(a|above|accounts|all|an|and|annotators|another|as|at|by|cannot|cells|choose|column|cut|does|drafts|each|every|"
    r"feedback|figures|how|ids|import|intervals|is|it|its|labels|layout|left|levels|line|looks|made|marginals|name|new|no|"
    r"nobody|not|nothing|of|only|opening|over|pair|pairs|people|planned|responses|rounds|row|say|scores|signing|slots|"
    r"someone|ssh-keygen|strength|that|the|there|these|this|two|units|was|weights|what|while|who|with|without|words|workers|"
    r"you|your)(?=[ ,:])"
)
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!~$<>|&:-])")
EMOJI = re.compile(r":(?=[\w+/-]+:)")  # these and icons are put in after the marks were read, so that no mark keeps them away

ROW, MARKED_ROW = Markup('<tr role="row">{}</tr>'), Markup('<tr role="row" class="ts-marked">{}</tr>')

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


def opened_large(sentence: str) -> str:
    """With a large first letter, unless it begins with what may be a name."""
    return sentence_case(sentence) if OPENERS.match(sentence) else sentence


def full_stop(sentence: str) -> str:
    """With a full stop, unless it has its end."""
    return sentence if not sentence or sentence[-1] in ".!?…:" else f"{sentence}."


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
    sentence = opened_large(sentence)
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


def read_one(page: str, verb: Callable[Taken, Result], *args: Taken.args, **kwargs: Taken.kwargs) -> Result:
    """One of the things that a page (the name of its file) lists; where there is no such one, or it is held back, the page says
    so, leads back to its list, and ends."""
    result = messages.attempt(verb, *args, **kwargs)
    if result is None:
        heading(navigation.TITLES[page], "What the address asks for is not here.")
        wrong(*messages.refusal())
        link(page, "Back to the list", **({"round": address.says("round")} if address.says("round") else {}))
        st.stop()
    return result


def heading(title: str, sentence: str, *, is_sample: bool = False, mark: str = "") -> None:
    """What every page begins with: its name, and one sentence on where things stand. `mark`: what must not be missed about
    the labels below."""
    draw(
        Markup('<header class="ts-heading"><h1>{}{}{}</h1>{}<p>{}</p></header>').format(
            title,
            sample_badge(is_sample),
            Markup('<span class="ts-badge">{}</span>').format(mark) if mark else NOTHING,
            _help(),
            terms.marked(sentence, set()),
        )
    )


def _help() -> Markup:
    """The way to the part of the guide that is on this page. It opens beside it: nothing that is being filled in is lost."""
    if not (part := navigation.help_of(messages.here())):
        return NOTHING
    to = navigation.address("guide", part=part, project=address.says("project"), round=address.says("round"))
    link = Markup('<a class="ts-help" href="{}" target="_blank" data-anew title="The guide on this page, in a new tab">Help</a>')
    return link.format(to)


def help_link() -> None:
    """The same by itself, for a page whose heading cannot be seen."""
    draw(Markup("<p>{}</p>").format(_help()))


def text(words: str, *, quiet: bool = False) -> None:
    """A paragraph of plain text; line breaks are kept."""
    draw(Markup('<p class="ts-text{}">{}</p>').format(" ts-quiet" if quiet else "", words))


def of_a_part(says: str, rest: str, page: str, **query: str) -> None:
    """That a list is a part of what there is, and the way to the rest: "The list has …; find any other in Drafts." `rest` is a
    link to that page, and left out where somebody's role does not open it."""
    to = navigation.address(page, project=address.says("project"), **query)
    way = Markup("; {}").format(navigation.anchor(to, rest)) if open_pages.is_open(page) else NOTHING
    draw(Markup('<p class="ts-text ts-quiet">{}{}.</p>').format(says, way))


def section(title: str, *, is_name: bool = False, place: str = "") -> None:
    """A heading within the page, its terms marked; `is_name`: words of a rubric or of a person, which stay as they are. `place`:
    what an address calls it, so that a link (`to=PLACE`) leads to it and not to the top of the page."""
    shown = title if is_name else terms.marked(title, set())
    draw(Markup('<h2 class="ts-section"{}>{}</h2>').format(Markup(' id="ts-{}"').format(place) if place else NOTHING, shown))


def notes(sentences: Iterable[str]) -> None:
    """Cautions: each a sentence that must be read beside the figures, drawn with a large first letter and a full stop."""
    if sentences := list(sentences):
        listed = NOTHING.join(Markup("<li>{}</li>").format(full_stop(opened_large(sentence))) for sentence in sentences)
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
    cards: bool | None = None,
) -> None:
    """A plain table of text, or of the links that `navigation.anchor` makes; the first cell of a row is its header, and terms in
    the header and the caption are marked (`ui.base.terms`). `numbers` are the columns set right, whole numbers in their cells
    with separators ("50,000"), `marked` the rows that stand out, `links` where the first cell of each row leads, `names` the
    columns whose header is someone's name and stays as it is, `whole` those whose cells stay on one line, `prose` those of
    sentences, which stay wide enough to be read.

    `cards`: on a phone each row becomes a card, each cell with its column's title beside it; so does, unless said otherwise, a
    table of more than two columns. Without cards it stays a table there, and scrolls sideways."""
    rows = list(rows)
    cards = len(header) > 2 if cards is None else cards
    titles = [title if column in names else sentence_case(title) for column, title in enumerate(header)]

    def kind(column: int) -> Markup:
        kinds = (("ts-number", numbers), ("ts-whole", whole), ("ts-prose", prose))
        return next((Markup(' class="{}"').format(name) for name, columns in kinds if column in columns), NOTHING)

    def cell(number: int, column: int, words: str) -> Markup:
        if column in numbers and not isinstance(words, Markup):
            words = grouped(words)
        if isinstance(words, Markup):
            words = Markup("<span>{}</span>").format(words)  # one thing beside its column's title on a phone
        if column == 0:
            named = navigation.anchor(links[number], words) if links and links[number] else words
            return Markup('<th role="rowheader" scope="row"{} data-label="{}">{}</th>').format(kind(0), titles[0], named)
        return Markup('<td role="cell"{} data-label="{}">{}</td>').format(kind(column), titles[column], words)

    def row(number: int, row_: Sequence[str]) -> Markup:
        cells = NOTHING.join(cell(number, column, words) for column, words in enumerate(row_))
        return (MARKED_ROW if number in marked else ROW).format(cells)

    told: set[terms.Term] = set()
    head = NOTHING.join(
        Markup('<th role="columnheader"{} scope="col">{}</th>').format(
            kind(column), title if column in names else terms.marked(title, told)
        )
        for column, title in enumerate(titles)
    )
    body = NOTHING.join(row(number, row_) for number, row_ in enumerate(rows))
    inside = Markup('<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody>').format(head, body)
    # The roles are those the elements have by themselves, and lose where a row is drawn as a card. The caption stands before the
    # table: its terms take the focus, which nothing in a table but its cells may.
    kinds = "ts-table ts-cards" if cards else "ts-table"
    wide = scrolling(Markup('<table class="{}" role="table" aria-label="{}">{}</table>').format(kinds, caption, inside), caption)
    draw(Markup('<p class="ts-caption">{}</p>{}').format(terms.marked(full_stop(caption), told), wide))


def scrolling(wide: Markup, name: str) -> Markup:
    """What may be wider than the page, in a region that scrolls sideways, by keyboard too (ui/base/frame/between.js)."""
    return Markup('<div class="ts-wide" role="region" aria-label="{}" tabindex="0">{}</div>').format(name, wide)


def link(page: str, label: str, *, icon: str | None = None, **query: str | list[str]) -> None:
    """A link to a page by its name ("my_labels"), with what goes into its address beside the project. The label is plain text.
    Nothing for a page that somebody's role does not open."""
    if not open_pages.is_open(page):
        return
    place = {"project": address.says("project")} if address.says("project") else {}
    st.page_link(navigation.page(page), label=literal(label), icon=icon, query_params={**place, **query} or None)


def links(named: Iterable[tuple[str, str]], **query: str) -> None:
    """Where to go next: links in a row, the first as a button; `query` goes with that one."""
    with st.container(horizontal=True, key="onward"):
        for place, (page, label) in enumerate(named):
            link(page, label, **({} if place else query))


def empty(sentence: str, then: str = "", next_pages: Iterable[tuple[str, str]] = ()) -> None:
    """An empty page: what it will show, how to begin, and links to pages by name, the first as a button. It is the page's
    heading too. Links drawn after it line up with its text."""
    draw(Markup('<section class="ts-empty"><h1>{}</h1><p>{} {}</p></section>').format(sentence, then, _help()))
    if next_pages := list(next_pages):
        links(next_pages)
