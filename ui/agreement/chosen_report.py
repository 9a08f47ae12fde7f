"""Which report a page is about: a round, rounds pooled with it, one annotator against the gold; and where it leads."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from ui.base import panels
from ui.base.session import messages, round_in_hand, store
from ui.rounds import shown_round
from workflow.agreement import reports
from workflow.agreement.report import Report
from workflow.people.people import Person
from workflow.rounds import rounds


def asked(person: Person, engine: sa.Engine, closed: Sequence[str], sets: Sequence[str]) -> tuple[str, str]:
    """What the page is about: ("set", the label set that the address names), or ("round", the one in hand). Where no round is
    closed and none was asked for, it is the newest label set. Of what cannot be read it says why, and the page ends."""
    here = round_in_hand.current()
    if here.label_set and here.label_set not in sets:
        messages.attempt(reports.agreement_of_set, person, engine, here.label_set)
        panels.heading("Agreement", f"{here.label_set} cannot be shown.")
        panels.outcome()
        for other in sets[:8]:
            panels.link("agreement", f"Read {other}", set=other)
        st.stop()
    if here.label_set:
        return "set", here.label_set
    if sets and not closed and not (here.is_chosen or here.problem):
        return "set", sets[0]
    return "round", shown_round.of_page("agreement", closed)


def pool_of(engine: sa.Engine, name: str) -> list[str]:
    """The round and those it is pooled with here; a box only where there are others under the same rubric file."""
    others = rounds.poolable_with(engine, name)
    asked = [each for each in st.query_params.get_all("with") if each in others]
    return [name] + (
        st.multiselect(
            "Pooled with", others, default=asked, key=f"pool-{name}", placeholder="Other closed rounds under the same rubric file"
        )
        if others
        else []
    )


def of_rounds(person: Person, engine: sa.Engine, names: Sequence[str]) -> Report:
    """The report of a round, or of a pool; where a pool is refused, why, and the first round alone."""
    kept = store.kept_reports()
    if len(names) == 1:
        return panels.read(names[0], reports.agreement_of_rounds, person, engine, names, kept=kept)
    pooled = messages.attempt(reports.agreement_of_rounds, person, engine, names, kept=kept)
    return pooled or reports.agreement_of_rounds(person, engine, names[:1], kept=kept)


def one_of(report: Report) -> Report:
    """The report to read: of a calibration with several annotators, that of the one chosen here against the gold."""
    if len(report.by_annotator) < 2:
        return next(iter(report.by_annotator.values()), report)
    return report.by_annotator[
        st.segmented_control(
            "Annotator against the gold",
            list(report.by_annotator),
            default=next(iter(report.by_annotator)),
            required=True,
            format_func=panels.literal,
            key=f"against-{report.name}",
        )
    ]


def where_to_next(report: Report, closed: Sequence[str]) -> None:
    """Links to what is done with a closed round; a round that repeats another has no gold of its own. `closed`: all closed
    rounds, the newest first."""
    if len(report.rounds) == 1 and report.kind == "double":
        with st.container(horizontal=True):
            for page, label in (
                ("adjudicate", "Adjudicate its disagreements"),
                ("revision", "Revise the rubric based on them"),
                ("gold", "Its gold"),
                ("slices", "Its slices, drift and annotators"),
                ("scorer", "Compare the scorer with it"),
                ("plan", "Plan the next round from it"),
            ):
                panels.link(page, label, round=report.name)
            if earlier := closed[closed.index(report.name) + 1 :]:
                panels.link("compare", "Compare it with another round", before=earlier[0], after=report.name)
    elif report.label_set:
        with st.container(horizontal=True):
            panels.link("plan", "Plan a round from it", set=report.label_set)
            panels.link("two_sources", "Compare it with other labels", a=f"set:{report.label_set}")
