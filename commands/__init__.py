"""What every command of the store shares: the app they register with, who acts, the store.

One module a subject; `manage.py` imports them all. What needs no store is shared with the command `touchstone` (touchstone/cli).
"""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from db.engine import open_engine, schema_state, there_is_a_store, within
from touchstone.cli.printing import say
from touchstone.cli.stated_once import StatedOnce
from touchstone.cli.verbs import Json, document, new_app, read, refusals, refuse
from touchstone.errors import Refused
from workflow.people.people import Person, command_line, person_named
from workflow.projects.projects import named

__all__ = [
    "As",
    "Files",
    "Json",
    "app",
    "document",
    "read",
    "refuse",
    "say",
    "reader",
    "split",
    "store",
    "store_or_none",
    "verb",
    "who",
]

app = new_app("People label drafts blind by rubric; Touchstone reports how far they agree and exports the gold.")

As = Annotated[str, typer.Option("--as", help="who does this; the command line when left out", metavar="NAME")]
InProject = Annotated[str, typer.Option("--project", help="the project this is about", metavar="NAME")]
_in_hand: ContextVar[str] = ContextVar("project", default="")  # of the command that runs
Files = Annotated[list[Path], typer.Argument(help="files, read in the order given")]


def verb(name: str, *, in_project: bool = True, under: typer.Typer = app) -> Callable:
    """Register a command, by itself or `under` a group; what it or the database refuses becomes a sentence on stderr and exit 1.
    It takes --project, unless it is about no project (`in_project` false), and `store` then gives the store from inside it."""

    def register(function: Callable) -> Callable:
        @functools.wraps(function)
        def run(*args: Any, project: str = "", **kwargs: Any) -> None:
            with refusals():
                _in_hand.set(project)
                try:
                    function(*args, **kwargs)
                except sa.exc.DBAPIError as wrong:
                    refuse(
                        f"the store cannot be used: {' '.join(str(wrong.orig).split()) or 'no answer'}; "
                        "check TOUCHSTONE_DATABASE_URL, and that nothing else is using the store"
                    )

        if in_project:
            found = inspect.signature(function)
            option = inspect.Parameter("project", inspect.Parameter.KEYWORD_ONLY, default="", annotation=InProject)
            run.__signature__ = found.replace(parameters=[*found.parameters.values(), option])  # type: ignore[attr-defined]
            run.__annotations__ = {**function.__annotations__, "project": InProject}
        under.command(name, cls=StatedOnce)(run)
        return run

    return register


def store() -> sa.Engine:
    """The store, at the present schema. Raises Refused with the way out when it is not."""
    engine = open_engine()
    state = schema_state(engine)
    if state == "newer":
        raise Refused("this store was made by a newer Touchstone; update the program")
    if state != "present":
        raise Refused(
            f"the store is {'new: it has no tables yet' if state == 'new' else 'of an older schema'}; "
            "run: python manage.py migrate"
        )
    return _inside(engine)


def store_or_none() -> sa.Engine | None:
    """The store where there is one at the present schema, for what also works without."""
    engine = open_engine() if there_is_a_store() else None
    return _inside(engine) if engine is not None and schema_state(engine) == "present" else None


def _inside(engine: sa.Engine) -> sa.Engine:
    """The store as seen from inside the project that the command names, where it names one."""
    return within(engine, named(engine, project).id) if (project := _in_hand.get().strip()) else engine


def who(engine: sa.Engine, name: str) -> Person:
    """Who does this."""
    return person_named(engine, name) if name.strip() else command_line(engine)


def reader(engine: sa.Engine, name: str) -> Person:
    """Who reads this: a store that cannot be written, as its disk is full, can still be read."""
    return person_named(engine, name) if name.strip() else command_line(engine, reads=True)


def split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
