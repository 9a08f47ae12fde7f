"""The forms that open a round: an ordinary one, and those that go back to a closed one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, round_in_hand, tab
from workflow.data import fields, task_import
from workflow.data.fields import FieldValues
from workflow.people import people
from workflow.people.people import Person
from workflow.rounds import design, opening, rounds
from workflow.rounds.design import RoundDesign
from workflow.rounds.kinds import CALIBRATION, RETEST
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics

FRESH, AGAIN, ON_GOLD = (
    "people label drafts blind",
    "one person labels the same drafts again (retest)",
    "people label drafts with known gold (calibration)",
)
EVERY, PAIRS, OVERLAP = "each draft by all annotators", "each draft by some annotators", "each draft by one, some by two"


def form(person: Person, engine: sa.Engine, there: Sequence[Round]) -> None:
    """What kind of round, once there is a closed one to go back to; then what that kind takes. Closed and empty again once a
    round was opened."""
    expanded = not there or was_refused()
    with st.expander("Open a round", expanded=expanded, icon=":material/add:", key=f"open-{tab.counter('opened')}"):
        _form(person, engine, there)
        if was_refused():
            panels.outcome()


def _form(person: Person, engine: sa.Engine, there: Sequence[Round]) -> None:
    before = [each for each in there if each.has_gold]
    closed = [each for each in before if not each.is_open]
    kind = st.radio("Kind of round", (FRESH, AGAIN, ON_GOLD), key="new-kind") if closed else FRESH
    if kind == FRESH:
        _fresh(person, engine, before)
    else:
        _going_back(person, engine, closed, kind)


def _opened(made: Round | None) -> None:
    """Say so and draw the page anew, the form closed and empty."""
    if made:
        round_in_hand.take(made.id)
        messages.report(f"{made.name} is open: {many(made.drafts, 'draft')} for {', '.join(made.annotators)}.")
        tab.count("opened")
        st.rerun()


def was_refused() -> bool:
    """Whether the sentence to be shown belongs to this form: it stands at its button, not above the page."""
    return messages.last_verb().startswith("open_") and bool(messages.refusal()[0])


def _going_back(person: Person, engine: sa.Engine, closed: list[Round], kind: str) -> None:
    """A retest or a calibration: the round it goes back to brings rubric, dimensions and drafts."""
    names, nth = [each.name for each in closed], tab.counter("opened")
    left, right = st.columns(2, gap="large")
    with left:
        name = st.text_input(
            "Name", placeholder="march-pilot again" if kind == AGAIN else "calibration in march", key=f"new-name-{nth}"
        )
        of = st.selectbox("Based on", names, key="new-of", help="Its rubric version and its dimensions are kept")
        before = closed[names.index(of)]
        if kind == AGAIN:
            alone = st.selectbox("Who labels again", before.annotators, key=f"new-again-{before.id}")
            annotators = [alone] if alone else []
        else:
            everyone = [each.name for each in people.everyone(engine)]
            annotators = st.multiselect("Annotators", everyone, placeholder="One or more people", key="new-annotators")
    with right:
        few = st.number_input("How many drafts (empty: all)", 1, before.drafts, None, key=f"new-few-{before.id}")
        seed = st.number_input("Seed", 0, 10**9, design.SEED, help="Determines which drafts are drawn, and everyone's order")
        if kind == AGAIN:
            force = st.checkbox("Open it before 24 hours have passed since the first labels; the report will say so")
        else:
            feedback = st.radio(
                "The gold is shown",
                design.FEEDBACK,
                key="new-feedback",
                format_func={
                    "each": "after each draft, whose labels are then final",
                    "end": "under My labels, once the round is closed",
                }.get,
            )
    if st.button("Open the round", type="primary", key="open-round"):
        common = RoundDesign(name, annotators=annotators, drafts=few and int(few), seed=int(seed), of=of)
        designed = (
            replace(common, kind=RETEST, force=force) if kind == AGAIN else replace(common, kind=CALIBRATION, feedback=feedback)
        )
        _opened(messages.attempt(opening.open_round, person, engine, designed))


def _fresh(person: Person, engine: sa.Engine, before: list[Round]) -> None:
    """Name, rubric (that of the newest round, unless another is chosen), annotators, drafts, how they are shared out. Nothing is
    opened until the button says so."""
    _, there = task_import.whats_there(engine)
    versions = [each.name for each in rubrics.rubric_files(engine) if each.rubric and not each.is_changed]
    if not there:
        panels.text("There are no drafts to label yet: import tasks and drafts first.")
        panels.link("import_tasks", "Import")
        return
    if not versions:
        panels.text("No file in rubric_versions/ can be used yet; see Rubrics for what is wrong.")
        return
    names, nth = [each.name for each in people.everyone(engine)], tab.counter("opened")
    left, right = st.columns(2, gap="large")
    with left:
        name = st.text_input("Name", placeholder="march-pilot", key=f"new-name-{nth}")
        rubric = st.selectbox(
            "Rubric version",
            versions,
            index=rounds.version_in_use(engine, versions),
            help="Opening publishes it: from then on its file must not change",
        )
        annotators = st.multiselect("Annotators", names, placeholder="Two or more people", key="new-annotators")
        dimensions = st.multiselect("Dimensions", _dimensions(engine, rubric), placeholder="All of the rubric's dimensions")
        continues = _continues([each.name for each in before if each.rubric == rubric])
    designed = RoundDesign(name, rubric, annotators, dimensions=dimensions, continues=continues)
    with right:
        designed = _drawn(person, engine, designed, there)
    designed = _shared_out(designed)
    if continues is None:
        designed = _planned(designed)
    if st.button("Open the round", type="primary", key="open-round"):
        _opened(messages.attempt(opening.open_round, person, engine, designed))


def _continues(same: list[str]) -> str | None:
    """One of the rounds under the same version whose drafts are left out."""
    if not same:
        return None
    return st.selectbox("Continues a round: its drafts are left out", same, index=None, placeholder="None", key="new-continues")


def _drawn(person: Person, engine: sa.Engine, designed: RoundDesign, most: int) -> RoundDesign:
    """The design with which of the project's drafts, `most` of them, it draws, and how."""
    number = st.number_input(f"How many, of {many(most, 'draft')}", 1, most, most)
    there_are = fields.fields_to_draw_by(person, engine)
    only = _only(there_are)
    strata = st.multiselect(
        "Stratify by",
        list(there_are),
        placeholder="Not stratified",
        format_func=lambda field: there_are[field].title,
        key="new-strata",
    )
    practice = st.number_input("Practice drafts first, not counted", 0, 20, 0)
    seed = st.number_input("Seed", 0, 10**9, design.SEED, help="The same seed gives the same drafts and orders again")
    return replace(
        designed, drafts=int(number) if number < most else None, strata=strata, only=only, practice=int(practice), seed=int(seed)
    )


