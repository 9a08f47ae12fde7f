"""How far something long has come, on a line of the terminal that is written over: for a person who waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

QUIET, EACH = 3.0, 1.0  # seconds before the first word, and between two


@contextmanager
def so_far(what: str, quiet: float = QUIET) -> Iterator[Callable[[int], None]]:
    """Within: a call with how many more were done shows how many there are so far ("1,200,000 rows read so far", `what` is
    "rows read"), once it takes over `quiet` seconds. On stderr, so that what a command prints stays clean."""
    began = time.monotonic()
    done, told = 0, 0.0

    def tell(more: int) -> None:
        nonlocal done, told
        done += more
        now = time.monotonic()
        if now - began >= quiet and now - told >= EACH:
            told = now
            typer.echo(f"\r{done:,} {what} so far ", err=True, nl=False)

    try:
        yield tell
    finally:
        if told:
            typer.echo("", err=True)
