"""From the draft in hand to the one labelled last and back again; nothing of either is lost."""

import sqlalchemy as sa
import streamlit as st

from ui.base.session import messages
from ui.labelling import current_draft, form
from workflow.labelling.next_draft import Desk
from workflow.people.people import Person


def button(person: Person, engine: sa.Engine, desk: Desk) -> None:
    """ "Previous", or "Back to labelling" on a draft that is being corrected; nothing where there is neither. The key p presses
    it."""
    if name := name_of(desk):
        st.button(name, key=form.back_key(desk), on_click=_turn, args=(person, engine, desk))


def name_of(desk: Desk) -> str:
    if desk.is_correction:
        return "Back to labelling"
    return "Previous" if desk.previous else ""


def _turn(person: Person, engine: sa.Engine, desk: Desk) -> None:
    """Keep what the form holds and the store does not yet, then turn to the other draft."""
    if not current_draft.is_in_hand(desk):
        return
    messages.clear()
    current_draft.keep_rest(person, engine, desk, form.chosen(desk), form.note_of(desk))
    if messages.refusal()[0]:
        return
    if desk.is_correction:
        current_draft.come_back()
    else:
        current_draft.look_back(desk)
