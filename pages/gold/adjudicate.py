"""Adjudicate: one cell at a time, every disagreeing cell queued, with the anchors in view."""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, signed_in, store, tab
from ui.base.task_and_draft import task_and_draft
from ui.gold import adjudication as deciding
from ui.rounds import shown_round
from workflow.gold import adjudication
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.empty(
        "No round is closed yet, so there is nothing to adjudicate.",
        "When a round is closed, every draft and dimension its annotators disagree on is listed here.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = shown_round.of_page("adjudicate", closed)
near = deciding.in_hand(f"cell-{name}")
queue = adjudication.open_disagreements(person, engine, name, most=deciding.LISTED, near=near)
desk = st.container(key="case")
with desk, st.container(key="case-top"):
    head, list_of_cells = st.columns([10, 11], gap="medium", vertical_alignment="bottom")
    with head:
        panels.heading(f"Adjudicate {name}", deciding.where_things_stand(queue), is_sample=queue.round.is_sample)
        if not queue.many_waiting and not queue.round.held_back:
            panels.link("gold", "See the gold", round=name)
    with list_of_cells:
        deciding.left_out(queue)
    panels.outcome()

cells = {f"{cell.draft_id} / {cell.dimension}": cell for cell in (*queue.waiting, *queue.decided)}
if not cells:
    st.stop()


def decide(case, token):
    done = messages.attempt(
        adjudication.adjudicate,
        person,
        engine,
        name,
        case.cell.draft_id,
        case.cell.dimension,
        tab.value_of(f"level-{token}"),
        tab.value_of(f"reason-{token}") or "",
        tab.value_of(f"cause-{token}") or "",
        revising=case.cell.decision.adjudication if case.cell.decision else None,
    )
    if done:
        comes = deciding.after(queue, case.cell)
        (messages.announce if comes else messages.report)(deciding.told(queue, case, tab.value_of(f"level-{token}")))
        tab.put(f"cell-{name}", comes)


deciding.keep_in(f"cell-{name}", cells, queue)
chosen = list_of_cells.selectbox(
    "Cell",
    list(cells),
    key=f"cell-{name}",
    label_visibility="collapsed",
    placeholder="Review a decided cell",
    format_func=deciding.names_of(queue).get,
)
if chosen is None:
    st.stop()
case = adjudication.case(person, engine, name, cells[chosen].draft_id, cells[chosen].dimension)
token = deciding.token(queue, case)

with desk, st.container(key="case-paper"):
    task_and_draft(case.fields, case.text)
with desk, st.container(key="case-form"):
    deciding.labels(case)
    deciding.form(case, token, decide, deciding.way_back(f"cell-{name}", queue, case.cell))
