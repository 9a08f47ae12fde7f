"""What the adjudication page draws and remembers."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from textwrap import shorten

import streamlit as st
from markupsafe import Markup

from touchstone.data.gold import CAUSES, Cell
from touchstone.english import day, listed, many
from ui.agreement.disagreements import labels_given
from ui.base import panels
from ui.base.markup import draw
from ui.base.session import messages, tab
from ui.labelling.form import keys_of_decision, level_name
from ui.rubric.anchors import anchors_and_said
from workflow.gold.adjudication import Case
from workflow.gold.cells import Queue

YOU_LABELLED_IT = Markup('<p class="ts-text"><span class="ts-badge">you labelled this cell</span> The decision will say so.</p>')
NO_CELL = " / "  # what an address without a draft and a dimension asks for
LISTED = 200  # cells that wait in the list, and so many decided ones: a list of all would be a page of megabytes
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def where_things_stand(queue: Queue) -> str:
    """How many cells wait and how many are decided, in a sentence."""
    decided = f"{many(queue.many_decided, 'cell')} decided" if queue.many_decided else "none decided yet"
    if queue.many_waiting:
        return f"{many(queue.many_waiting, 'cell')} waiting, {decided}."
    if queue.round.held_back:
        return f"Nothing that you may see yet is waiting; {decided}."
    return (
        f"Nothing left to adjudicate: {decided}. The gold is ready to export."
        if queue.decided
        else "Nothing to adjudicate: everyone agreed."
    )


def _key(cell: Cell) -> str:
    return f"{cell.draft_id} / {cell.dimension}"


def in_hand(key: str) -> tuple[str, str]:
    """The cell that the address asks for, or that the tab has in hand: draft and dimension."""
    asked = (st.query_params.get("draft", ""), st.query_params.get("dimension", ""))
    draft, _, dimension = (tab.value_of(key) or "").rpartition(NO_CELL)
    return asked if asked != ("", "") else (draft, dimension)


def left_out(queue: Queue) -> None:
    """What the list does not have: cells beyond those around the one in hand, with the way to them; and those of drafts that are
    held back."""
    first, last = queue.before + 1, queue.before + len(queue.waiting)
    parts = []
    if len(queue.waiting) < queue.many_waiting:
        parts.append(f"the cells that wait from {first:,} to {last:,} of {queue.many_waiting:,}")
    if len(queue.decided) < queue.many_decided:
        parts.append(f"{len(queue.decided):,} of {many(queue.many_decided, 'decided cell')}")
    if parts:
        panels.of_a_part(f"The list has {listed(parts)}", "find any other in Drafts", "drafts", round=queue.round.name)
    if queue.round.left_out:
        panels.text(f"{queue.round.left_out}.", quiet=True)


def token(queue: Queue, case: Case) -> str:
    """Part of the keys of one cell's widgets: letters and digits only, so that a style or script can name them."""
    which = sha256(_key(case.cell).encode()).hexdigest()[:12]
    return f"{queue.round.id}-{which}-{case.cell.decision.adjudication if case.cell.decision else 'new'}"


def names_of(queue: Queue) -> dict[str, str]:
    """The cells in the list, by key: its number among those that wait, draft and dimension, and what is the matter."""
    titles, of = queue.titles, queue.many_waiting
    return {
        _key(cell): f"{place:,} of {of:,} · {cell.draft_id} / {titles[cell.dimension]} · {_matter(cell)}"
        for place, cell in enumerate(queue.waiting, start=queue.before + 1)
    } | {
        _key(cell): f"decided · {cell.draft_id} / {titles[cell.dimension]} · level {cell.decision.value}"
        for cell in queue.decided
        if cell.decision
    }


def _matter(cell: Cell) -> str:
    """What is the matter with a cell, each level after the letter of its label: a level may be called none, or missing."""
    given = [f"{letter}: {label.value}" for letter, label in zip(LETTERS, cell.labels, strict=False)]
    if cell.state == "disagreement":
        return "; ".join(given)
    why = "the draft was skipped" if cell.skips else "the other was never handed in" if given else "none was handed in"
    return "; ".join([*given, f"{'no second label' if given else 'no label'} ({why})"])


def after(queue: Queue, cell: Cell) -> str | None:
    """The cell to show once this one is decided: the next that waits, else the first, else none."""
    rest = [each for each in queue.waiting if _key(each) != _key(cell)]
    if not rest:
        return None
    places = [_key(each) for each in queue.waiting]
    place = places.index(_key(cell)) if _key(cell) in places else 0
    return _key(rest[min(place, len(rest) - 1)])


