"""What every command shares: how it is registered, how a refusal is said, how a file is read and a document printed.

Exit 0 done, 1 refused or a check failed (a sentence on stderr), 2 wrong usage. With --json stdout holds one document.
"""

import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from touchstone.cli.printing import visible
from touchstone.cli.stated_once import StatedOnce
from touchstone.errors import Problem, Refused, in_sentences, with_options

Json = Annotated[bool, typer.Option("--json", help="one JSON document on stdout")]


def new_app(about: str) -> typer.Typer:
    return typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=about)


def refuse(sentence: str, problems: Sequence[Problem] = ()) -> NoReturn:
    typer.echo(visible(sentence), err=True)
    for problem in in_sentences(problems):
        typer.echo(f"  {visible(problem)}", err=True)
    raise typer.Exit(1)


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused within becomes a sentence on stderr and exit 1."""
    try:
        yield
    except Refused as refused:
        refuse(with_options(refused.sentence, refused.way), refused.problems)
    except BrokenPipeError:  # whoever read our output has gone
        sys.stderr.close()
    except FileExistsError as wrong:
        refuse(f"{wrong.filename or 'a file'} is there already, and nothing is written over it; name a new one")
    except OSError as wrong:
        refuse(f"{wrong.filename or 'a file'} cannot be used ({wrong.strerror}); check the path")


def verb(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command; what it refuses becomes a sentence on stderr and exit 1."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            with refusals():
                function(*args, **kwargs)

        app.command(name, cls=StatedOnce)(run)
        return run

    return register


def read(path: Path) -> bytes:
    """The bytes of a file, or of standard input for "-". Raises Refused when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror}); check the path") from None


def document(value: Any) -> None:
    """Print one JSON document: dataclasses as objects, moments in ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value.isoformat()
