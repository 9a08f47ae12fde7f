"""An option that is given twice: the later one takes the place of the earlier nowhere in silence."""

import functools
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand


class StatedOnce(TyperCommand):
    """A command whose options that take several words by commas (their metavar has one) take those of every time they are given;
    any other that is given twice with different words is wrong usage. Those that may be repeated are lists, and none of these."""

    def make_parser(self, ctx: Any) -> Any:
        parser = super().make_parser(ctx)
        for option in {id(each): each for each in (*parser._long_opt.values(), *parser._short_opt.values())}.values():
            if option.action == "store":
                option.process = functools.partial(_stated, ctx, option, option.process)  # type: ignore[method-assign]
        return parser


def _stated(ctx: Any, option: Any, process: Callable[[Any, Any], None], value: Any, state: Any) -> None:
    before = state.opts.get(option.dest)
    if before is not None and "," in (option.obj.metavar or ""):
        value = f"{before},{value}"
    elif before not in (None, value):
        name = max(option.obj.opts, key=len)
        raise typer.BadParameter(f"it is given twice, as {before} and as {value}; say it once", ctx, param_hint=name)
    process(value, state)
