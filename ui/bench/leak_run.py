"""Two partitions compared: which, how far it is, what was found."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.bench.keys import read_key
from touchstone.bench.leaks.report import FAILING
from touchstone.embedding import NAME, is_installed
from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, tab
from ui.base.session.stopping import stoppable
from workflow.bench.leaks import StoredLeaks, leaks_between
from workflow.bench.sealing import Partition
from workflow.people.people import Person

SHOWN = 100
WHY = "What is held back should not be in what one trains on. Compare two partitions."
WITHOUT = (
    "Nearest train tasks are listed in order of the letters in common, which finds no text that was said wholly anew. With the "
    f"extra embed they are in order of meaning, by {NAME} on this machine; the command make embed installs it."
)
LAYERS = {"keys": "same key", "fields": "equal field", "near": "near-copy"}


def result() -> StoredLeaks | None:
    """What was found last in this tab."""
    return tab.state().get("leaks")


def form(there: Sequence[Partition], fields: Sequence[str]) -> None:
    """Which partitions, by which keys; Compare begins. `fields`: of the tasks' input, which keys are made of."""
    names, tasks = [each.name for each in there], {each.name: each.tasks for each in there}
    train, held = two_to_compare(names)

    def begin() -> None:
        messages.clear()
        tab.state().pop("leaks", None)
        lines = (tab.value_of("leak-keys") or "").splitlines()
        tab.state()["leaks-asked"] = (
            tab.value_of("leak-train"),
            tab.value_of("leak-held"),
            [each for each in lines if each.strip()],
            bool(tab.value_of("leak-meaning")),
        )

    with st.form("leaks", border=False):
        places = st.columns(2)
        for place, label, index, key in ((0, "Train on", train, "leak-train"), (1, "Held back", held, "leak-held")):
            places[place].selectbox(
                label, names, index=index, key=key, format_func=lambda name: f"{name} ({many(tasks[name], 'task')})"
            )
        st.text_area(
            "Keys that must not be shared, one a line",
            key="leak-keys",
            height=80,
            placeholder=f"topic={fields[0] if fields else 'text'}:about ([a-z ]+)",
            help="A name, = and a field of the input; after a colon, a pattern of which the first group is the key. "
            "Groups and origins that tasks were made with are compared anyway. "
            f"Fields of the input: {', '.join(map(panels.literal, fields[:20])) or 'none'}.",
        )
        if is_installed():
            st.checkbox(
                "Lists in order of meaning",
                value=True,
                key="leak-meaning",
                help=f"By {NAME}, on this machine. It reads every text, about fifty a second; everything else stays as it is.",
            )
        st.form_submit_button("Compare", type="primary", on_click=begin)
    if not is_installed():
        panels.text(WITHOUT, quiet=True)


def two_to_compare(names: Sequence[str]) -> tuple[int, int]:
    """The places of the partition that one trains on and of the one held back, by what they are called; never the same."""
    folded = [name.casefold() for name in names]
    trains = next((at for at, name in enumerate(folded) if "train" in name), None)
    held = next((at for word in ("held", "test", "dev") for at, name in enumerate(folded) if word in name and at != trains), None)
    if held is None:
        held = next(at for at in reversed(range(len(names))) if at != trains)
    return next(at for at in range(len(names)) if at != held) if trains is None else trains, held


def run(person: Person, engine: sa.Engine) -> StoredLeaks | None:
    """Compare what was asked for, telling how far it is; Stop ends it, and nothing is kept."""
    asked = tab.state().get("leaks-asked")
    if asked is None:
        return None
    train, held, keys, by_meaning = asked
    with stoppable(
        "Tasks are read", "stop-leaks", "Stopped; nothing was kept.", lambda: tab.state().pop("leaks-asked", None)
    ) as tell:

        def compare(person: Person, engine: sa.Engine) -> StoredLeaks:
            heard = lambda share, what: tell(share, panels.sentence_case(what))  # noqa: E731
            found_by = [read_key(each) for each in keys]
            return leaks_between(person, engine, train, held, found_by, heard, by_meaning=by_meaning)

        found = messages.attempt(compare, person, engine)
    tab.state().pop("leaks-asked", None)
    if found is not None:
        tab.state()["leaks"] = found
    st.rerun()


def table(found: StoredLeaks) -> None:
    """What fails the check, by held task; and what crosses."""
    crossing = list(found.report.crossing.items())
    if crossing:
        rows = [[what, f"{number:,} of {found.report.held:,}"] for what, number in crossing[:12]]
        panels.table(("Shared with a train task", "Held tasks"), rows, caption="What crosses", numbers=(1,), prose=(0,))
    pairs = found.pairs_of(FAILING)
    if pairs:
        rows = [[each.held, each.train, LAYERS[each.layer], each.why] for each in pairs[:SHOWN]]
        caption = (
            f"The first {SHOWN} of {many(len(pairs), 'pair')} that fail the check"
            if len(pairs) > SHOWN
            else "What fails the check"
        )
        panels.table(("Held task", "Train task", "How", "Why"), rows, caption=caption, prose=(3,))
    report = json.dumps(found.report.as_json(), ensure_ascii=False, indent=2)
    st.download_button("Download all pairs (JSON)", report, file_name="leaks.json", mime="application/json", on_click="ignore")
