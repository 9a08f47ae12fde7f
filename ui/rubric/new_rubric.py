"""A new rubric in boxes: its title, its dimensions one at a time, their levels and the rule they are judged by."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from touchstone.files.yaml_tree import Path
from touchstone.rubric.making.picture import Pictured
from touchstone.rubric.making.scales import SCALES, scale_named_by
from ui.base import panels
from ui.base.session import messages, tab
from ui.rubric import check_editor, check_form
from ui.rubric import next_version as writing
from ui.rubric.problems import share
from workflow.people.people import Person
from workflow.rubric import new_dimensions, next_version
from workflow.rubric.box_problems import at_box
from workflow.rubric.unfinished_version import Unfinished

EMPTY = " is empty;"
MOST_UNDONE = 10
STATISTICS = {
    "kappa": "Kappa: agreement beyond the chance of each annotator's own habits",
    "alpha": "Alpha: agreement beyond the chance of all labels together, where some are missing",
}
WEIGHTS = {
    "unweighted": "Unweighted: any difference counts the same",
    "linear": "Linear: two levels off counts twice as much as one",
    "quadratic": "Quadratic: two levels off counts four times as much as one",
}
ON_THRESHOLD = (
    "Fixed before any label exists: a dimension whose agreement is lower is flagged. .6 and more is often called substantial, "
    ".8 is usual where a label decides something."
)


def state(found: Unfinished) -> str:
    """Where things stand, in one sentence."""
    empty = sum(EMPTY in each.reason for each in found.problems)
    wrong = len(found.problems) - empty
    if not found.problems:
        return "No errors. What you type is kept; it becomes a version when you save it."
    said = [f"{many(empty, 'box', 'boxes')} still to fill in"] if empty else []
    said += [f"{many(wrong, 'problem')} to fix"] if wrong else []
    return f"{', '.join(said)} before it can be saved. What you type is kept."


def act(found: Unfinished, verb: Callable[..., object], person: Person, engine: sa.Engine, *args: object) -> None:
    """Change the structure from a button, so that it can be undone: what stood there before is remembered in this tab."""
    before = messages.refusals()
    messages.attempt(verb, person, engine, found.after, *args)
    if messages.refusals() == before:
        undone = tab.state().setdefault("undo", {})
        undone[found.name] = [*undone.get(found.name, []), found.source][-MOST_UNDONE:]


def undo(person: Person, engine: sa.Engine, found: Unfinished) -> None:
    """A button that takes the last change of structure back, with what was typed since."""
    before = tab.state().get("undo", {}).get(found.name, [])
    st.button(
        "Undo", key="undo", disabled=not before, on_click=_undo, args=(person, engine, found), help="The last button pressed"
    )


def _undo(person: Person, engine: sa.Engine, found: Unfinished) -> None:
    before = tab.state()["undo"][found.name].pop()
    messages.attempt(next_version.keep_file, person, engine, found.after, before, was=found.source)
    tab.count("structure")


def go_to(place: int) -> None:
    """Lead to the boxes of a dimension."""
    st.query_params["dimension"] = str(place + 1)
    tab.count("structure")


def about_all(person: Person, engine: sa.Engine, found: Unfinished) -> None:
    """The title of the rubric, and what is said about all dimensions."""
    _text("Title of the rubric", person, engine, found, ("title",), height=None)
    with st.expander("About all dimensions"):
        _text("What an annotator should know about all of them", person, engine, found, ("about",), height=110)


def pick(person: Person, engine: sa.Engine, found: Unfinished, pictured: Sequence[Pictured]) -> int:
    """Which dimension is being written, with what can be done to the list of them."""
    asked = st.query_params.get("dimension", "")
    start = min(int(asked) - 1 if asked.isdecimal() and int(asked[:4]) else 0, len(pictured) - 1)
    drawn = f"{found.name}-{len(pictured)}-{tab.counter('structure')}"
    place = st.segmented_control(
        "Dimension",
        range(len(pictured)),
        default=start,
        required=True,
        label_visibility="collapsed",
        key=f"pick-{drawn}",
        format_func=lambda number: f"{number + 1} {panels.literal(pictured[number].title)}",
    )
    st.query_params["dimension"] = str(place + 1)
    last = len(pictured) - 1
    with st.container(horizontal=True, key="dimension-buttons"):
        for label, verb, args, goes_to, is_off in (
            ("Add a dimension", new_dimensions.add_dimension, (), last + 1, False),
            ("Duplicate", new_dimensions.duplicate_dimension, (place,), place + 1, False),
            ("Move up", new_dimensions.move_dimension, (place, -1), place - 1, place == 0),
            ("Move down", new_dimensions.move_dimension, (place, 1), place + 1, place == last),
            ("Remove", new_dimensions.remove_dimension, (place,), max(0, place - 1), not last),
        ):
            st.button(label, on_click=_restructure, args=(found, verb, person, engine, args, goes_to), disabled=is_off)
    return place


def _restructure(
    found: Unfinished, verb: Callable[..., object], person: Person, engine: sa.Engine, args: tuple[int, ...], goes_to: int
) -> None:
    before = messages.refusals()
    act(found, verb, person, engine, *args)
    if messages.refusals() == before:
        go_to(goes_to)


def words(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    """The title, the key, the question and the guidance of a dimension."""
    path: Path = ("dimensions", place)
    left, right = st.columns([3, 2], gap="small")
    with left:
        writing.box(
            "Title",
            found.text((*path, "title")),
            new_dimensions.keep_title,
            person,
            engine,
            found.after,
            place,
            height=None,
            placeholder="A short name",
        )
        _wrong(found, (*path, "title"))
    with right:
        _text("Key", person, engine, found, (*path, "key"), height=None, help="Its name in every table and export")
    _text("Question", person, engine, found, (*path, "question"), height=None, placeholder="One question, about one thing")


def guidance(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    _text(
        "Guidance (optional)",
        person,
        engine,
        found,
        ("dimensions", place, "guidance"),
        height=80,
        placeholder="How to decide where two levels seem to fit",
    )


def levels(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    """The scale of a dimension, and a row a level: its value, its words on the button, its anchor."""
    path: Path = ("dimensions", place, "levels")
    values = values_of(found, place)
    is_ordinal = found.text(("dimensions", place, "scale")) == "ordinal"
    named = scale_named_by(values, is_ordinal=is_ordinal)
    names = [*SCALES, *([] if named else [""])]
    key = f"scale-{found.name}-{place}-{len(names)}"
    tab.follow(key, named)
    st.selectbox(
        "Scale",
        names,
        key=key,
        format_func=lambda name: SCALES[name].title if name else f"{many(len(values), 'level')} of its own",
        on_change=_set_scale,
        args=(found, person, engine, place, key),
    )
    are_words = any(isinstance(value, str) for value in values)
    panels.text(f"{'Value, words' if are_words else 'Words'} on the button, and anchor of each level", quiet=True)
    for number, value in enumerate(values):
        with st.container(key=f"level-row-{number}", horizontal=True, vertical_alignment="top"):
            if are_words:
                _line("Value", person, engine, found, (*path, number, "value"), width=110, collapsed=True, placeholder="Value")
            else:
                panels.text(str(value))
            _line("Button", person, engine, found, (*path, number, "title"), width=150, collapsed=True, placeholder="Button")
            with st.container(key=f"anchor-{number}"):
                _box(
                    f"Anchor of {value}: one sentence that says when this level applies",
                    person,
                    engine,
                    found,
                    (*path, number, "anchor"),
                    height=68,
                    collapsed=True,
                    placeholder="Applies when …",
                )
            _buttons_of_level(person, engine, found, place, number, len(values), may_move=are_words)
        _wrong(found, *((*path, number, entry) for entry in ("value", "title", "anchor")))
    st.button("Add a level", on_click=act, args=(found, new_dimensions.add_level, person, engine, place), key="add-level")
    with st.expander("Example drafts, one a level, for the codebook alone"):
        for number, value in enumerate(values):
            _text(f"Example of {value}", person, engine, found, (*path, number, "example"), height=68)


def _buttons_of_level(
    person: Person, engine: sa.Engine, found: Unfinished, place: int, number: int, of: int, *, may_move: bool
) -> None:
    if may_move:
        st.button(
            "↑",
            key=f"raise-{number}",
            help="Move this level up",
            disabled=number == 0,
            on_click=act,
            args=(found, new_dimensions.move_level, person, engine, place, number, -1),
        )
    st.button(
        "✕",
        key=f"remove-level-{number}",
        help="Remove this level",
        disabled=of < 3,
        on_click=act,
        args=(found, new_dimensions.remove_level, person, engine, place, number),
    )


def values_of(found: Unfinished, place: int) -> list[int | str]:
    """The values of a dimension's levels as they are written; numbers as such."""
    made: list[int | str] = []
    while (text := found.text(("dimensions", place, "levels", len(made), "value"))) or found.has(
        ("dimensions", place, "levels", len(made))
    ):
        made.append(int(text) if text.lstrip("-").isdecimal() and len(text) < 5 else text)
    return made


