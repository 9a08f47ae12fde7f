"""The table of two sources of labels, and what a source is called."""

from collections.abc import Sequence

import streamlit as st

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.english import many
from ui.base import navigation, panels
from ui.base.panels import Table
from ui.base.session import tab
from workflow.comparison.source import in_plain_words
from workflow.comparison.two_sources import ComparedSources, SourceDimension
from workflow.rounds.in_hand import RoundInShort

AT_ONCE = 50_000  # labels counted as the page opens: some tenths of a second
WIDE = 40  # characters of a name on an axis or over a column


def in_hand_first(found: Sequence[str], in_hand: RoundInShort | None) -> list[str]:
    """The sources of the round in hand before all others, which stay in their order."""
    mine = () if in_hand is None else (f"gold:{in_hand.name}", f"round:{in_hand.name}/")
    return sorted(found, key=lambda each: not any(each == of or each.rpartition("/")[0] + "/" == of for of in mine))


def short_titles(a: str, b: str) -> tuple[str, str]:
    """Both as an axis or a column has room for them: who it is, and of what where both are of one name."""
    whole = [in_plain_words(each) for each in (a, b)]
    short = [each.partition(", of ")[0] for each in whole]
    one, other = whole if short[0] == short[1] else short
    return _cut(one), _cut(other)


def _cut(words: str) -> str:
    return words if len(words) <= WIDE else words[: WIDE - 1].rstrip() + "…"


def ask_before(labels: int, a: str, b: str) -> None:
    """Where two sources have many labels to count, they are compared once it is asked for: the page says so, and ends."""
    if not is_asked(labels, a, b):
        panels.heading("Two sources", f"Not compared yet: {in_plain_words(a)}, and {in_plain_words(b)}.")
        panels.text(f"It takes a moment, as up to {many(labels, 'label')} of both are counted; they are kept for the next look.")
        ask("Compare them", a, b)
        st.stop()


def is_asked(labels: int, *sources: str) -> bool:
    """Whether sources with so many labels are compared at once, or were asked for in this tab."""
    return labels <= AT_ONCE or bool(tab.state().get(f"count-{'-'.join(sources)}"))


def ask(button: str, *sources: str) -> None:
    """The button that asks for it."""
    if st.button(button, type="primary"):
        tab.state()[f"count-{'-'.join(sources)}"] = True
        st.rerun()


def sources(made: ComparedSources) -> Table:
    """Header and rows of the table of two sources."""
    scales = [each.pair.scale for each in made.dimensions if each.pair]
    names = [PERCENT, KAPPA, *([] if scales and set(scales) == {"nominal"} else [QUADRATIC_KAPPA])]

    def row(each: SourceDimension) -> Sequence[str]:
        if each.pair is None:
            return (each.title, "0", each.reason or "", *["–"] * (len(names) - 1))
        return (each.title, str(each.n), *map(each.pair.in_words, names))

    return ("Dimension", "n", *("agreement" if name == PERCENT else name.heading for name in names)), [*map(row, made.dimensions)]


def links(made: ComparedSources, a: str, b: str) -> list[str]:
    """Where each row leads: its dimension on this page; nowhere without figures."""
    return [navigation.address("two_sources", a=a, b=b, dimension=each.key) if each.pair else "" for each in made.dimensions]
