"""Adjudicate: one cell at a time, every disagreeing cell queued, with the anchors in view."""

import streamlit as st

from touchstone.data.gold import CAUSES
from touchstone.english import many
from ui.base import navigation, panels, session
from ui.gold import adjudication as deciding
from ui.labelling import form
from workflow.gold import adjudication
from workflow.rounds import rounds

person, engine = session.require_person(), session.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.nothing(
        "No round is closed yet, so there is nothing to settle.",
        "When a round is closed, every draft and dimension its annotators differ on comes here.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = panels.pick("Round", closed, besides="repeats another round, ")
queue = adjudication.open_disagreements(person, engine, name)
head, list_of_cells = st.columns([10, 11], gap="medium", vertical_alignment="bottom")
with head:
    panels.heading(f"Adjudicate {name}", deciding.where_things_stand(queue), is_sample=queue.round.is_sample)
    if not queue.waiting and not queue.held_back:
        st.page_link(navigation.page("gold"), label="See the gold", query_params={"round": name})
panels.outcome()

cells = {f"{cell.draft_id} / {cell.dimension}": cell for cell in (*queue.waiting, *queue.decided)}
if not cells:
    st.stop()


def decide(case, token):
    done = session.attempt(
        adjudication.adjudicate,
        person,
        engine,
        name,
        case.cell.draft_id,
        case.cell.dimension,
        session.value_of(f"level-{token}"),
        session.value_of(f"reason-{token}") or "",
        session.value_of(f"cause-{token}") or "",
        revising=case.cell.decision.adjudication if case.cell.decision else None,
    )
    if done:
        session.tell(f"{case.cell.draft_id} / {case.dimension.title} is settled at {session.value_of(f'level-{token}')}.")
        session.put(f"cell-{name}", deciding.after(queue, case.cell))


deciding.keep_in(f"cell-{name}", cells, queue)
chosen = list_of_cells.selectbox(
    "Cell",
    list(cells),
    key=f"cell-{name}",
    label_visibility="collapsed",
    placeholder="Look at a decided cell",
    format_func=deciding.names_of(queue).get,
)
if chosen is None:
    st.stop()
case = adjudication.case(person, engine, name, cells[chosen].draft_id, cells[chosen].dimension)
token = deciding.token(queue, case)

left, right = st.columns([10, 11], gap="medium")
with left, st.container(key="reading-case"):
    panels.task_and_draft(case.fields, case.text)
with right:
    panels.anchors_of(case.dimension, title=case.dimension.title)
    deciding.labels(case)
    was = case.cell.decision
    session.start_with(f"reason-{token}", was.reason if was else None)
    st.segmented_control(
        "Decision",
        case.dimension.values,
        key=f"level-{token}",
        required=True,
        default=was.value if was else None,
        width="stretch",
        format_func=lambda value: form.level_name(case.dimension, value),
    )
    st.segmented_control(
        "Cause",
        CAUSES,
        key=f"cause-{token}",
        required=True,
        default=was.cause if was else None,
        format_func=lambda cause: f"`{CAUSES.index(cause) + 1}` {cause}",
    )
    st.text_area(
        "Reason",
        key=f"reason-{token}",
        height=68,
        placeholder="Why this level: it goes into the rubric meeting and out with the gold.",
    )
    with st.container(key="decide", horizontal=True, vertical_alignment="center"):
        st.button(
            "Change the decision" if was else "Decide and next",
            type="primary",
            shortcut="Ctrl+Enter",
            key=f"decide-{token}",
            on_click=decide,
            args=(case, token),
        )
        form.keys_of_decision(token, case.dimension, CAUSES)
if queue.held_back:
    panels.text(f"{many(queue.held_back, 'cell')} held back: you label those drafts in an open round.", quiet=True)
