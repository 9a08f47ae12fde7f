"""Rubric versions against each other, and from one to the next."""

from pathlib import Path

import sqlalchemy as sa

from touchstone.errors import Refused
from touchstone.revision import Revision, revise
from touchstone.rubric import Rubric
from touchstone.words import many
from workflow import rubrics
from workflow.papers.codebook import rubric_named


def compare_versions(engine: sa.Engine | None, before: str, after: str) -> Revision:
    """What changed from one rubric version to another; each is a name in rubric_versions/ (or published), or a file.

    `engine` None: no store to ask. Raises Refused for a version that is nowhere, wrong, or changed since it was published.
    """
    return revise(_version(engine, before), _version(engine, after))


def _version(engine: sa.Engine | None, name: str) -> Rubric:
    path = Path(name)
    if path.suffix not in (".yml", ".yaml") or path.parent == Path(".") and not path.is_file():
        return rubric_named(engine, name)
    found, problems, _ = rubrics.read_file(path)
    if found is None:
        raise Refused(f"{path.name} is not a rubric yet: {many(len(problems), 'problem')}", problems)
    if engine is not None:
        rubrics.refuse_changed(engine, found)
    return found
