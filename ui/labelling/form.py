"""The label form and the sign-in form. Text from outside is escaped here: it is data, never markup."""

import html
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from touchstone.rubric.model import Dimension
from ui.base import navigation, panels, session
from workflow.labelling.next_draft import Desk
from workflow.people.people import Person

HERE = Path(__file__).parent

_keys = st.components.v2.component(
    "touchstone_keys",
    html='<p class="ts-keys"></p><p class="ts-kept"></p><p class="ts-live" role="status" aria-live="polite"></p>',
    js=(HERE / "keys.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def sign_in(people: Sequence[Person], back_to: str) -> None:
    """Pick your name or add one. Plain forms, for the same reason as Sign out.

    No field may be called like a property of a form or document ("name", "title"): Streamlit's sanitizer drops it silently.
    """
    back = f'<input type="hidden" name="next" value="{html.escape(back_to)}">'
    names = "".join(
        f'<button type="submit" name="person" value="{person.id}">{html.escape(person.name)}'
        f"{panels.sample_badge(person.is_sample)}</button>"
        for person in people
    )
    pick = f'<form method="post" action="/sign-in" class="ts-names">{back}{names}</form>' if people else ""
    st.html(
        '<section class="ts-sign-in"><h1>Who is labelling?</h1>'
        + ("<p>Pick your name.</p>" if people else "<p>Nobody is on the list yet. Add your name to begin.</p>")
        + pick
        + f'<form method="post" action="/sign-in" class="ts-add">{back}<label for="ts-name">Not on the list?</label>'
        '<input id="ts-name" name="new_name" maxlength="60" autocomplete="off" required placeholder="Your name">'
        '<button type="submit">Add me and sign in</button></form>'
        '<p class="ts-aside">This program runs on your own computer and asks for no password. Labels stay blind only if '
        "everyone works under their own name.</p></section>"
    )


def digits(dimension: Dimension) -> tuple[str, ...]:
    """The key that picks each level: its own digit where every level is one, else its place from 1 (none after 9)."""
    if all(isinstance(value, int) and 0 <= value <= 9 for value in dimension.values):
        return tuple(str(value) for value in dimension.values)
    return tuple(str(place) if place <= 9 else "" for place in range(1, len(dimension.levels) + 1))


def level_name(dimension: Dimension, value: int | str) -> str:
    """On the button: the number and the words. Where the level is a word, its key is drawn as a key."""
    place = dimension.values.index(value)
    level, key = dimension.levels[place], digits(dimension)[place]
    if isinstance(value, int) and str(value) == key:
        return f"**{value}** {panels.literal(level.title)}"
    return f"`{key}` {panels.literal(str(value))}" if key else panels.literal(str(value))


def level_key(desk: Desk, dimension: Dimension) -> str:
    # The revision is in it so that a form refused for being out of date comes back with what is stored.
    return f"level-{desk.assignment}-{desk.revision}-{session.drawings()}-{dimension.key}"


def note_key(desk: Desk) -> str:
    return f"note-{desk.assignment}-{desk.revision}"


def save_key(desk: Desk) -> str:
    return f"save-{desk.assignment}-{desk.revision}"


def question(place: int, dimension: Dimension) -> None:
    st.html(
        f'<div class="ts-question" data-place="{place}"><b>{place + 1}</b><strong>{html.escape(dimension.title)}</strong>'
        f"<span>{html.escape(dimension.question)}</span></div>"
    )


def anchors(dimensions: Sequence[Dimension]) -> None:
    """All anchors of all dimensions, stacked in one place; the page's keys show those of the dimension in focus."""
    st.html(
        '<div class="ts-anchors">'
        + "".join(
            f'<div class="ts-anchor-set" data-place="{place}"><p>{place + 1} {html.escape(dimension.title)}</p><ol>'
            + "".join(
                f'<li id="ts-anchor-{place}-{index}" data-place="{place}" data-level="{index}">'
                f"<b>{html.escape(str(level.value))}</b>"
                f"<span>{html.escape(level.anchor)}</span></li>"
                for index, level in enumerate(dimension.levels)
            )
            + "</ol></div>"
            for place, dimension in enumerate(dimensions)
        )
        + "</div>"
    )


def keys_line(digits_of: Sequence[Sequence[str]], note: str = "note") -> str:
    every = sorted({digit for digits in digits_of for digit in digits if digit})
    return f"{every[0]}–{every[-1]} choose    ↑ ↓ move    ← → change    n {note}    PgDn read on"


def keys(desk: Desk) -> None:
    """The keyboard, the focus, the line that names the keys, and the live region: ui/labelling/keys.js."""
    age = None if desk.last_saved is None else max(0, round((datetime.now(UTC) - desk.last_saved).total_seconds()))
    _keys(
        key="keys",
        data={
            "draft": f"{desk.assignment}-{desk.revision}",
            "dimensions": [{"widget": level_key(desk, dimension), "digits": digits(dimension)} for dimension in desk.dimensions],
            "note": note_key(desk),
            "save": save_key(desk),
            "age": age,
            "refusal": session.said_times(),
            "announcement": session.announced(),
            "announcements": session.announced_times(),
            "line": keys_line([digits(dimension) for dimension in desk.dimensions]),
        },
    )


def keys_of_decision(token: str, dimension: Dimension, causes: Sequence[str]) -> None:
    """The same keyboard for a decision: a digit for the level, a digit for the cause, then the reason."""
    groups = [digits(dimension), [str(place) for place in range(1, len(causes) + 1)]]
    _keys(
        key="keys",
        data={
            "draft": token,
            "dimensions": [
                {"widget": f"{name}-{token}", "digits": keys} for name, keys in zip(("level", "cause"), groups, strict=True)
            ],
            "note": f"reason-{token}",
            "save": f"decide-{token}",
            "refusal": session.said_times(),
            "announcement": "",
            "announcements": 0,
            "line": keys_line(groups, "reason"),
            "ends": "note",
        },
    )


def levels(desk: Desk, place: int, dimension: Dimension, keep_choice: Callable) -> None:
    key = level_key(desk, dimension)
    session.start_with(key, desk.choices.get(dimension.key))
    st.segmented_control(
        f"{place + 1} {dimension.title}. {dimension.question}",
        dimension.values,
        format_func=lambda value: level_name(dimension, value),
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        on_change=keep_choice,
        args=(desk, dimension),
    )


def note(desk: Desk, keep_note: Callable) -> None:
    session.start_with(note_key(desk), desk.note or None)
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


def save_button(desk: Desk, save: Callable) -> None:
    st.button("Save and next", key=save_key(desk), type="primary", shortcut="Ctrl+Enter", on_click=save, args=(desk,))


def chosen(desk: Desk) -> dict[str, int | str]:
    """What the form holds now, by dimension; a dimension without a level is left out."""
    values = {dimension.key: session.value_of(level_key(desk, dimension)) for dimension in desk.dimensions}
    return {key: value for key, value in values.items() if value is not None}


def note_of(desk: Desk) -> str:
    return session.value_of(note_key(desk)) or ""


def box_key(desk: Desk, name: str) -> str:
    # What has been done is counted in it: a new key closes the popover and empties it.
    return f"{name.lower()}-{desk.assignment}-{desk.revision}-{session.announced_times()}"


def words_in_box(desk: Desk, name: str) -> str:
    return session.value_of(box_key(desk, name)) or ""


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
            panels.section(dimension.title)
            panels.anchors_of(dimension, unfold=True)


def nothing_to_label(round_name: str, waiting: Sequence[str], refused: str) -> None:
    """The end of a round, or nothing to begin with (""); nothing of that where something was refused. And what else waits."""
    if not refused:
        _the_end(round_name)
    for name in waiting:
        st.page_link(navigation.page("label"), label=f"Label {panels.literal(name)}", query_params={"round": name})
    st.page_link(navigation.page("my_labels"), label="My labels")


def _the_end(round_name: str) -> None:
    if round_name:
        panels.nothing(
            f"Nothing left to label in {round_name}.",
            "All of it is labelled or skipped. Until the round closes you can correct it under My labels.",
        )
    else:
        panels.nothing("No round waits for your labels.", "When a lead opens one with your name in it, it begins here.")
