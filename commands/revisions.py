"""Commands on the way from one rubric version to the next."""

from typing import Annotated

import sqlalchemy as sa
import typer

import terminal
from commands import Json, document, verb
from db.engine import open_engine, schema_state, there_is_a_store
from workflow import revisions

Version = Annotated[str, typer.Argument(help="a rubric file, or a name in rubric_versions/")]


def _store_or_none() -> sa.Engine | None:
    engine = open_engine() if there_is_a_store() else None
    return engine if engine is not None and schema_state(engine) == "present" else None


@verb("diff-rubrics")
def diff_rubrics(a: Version, b: Version, as_json: Json = False) -> None:
    """Say what changed from one rubric version to another: words, levels, rule of agreement, scoring.

    Example: python manage.py diff-rubrics tenacious-v1 tenacious-v2
    """
    made = revisions.compare_versions(_store_or_none(), a, b)
    if as_json:
        return document(made.as_json())
    terminal.show_revision(made)
