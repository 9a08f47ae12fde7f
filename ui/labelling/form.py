"""The label form: questions, levels and anchors, the note, and the boxes for a query and a skip."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from touchstone.english import many
from touchstone.preferences.choices import SIDES, ComparedDimension
from touchstone.rubric.model import Dimension
from ui.base import panels
from ui.base.markup import NOTHING, draw
from ui.base.navigation import rooted
from ui.base.session import messages, tab
from ui.labelling import current_draft
from ui.rounds import progress
from ui.rubric.anchors import anchors_of
from workflow.labelling.next_draft import Desk

HERE = Path(__file__).parent

_keys = st.components.v2.component(
    "touchstone_keys",
    html='<p class="ts-keys"></p><p class="ts-kept"></p><p class="ts-live" role="status" aria-live="polite"></p>'
    '<p class="ts-not-kept ts-refusal" role="alert"></p>',
    js="".join((HERE / f"{part}.js").read_text(encoding="utf-8") for part in ("keeping", "keys")),
    isolate_styles=False,
)


def digits(dimension: Dimension) -> tuple[str, ...]:
    """The key that picks each level: its own digit where every level is one, else its place from 1 (none after 9)."""
    if all(isinstance(value, int) and 0 <= value <= 9 for value in dimension.values):
        return tuple(str(value) for value in dimension.values)
    return tuple(str(place) if place <= 9 else "" for place in range(1, len(dimension.levels) + 1))


def level_name(dimension: Dimension, value: int | str) -> str:
    """On the button: the level and its title; the title alone where it is the same word, whatever its capitals. A key that is
    not the level itself is drawn as one."""
    place = dimension.values.index(value)
    title, key = dimension.levels[place].title, digits(dimension)[place]
    level = panels.literal(str(value))
    shown = panels.literal(title)
    named = shown if title.casefold() == str(value).casefold() else f"**{level}** {shown}"
    return f"`{key}` {named}" if key and key != str(value) else named


def level_key(desk: Desk, dimension: Dimension) -> str:
    return current_draft.level_key(desk.assignment, desk.revision, dimension)


def note_key(desk: Desk) -> str:
    return f"note-{desk.assignment}-{desk.revision}"


def save_key(desk: Desk) -> str:
    return f"save-{desk.assignment}-{desk.revision}"


def back_key(desk: Desk) -> str:
    return f"back-{desk.assignment}-{desk.revision}"


def question(place: int, dimension: Dimension | ComparedDimension) -> None:
    draw(
        Markup('<div class="ts-question" data-place="{}"><b>{}</b><strong>{}</strong><span>{}</span></div>').format(
            place, place + 1, dimension.title, dimension.question
        )
    )


def anchors(dimensions: Sequence[Dimension]) -> None:
    """All anchors of all dimensions, stacked in one place; the page's keys show those of the dimension in focus."""
    sets = NOTHING.join(_anchor_set(place, dimension) for place, dimension in enumerate(dimensions))
    draw(Markup('<div class="ts-anchors">{}</div>').format(sets))


def _anchor_set(place: int, dimension: Dimension) -> Markup:
    anchor = Markup(
        '<li id="ts-anchor-{place}-{index}" data-place="{place}" data-level="{index}"><b>{value}</b><span>{anchor}</span></li>'
    )
    levels = NOTHING.join(
        anchor.format(place=place, index=index, value=level.value, anchor=level.anchor)
        for index, level in enumerate(dimension.levels)
    )
    return Markup('<div class="ts-anchor-set" data-place="{}"><p>{} {}</p><ol>{}</ol></div>').format(
        place, place + 1, dimension.title, levels
    )


def keys_line(digits_of: Sequence[Sequence[str]], note: str = "note") -> str:
    every = sorted({digit for digits in digits_of for digit in digits if digit})
    return f"{every[0]}–{every[-1]} choose    ↑ ↓ move    ← → change    n {note}    PgDn read on"


def keys_while_writing(note: str, done: str) -> str:
    return f"Esc leaves the {note}    Ctrl+Enter {done}"


