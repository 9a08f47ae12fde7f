"""What every command shares: the app they register with, who acts, the store, and how a refusal is said.

One module a subject; `manage.py` imports them all. With --json stdout holds one document and nothing else.
"""

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from db.engine import open_engine, schema_state
from terminal import printing
from touchstone.errors import Refused
from workflow.people.people import Person, command_line, person_named

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="People label drafts blind by rubric; Touchstone says how far they agree and lets gold out.",
)

As = Annotated[str, typer.Option("--as", help="who does this; the command line when left out", metavar="NAME")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on stdout")]
Files = Annotated[list[Path], typer.Argument(help="files, read in the order given")]


def say(text: str) -> None:
    printing.say(text)


def refuse(sentence: str, problems: tuple = ()) -> None:
    typer.echo(printing.visible(sentence), err=True)
    for problem in problems:
        typer.echo(f"  {printing.visible(str(problem))}", err=True)
    raise typer.Exit(1)


def verb(name: str) -> Callable:
    """Register a command; what it refuses becomes a sentence on stderr and exit 1."""

    def register(function: Callable) -> Callable:
        @app.command(name)
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except Refused as refused:
                refuse(refused.sentence, refused.problems)
            except BrokenPipeError:  # whoever read our output has gone
                sys.stderr.close()
            except sa.exc.DBAPIError as wrong:
                refuse(
                    f"the store cannot be used: {' '.join(str(wrong.orig).split()) or 'no answer'}; "
                    "check TOUCHSTONE_DATABASE_URL, and that nothing else holds the store"
                )
            except OSError as wrong:
                refuse(f"{wrong.filename or 'a file'} cannot be used ({wrong.strerror}); check the path")

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
    return engine


def who(engine: sa.Engine, name: str) -> Person:
    return person_named(engine, name) if name.strip() else command_line(engine)


def read(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror}); check the path") from None


def split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def document(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_as_json))


def _as_json(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value.isoformat()
