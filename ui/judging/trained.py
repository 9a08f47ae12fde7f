"""Judges trained on gold on the page: how each stands and what is missing, the switch, and the form that trains one."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.figure import short
from touchstone.embedding import is_installed
from touchstone.english import listed
from touchstone.judging.training.readiness import LEAST_LABELS, LEAST_PEOPLE
from ui.base import panels
from ui.base.session import messages, tab
from ui.base.session.stopping import stoppable
from workflow.judging.training.seen import READS, WORDS
from workflow.judging.training.trained_judges import TrainedJudge, switch_trained_judge, trained_judges
from workflow.judging.training.training import train_judge
from workflow.people.people import Person
from workflow.rounds.rounds import all_rounds

SEES = {"words": "words and the scorer’s findings", "meaning": "meaning and the scorer’s findings"}


def section(person: Person, engine: sa.Engine) -> None:
    """The trained judges there are, one of them in full, and the form for the next."""
    panels.section("Judges trained on gold", place="trained")
    panels.text(
        "A judge learns from people’s labels of closed rounds. It is off until it has shown that it agrees about as well as a "
        f"person does, and better than every control, on {LEAST_LABELS} labels or more of {LEAST_PEOPLE} people or more."
    )
    found = trained_judges(person, engine)
    if found:
        _table(found)
        titles = [each.name for each in found]
        name = st.selectbox("The trained judge", titles, key=f"trained-of-{titles[0]}") if len(found) > 1 else titles[0]
        _one(person, engine, next(each for each in found if each.name == name))
    _form(person, engine)


def _table(found: Sequence[TrainedJudge]) -> None:
    rows = []
    for each in found:
        report = each.figures["report"] if each.figures else None
        stands = (report["verdict"] or "–") if report else "held back"
        rows.append((each.name, each.dimension, listed([*each.rounds]), each.reads, stands, "on" if each.is_on else "off"))
    panels.table(
        ("Judge", "dimension", "trained on", "reads", "against people", "is"),
        rows,
        caption="Judges trained on gold, the newest first.",
    )


def _one(person: Person, engine: sa.Engine, judge: TrainedJudge) -> None:
    panels.text(f"{judge.stands}.")
    if judge.figures:
        panels.text(judge.figures["sentence"])
        panels.text(judge.figures["curve"]["sentence"])
        points = [(each["drafts"], each["kappa"]) for each in judge.figures["curve"]["points"]]
        rows = [
            (f"{drafts:,}", short(kappa["value"]), f"{short(kappa['low'])} to {short(kappa['high'])}") for drafts, kappa in points
        ]
        if rows:
            caption = "Kappa of judges trained on so many drafts, with the mode of the others, and its 95 % interval by clusters."
            panels.table(("Drafts", "kappa", "interval"), rows, numbers=(0, 1, 2), caption=caption)
    if judge.is_on or (judge.figures and not judge.missing):
        st.text_input("Why", key=f"switch-why-{judge.name}")

        def do() -> None:
            """What the button said when it was drawn, whatever has become of the judge meanwhile."""
            why = tab.value_of(f"switch-why-{judge.name}") or ""
            asked = (judge.name, not judge.is_on, why, judge.last_switch)
            made = messages.attempt(switch_trained_judge, person, engine, *asked)
            if made is not None:
                messages.report(f"{made.stands}.")

        st.button(f"Switch {judge.name} {'off' if judge.is_on else 'on'}", key=f"switch-{judge.name}", on_click=do)


def _form(person: Person, engine: sa.Engine) -> None:
    rounds = {each.name: each for each in all_rounds(engine) if not each.is_open and each.has_gold}
    if not rounds:
        panels.text("No round is closed yet, so there is no gold to train on.")
        return
    panels.text("Train one on labels of these rounds; it becomes the next version of its name.", quiet=True)
    columns = st.columns(3)
    with columns[0]:
        chosen = st.multiselect("Closed rounds", [*rounds], default=[*rounds][:1], key="train-rounds")
    keys = list(dict.fromkeys(key for name in chosen for key in rounds[name].dimensions))
    with columns[1]:
        key = st.selectbox("The dimension", keys, key="train-dimension")
    with columns[2]:
        reads = [each for each in READS if each == WORDS or is_installed()]
        by = st.selectbox("It reads", reads, format_func=SEES.__getitem__, key="train-reads")
    name = st.text_input("Its name", value=key or "", key=f"train-name-{key}", help="stars becomes stars-v1, then stars-v2.")
    if st.button("Train a judge", disabled=not chosen or not key):
        with stoppable("Labels are read", "stop-training", "Stopped; nothing was kept.") as tell:

            def told(share: float, words: str) -> None:
                tell(share, panels.sentence_case(words))

            made = messages.attempt(train_judge, person, engine, name, key or "", chosen, reads=by or WORDS, tell=told)
        if made is not None:
            messages.report(f"{made.stands}.")
        st.rerun()
