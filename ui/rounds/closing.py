"""Closing a round: asked once, with what it means; and the notice by which whoever closed it takes that back."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.english import listed, many
from ui.base import next_focus, panels
from ui.base.session import messages, tab
from workflow.people.people import Person
from workflow.rounds import closing
from workflow.rounds.rounds import Round

ASKED = "asked-to-close"  # the round (its id) whose closing is being asked about in this tab


def button(round_: Round) -> None:
    """What leads to the question whether an open round is to be closed."""
    owed = any(mine.waiting for mine in round_.progress)
    st.button(
        "Close early" if owed else "Close the round",
        key=f"close-{round_.id}",
        on_click=_ask,
        args=(round_.id,),
        type="secondary" if owed else "primary",
    )


def question(person: Person, engine: sa.Engine, found: Sequence[Round]) -> None:
    """The question, over the page, while it stands."""
    asked = next((each for each in found if each.is_open and each.id == tab.state().get(ASKED)), None)
    if asked:
        st.dialog(f"Close {panels.literal(asked.name)}?", on_dismiss=_leave)(_question)(person, engine, asked)


def was_refused() -> bool:
    """Whether the refusal to be shown belongs to the question: it stands there, not above the page."""
    return ASKED in tab.state() and messages.last_verb() == closing.close_round.__name__


def notice(person: Person, engine: sa.Engine, found: Sequence[Round]) -> None:
    """That a round the person closed can still be reopened: until anybody reads what it kept back, also after a refresh."""
    for each in found:
        if each.is_unread and each.closed_by == person.id:
            with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"closed-{each.id}"):
                panels.text(
                    f"You closed {each.name}, and nobody has read its labels yet. Was that a mistake? Reopen it, and labelling "
                    "goes on where it was. Once anybody reads them, here or by a command, it stays closed."
                )
                st.button("Reopen it", key=f"reopen-{each.id}", on_click=_reopen, args=(person, engine, each.name))
                panels.link("agreement", "Read its agreement", round=each.name)


def what_it_means(round_: Round) -> list[str]:
    """What closing the round now does, a sentence each."""
    owed = [f"{mine.name} has {many(mine.waiting, 'draft')} left" for mine in round_.progress if mine.waiting]
    missing = sum(mine.waiting for mine in round_.progress) * len(round_.dimensions)
    skipped = sum(mine.skipped for mine in round_.progress)
    to_gold = ", and a cell with too few labels is not settled" if round_.has_gold else ""
    said = [
        "From then on everyone in the project can read its labels, and nobody can label or correct in it any more.",
        f"It has {many(round_.drafts, 'draft')}: "
        + (f"{listed(owed)}." if owed else f"{listed(round_.annotators)} {'is' if len(round_.annotators) == 1 else 'are'} done."),
    ]
    if owed:
        said.append(
            f"What is left stays without labels: {many(missing, 'label')} will be missing. The report says so, with your "
            f"reason{to_gold}."
        )
    if skipped:
        said.append(f"{many(skipped, 'skip')} {'counts' if skipped == 1 else 'count'} as missing, too.")
    return [*said, "You can take it back here, under Rounds, until anybody has read its labels."]


def _question(person: Person, engine: sa.Engine, round_: Round) -> None:
    if ASKED not in tab.state():
        st.rerun()  # answered: the page is drawn without it
    panels.refusal(*(messages.refusal() if was_refused() else ("", ())))
    for each in what_it_means(round_):
        panels.text(each)
    owed = any(mine.waiting for mine in round_.progress)
    with st.form(f"closing-{round_.id}", border=False):  # a form, so that Enter in the reason closes too
        if owed:
            st.text_input("Reason for closing early", key=f"early-{round_.name}", placeholder="The report will give it.")
        with st.container(horizontal=True):
            st.form_submit_button(
                "Close it early" if owed else "Close it",
                type="primary",
                key=f"close-it-{round_.id}",
                on_click=_close,
                args=(person, engine, round_.name),
            )
            st.form_submit_button("Keep it open", key=f"keep-{round_.id}", on_click=_leave)
    next_focus.follow()


def _ask(round_: int) -> None:
    messages.clear()
    tab.state()[ASKED] = round_


def _leave() -> None:
    if was_refused():
        messages.clear()
    tab.state().pop(ASKED, None)


def _close(person: Person, engine: sa.Engine, name: str) -> None:
    early = tab.value_of(f"early-{name}")
    if messages.attempt(closing.close_round, person, engine, name, early=early or None):
        tab.state().pop(ASKED, None)
        messages.report(f"{name} is closed.")
    else:
        next_focus.lead_to("[role=dialog] input")


def _reopen(person: Person, engine: sa.Engine, name: str) -> None:
    if messages.attempt(closing.reopen_round, person, engine, name):
        messages.report(f"{name} is open again: its labels are as they were.")
