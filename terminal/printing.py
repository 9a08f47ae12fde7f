"""Lines on a terminal: text from outside made harmless, paragraphs filled, counts in columns."""

import textwrap
from collections.abc import Sequence

import typer

WIDTH = 78


def visible(text: str) -> str:
    """Text from outside without the characters that steer a terminal."""
    return "".join(letter if letter in "\n\t" or letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def say(text: str) -> None:
    typer.echo(visible(text))


def say_filled(text: str, first: str = "", further: str = "  ") -> None:
    """A paragraph no wider than WIDTH; `first` and `further` are the indents of its first line and of the others."""
    say(textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=further))


def show_notes(notes: Sequence[str]) -> None:
    """What must be read beside the figures, a paragraph each."""
    for note in notes:
        say("")
        say_filled(f"! {note}")


def show_counts(levels: Sequence[int | str], table: Sequence[Sequence[int]], rows: str, columns: str) -> None:
    """A square table of counts, level by level; `rows` and `columns` say whose levels they are."""
    width = max(4, *(len(str(level)) + 2 for level in levels), *(len(str(count)) + 2 for row in table for count in row))
    say(f"  rows are {rows}, columns {columns}")
    say("  " + "".join(f"{level!s:>{width}}" for level in ("", *levels)))
    for level, row in zip(levels, table, strict=True):
        say("  " + "".join(f"{cell!s:>{width}}" for cell in (level, *row)))
