"""The pairs on which annotators differ, each with what everybody took and noted, and the drafts; and all choices as a file."""

from functools import partial

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.agreement.disagreements import labels_given
from ui.base import panels
from ui.base.markup import draw
from ui.preferences.comparing import side_by_side
from workflow.people.people import Person
from workflow.preferences.choices_made import ReadPair, Said, choices_as_csv, pair_drafts, pairs_to_read
from workflow.preferences.report import AskedReport, ComparisonReport

AT_ONCE = 20  # pairs drawn on one page


def show(person: Person, engine: sa.Engine, made: ComparisonReport, shown: AskedReport) -> None:
    """Those where one took each draft first, then those with a tie, then notes on pairs all agree on."""
    found = pairs_to_read(made.read, shown.asked.key)
    apart = sum(each.differ for each in found)
    panels.section("Where they differ, and notes", place="apart")
    noted = len(found) - apart
    panels.text(
        f"On {many(apart, 'pair')} annotators differ."
        + (f" On {many(noted, 'pair')} they do not, and one of them noted something." if noted else "")
    )
    for each in found[:AT_ONCE]:
        _pair(person, engine, made, each)
    if len(found) > AT_ONCE:
        panels.text(f"{AT_ONCE} of {len(found):,} are shown, those that differ most first; all are in the file.", quiet=True)


def _pair(person: Person, engine: sa.Engine, made: ComparisonReport, each: ReadPair) -> None:
    told = "; ".join(f"{said.annotator}: {_taken(each, said)}" for said in each.said)
    notes = sum(bool(said.note) for said in each.said)
    told += f" ({many(notes, 'note')})" if notes else ""
    with st.expander(f"**{panels.literal(each.pair.task)}** — {panels.literal(told)}"):
        draw(labels_given((said.annotator, _taken(each, said), said.note) for said in each.said))
        texts = pair_drafts(person, engine, made.comparison.name, each.pair.pair)
        with st.container(key=f"reading-pair-{each.pair.pair}"):
            side_by_side(texts.fields, (each.pair.a, texts.a), (each.pair.b, texts.b))


def _taken(each: ReadPair, said: Said) -> str:
    return (said.taken or "as good") + (", when it came again" if said.again else "")


def download(person: Person, engine: sa.Engine, made: ComparisonReport) -> None:
    """Every choice on every dimension, with the notes."""
    name = made.comparison.name
    st.download_button(
        "Choices and notes as CSV",
        partial(_content, person, engine, name),
        mime="text/csv",
        file_name="choices.csv",
        on_click="ignore",
        help="A row a choice, as the command preferences reads it",
    )


def _content(person: Person, engine: sa.Engine, name: str) -> bytes:
    return choices_as_csv(person, engine, name).content
