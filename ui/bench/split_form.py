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
from workflow.bench.splits import SplittableTasks, split_tasks_of, use_split
from workflow.people.people import Person


def result() -> SplitReport | None:
    """The split made last in this tab, as long as it was not used."""
    return tab.state().get("split")


def form(person: Person, engine: sa.Engine, there: SplittableTasks) -> None:
    """What is asked of a split: fields are chosen from those the tasks have, or typed."""

    def chosen(key: str) -> list[str]:
        return [each.strip() for each in tab.value_of(key) or () if each.strip()]

    def asked(person: Person, engine: sa.Engine) -> SplitReport:
        keys = [read_key(each) for each in (tab.value_of("split-keys") or "").splitlines() if each.strip()]
        names = [each.strip() for each in (tab.value_of("split-names") or "").split(",") if each.strip()]
        sizes = read_sizes(tab.value_of("split-sizes") or "", names)
        together = leaking() if tab.value_of("split-together") else []
        by, strata, methods = (chosen(f"split-{key}") for key in ("by", "strata", "methods"))
        return split_tasks_of(person, engine, SplitDesign(by, sizes, strata, keys, methods=methods, together=together))

    def make() -> None:
        tab.state()["split"] = messages.attempt(asked, person, engine)

    fields = there.fields
    with st.form("split", border=False):
        places = st.columns(2)
        places[0].multiselect(
            "Must not be in two partitions",
            there.names,
            key="split-by",
            accept_new_options=True,
            placeholder="Choose fields",
            help="Tasks of the same value stay together. Type a+b where two fields make one key, or the name of a key below.",
        )
        places[1].text_input("Sizes", key="split-sizes", placeholder=_example(there.tasks), help="Tasks of each partition.")
        places[0].multiselect(
            "Spread alike",
            there.names,
            key="split-strata",
            accept_new_options=True,
            placeholder="Choose fields",
            help="Each value of these is spread over the partitions as evenly as the groups allow.",
        )
        places[1].text_input("Names", key="split-names", placeholder="train, dev, held_out", help="Of the partitions, in order.")
        st.text_area(
            "Keys out of a field, one a line",
            key="split-keys",
            height=80,
            placeholder=f"topic={fields[0] if fields else 'text'}:about ([a-z ]+)",
            help="A name, = and a field of the input; after a colon, a pattern of which the first group is the key. "
            f"Fields of the input: {', '.join(map(panels.literal, fields[:20])) or 'none'}.",
        )
        if there.by_method:
            st.multiselect(
                "Only tasks made by",
                list(there.by_method),
                format_func=lambda method: f"{method} ({there.by_method[method]:,})",
                key="split-methods",
                placeholder="All tasks",
                help="All where it is empty. The tasks that those of failed drafts were made of are in the project too.",
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
            there = "all tasks are in the partitions of this split."
            messages.report(f"{many(moved, 'task')} moved: {there}" if moved else f"Nothing to move: {there}")
            tab.state().pop("split", None)

    st.button("Use this split", on_click=put)