def keys(desk: Desk, back: str, keep_choices: Callable[[Desk], None]) -> None:
    """The keyboard, the focus, the line that names the keys, the live region, and the keeping of each choice: keys.js and
    keeping.js. `back`: what the key p does. `keep_choices`: for what the script could not have kept."""
    age = None if desk.last_saved is None else max(0, round((datetime.now(UTC) - desk.last_saved).total_seconds()))
    _keys(
        key=current_draft.SCRIPT,
        on_choices_change=partial(keep_choices, desk),
        data={
            "draft": current_draft.name_of(desk),
            "keep": {"to": rooted("/keep"), "assignment": desk.assignment, "revision": desk.revision},
            "dimensions": [
                {
                    "widget": level_key(desk, dimension),
                    "digits": digits(dimension),
                    "key": dimension.key,
                    "values": dimension.values,
                    "kept": desk.choices.get(dimension.key),
                }
                for dimension in desk.dimensions
            ],
            "note": note_key(desk),
            "save": save_key(desk),
            "age": age,
            "refusal": messages.refusals(),
            "announcement": messages.announcement(),
            "announcements": messages.announcements(),
            "back": back_key(desk),
            "line": keys_line([digits(dimension) for dimension in desk.dimensions]) + (f"    p {back.lower()}" if back else ""),
            "writing": keys_while_writing("note", "saves"),
        },
    )


def keys_of_decision(token: str, dimension: Dimension, causes: Sequence[str], *, back: str) -> None:
    """The same keyboard for a decision: a digit for the level, a digit for the cause, n for the reason it needs, and p for the
    button `back` ("" for none)."""
    groups = [digits(dimension), [str(place) for place in range(1, len(causes) + 1)]]
    _keys(
        key=current_draft.SCRIPT,
        data={
            "draft": token,
            "dimensions": [
                {"widget": f"{name}-{token}", "digits": keys} for name, keys in zip(("level", "cause"), groups, strict=True)
            ],
            "note": f"reason-{token}",
            "save": f"decide-{token}",
            "refusal": messages.refusals(),
            "announcement": messages.announcement(),
            "announcements": messages.announcements(),
            "back": back,
            "line": keys_line(groups, "reason") + ("    p previous" if back else ""),
            "writing": keys_while_writing("reason", "decides"),
            "needsNote": True,
        },
    )


def keys_of_sides(name: str, widgets: Sequence[str], *, note: str, save: str, back: str) -> None:
    """The same keyboard for choosing between two drafts: an arrow or a digit takes a side, and the focus goes on; after the last
    it is on Save. `widgets`: a row of sides each; `note`, `save`, `back`: keys of the widgets, `back` "" for none."""
    digits_of = [str(place) for place in range(1, len(SIDES) + 1)]
    _keys(
        key=current_draft.SCRIPT,
        data={
            "draft": name,
            "dimensions": [{"widget": widget, "digits": digits_of} for widget in widgets],
            "sides": {"ArrowLeft": 0, "ArrowDown": 1, "ArrowRight": 2},
            "note": note,
            "save": save,
            "refusal": messages.refusals(),
            "announcement": messages.announcement(),
            "announcements": messages.announcements(),
            "back": back,
            "line": "← left    ↓ as good    → right, or 1 2 3    ↑ the one before    n note    Enter saves"
            + ("    p back" if back else ""),
            "writing": keys_while_writing("note", "saves"),
        },
    )


def levels(desk: Desk) -> None:
    """Each dimension's question with its levels as buttons. A choice does not draw the page anew: keeping.js has it kept, and it
    comes with whatever draws the page next."""
    with st.container(key="levels"):
        for place, dimension in enumerate(desk.dimensions):
            question(place, dimension)
            key = level_key(desk, dimension)
            tab.start_with(key, desk.choices.get(dimension.key))
            st.segmented_control(
                f"{place + 1} {dimension.title}. {dimension.question}",
                dimension.values,
                format_func=partial(level_name, dimension),
                key=key,
                required=True,
                label_visibility="collapsed",
                width="stretch",
                on_change="ignore",
            )


