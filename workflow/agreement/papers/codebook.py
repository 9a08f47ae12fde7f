"""The codebook of a rubric version: what annotators keep beside them, on paper or on a second screen."""

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.papers import HTML
from workflow.rubric import rubrics


def html(rubric: Rubric) -> str:
    """One HTML file: how to label, then every dimension with its question, levels, anchors and guidance."""
    return HTML.get_template("codebook.html").render(rubric=rubric, many=many, paragraphs=_paragraphs)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def rubric_named(engine: sa.Engine | None, name: str) -> Rubric:
    """A rubric version by its name: the file in rubric_versions/, else what the store has published under that name.

    `engine` None: no store to ask. Raises Refused for a version that is nowhere, one with mistakes, and a published one
    whose file has changed since.
    """
    path = rubrics.FOLDER / f"{name.removesuffix('.yml')}.yml"
    if path.parent != rubrics.FOLDER:
        raise Refused(f"{name} is a path; name a version in rubric_versions/ by its file's name alone")
    if engine is not None and not path.is_file():
        with reading(engine) as connection:
            if row := stored.published(connection, path.stem):
                return rubrics.rubric_of(connection, row.id)
    found, problems, _ = rubrics.read_file(path)
    if found is None:
        raise Refused(f"{path.name} is not a rubric yet: {many(len(problems), 'problem')}", problems)
    if engine is not None:
        rubrics.refuse_changed(engine, found)
    return found
