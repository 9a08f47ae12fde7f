"""The next rubric version in the browser: old words beside boxes for new ones, and what is wrong with the file."""

from collections.abc import Callable
from hashlib import sha256

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.english import many
from touchstone.files.yaml_tree import Path
from touchstone.rubric.model import Dimension
from ui.base import panels
from ui.base.markup import draw
from ui.base.session import messages, tab
from workflow.people.people import Person
from workflow.rubric import next_version
from workflow.rubric.box_problems import by_line
from workflow.rubric.rubrics import RubricFile
from workflow.rubric.unfinished_version import Unfinished
from workflow.scorer.comparable_versions import UNFINISHED


def box(label: str, words: str, verb, *args, height: int | None = 68, **more) -> None:
    """A box for text that is kept on leaving it, of one line where `height` is None; a change made elsewhere shows."""
    key = box_key(verb, *args[2:])
    tab.follow(key, words)
    more |= {"key": key, "on_change": _keep, "args": (key, words, verb, *args)}
    if height is None:
        st.text_input(label, **more)
    else:
        st.text_area(label, height=height, **more)


def box_key(verb: Callable[..., object], *of: object) -> str:
    """The key of a box by what it keeps, and of what."""
    return "box-" + sha256(f"{verb.__name__}{of}".encode()).hexdigest()[:16]


def _keep(key: str, was: str, verb: Callable[..., object], *args: object) -> None:
    messages.attempt(verb, *args, tab.value_of(key) or "", was=was)


def words_of(person: Person, engine: sa.Engine, found: Unfinished, key: str) -> None:
    """A dimension's title, question and guidance, its levels' titles and anchors: the old on the left, the new on the right."""
    place, before = found.place(key) or (), found.base.dimension(key) if found.base else None
    for what in ("title", "question", "guidance"):
        _old_and_new(
            person,
            engine,
            found,
            what.capitalize(),
            getattr(before, what, "") if before else "",
            (*place, what),
            most=260 if what == "guidance" else 120,
        )
    for number, value in enumerate(_levels(found, place)):
        level = next((each for each in before.levels if str(each.value) == value), None) if before else None
        for what, which in (("title", f"Button of level {value}"), ("anchor", f"Level {value}")):
            _old_and_new(person, engine, found, which, getattr(level, what, ""), (*place, "levels", number, what))


def _levels(found: Unfinished, place: Path) -> list[str]:
    values: list[str] = []
    while found.text((*place, "levels", len(values), "value")):
        values.append(found.text((*place, "levels", len(values), "value")))
    return values


def _old_and_new(
    person: Person, engine: sa.Engine, found: Unfinished, label: str, before: str, path: Path, most: int = 120
) -> None:
    left, right = st.columns([5, 6], gap="medium")
    with left:
        draw(Markup('<div class="ts-before"><b>{}</b><p>{}</p></div>').format(label, before or "–"))
    with right:
        words = found.text(path)
        lines = sum(len(each) // 84 + 1 for each in words.split("\n"))
        box(
            f"New {label.lower()}",
            words,
            next_version.keep_words,
            person,
            engine,
            found.after,
            path,
            height=max(68, min(40 + 19 * lines, most)),
            label_visibility="collapsed",
        )


def state(found: Unfinished) -> str:
    """Where things stand, in one sentence."""
    if found.rubric is None:
        return f"{many(len(found.problems), 'problem')} to fix before {found.name}.yml can be saved."
    if found.exists and not found.is_kept:
        return f"{found.name} is saved; once published it is never overwritten. See it, or begin from it."
    if not found.is_kept:
        return f"Nothing has changed yet: this is the text of {found.after}."
    return f"{found.name}.yml has no errors. What you type is kept; it becomes a version when you save it."


def links(found: Unfinished) -> None:
    """Where a version leads to: what it would change, and, once it is saved, to Rubrics, where it is published."""
    if found.rubric and found.is_kept:
        panels.link("effect", "What it would change", before=found.after, after=found.name + UNFINISHED)
    if found.exists:
        panels.link("rubrics", f"See {found.name}", rubric=found.name, beside=found.after)
        panels.link("next_version", "Begin from it", rubric=found.name)


def problems(found: Unfinished) -> None:
    """Every problem by the line of its box, else of the file, with what stands there."""
    if not found.problems:
        return
    rows = [(panels.sentence_case(each.where), each.text[:90], each.reason) for each in by_line(found, found.problems)]
    panels.table(("Where", "text", "problem"), rows, marked=range(len(rows)), caption="Checked as it will be saved")


def take_back(person: Person, engine: sa.Engine, file: RubricFile) -> None:
    """A button that takes a saved version into its boxes again, and one that discards it; neither of one that is published."""
    if file.published_digest:
        return
    st.button(
        "Go on writing it",
        key="take-back",
        on_click=messages.attempt,
        args=(next_version.take_back, person, engine, file.name),
        help="Its file stays as it is until you save it again",
    )
    if file.is_saved:
        with st.popover("Discard"):
            panels.text(
                f"{file.name} is no version any more then, for anybody; its file goes, too, unless it was changed by hand. What "
                "others write of it stays."
            )
            st.button("Discard it", key="discard-saved", on_click=_discard, args=(person, engine, file.name))


def _discard(person: Person, engine: sa.Engine, name: str) -> None:
    if said := messages.attempt(next_version.discard, person, engine, name):
        messages.report(said)


def whole_file(person: Person, engine: sa.Engine, found: Unfinished) -> None:
    """The file itself; open where its places cannot be found otherwise."""
    with (
        st.expander(f"The whole file, {panels.literal(found.name)}.yml", expanded=not found.is_yaml),
        st.container(key="yaml-file"),
    ):
        box(
            "The whole file",
            found.source,
            next_version.keep_file,
            person,
            engine,
            found.after,
            height=460,
            label_visibility="collapsed",
        )


def go_to(found: Unfinished, place: int) -> None:
    """Lead to the boxes of a dimension, where they can be chosen."""
    key = found.text(("dimensions", place, "key"))
    if key in {each.key for each in _dimensions(found)}:
        tab.put(f"writing-{found.name}", key)


def number_of(found: Unfinished, key: str) -> int:
    """Where a dimension stands among all, from 0."""
    return next(step for step in found.place(key) or (0,) if isinstance(step, int))


def pick_dimension(found: Unfinished) -> str | None:
    """Which dimension is being written: those of the version before that can still be found."""
    titles = {each.key: each.title for each in _dimensions(found) if found.place(each.key)}
    if not titles:
        return None
    asked = st.query_params.get("dimension")
    key = st.segmented_control(
        "Dimension",
        list(titles),
        default=asked if asked in titles else next(iter(titles)),
        required=True,
        label_visibility="collapsed",
        key=f"writing-{found.name}",
        format_func=lambda key: panels.literal(titles[key]),
    )
    st.query_params.update(rubric=found.after, dimension=key)
    return key


def _dimensions(found: Unfinished) -> tuple[Dimension, ...]:
    made = found.rubric or found.base
    return made.dimensions if made else ()