def _only(there_are: Mapping[str, FieldValues]) -> dict[str, list[str]]:
    """Fields with the values that are drawn from; none where all drafts are."""
    fields = st.multiselect(
        "Narrow down by",
        list(there_are),
        placeholder="All drafts",
        format_func=lambda field: there_are[field].title,
        key="new-only",
    )
    chosen = {
        field: st.multiselect(
            panels.literal(panels.sentence_case(there_are[field].title)),
            there_are[field].values,
            placeholder="One or more",
            key=f"new-only-{field}",
        )
        for field in fields
    }
    return {field: values for field, values in chosen.items() if values}


def _shared_out(designed: RoundDesign) -> RoundDesign:
    """The design with how many annotators label each draft."""
    shape = st.radio("Who labels what", (EVERY, PAIRS, OVERLAP), horizontal=True)
    if shape == PAIRS:
        return replace(designed, per_draft=st.number_input("Annotators per draft", 2, max(len(designed.annotators), 2), 2))
    if shape == OVERLAP:
        return replace(designed, overlap=st.slider("Share labelled twice", 0.05, 1.0, 0.2, 0.05))
    return designed


def _planned(designed: RoundDesign) -> RoundDesign:
    """The design with a plan of looks, where both boxes are filled in."""
    left, right = st.columns(2, gap="large")
    with left:
        looks = st.number_input(
            "Planned looks at its agreement (empty: no plan)",
            1,
            design.MOST_LOOKS,
            None,
            key="new-looks",
            help="Every look is a further chance of a wrong verdict. With a plan, verdicts at early looks need more evidence, "
            "and all looks together are wrong 5 % of the time at the threshold, as a single look is",
        )
    with right:
        up_to = st.number_input(
            "Drafts by the last look",
            2,
            1_000_000,
            None,
            key="new-up-to",
            help="In this round and those that will continue it, each with two labels or more",
        )
    return replace(designed, looks=looks and int(looks), up_to=up_to and int(up_to))


def _dimensions(engine: sa.Engine, name: str) -> list[str]:
    return next(list(each.rubric.keys) for each in rubrics.rubric_files(engine) if each.name == name and each.rubric)
