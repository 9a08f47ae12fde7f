"""Against the scorer: write a draft that fools it, and confirm blind what somebody else wrote."""

import streamlit as st

from ui.base import panels
from ui.base.session import messages, round_in_hand, signed_in, store, tab
from ui.bench import adversarial as laying_out
from ui.scorer import no_scoring
from workflow.bench import adversarial
from workflow.rubric import rubrics
from workflow.scorer import scoring

person, engine = signed_in.require_person(), store.engine()
here = round_in_hand.current().round
names = scoring.versions_to_score_by(engine, here.rubric if here else "")
task_ids = adversarial.tasks_to_attack(person, engine)
if not names or not task_ids:
    panels.empty(
        "There is no task yet to write a draft for." if names else "No rubric version can score yet.",
        f"A draft that the scorer gives another level than it deserves becomes a task, once a second person confirms it blind. "
        f"{'' if names else no_scoring.HOW}",
        [("import_tasks", "Import"), ("space", "Make tasks of a space")] if names else no_scoring.WAYS,
    )
    st.stop()

waiting = adversarial.to_confirm(person, engine)
panels.heading("Against the scorer", laying_out.sentence(waiting))
panels.outcome()
if waiting:
    laying_out.confirm_form(person, engine, waiting[0])
    panels.section("Write one yourself")
name = st.selectbox("Rubric version", names, key="attacked-rubric")
tried = laying_out.form(person, engine, rubrics.rubric_named(engine, name), task_ids)
with st.container(horizontal=True):
    asks, keeps = st.button("Try it", type="primary"), st.button("Keep it for a second person")
if asks or keeps:
    made = messages.attempt(adversarial.try_draft, person, engine, **tried._asdict())
    if made is None:
        panels.wrong(*messages.refusal())
    elif not keeps:
        laying_out.show(made)
    elif kept := messages.attempt(adversarial.propose_adversarial, person, engine, **tried._asdict()):
        messages.report(f"{kept} waits for a second person. {made.sentence}")
        tab.count("attack")
        st.rerun()
    else:
        panels.wrong(*messages.refusal())
if own := adversarial.own_attempts(person, engine):
    panels.table(("Yours", "state"), own, whole=(0,), caption="What you wrote, and what became of it.")
