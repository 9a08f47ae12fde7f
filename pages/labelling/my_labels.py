"""My labels: what you have delivered in a round, to correct until the round closes. Your own rows only."""

from urllib.parse import urlencode

import streamlit as st

from touchstone.english import day, many
from ui.base import navigation, panels, session
from ui.labelling import feedback
from workflow.labelling import own_labels
from workflow.labelling.feedback import feedback_in
from workflow.rounds import rounds

person, engine = session.require_person(), session.engine()
mine = [each for each in rounds.all_rounds(engine) if person.name in each.annotators]

if not mine:
    panels.nothing(
        "You have no labels yet",
        "When a lead opens a round with your name in it, what you label is listed here.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

names = [each.name for each in mine]
name = panels.pick("Round", names)
found = mine[names.index(name)]
rows = own_labels.my_labels(person, engine, name)
gold = feedback_in(person, engine, name)
panels.heading(
    "My labels",
    (
        f"{many(sum(not row.is_practice for row in rows), 'draft')} delivered in {name}. "
        if rows
        else f"Nothing delivered in {name} yet. "
    )
    + (
        ""
        if found.is_open and not rows
        else "The gold was shown when you saved, so labels stay as they are."
        if found.is_open and found.feedback == "each"
        else "Open one to correct it; the label before is kept in its history."
        if found.is_open
        else f"The round was closed on {day(found.closed_at)}: labels stay as they are."
    ),
    is_sample=found.is_sample,
)
panels.outcome()
if not rows:
    st.page_link(navigation.page("label"), label="Begin labelling", query_params={"round": name})
    st.stop()


def state(row):
    if row.held_back:
        return "held back: you label this draft again in an open round"
    if row.state == "skipped":
        return f"skipped: {row.skip_reason}"
    return " ".join(f"{row.values.get(key, '–')}" for key in found.dimensions)


panels.table(
    (
        "Draft",
        "Begins",
        "Levels, in the rubric's order",
        *(("Gold", "Why, where it differs") if gold else ()),
        "Time",
        "Delivered (UTC)",
    ),
    [
        (
            ("practice " if row.is_practice else "") + str(row.position),
            row.opening,
            state(row),
            *((feedback.levels(gold.get(row.assignment, ())), feedback.reasons(gold.get(row.assignment, ()))) if gold else ()),
            f"{row.seconds:.0f} s",
            f"{row.delivered_at:%d %b %H:%M}",
        )
        for row in rows
    ],
    links=["" if row.assignment in gold else "/label?" + urlencode({"round": name, "assignment": row.assignment}) for row in rows]
    if found.is_open
    else (),
    caption="The latest first. " + ("Choose a draft's number to open it." if found.is_open and not gold else ""),
)
