"""The page on drafts that fool the scorer, laid out: the form that tries one, and the form that confirms one blind."""

from typing import NamedTuple

import sqlalchemy as sa
import streamlit as st

from touchstone.rubric.model import Rubric
from ui.base import panels
from ui.base.session import messages, tab
from workflow.bench import adversarial
from workflow.bench.adversarial import Attempt, ToConfirm
from workflow.people.people import Person


class Tried(NamedTuple):
    """What the form asks for, as the verbs take it."""

    rubric: str
    dimension: str
    task_id: str
    text: str
    deserved: str


def sentence(waiting: list[ToConfirm]) -> str:
    if not waiting:
        return "Write a draft that the scorer gives another level than it deserves; a second person confirms it blind."
    one = len(waiting) == 1
    return f"{len(waiting):,} {'draft of somebody else waits' if one else 'drafts of others wait'} for your level."


def form(person: Person, engine: sa.Engine, rubric: Rubric, task_ids: list[str]) -> Tried:
    """The task on the left, the draft and its level on the right."""
    left, right = st.columns(2, gap="large")
    with left:
        task_id = st.selectbox("Task", task_ids, key="attacked-task")
        for title, words in adversarial.task_shown(person, engine, task_id):
            panels.section(title, is_name=True)
            panels.text(words)
    titles = {each.key: each.title for each in rubric.dimensions if each.scoring}
    with right:
        key = st.selectbox("Dimension", list(titles), format_func=titles.__getitem__, key="attacked-on")
        text = st.text_area("Draft", height=220, key=f"attack-{tab.counter('attack')}")
        dimension = next(each for each in rubric.dimensions if each.key == key)
        names = {str(each.value): f"{each.value}: {each.title}" for each in dimension.levels}
        deserved = st.selectbox("The level it deserves", list(names), format_func=names.__getitem__, key=f"deserved-{key}")
    return Tried(rubric.name, key, task_id, text, deserved)


def show(made: Attempt) -> None:
    """What the scorer makes of the draft: its level, the line that gave it, and what it found."""
    panels.section("What the scorer says")
    panels.text(made.sentence)
    if made.findings:
        panels.table(
            ("Check", "words", "what it says"),
            [[each.check, each.text, each.message] for each in made.findings],
            prose=(2,),
            caption="What the checks of this dimension found in the draft.",
        )


def confirm_form(person: Person, engine: sa.Engine, one: ToConfirm) -> None:
    """The task and the draft, and a level: nothing of what its writer or the scorer said."""
    panels.section("Confirm blind")
    panels.text("Give the level that this draft deserves. What its writer and the scorer said is told afterwards.", quiet=True)
    left, right = st.columns(2, gap="large")
    with left:
        for title, words in one.fields:
            panels.section(title, is_name=True)
            panels.text(words)
    with right:
        panels.section("Draft")
        panels.text(one.draft)
    panels.section(one.dimension.title, is_name=True)
    panels.text(one.dimension.question)
    anchors = {str(each.value): f"{each.value}: {each.anchor}" for each in one.dimension.levels}
    level = st.radio(
        "Its level", list(anchors), index=None, format_func=lambda each: panels.literal(anchors[each]), key=f"level-{one.task_id}"
    )
    if st.button("Give this level", disabled=level is None):
        made = messages.attempt(adversarial.confirm, person, engine, one.task_id, level or "")
        if made is not None:
            messages.report(f"{made.sentence}.")
        st.rerun()
