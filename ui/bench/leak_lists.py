"""A held task beside its nearest train tasks, for somebody to read and sign."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.bench.leaks.compared import ComparedTask
from touchstone.english import day, many
from ui.base import panels
from ui.base.session import messages, tab
from workflow.bench.leaks import VERDICTS, NeighbourList, sign_list
from workflow.people.people import Person


def signing(person: Person, engine: sa.Engine, order: str, lists: Sequence[NeighbourList]) -> None:
    """One list at a time, those that nobody signed first. `order`: what their order is, in a sentence."""
    if not lists:
        return
    signed = sum(_is_signed(each) for each in lists)
    panels.section("Nearest train tasks, to be signed")
    panels.text(
        f"{signed:,} of {many(len(lists), 'list')} {'is' if len(lists) == 1 else 'are'} signed. No threshold finds a text that "
        f"was said wholly anew: read each held task beside its nearest train tasks. {order}"
    )
    names = {each.held.id: each for each in lists}
    chosen = st.selectbox("Held task", list(names), format_func=lambda name: _title(names[name]), key="leak-list")
    one = names[chosen or lists[0].held.id]
    if one.signature:
        told = one.signature
        other = "" if told.is_of_this else " That was another list: compare again, and sign anew."
        panels.text(f"{told.by} signed on {day(told.at)}: {told.verdict}. {told.note}{other}")
    for title, task in [("Held", one.held), *((f"Nearest, {at}", each) for at, each in enumerate(one.nearest, start=1))]:
        _task(title, task)
    _form(person, engine, one)


def _is_signed(one: NeighbourList) -> bool:
    return one.signature is not None and one.signature.is_of_this


def _title(one: NeighbourList) -> str:
    return f"{one.held.id} ({one.signature.verdict})" if one.signature and one.signature.is_of_this else one.held.id


def _task(title: str, task: ComparedTask) -> None:
    rows = [[name, text] for name, text in task.fields.items()] or [["input", "–"]]
    panels.table(("Field", "Text"), rows, caption=f"{title}: {task.id}", prose=(1,))


def _form(person: Person, engine: sa.Engine, one: NeighbourList) -> None:
    nth = tab.counter("lists-signed")

    def sign() -> None:
        verdict, note = tab.value_of(f"leak-verdict-{nth}"), tab.value_of(f"leak-note-{nth}") or ""
        before = messages.refusals()
        messages.attempt(sign_list, person, engine, one.held.id, [each.id for each in one.nearest], verdict or "", note)
        if messages.refusals() == before:
            messages.report(f"{one.held.id} is signed: {verdict}.")
            tab.count("lists-signed")

    with st.form("sign-list", border=False):
        st.segmented_control("Is it a leak?", VERDICTS, key=f"leak-verdict-{nth}")
        st.text_input("Note", key=f"leak-note-{nth}", placeholder="What tells them apart, or makes them one")
        st.form_submit_button("Sign", on_click=sign)
