"""What an annotator has delivered in a round, to look at and, while the round is open, to correct."""

from collections.abc import Mapping, Sequence

from touchstone.english import day, duration, many
from ui.base import navigation, panels
from ui.labelling import feedback
from ui.labelling.own_filter import Narrowed
from workflow.labelling.feedback import Told
from workflow.labelling.own_labels import Delivered
from workflow.rounds.rounds import Round

LISTED = 5_000  # drafts in the list, the latest


def in_a_sentence(round_: Round, rows: Sequence[Delivered], person: int) -> str:
    """How much is delivered by a person (their id), and whether it can still be corrected."""
    name = round_.name
    done = sum(not row.is_practice for row in rows)
    if len(rows) == LISTED:  # there may be more, which their progress counts
        done = next((each.saved + each.skipped for each in round_.progress if each.person == person), done)
    so_far = f"{many(done, 'draft')} done in {name}. " if rows else f"Nothing done in {name} yet. "
    if round_.closed_at:
        return f"{so_far}The round was closed on {day(round_.closed_at)}: labels are final."
    if not rows:
        return so_far
    if round_.feedback == "each":
        return f"{so_far}The gold was shown when you saved, so labels are final."
    return f"{so_far}Open one to correct it; the previous label is kept in its history."


def table(round_: Round, made: Narrowed, gold: Mapping[int, Sequence[Told]]) -> None:
    """A row a draft, with its gold where that may be seen (by assignment); its number opens it, to be corrected where that can
    still be done, else to be read."""
    rows = made.rows
    if not rows:
        panels.text("None of your labels is like that. Take something off the boxes above.")
        return
    correcting = round_.is_open and not gold
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
                f"{'Practice' if row.is_practice else 'Draft'} {row.position}",
                row.opening,
                _state(row, round_.dimensions),
                *((feedback.levels(told := gold.get(row.assignment, ())), feedback.reasons(told)) if gold else ()),
                duration(row.seconds),
                f"{row.delivered_at:%d %b %H:%M}",
            )
            for row in rows
        ],
        links=[_address(round_, row, correcting=round_.is_open and row.assignment not in gold) for row in rows],
        whole=(0,),
        caption=(f"{made.found:,} found. " if made.is_any else "")
        + f"Choose a draft to {'correct it' if correcting else 'read it again'}.",
    )


def _address(round_: Round, row: Delivered, *, correcting: bool) -> str:
    if correcting:
        return navigation.address("label", round=round_.name, assignment=row.assignment)
    return navigation.address("my_labels", round=round_.name, read=row.assignment)


def _state(row: Delivered, dimensions: Sequence[str]) -> str:
    if row.held_back:
        return "held back: you are labelling this draft again in an open round"
    given = f"skipped: {row.skip_reason}" if row.state == "skipped" else " ".join(row.values.get(key, "–") for key in dimensions)
    more = ["corrected"] if row.is_corrected else []
    more += ["changed since, not saved"] if row.is_begun else []
    return "; ".join([given, *more, *(f"asked: {each}" for each in row.queries)])
