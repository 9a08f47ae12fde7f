"""A split: by what, of which sizes; how even it is; the button that puts tasks into its partitions."""

import sqlalchemy as sa
import streamlit as st

from touchstone.bench.keys import read_key
from touchstone.bench.leaks.report import FAILING
from touchstone.bench.splits.asked import SplitDesign, SplitReport, read_sizes
from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, tab
from ui.bench import leak_run
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
        together = leaking() if tab.value_of("split-together") else []
        by, strata, methods = words("split-by"), words("split-strata"), words("split-methods")
        return split_tasks_of(person, engine, SplitDesign(by, sizes, strata, keys, methods=methods, together=together))

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
        st.text_input(
            "Only tasks made by",
            key="split-methods",
            placeholder="space, drafts, synthesis, adversarial",
            help="All tasks where it is empty. What tasks of failed drafts were made of is in the project too, and stays out so.",
        )
        if pairs := leaking():
            label = f"Keep together what leaked in the last check ({many(len(pairs), 'pair')})"
            st.checkbox(label, value=True, key="split-together")
        st.form_submit_button("Split", type="primary", on_click=make)


def leaking() -> list[tuple[str, str]]:
    """The pairs that failed the last check for leaks in this tab."""
    found = leak_run.result()
    return list(dict.fromkeys((each.held, each.train) for each in found.pairs_of(FAILING))) if found else []


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
        moved = messages.attempt(use_split, person, engine, made.split.partition, made.design.methods)
        if moved is not None:
            messages.report(f"{many(moved, 'task')} put into a partition of this split.")
            tab.state().pop("split", None)

    st.button("Use this split", on_click=put)