def note(desk: Desk, keep_note: Callable) -> None:
    if both := current_draft.begin_note(desk):
        tab.put(note_key(desk), both)
    tab.start_with(note_key(desk), desk.note or None)
    st.text_area(
        "Note (optional)",
        key=note_key(desk),
        height=68,
        label_visibility="collapsed",
        placeholder="Note, if something should be remembered. Esc leaves it.",
        on_change=keep_note,
        args=(desk,),
    )


def refused(sentence: str, problems: Sequence[str]) -> None:
    """A refusal in a place that is always there: what follows it is not drawn anew when a sentence comes or goes."""
    with st.container(key="refused"):
        panels.refusal(sentence, problems)


def where(desk: Desk) -> None:
    """Above the draft: how far its annotator is, or, of one delivered before, that this is a correction of what they gave."""
    if desk.delivered_at is None:
        progress.of_annotator(desk, is_practice=desk.is_practice)
    else:
        was = "skipped" if desk.state == "skipped" else "labels saved"
        progress.of_correction(desk, f"{was} {desk.delivered_at:%d %b, %H:%M} UTC")


def save_button(desk: Desk, save: Callable, *, disabled: bool = False) -> None:
    st.button(
        "Save the correction" if desk.is_correction else "Save and next",
        key=save_key(desk),
        type="primary",
        shortcut=None if disabled else "Ctrl+Enter",
        on_click=save,
        args=(desk,),
        disabled=disabled,
    )


def chosen(desk: Desk) -> dict[str, int | str]:
    """What the form holds now, by dimension; a dimension without a level is left out."""
    values = {dimension.key: tab.value_of(level_key(desk, dimension)) for dimension in desk.dimensions}
    return {key: value for key, value in values.items() if value is not None}


def note_of(desk: Desk) -> str:
    return tab.value_of(note_key(desk)) or ""


def box_key(desk: Desk, name: str) -> str:
    # How often it was emptied is counted in it: a new key closes the popover. Each box counts for itself, so that one just
    # opened stays open, with what is typed in it, when the page is drawn anew after the other was sent.
    return f"{name.lower()}-{desk.assignment}-{desk.revision}-{tab.counter(name)}"


def empty_box(name: str) -> None:
    """Close the box and empty it, once what stood in it is kept."""
    tab.count(name)


def words_in_box(desk: Desk, name: str) -> str:
    return tab.value_of(box_key(desk, name)) or ""


def box(desk: Desk, name: str, asks: str, button: str, send: Callable) -> None:
    """A popover with one question and one button, keyed by draft: nothing typed reaches the next one."""
    key = box_key(desk, name)
    with st.popover(name, key=f"box-{key}"):
        st.text_area(asks, key=key, height=80)
        st.button(button, key=f"send-{key}", on_click=send, args=(desk,))


def rubric(dimensions: Sequence[Dimension]) -> None:
    """The whole rubric to look up: every dimension's anchors with its guidance."""
    with st.popover("Rubric", key="box-rubric"):
        for dimension in dimensions:
            panels.section(dimension.title, is_name=True)
            anchors_of(dimension, unfold=True)
        panels.help_link()


def nothing_to_label(round_name: str, waiting: Sequence[str], comparing: Mapping[str, int], refused: str) -> None:
    """The end of a round, or nothing to begin with (""); nothing of that where something was refused. And what else waits."""
    if not refused:
        _the_end(round_name)
    for name in waiting:
        panels.link("label", f"Label {name}", round=name)
    for name, left in comparing.items():
        if left:
            panels.link("compare_drafts", f"Compare {many(left, 'pair')} of drafts in {name}", comparison=name)
    panels.link("my_labels", "My labels")


def _the_end(round_name: str) -> None:
    if round_name:
        panels.empty(
            f"Nothing left to label in {round_name}.",
            "Every draft is labelled or skipped. Until the round closes you can correct them under My labels.",
        )
    else:
        panels.empty("No round is waiting for your labels.", "When a lead opens one with your name in it, it starts here.")
