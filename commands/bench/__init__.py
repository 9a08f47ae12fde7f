"""The commands `bench …`: making tasks, checking them, sealing some. One module a part; `manage.py` imports them."""

import functools
from collections.abc import Callable

import typer

from commands import app
from commands import verb as command

group = typer.Typer(no_args_is_help=True, help="Make tasks for a benchmark, and check them before they are used.")
app.add_typer(group, name="bench")

verb: Callable[..., Callable] = functools.partial(command, under=group)
