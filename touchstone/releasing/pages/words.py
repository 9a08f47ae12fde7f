"""Parts that several pages of a release share: tables of Markdown, who made it, the columns."""

from collections.abc import Iterable, Sequence

from touchstone.english import many
from touchstone.papers import markdown
from touchstone.releasing.manifest import ChoiceCounts, ComparisonTerms, Manifest, Terms
from touchstone.releasing.tables import SHAPES, Shape

UNNAMED = "the makers of {name}"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a Markdown table; every cell is data."""
    return [_row(header), "|" + "---|" * len(header), *map(_row, rows)]


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(markdown(cell) or " " for cell in cells) + " |"


def title(terms: Terms) -> str:
    return f"{terms.name}, release {terms.number}"


def rounds_in_words(terms: Terms) -> str:
    return f"{many(len(terms.rounds), 'round')} of {terms.project}: {', '.join(each.name for each in terms.rounds)}"


def people_in_words(terms: Terms) -> str:
    return (
        "People are codes (A, B, C …), also within what they typed as far as a name stands there."
        if terms.people == "codes"
        else "People are named."
    )


def choices_in_words(counts: ChoiceCounts) -> str:
    again = f", and {many(counts.repeats, 'repeat')} with the sides swapped" if counts.repeats else ""
    sides = f"left {counts.left:,}, tie {counts.tie:,}, right {counts.right:,}"
    return f"{many(counts.choices, 'choice')} on {many(counts.pairs, 'pair')} of drafts ({sides}){again}"


def asked_in_words(manifest: Manifest, of: ComparisonTerms) -> str:
    """What was chosen on each dimension: "Tone: 6 choices on 3 pairs of drafts (…); Overall: …"."""
    counts = manifest.preferences[of.name]
    return "; ".join(f"{markdown(asked.title)}: {choices_in_words(counts[asked.key])}" for asked in of.dimensions)


def shapes_of(manifest: Manifest) -> list[Shape]:
    """The shapes of the tables that were written."""
    return [SHAPES[name] for name, _ in manifest.in_order]


def totals(manifest: Manifest) -> tuple[int, int, int]:
    """Settled cells, drafts, cells left out."""
    rows = {name: each.rows for name, each in manifest.in_order}
    return rows.get("gold", 0), rows.get("drafts", 0), rows.get("left_out", 0)
