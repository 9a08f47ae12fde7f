"""The page Compare drafts: two drafts side by side, three choices and Save. 1, 2 and 3 choose, Enter saves, p goes back."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.english import many
from touchstone.errors import Refused
from touchstone.preferences.choices import LEFT, RIGHT, TIE
from ui.base import panels
from ui.base.markup import draw
from ui.base.session import messages, tab
from ui.base.task_and_draft import draft_paper, task
from workflow.people.people import Person
from workflow.preferences import comparisons
from workflow.preferences.comparisons import PairToCompare

CHOICES = ((LEFT, "Left is better", "1"), (TIE, "As good as each other", "2"), (RIGHT, "Right is better", "3"))


def round_of(own: Mapping[str, int]) -> str:
    """The round to compare in: the one the address names, else the first that has pairs left; chosen where there are several."""
    asked = st.query_params.get("comparison", "")
    usual = next((name for name, left in own.items() if left), next(iter(own)))
    first = asked if asked in own else usual
    if len(own) == 1:
        return first
    names = list(own)
    return st.selectbox(
        "Comparison round", names, index=names.index(first), format_func=lambda each: f"{each}: {many(own[each], 'pair')} left"
    )


def asked(name: str) -> int | None:
    """The pair that was gone back to in this round; None for the next one."""
    of, number = tab.state().get("pair", ("", None))
    return number if of == name else None


def pair_of(person: Person, engine: sa.Engine, name: str) -> PairToCompare | None:
    """The pair to choose in; none where nothing is left, or the round was closed meanwhile, which the page then says."""
    try:
        return comparisons.next_pair(person, engine, name, asked(name))
    except Refused as why:
        messages.refuse(why.sentence)
        return None


def where(pair: PairToCompare) -> str:
    """One sentence on where things stand."""
    kept = "; you chose in it before" if pair.taken else ""
    return f"{pair.comparison}, pair {pair.place} of {pair.total}{kept}; {many(pair.left, 'pair')} left."


def two_drafts(pair: PairToCompare) -> None:
    """The task, and below it the drafts side by side, one above the other where the window is narrow."""
    if pair.fields:
        draw(Markup('<div class="ts-paper">{}</div>').format(task(pair.fields)))
    left, right = draft_paper(pair.text_left, "The draft on the left"), draft_paper(pair.text_right, "The draft on the right")
    side = Markup('<div><h2 class="ts-side">{}</h2><div class="ts-paper">{}</div></div>')
    draw(Markup('<div class="ts-two">{}{}</div>').format(side.format("Left", left), side.format("Right", right)))


def choice(pair: PairToCompare, save: Callable[[], None]) -> None:
    """The question, the three choices, Save, and the way back to the pair before."""
    panels.section(pair.question, is_name=True)
    taken = _taken(pair)
    with st.container(horizontal=True, key="sides"):
        for side, words, key in CHOICES:
            st.button(
                words,
                key=f"{side}-{pair.number}",
                type="primary" if side == taken else "secondary",
                shortcut=key,
                on_click=_take,
                args=(pair, side),
            )
    st.text_input("Note (optional)", value=pair.note, key=f"note-{pair.number}", max_chars=500)
    with st.container(horizontal=True, key="save-choice"):
        st.button("Save", key="save", shortcut="Enter", disabled=taken is None, on_click=save)
        if pair.before:
            st.button("Back", key="back", shortcut="p", on_click=_go_to, args=(pair.comparison, pair.before))
        if asked(pair.comparison):
            st.button("To the next one", key="next", on_click=_go_to, args=(pair.comparison, None))
    panels.text("By keyboard: 1, 2 or 3 chooses, Enter saves, p goes back.", quiet=True)


def save(person: Person, engine: sa.Engine, pair: PairToCompare) -> None:
    """Keep what was chosen, and go on with the next pair."""
    taken = _taken(pair) or ""
    note = tab.value_of(f"note-{pair.number}") or ""
    messages.attempt(comparisons.choose_draft, person, engine, pair.comparison, pair.number, taken, note)
    if not messages.refusal()[0]:
        _go_to(pair.comparison, None)
        messages.announce("Saved.")


def again(person: Person, engine: sa.Engine, name: str) -> None:
    """Where nothing is left: the way back to the last pair, which can be corrected until the round is closed."""
    if messages.refusal()[0]:
        return
    if last := comparisons.last_pair(person, engine, name):
        st.button("Back to the last one", key="back", shortcut="p", on_click=_go_to, args=(name, last))


def _taken(pair: PairToCompare) -> str | None:
    number, side = tab.state().get("taken", (None, None))
    return side if number == pair.number else pair.taken


def _take(pair: PairToCompare, side: str) -> None:
    tab.state()["taken"] = (pair.number, side)


def _go_to(name: str, number: int | None) -> None:
    tab.state()["pair"] = (name, number)
    tab.state().pop("taken", None)
