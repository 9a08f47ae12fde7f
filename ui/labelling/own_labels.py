"""What an annotator has delivered in a round, to look at and, while the round is open, to correct."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from touchstone.english import day, duration, many
from ui.base import panels
from ui.labelling import feedback
from workflow.labelling.feedback import Told
from workflow.labelling.own_labels import Delivered
from workflow.rounds.rounds import Round


def in_a_sentence(round_: Round, rows: Sequence[Delivered]) -> str:
    """How much is delivered, and whether it can still be corrected."""
    name = round_.name
    so_far = (
        f"{many(sum(not row.is_practice for row in rows), 'draft')} done in {name}. " if rows else f"Nothing done in {name} yet. "
    )
    if round_.closed_at:
        return f"{so_far}The round was closed on {day(round_.closed_at)}: labels are final."
    if not rows:
        return so_far
    if round_.feedback == "each":
        return f"{so_far}The gold was shown when you saved, so labels are final."
    return f"{so_far}Open one to correct it; the previous label is kept in its history."


def table(round_: Round, rows: Sequence[Delivered], gold: Mapping[int, Sequence[Told]]) -> None:
    """A row a draft, with its gold where that may be seen (by assignment); the number of one that can be corrected opens it."""
    panels.table(
        (
            "Draft",
            "First words",
            "Levels, in the rubric's order",
            *(("Gold", "Reason where it differs") if gold else ()),
            "Time",
            "Done (UTC)",
        ),
        [
            (
                ("practice " if row.is_practice else "") + str(row.position),
                row.opening,
                _state(row, round_.dimensions),
                *((feedback.levels(told := gold.get(row.assignment, ())), feedback.reasons(told)) if gold else ()),
                duration(row.seconds),
                f"{row.delivered_at:%d %b %H:%M}",
            )
            for row in rows
        ],
        links=["" if row.assignment in gold else _address(round_, row) for row in rows] if round_.is_open else (),
        caption="Latest first. " + ("Choose a draft's number to open it." if round_.is_open and not gold else ""),
    )


def _address(round_: Round, row: Delivered) -> str:
    return "/label?" + urlencode({"round": round_.name, "assignment": row.assignment})


def _state(row: Delivered, dimensions: Sequence[str]) -> str:
    if row.held_back:
        return "held back: you are labelling this draft again in an open round"
    if row.state == "skipped":
        return f"skipped: {row.skip_reason}"
    return " ".join(f"{row.values.get(key, '–')}" for key in dimensions)
