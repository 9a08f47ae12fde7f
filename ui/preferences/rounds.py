"""Opening and closing comparison rounds, and how far everyone is."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.preferences.choices import OVERALL
from ui.base import panels
from ui.base.session import messages, tab
from workflow.people.people import Person
from workflow.preferences import comparisons, opening
from workflow.preferences.comparisons import Comparison
from workflow.preferences.opening import QUESTION, ComparisonDesign
from workflow.rounds import rounds
from workflow.rubric import rubrics


def chosen(found: Sequence[Comparison]) -> str:
    """One of the rounds, the one the address names, else the newest; the address then says it."""
    names = [each.name for each in found]
    asked = st.query_params.get("comparison", "")
    name = names[0]
    if len(names) > 1:
        name = st.selectbox("Comparison round", names, index=names.index(asked) if asked in names else 0)
    st.query_params["comparison"] = name
    return name


def standing(shown: Comparison) -> None:
    """A row an annotator."""
    panels.text(f"It asks: {shown.questions}")
    panels.table(
        ("Annotator", "pairs", "chosen", "left"),
        [(each.name, f"{each.shown:,}", f"{each.chosen:,}", f"{each.left:,}") for each in shown.progress],
        numbers=(1, 2, 3),
        caption="Pairs that come a second time with their sides swapped are counted twice. What was chosen stays hidden until "
        "the round is closed.",
    )


def close_form(person: Person, engine: sa.Engine, shown: Comparison) -> None:
    """Close it: what comes next once nobody has pairs left; until then with a reason, which is asked for."""
    with st.form("close-comparison", border=False):
        early = "" if shown.is_done else st.text_input("Why close it early (someone has pairs left)", max_chars=500)
        if st.form_submit_button("Close the comparison round", type="primary" if shown.is_done else "secondary"):
            if messages.attempt(comparisons.close_comparison, person, engine, shown.name, early):
                messages.report(f"{shown.name} is closed.")
            st.rerun()


def open_form(person: Person, engine: sa.Engine, people: Sequence[Person]) -> None:
    """Open a comparison round: what is asked, of whom, about which pairs."""
    nth = tab.counter("opened-comparison")
    left, right = st.columns(2, gap="large")
    with left:
        name = st.text_input("Name", max_chars=80, placeholder="march-pairs", key=f"new-name-{nth}")
        names = [each.name for each in people]
        annotators = st.multiselect(
            "Annotators", names, format_func=panels.literal, placeholder="One or more people", key=f"new-annotators-{nth}"
        )
        pairs = st.number_input("Pairs of a task at most (0 for all)", 0, 1_000, 0)
        seed = st.number_input("Seed", 0, opening.MOST_SEED, 1, help="The same seed draws the same pairs")
    with right:
        rubric, dimensions = _dimensions(engine)
        question = st.text_input("Asked overall", value=QUESTION, max_chars=200) if OVERALL in dimensions else ""
    if st.button("Open the comparison round", type="primary"):
        design = ComparisonDesign(
            name, annotators, question, int(pairs) or None, seed=int(seed), dimensions=dimensions, rubric=rubric
        )
        if made := messages.attempt(opening.open_comparison, person, engine, design):
            messages.report(f"{made.sentence}.")
            st.query_params["comparison"] = made.name
            tab.count("opened-comparison")
        st.rerun()


def _dimensions(engine: sa.Engine) -> tuple[str, list[str]]:
    """The rubric version ("" while only what is overall better is asked) and the dimensions that are asked about."""
    found = {each.name: each.rubric for each in rubrics.rubric_files(engine) if each.rubric and not each.is_changed}
    titles = {OVERALL: "Overall"}
    version = ""
    if found:
        versions = list(found)
        version = st.selectbox("Rubric version", versions, index=rounds.version_in_use(engine, versions))
        titles |= {each.key: each.title for each in found[version].dimensions if each.key != OVERALL}
    key = f"new-dimensions-{version}-{tab.counter('opened-comparison')}"
    tab.start_with(key, [OVERALL])
    asked = st.multiselect(
        "Which is better in what",
        list(titles),
        format_func=lambda key: panels.literal(titles[key]),
        help="Each is a row of left, as good and right under the two drafts",
        key=key,
    )
    asked = asked or [OVERALL]
    return version if asked != [OVERALL] else "", asked
