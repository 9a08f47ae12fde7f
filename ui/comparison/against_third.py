"""Two sources, each against a third: the box that asks for it, and the table."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import in_words, signed
from touchstone.english import many
from ui.base import navigation, panels
from ui.base.panels import Table
from ui.comparison.asking import ask, is_asked
from workflow.comparison.against_third import AgainstThird, at_cut_in_words, compare_against, labels_to_read
from workflow.comparison.source import in_plain_words, overlaps
from workflow.people.people import Person


def against(person: Person, engine: sa.Engine, a: str, b: str, found: Sequence[str], told: Sequence[str]) -> None:
    """Which of the two agrees more with a third, where there is one and it is asked for; `told`: notes that stand above."""
    others = [each for each in found if each not in (a, b) and not overlaps(a, each) and not overlaps(b, each)]
    if not others:
        return
    panels.section("Against a third")
    asked = st.query_params.get("against", "")
    third = st.selectbox(
        "Which of the two agrees more with",
        others,
        index=others.index(asked) if asked in others else None,
        placeholder="Choose a third source",
        format_func=in_plain_words,
    )
    if third is None:
        st.query_params.pop("against", None)
        return
    st.query_params["against"] = third
    labels = panels.read("Against a third", labels_to_read, person, engine, a, b, third)
    if not is_asked(labels, a, b, third):
        panels.text(f"Not compared yet: up to {many(labels, 'label')} of the three are read, which takes a while for that many.")
        return ask("Compare with it", a, b, third)
    made = panels.read("Against a third", compare_against, person, engine, a, b, third)
    panels.text(made.sentence)
    panels.notes(note for note in made.notes if note not in told)
    if made.dimensions:
        links = [navigation.address("two_sources", a=a, b=b, against=third, dimension=each.key) for each in made.dimensions]
        panels.table(*table(made), numbers=(1, 2, 3, 4, 5, 6, 7, 8), links=links, caption=CAPTION)


CAPTION = (
    "Unweighted kappa with the third, and the difference of the first minus the second, each with its 95 % interval; the "
    "difference is paired by unit. Recall: of the units that the third puts below the cut, the share that the source puts there "
    "too; false alarms: of the others, the share that it puts there."
)


def table(made: AgainstThird) -> Table:
    """Header and rows."""
    kappa = KAPPA.kind_first
    header = ("Dimension", "n", f"{kappa}, first", f"{kappa}, second", "difference", "recall, first", "recall, second")
    rows = []
    for each in made.dimensions:
        if each.a is None or each.b is None or each.difference is None:
            rows.append((each.title, str(each.n), each.reason or "", *["–"] * 6))
            continue
        (caught, alarms), (other_caught, other_alarms) = at_cut_in_words(each.a), at_cut_in_words(each.b)
        kappas = in_words(each.a.kappa), in_words(each.b.kappa), signed(each.difference)
        rows.append((each.title, str(each.n), *kappas, caught, other_caught, alarms, other_alarms))
    return (*header, "false alarms, first", "false alarms, second"), rows
