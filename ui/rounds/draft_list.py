"""The drafts of a round in a table, each leading to its own page."""

from textwrap import shorten

from touchstone.english import many
from ui.base import navigation, panels
from ui.rounds import draft_filter
from workflow.rounds.draft_list import DraftList, ListedDraft, cells_in_words

SHORT = 24  # characters of an author that stay on one line
STATES = {"saved": "you have labelled it", "skipped": "you have skipped it", "waiting": "yours to label"}


def in_a_sentence(made: DraftList) -> str:
    """How many drafts there are, how many the list has, and how many are held back."""
    is_open = "open" if made.round.is_open else "closed"
    there = f"{many(made.of, 'draft')} in the round, which is {is_open}"
    found = f"{many(made.found, 'draft')} of {made.of:,} in the round, which is {is_open}" if made.asked.is_any else there
    if not made.held_back:
        return f"{found}."
    why = f"{many(made.held_back, 'draft')} held back: you label {'it' if made.held_back == 1 else 'them'} in an open round"
    hidden = made.asked.state or made.asked.by
    return f"{found}. {why}" + (", so this list leaves them out." if hidden and made.asked.state != "practice" else ".")


def table(made: DraftList) -> None:
    """A row a draft: its id leads to it. Nothing that is held back is in a row."""
    if not made.drafts:
        panels.text("No draft is like that." if made.asked.is_any else "There is none.")
        if made.asked.is_any:
            panels.link("drafts", "Show all drafts", round=made.round.name)
        return
    has_author = any(each.author for each in made.drafts)
    filters = draft_filter.in_address(made.asked)
    panels.table(
        (
            "Draft",
            "first words",
            *(["author"] if has_author else []),
            "labelled",
            "queries",
            *(["cells"] if made.has_cells else []),
        ),
        [_row(each, made, has_author) for each in made.drafts],
        links=[navigation.address("drafts", round=made.round.name, draft=each.draft_id, **filters) for each in made.drafts],
        whole=(0, 2) if has_author and max(len(each.author) for each in made.drafts) <= SHORT else (0,),
        prose=(1,),
        caption="Each id leads to its draft"
        + ("." if made.round.is_open else " and to what it was given.")
        + (" How a draft is labelled is told once the round is closed." if made.round.is_open else ""),
    )


def _row(draft: ListedDraft, made: DraftList, has_author: bool) -> list[str]:
    opening = shorten(draft.text, 90, placeholder="\u00a0…") or "empty"
    if draft.held_back:
        said = STATES.get(draft.mine, "you label it in another open round")
        rest = [f"held back: {said}", "–", *(["–"] if made.has_cells else [])]
    else:
        rest = [progress_in_words(draft), str(draft.queries or "–"), *([_cells(draft, made)] if made.has_cells else [])]
    return [draft.draft_id, opening, *([draft.author or "–"] if has_author else []), *rest]


def progress_in_words(draft: ListedDraft) -> str:
    """ "1 of 2", and what stands beside that: skips, and that somebody has it open."""
    more = [f"{draft.skipped} skipped"] if draft.skipped else []
    more += ["opened" if draft.begun == 1 else f"opened by {draft.begun}"] if draft.begun else []
    return ", ".join([f"{draft.saved} of {draft.owed}", *more])


def _cells(draft: ListedDraft, made: DraftList) -> str:
    return "practice, not counted" if draft.is_practice else cells_in_words(draft, made.titles)
