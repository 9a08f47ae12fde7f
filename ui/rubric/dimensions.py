"""A rubric version as its page shows it: what is wrong with its file, its dimensions in a table, and their anchors."""

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.figure import short
from touchstone.english import many
from touchstone.rubric import codebook
from touchstone.rubric.model import Rubric
from ui.base import panels
from ui.rubric.anchors import anchors_of
from workflow.projects.projects import Project
from workflow.rubric import rubrics
from workflow.rubric.rubrics import RubricFile


def what_is_wrong(file: RubricFile) -> None:
    """Why a version cannot be used, or not as its file is now."""
    name = file.name
    if file.rubric is None and not file.problems:
        panels.wrong(panels.sentence_case(file.note) + ".")
        return
    if file.is_changed:
        panels.wrong(
            f"{name}.yml has changed since it was published. Rounds continue under the version as published, which the store "
            "has; save the change as a new version, and remove the file or restore the old one."
        )
    if file.rubric is None:
        panels.wrong(
            f"{name}.yml is not a valid rubric yet: {many(len(file.problems), 'problem')}.",
            [str(problem) for problem in file.problems],
        )


def about(rubric: Rubric, *, is_published: bool) -> None:
    panels.section(f"{rubric.title}, version {rubric.version}")
    state = (
        "Published: labels depend on it, and the file must not change. "
        if is_published
        else "Not published yet: publish it below, or open a round. "
    )
    panels.text(f"{state}Digest {rubric.digest}.", quiet=True)


def downloads(engine: sa.Engine, file: RubricFile) -> None:
    """The version as a codebook, and as the file that it is."""
    rubric = file.rubric
    if rubric is None:
        return
    with st.container(horizontal=True):
        codebook_button(rubric, disabled=file.is_changed)
        st.download_button(
            "Rubric file (YAML)",
            lambda: rubrics.file_of_version(engine, rubric.name),
            file_name=f"{rubric.name}.yml",
            mime="application/yaml",
            on_click="ignore",
            disabled=file.is_changed,
        )


def codebook_button(rubric: Rubric, *, disabled: bool = False, for_lead: bool = True) -> None:
    st.download_button(
        "Codebook for annotators (HTML)",
        lambda: codebook.html(rubric, for_lead=for_lead),
        file_name=f"codebook-{rubric.name}.html",
        mime="text/html",
        on_click="ignore",
        disabled=disabled,
    )


def overview(rubric: Rubric) -> None:
    """A row a dimension: its weight in the score, and how its agreement is judged."""
    panels.table(
        ("Dimension", "key", "weight in the score", "agreement", "threshold", "aliases"),
        [
            (
                dimension.title,
                dimension.key,
                "–" if dimension.weight is None else f"{dimension.weight:.2f}",
                f"{dimension.agreement.statistic}, {dimension.agreement.weights}"
                + (", by value" if dimension.agreement.by == "value" else ""),
                short(dimension.agreement.threshold),
                ", ".join(dimension.aliases) or "–",
            )
            for dimension in rubric.dimensions
        ],
        numbers=(2, 4),
        whole=(1,),
        caption="The threshold is part of the version, so it is fixed before labels exist",
    )


def anchors(rubric: Rubric, *, unfold: bool = False) -> None:
    """Every dimension with its question, levels, anchors and guidance, which is folded away unless `unfold`."""
    for dimension in rubric.dimensions:
        panels.section(dimension.title, is_name=True)
        anchors_of(dimension, unfold=unfold)


def of_another_project(project: Project | None) -> str:
    """Where a version is that the project in hand does not show; "" where it shows all."""
    if not project or not project.rubric:
        return ""
    return f" in {project.name}, whose rubric is {project.rubric}: another rubric belongs to another project"
