"""A split: by what, of which sizes; how even it is; the button that puts tasks into its partitions."""

import sqlalchemy as sa
import streamlit as st

from touchstone.bench.keys import read_key
from touchstone.bench.splits.asked import SplitDesign, SplitReport, read_sizes
from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, tab
from workflow.bench.splits import split_tasks_of, use_split
from workflow.people.people import Person


def result() -> SplitReport | None:
    """The split made last in this tab, as long as it was not used."""
    return tab.state().get("split")


def form(person: Person, engine: sa.Engine, number: int) -> None:
    def words(key: str) -> list[str]:
        return [each.strip() for each in (tab.value_of(key) or "").split(",") if each.strip()]

    def asked(person: Person, engine: sa.Engine) -> SplitReport:
        keys = [read_key(each) for each in (tab.value_of("split-keys") or "").splitlines() if each.strip()]
        sizes = read_sizes(tab.value_of("split-sizes") or "", words("split-names"))
        return split_tasks_of(person, engine, SplitDesign(words("split-by"), sizes, words("split-strata"), keys))

    def make() -> None:
        tab.state()["split"] = messages.attempt(asked, person, engine)

    with st.form("split", border=False):
        places = st.columns(2)
        places[0].text_input("Must not be in two partitions", key="split-by", placeholder="company, template")
        places[1].text_input("Sizes", key="split-sizes", placeholder=_example(number))
        places[0].text_input("Spread alike", key="split-strata", placeholder="dimension, difficulty")
        places[1].text_input("Names", key="split-names", placeholder="train, dev, held_out")
        st.text_area(
            "Keys out of a field, one a line",
            key="split-keys",
            height=80,
            placeholder="company=signal:Company: ([^(]+)",
            help="A name, = and a field of the input; after a colon, a pattern of which the first group is the key.",
        )
        st.form_submit_button("Split", type="primary", on_click=make)


def _example(number: int) -> str:
    small = max(1, number // 5)
    return f"{number - 2 * small}/{small}/{small}" if number > 2 else f"{number}"


def table(made: SplitReport) -> None:
    """Tasks by stratum and partition."""
    names = list(made.design.sizes)
    if made.counts:
        rows = [[stratum, *(f"{counts[name]:,}" for name in names)] for stratum, counts in made.counts.items()]
        panels.table(("Stratum", *names), rows, caption="Tasks of each stratum", numbers=range(1, len(names) + 1))
    else:
        rows = [[name, f"{number:,}"] for name, number in made.design.sizes.items()]
        panels.table(("Partition", "Tasks"), rows, caption="The partitions", numbers=(1,))


def use(person: Person, engine: sa.Engine, made: SplitReport) -> None:
    """Nothing is changed before this is pressed."""

    def put() -> None:
        moved = messages.attempt(use_split, person, engine, made.split.partition)
        if moved is not None:
            messages.report(f"{many(moved, 'task')} moved to another partition.")
            tab.state().pop("split", None)

    st.button("Use this split", on_click=put)