def way_back(key: str, queue: Queue, cell: Cell) -> Callable[[], None] | None:
    """What takes the cell that waits before this one in hand, and says which it is; None for the first of them, and for a decided
    one."""
    places = [_key(each) for each in queue.waiting]
    place = places.index(_key(cell)) if _key(cell) in places else 0

    def go_back() -> None:
        tab.put(key, places[place - 1])
        messages.announce(f"Cell {names_of(queue)[places[place - 1]]}.")

    return go_back if place else None


def told(queue: Queue, case: Case, value: int | str) -> str:
    """What was decided, and what comes next of those that still wait: "… was decided as 2 Fits it. Next: cell 5 of 21, …"."""
    decided = f"{case.cell.draft_id} / {case.dimension.title} was decided as {case.dimension.in_words(value)}."
    rest = [each for each in queue.waiting if _key(each) != _key(case.cell)]
    comes = next((each for each in rest if _key(each) == after(queue, case.cell)), None)
    if comes is None:
        return decided
    of = queue.many_waiting - (case.cell.decision is None)
    place = queue.before + 1 + rest.index(comes)
    return f"{decided} Next: cell {place:,} of {of:,}, {comes.draft_id} / {queue.titles[comes.dimension]}."


def keep_in(key: str, cells: Mapping[str, Cell], queue: Queue) -> None:
    """The cell in hand: the one an address asks for, by draft and dimension, once; the first that waits where it is gone, and
    none once nothing waits: a decided cell is opened on purpose only."""
    asked = f"{st.query_params.pop('draft', '')} / {st.query_params.pop('dimension', '')}"
    if asked in cells:
        tab.put(key, asked)
    elif asked != NO_CELL:
        all_are = ": all that are stand in the list" if queue.is_whole else ""
        panels.text(f"{shorten(asked, 120, placeholder='…')} is no cell to decide here{all_are}.")
    if tab.value_of(key) not in cells:
        tab.put(key, _key(queue.waiting[0]) if queue.waiting else None)
    # A browser sends a choice by its words, and the number in them changes when somebody else decides another cell: the box is
    # given its choice again, or the next press would send one that is no more, and the first cell stand there.
    words, drawn = names_of(queue).get(tab.value_of(key)), tab.state().setdefault("words-of-cell", {})
    if drawn.get(key, words) != words:
        tab.put(key, tab.value_of(key))
    drawn[key] = words


def labels(case: Case) -> None:
    """The labels under letters, so that a name weighs nothing, with skips and their reasons: they are decided between, and stay
    in sight; the anchors; and who decides twice."""
    rows = [
        (LETTERS[place % 26], case.dimension.in_words(label.value), label.note) for place, label in enumerate(case.cell.labels)
    ]
    never = case.cell.owed - len(case.cell.labels) - len(case.cell.skips)
    given = labels_given(
        [*rows, *(("skipped", "no label", reason) for reason in case.cell.skips), *[("never handed in", "no label", "")] * never]
    )
    anchors_and_said(case.dimension, given, "The labels and the anchors", said_first=True)
    if case.cell.is_lone:
        panels.text(
            "One label has no other to differ from. It need not be decided: Gold can let it out as it is, marked “single”.",
            quiet=True,
        )
    if case.also_labelled:
        draw(YOU_LABELLED_IT)
    if case.cell.decision:
        was = case.cell.decision
        panels.text(
            f"Decided by {was.adjudicator} on {day(was.decided_at)}"
            + (", who had labelled it too." if was.also_labelled else "."),
            quiet=True,
        )


def form(case: Case, token: str, decide: Callable[[Case, str], None], back: Callable[[], None] | None) -> None:
    """Level, cause and reason, as they were decided before, and the button; `back` to the cell before, where there is one; the
    keyboard of the label page."""
    was = case.cell.decision
    tab.start_with(f"reason-{token}", was.reason if was else None)
    st.segmented_control(
        "Decision",
        case.dimension.values,
        key=f"level-{token}",
        required=True,
        default=was.value if was else None,
        width="stretch",
        format_func=lambda value: level_name(case.dimension, value),
    )
    st.segmented_control(
        "Cause",
        CAUSES,
        key=f"cause-{token}",
        required=True,
        default=was.cause if was else None,
        format_func=lambda cause: f"`{CAUSES.index(cause) + 1}` {cause}",
    )
    st.text_area(
        "Reason",
        key=f"reason-{token}",
        height=68,
        placeholder="Why this level? The reason is shown in the revision meeting and exported with the gold.",
    )
    with st.container(key="decide", horizontal=True, vertical_alignment="center"):
        st.button(
            "Change the decision" if was else "Decide and next",
            type="primary",
            shortcut="Ctrl+Enter",
            key=f"decide-{token}",
            on_click=decide,
            args=(case, token),
        )
        if back:
            st.button("Previous", key=f"previous-{token}", on_click=back)
        keys_of_decision(token, case.dimension, CAUSES, back=f"previous-{token}" if back else "")