def _set_scale(found: Unfinished, person: Person, engine: sa.Engine, place: int, key: str) -> None:
    if scale := tab.value_of(key):
        act(found, new_dimensions.set_scale, person, engine, place, scale)


def judged(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    """How a dimension is judged: its rule of agreement, and its share of the final score."""
    panels.section("How agreement is judged")
    _rule(person, engine, found, place)
    _weight(person, engine, found, place)


def _rule(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    """How the dimension's agreement is judged, with a word on what each choice means."""
    path: Path = ("dimensions", place, "agreement")
    is_ordinal = found.text(("dimensions", place, "scale")) == "ordinal"
    _choice("Statistic", STATISTICS, person, engine, found, place, "statistic")
    _choice("Weights", WEIGHTS if is_ordinal else {"unweighted": WEIGHTS["unweighted"]}, person, engine, found, place, "weights")
    _number("Threshold", found.text((*path, "threshold")), new_dimensions.keep_rule, person, engine, found, place, "threshold")
    _wrong(found, (*path, "threshold"))
    panels.text(ON_THRESHOLD, quiet=True)


def _weight(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    """The share in the final score, of a dimension that is scored."""
    path: Path = ("dimensions", place, "weight")
    if found.has(("dimensions", place, "scoring")) or found.has(path):
        _number("Weight in the final score", found.text(path), new_dimensions.keep_weight, person, engine, found, place)
        _wrong(found, path)


def _choice(
    label: str, words_of: dict[str, str], person: Person, engine: sa.Engine, found: Unfinished, place: int, entry: str
) -> None:
    now = found.text(("dimensions", place, "agreement", entry))
    names = [*words_of, *([now] if now not in words_of else [])]
    key = f"{entry}-{found.name}-{place}-{len(names)}"
    tab.follow(key, now)
    st.selectbox(
        label,
        names,
        key=key,
        format_func=lambda name: words_of.get(name, name or "–"),
        on_change=_keep_choice,
        args=(found, person, engine, place, entry, key),
    )
    _wrong(found, ("dimensions", place, "agreement", entry))


def _keep_choice(found: Unfinished, person: Person, engine: sa.Engine, place: int, entry: str, key: str) -> None:
    messages.attempt(new_dimensions.keep_rule, person, engine, found.after, place, entry, tab.value_of(key))


def _number(label: str, text: str, verb, person: Person, engine: sa.Engine, found: Unfinished, place: int, *more: str) -> None:
    now = share(text)
    key = f"{label}-{found.name}-{place}"
    tab.follow(key, now)
    st.number_input(
        label,
        0.0,
        1.0,
        "min" if more and now is not None else None,  # a threshold is always there, a weight may be taken out
        0.05,
        format="%.2f",
        key=key,
        width=220,
        on_change=_keep_number,
        args=(verb, person, engine, found, place, key, *more),
    )


def _keep_number(
    verb: Callable[..., object], person: Person, engine: sa.Engine, found: Unfinished, place: int, key: str, *more: str
) -> None:
    value = tab.value_of(key)
    if value is not None or not more:
        typed = None if value is None else round(value, 4)
        messages.attempt(verb, person, engine, found.after, place, *more, typed)


def _line(
    label: str, person: Person, engine: sa.Engine, found: Unfinished, path: Path, *, collapsed: bool = False, **more
) -> None:
    """A box of one line for the words at `path`."""
    _box(label, person, engine, found, path, height=None, collapsed=collapsed, **more)


def _text(label: str, person: Person, engine: sa.Engine, found: Unfinished, path: Path, **more) -> None:
    """A box for the words at `path`, with what is wrong with them below it."""
    _box(label, person, engine, found, path, **more)
    _wrong(found, path)


def _box(
    label: str,
    person: Person,
    engine: sa.Engine,
    found: Unfinished,
    path: Path,
    *,
    height: int | None,
    collapsed: bool = False,
    **more,
) -> None:
    writing.box(
        label,
        found.text(path),
        next_version.keep_words,
        person,
        engine,
        found.after,
        path,
        height=height,
        label_visibility="collapsed" if collapsed else "visible",
        **more,
    )


def _wrong(found: Unfinished, *paths: Path) -> None:
    """What is wrong at these places, where the next box stays the same whether anything is or not: a new one loses the focus."""
    reasons = [at_box(found, path) for path in paths]
    with st.empty():
        panels.notes(panels.sentence_case(each) + "." for each in reasons if each)


def discard(found: Unfinished, forget: Callable[[], None]) -> None:
    """A button behind a question: what was written is gone then."""
    with st.popover("Discard"):
        kept = f" since {found.name}.yml was saved is lost; the file stays as it is." if found.taken_from else " is lost."
        panels.text(f"What you wrote of this rubric{kept}")
        st.button("Discard it", on_click=forget, key="discard")


def checks(person: Person, engine: sa.Engine, found: Unfinished, place: int) -> None:
    """The checks of a dimension, in boxes or as YAML, with its scoring and examples as YAML."""
    key = found.text(("dimensions", place, "key"))
    panels.section("Checks")
    if found.place(key) != ("dimensions", place):
        panels.text("Give the dimension a key of its own first.")
        return
    is_scored = found.has(("dimensions", place, "scoring"))
    if not found.checks(key):
        panels.text("Not scored: people alone give its level. A check finds something in drafts by rule.", quiet=True)
        st.button("Add a check", on_click=act, args=(found, next_version.add_check, person, engine, key), key="add-check")
        check_editor.outcome("add_check", "remove_check")
    else:
        check = check_editor.pick(person, engine, found, key)
        check_editor.outcome("add_check", "remove_check", "keep_check")
        if check and not check_form.in_boxes_or_yaml(person, engine, found, key, check, "boxes yaml"):
            check_editor.texts(found, key, check)
        if not is_scored:
            panels.text("Not scored: what its checks find is shown; only lines of scoring give a level.", quiet=True)
    if found.checks(key) or is_scored:
        with st.expander("Scoring and examples, as YAML", expanded=is_scored):
            check_editor.outcome("keep_rest")
            check_editor.rest(person, engine, found, key)
            check_editor.examples(found, key)
