"""What keeps a rubric that is written in boxes from being saved: said once, by its dimension and its box."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.files import yaml_tree
from touchstone.rubric.making.scales import flags_nothing
from touchstone.rubric.model import Rubric
from ui.base import next_focus, panels
from ui.base.session import messages
from ui.rubric import next_version as writing
from workflow.people.people import Person
from workflow.rubric import new_dimensions, next_version, rubrics
from workflow.rubric.box_problems import BoxProblem, by_box
from workflow.rubric.unfinished_version import Unfinished

CHOSEN = ("scale", "statistic", "weights", "threshold", "weight")


def save_button(person: Person, engine: sa.Engine, found: Unfinished) -> None:
    """The one thing to do once the file has no errors, and not before: pressed earlier it says what is wrong."""
    st.button(
        f"Save as {panels.literal(found.name)}.yml",
        type="primary" if found.rubric else "secondary",
        on_click=_save,
        args=(person, engine, found),
        key="save-version",
    )


def _save(person: Person, engine: sa.Engine, found: Unfinished) -> None:
    """Save the version from a button; what is wrong with it stands on the page already."""
    if made := messages.attempt(next_version.save, person, engine, found.after):
        messages.report(_where(made, found.rubric))
    elif messages.refusal()[1]:
        messages.refuse(messages.refusal()[0])


def _where(name: str, rubric: Rubric | None) -> str:
    """Where a version that was just saved is: of a server whose folder cannot be written it is in the store alone."""
    if rubric is not None and rubrics.file_has(name, rubric.digest):
        return f"{name}.yml is saved in rubric_versions/."
    return f"{name} is saved in the store, as rubric_versions/ on this server cannot be written. Rubrics has it as a download."


def listed(found: Unfinished, go: Callable[[int], None]) -> None:
    """What is wrong at once, what is only empty on request or once saving was tried. `go` leads to a dimension."""
    told, others = by_box(found)
    empty = [each for each in told if each.is_empty]
    with st.container():  # always there, so that the boxes below keep the focus
        panels.notes(_low_thresholds(found))
        _boxes(found, [each for each in told if not each.is_empty], go, "wrong")
        if others:
            writing.problems(found._replace(problems=tuple(others)))
        if empty:
            with st.expander(f"Still to fill in: {len(empty)}", expanded=messages.last_verb() == next_version.save.__name__):
                _boxes(found, empty, go, "empty")
    next_focus.follow()


def _boxes(found: Unfinished, told: Sequence[BoxProblem], go: Callable[[int], None], name: str) -> None:
    with st.container(key=f"problems-{name}", gap=None):
        for number, each in enumerate(told):
            st.button(
                panels.literal(f"{each}."),
                key=f"problem-{name}-{number}",
                type="tertiary",
                on_click=_lead,
                args=(found, each, go),
            )


def _lead(found: Unfinished, problem: BoxProblem, go: Callable[[int], None]) -> None:
    if problem.place is not None:
        go(problem.place)
    next_focus.lead_to(_selector(found, problem))


def _selector(found: Unfinished, problem: BoxProblem) -> str:
    """Where the box stands in the browser: by its key where it keeps words, else by its label."""
    keys = [writing.box_key(next_version.keep_words, found.after, problem.path)]
    if problem.place is not None and problem.path[2:] == ("title",):
        keys.append(writing.box_key(new_dimensions.keep_title, found.after, problem.place))
    boxes = [f".st-key-{key} :is(input, textarea)" for key in keys]
    if problem.path[-1] in CHOSEN:
        boxes.append(f'input[aria-label*="{str(problem.path[-1]).capitalize()}"]')
    return ", ".join(boxes)


def _low_thresholds(found: Unfinished) -> list[str]:
    """What is to be thought over before it is saved, though nothing is wrong with it."""
    said: list[str] = []
    path: yaml_tree.Path = ("dimensions", 0)
    while found.has(path):
        threshold = share(found.text((*path, "agreement", "threshold")))
        if threshold is not None and (low := flags_nothing(threshold)):
            said.append(f"{found.text((*path, 'title')) or f'Dimension {int(path[1]) + 1}'}: {low}.")
        path = ("dimensions", int(path[1]) + 1)
    return said


def share(text: str) -> float | None:
    """A number between 0 and 1 as it is written; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None
