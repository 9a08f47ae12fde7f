"""What changed between two rubric versions, in a terminal."""

from collections.abc import Sequence

from terminal.printing import say, say_filled
from touchstone.rubric.changes import TextChange, ValueChange
from touchstone.rubric.diff import Revision

MARKS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}  # as git marks words


def show_revision(revision: Revision) -> None:
    """What changed between two rubric versions: words in context, values before and after."""
    say(revision.sentence)
    if revision.texts or revision.values:
        say("\nfor all dimensions")
        _show_changes(revision.texts, revision.values)
    for dimension in revision.changed:
        say(f"\n{dimension.key}: {dimension.in_words}")
        _show_changes(dimension.texts, dimension.values)
        for words, names in (("check added", dimension.checks.added), ("check removed", dimension.checks.removed)):
            for name in names:
                say_filled(f"{words}: {name} ({revision.check(dimension.key, name)})", "  ", "    ")
        for check in dimension.checks.changed:
            say(f"  check changed: {check.name}")
            _show_changes((), check.values, "    ")


def _show_changes(texts: Sequence[TextChange], values: Sequence[ValueChange], indent: str = "  ") -> None:
    lines = [f"{text.what}: {_in_context(text)}" for text in texts]
    for value in values:
        if value.items is None or value.by_number:
            before, after = (", ".join(part.text for part in side) or "nothing" for side in value.sides)
            lines.append(f"{value.what}: {before} -> {after}")
    for line in lines:
        say_filled(" ".join(line.split()), indent, f"{indent}  ")
    for value in values:
        if value.items is not None and not value.by_number:
            _show_items(value, indent)


def _in_context(change: TextChange) -> str:
    """The new text with the words that went and came marked in it; a space before a word stays outside its mark."""
    words = ""
    for part in change.stretches:
        opens, closes = MARKS[part.kind]
        bare = part.text.lstrip()
        words += part.text[: len(part.text) - len(bare)] + opens + bare + closes
    return words


def _show_items(change: ValueChange, indent: str) -> None:
    """What of a list went and what came, a line each."""
    say(f"{indent}{change.what}:")
    before, after = change.sides
    signs = {"deleted": "- ", "inserted": "+ ", "same": "  "}
    for part in (*(part for part in before if part.kind != "same"), *after):  # what stays is told once
        say_filled(" ".join(part.text.split()), f"{indent}  {signs[part.kind]}", f"{indent}    ")
