"""The page Compare drafts: two drafts side by side, a row of left, tie and right for each thing asked, by the keys of the label
page: an arrow or a digit chooses and goes on, Ctrl+Enter saves, p goes back."""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.english import many
from touchstone.errors import Refused
from touchstone.preferences.choices import LEFT, RIGHT, SIDES, TIE, ComparedDimension
from ui.base import panels
from ui.base.markup import NOTHING, draw
from ui.base.session import messages, tab
from ui.base.task_and_draft import draft_paper, task
from ui.labelling import form
from workflow.people.people import Person
from workflow.preferences import comparing
from workflow.preferences.comparing import PairToCompare

WORDS = {LEFT: "`←` Left", TIE: "`↓` As good", RIGHT: "`→` Right"}


def round_of(own: Mapping[str, int]) -> str:
    """The round to compare in: the one the address names, else the first that has pairs left; chosen where there are several."""
    asked = st.query_params.get("comparison", "")
    usual = next((name for name, left in own.items() if left), next(iter(own)))
    first = asked if asked in own else usual
    if len(own) == 1:
        return first
    names = list(own)
    found = st.selectbox(
        "Comparison round", names, index=names.index(first), format_func=lambda each: f"{each}: {many(own[each], 'pair')} left"
    )
    st.query_params["comparison"] = found
    return found


def asked(name: str) -> int | None:
    """The pair that was gone back to in this round; None for the next one."""
    of, number = tab.state().get("pair", ("", None))
    return number if of == name else None


def pair_of(person: Person, engine: sa.Engine, name: str) -> PairToCompare | None:
    """The pair to choose in; none where nothing is left, or the round was closed meanwhile, which the page then says."""
    try:
        return comparing.next_pair(person, engine, name, asked(name))
    except Refused as why:
        messages.refuse(why.sentence)
        return None


def where(pair: PairToCompare) -> str:
    """One sentence on where things stand."""
    kept = "; you chose in it before" if pair.taken else ""
    return f"{pair.comparison}, pair {pair.place:,} of {pair.total:,}{kept}; {many(pair.left, 'pair')} left."


def two_drafts(pair: PairToCompare) -> None:
    """The task, and below it the drafts side by side, one above the other where the window is narrow."""
    side_by_side(pair.fields, ("Left", pair.text_left), ("Right", pair.text_right))


def side_by_side(fields: Sequence[tuple[str, str]], left: tuple[str, str], right: tuple[str, str]) -> None:
    """A task, and two drafts of it, each under what it is called here."""
    above = Markup('<div class="ts-paper">{}</div>').format(task(fields, f"{left[0]} and {right[0]}")) if fields else NOTHING
    side = Markup('<div><h2 class="ts-side">{}</h2><div class="ts-paper">{}</div></div>')
    two = NOTHING.join(side.format(name, draft_paper(text, f"The draft {name}")) for name, text in (left, right))
    draw(Markup('<div class="ts-pair">{}<div class="ts-two">{}</div></div>').format(above, two))


def choices(pair: PairToCompare, save: Callable[[], None]) -> None:
    """A row for each thing asked, the note, Save, and the way back to the pair before."""
    with st.container(key="levels"):
        for place, each in enumerate(pair.dimensions):
            _row(pair, place, each)
    tab.start_with(_note_key(pair), pair.note or None)
    with st.container(key="save", horizontal=True, vertical_alignment="center"):
        st.text_area(
            "Note (optional)",
            key=_note_key(pair),
            height=68,
            max_chars=500,
            label_visibility="collapsed",
            placeholder="Note, if something should be remembered. Esc leaves it.",
        )
        st.button("Save and next", key=f"save-{pair.number}", type="primary", shortcut="Ctrl+Enter", on_click=save)
        if pair.before:
            st.button("Back", key=f"back-{pair.number}", on_click=_go_to, args=(pair.comparison, pair.before))
        if asked(pair.comparison):
            st.button("To the next one", key="next", on_click=_go_to, args=(pair.comparison, None))
    form.keys_of_sides(
        f"pair-{pair.number}",
        [_key(pair, each.key) for each in pair.dimensions],
        note=_note_key(pair),
        save=f"save-{pair.number}",
        back=f"back-{pair.number}" if pair.before else "",
    )


def _row(pair: PairToCompare, place: int, asked: ComparedDimension) -> None:
    """What is asked, and its three choices. A choice does not draw the page anew: it comes with Save."""
    form.question(place, asked)
    key = _key(pair, asked.key)
    tab.start_with(key, pair.taken.get(asked.key))
    st.segmented_control(
        f"{place + 1} {asked.title}. {asked.question}",
        SIDES,
        format_func=WORDS.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        on_change="ignore",
    )


def save(person: Person, engine: sa.Engine, pair: PairToCompare) -> None:
    """Keep what was chosen, and go on with the next pair."""
    values = {each.key: tab.value_of(_key(pair, each.key)) for each in pair.dimensions}
    taken = {key: side for key, side in values.items() if side is not None}
    note = tab.value_of(_note_key(pair)) or ""
    messages.attempt(comparing.choose_draft, person, engine, pair.comparison, pair.number, taken, note)
    if not messages.refusal()[0]:
        _go_to(pair.comparison, None)
        messages.announce("Saved.")


def again(person: Person, engine: sa.Engine, name: str, own: Mapping[str, int]) -> None:
    """Where nothing is left: to where pairs are, and the way back to the last one, which can be corrected until the round is
    closed."""
    if messages.refusal()[0]:
        return
    with st.container(horizontal=True):
        for other, left in own.items():
            if left:
                panels.link("compare_drafts", f"Compare {many(left, 'pair')} in {other}", comparison=other)
        panels.link("home", "What is next: Home")
        if last := comparing.last_pair(person, engine, name):
            st.button("Back to the last one", key="back", shortcut="p", on_click=_go_to, args=(name, last))


def _key(pair: PairToCompare, dimension: str) -> str:
    return f"level-pair-{pair.number}-{dimension}"


def _note_key(pair: PairToCompare) -> str:
    return f"note-pair-{pair.number}"


def _go_to(name: str, number: int | None) -> None:
    tab.state()["pair"] = (name, number)
