"""The draft this tab has in hand on the label page: which one, what of it is not kept yet, and what follows once it is left."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
import streamlit as st

from touchstone.errors import Refused
from touchstone.rubric.model import Dimension
from ui.base.session import messages, round_in_hand, tab
from ui.rounds import shown_round
from workflow.labelling import labelling, next_draft
from workflow.labelling.labelling import Window
from workflow.labelling.next_draft import Desk
from workflow.people.people import Person

NONE_IN_HAND = ("", None, 0)  # round, assignment, revision
SCRIPT = "keys"  # the key of the page's script (ui/labelling/form.py), and so of what it tells


def name_of(desk: Desk) -> str:
    """Which form this is, for the page's script."""
    return f"{desk.assignment}-{desk.revision}"


def level_key(assignment: int, revision: int, dimension: Dimension) -> str:
    """Of the widget of a dimension's levels."""
    # The revision is in it so that a form refused for being out of date comes back with what is stored.
    return f"level-{assignment}-{revision}-{drawings()}-{dimension.key}"


def desk(person: Person, engine: sa.Engine, round_name: str, address: str) -> Desk | None:
    """The draft in hand: the one the address asks for, else the one this tab is at, else the next. None: nothing left.

    A tab stays at its draft until it saves or skips it, also when another tab has saved it meanwhile: that is said, and
    what is stored is shown, so that no digit meant for one draft lands on the next.
    """
    own = tab.state()
    asked_for = int(address) if address.isdecimal() and len(address) < 12 else None
    if asked_for is not None and asked_for == own.get("left"):
        asked_for = None
        st.query_params.pop("assignment", None)
    if "turn_to" in own:
        asked_for = own.pop("turn_to")
        st.query_params.pop("assignment", None)
    held_round, held, revision = own.get("in_hand", NONE_IN_HAND)
    if held_round != round_name:
        held, revision = None, 0
    drawn = _draft(person, engine, round_name, held if asked_for is None else asked_for)
    if drawn is not None and drawn.assignment == held and drawn.revision != revision:
        if _keep_from_form(person, engine, drawn, revision):
            drawn = _draft(person, engine, round_name, drawn.assignment) or drawn
        messages.refuse(
            f"This draft was {drawn.state} in another window after you opened it here. The form shows what is stored now, with "
            "what you chose last: save again only to correct it, or reload the page for the next draft."
        )
        if not own.get("save_refused"):
            own["saved_elsewhere"] = (drawn.assignment, drawn.revision)
    own["in_hand"] = (round_name, drawn.assignment, drawn.revision) if drawn else NONE_IN_HAND
    own["left"], own["save_refused"] = None, False
    if drawn is None or not drawn.is_correction:
        own.pop("came_from", None)
    return drawn


def _keep_from_form(person: Person, engine: sa.Engine, drawn: Desk, revision: int) -> bool:
    """Keep what was chosen in the form of an earlier revision, which no request can have kept: it comes back in the next form.
    Whether there was anything."""
    which, known = tab.state().get("kept", (None, {}))
    known = known if which == (drawn.assignment, revision, drawings()) else {}
    chosen = {each.key: tab.value_of(level_key(drawn.assignment, revision, each)) for each in drawn.dimensions}
    new = {key: value for key, value in chosen.items() if value not in (None, known.get(key))}
    return any([_keep_choice(person, engine, drawn, key, value) for key, value in new.items()])


def _draft(person: Person, engine: sa.Engine, round_name: str, assignment: int | None) -> Desk | None:
    try:
        return next_draft.next_assignment(person, engine, round_name, assignment)
    except Refused as refused:
        messages.refuse(refused.sentence)
        return None if assignment is None else _draft(person, engine, round_name, None)


def may_save(desk: Desk) -> bool:
    """Whether a save is of what its person has seen. The first one after another window saved the draft is not: levels typed in
    one breath, the last of them onto a form that had changed under them, would be a correction nobody meant."""
    own = tab.state()
    if own.get("saved_elsewhere") != (desk.assignment, desk.revision):
        return True
    own.pop("saved_elsewhere")
    messages.refuse(
        f"Nothing is saved yet: this draft was {desk.state} in another window. The form shows that, with what you chose last. "
        "Look at every level; save again to correct it, or reload the page for the next draft."
    )
    return False


def look_back(desk: Desk) -> None:
    """The next drawing shows the draft delivered last; from there the draft in hand now is come back to."""
    tab.state().update(turn_to=desk.previous, came_from=desk.assignment)


def come_back() -> None:
    """The next drawing shows the draft from which somebody looked back to the one in hand; the next one where they did not."""
    own = tab.state()
    own["turn_to"] = own.get("came_from")
    own["in_hand"] = NONE_IN_HAND


def is_in_hand(desk: Desk) -> bool:
    """Whether this tab is still at that draft as it was drawn: a late callback of a draft already left is for nothing."""
    return tab.state().get("in_hand", NONE_IN_HAND)[1:] == (desk.assignment, desk.revision)


def round_to_label() -> str:
    """The round in hand, where the person labels in it and it is open; "" where they have no open round. In another it says why
    there is nothing to label, and the page ends."""
    here = round_in_hand.current()
    mine = [each.name for each in here.there if each.mine and each.is_open]
    return shown_round.of_page("label", mine) if mine or here.is_chosen or here.problem else ""


def not_kept(desk: Desk, chosen: Mapping[str, int | str], note: str) -> list[tuple[Callable[..., Any], *tuple[Any, ...]]]:
    """The verbs, each with what it takes after the assignment, that keep choices and a note which are on the form and not
    in the store because Streamlit dropped their callback: a new session's first run, a reconnect, a run ended by the next
    key. What another window changed since this one was drawn is not among them."""
    own = tab.state()
    drawn, known, known_note = own.get("known", (None, {}, ""))
    fresh = drawn != (desk.assignment, desk.revision)
    lost = {
        key: value
        for key, value in chosen.items()
        if desk.choices.get(key) != value and (fresh or desk.choices.get(key) == known.get(key))
    }
    lost_note = bool(note) and note != desk.note and (fresh or desk.note == known_note)
    # What the store held, not what is about to be kept: should that be cut off too, the next drawing tries again.
    own["known"] = ((desk.assignment, desk.revision), dict(desk.choices), desk.note)
    return [(labelling.choose, key, value) for key, value in lost.items()] + ([(labelling.keep_note, note)] if lost_note else [])


def begin_note(desk: Desk) -> str | None:
    """The note of the draft as its box is drawn now; what the box is to hold from now on, where that is something else than it
    held: the words of this window with those of another."""
    own = tab.state()
    _known_to_be_kept(desk)
    if own.get("note", (None,))[0] != (desk.assignment, desk.revision):
        own["note"] = ((desk.assignment, desk.revision), desk.note)
    return own.pop("both_notes", None)


def window(desk: Desk, chosen: Mapping[str, int | str]) -> Window:
    """What this window has shown of the draft."""
    which, note = tab.state().get("note", (None, ""))
    note = note if which == (desk.assignment, desk.revision) else desk.note
    return Window(chosen, note, _known_to_be_kept(desk), {key: values for key, (values, _) in _told(desk).items()})


def _told(desk: Desk) -> dict[str, tuple[frozenset[str], bool]]:
    """What the page's script tells with the step that is taken now, of the draft in hand, by dimension: the levels it has sent to
    be kept (ui/labelling/keeping.js), and whether the last of them was refused. It comes from a browser: what is no level of the
    draft is left out."""
    step = tab.value_of(SCRIPT)
    told = step.get("choices") if isinstance(step, Mapping) else None
    if not isinstance(told, Mapping) or told.get("draft") != name_of(desk):
        return {}
    sent, refused = told.get("sent"), told.get("refused")
    sent, refused = sent if isinstance(sent, Mapping) else {}, refused if isinstance(refused, list) else []
    found = {}
    for each in desk.dimensions:
        values = sent.get(each.key)
        levels = {str(value) for value in each.values} & {str(value) for value in (values if isinstance(values, list) else [])}
        found[each.key] = (frozenset(levels), each.key in refused)
    return found


def _known_to_be_kept(desk: Desk) -> dict[str, int | str]:
    """The levels that were kept when the form was drawn at first, or by this window since, by dimension."""
    own, which = tab.state(), (desk.assignment, desk.revision, drawings())
    if own.get("kept", (None,))[0] != which:
        own["kept"] = (which, dict(desk.choices))
    return own["kept"][1]


def keep_refused(person: Person, engine: sa.Engine, desk: Desk, chosen: Mapping[str, int | str]) -> None:
    """Keep the levels that the page's script could not have kept: what is refused now is said on the page."""
    for key, (_, was_refused) in _told(desk).items():
        if was_refused and key in chosen and is_in_hand(desk):
            _keep_choice(person, engine, desk, key, chosen[key])


def _keep_choice(
    person: Person,
    engine: sa.Engine,
    desk: Desk,
    dimension: str,
    value: int | str,
    revision: int | None = None,
    window: Window | None = None,
) -> bool:
    """Keep a level of a dimension (its key), as `choose` does. Whether it was not refused."""
    if not messages.attempt(labelling.choose, person, engine, desk.assignment, dimension, value, revision, window):
        return False
    _known_to_be_kept(desk)[dimension] = value
    return True


def keep_note(person: Person, engine: sa.Engine, desk: Desk, note: str) -> bool:
    """Keep the note. Whether it was joined with one that another window wrote: its box is then to be drawn with both."""
    if not is_in_hand(desk):
        return False
    kept = messages.attempt(labelling.keep_note, person, engine, desk.assignment, note, window(desk, {}))
    if kept is None:
        return False
    own = tab.state()
    own["note"] = ((desk.assignment, desk.revision), kept)
    if is_joined := note.strip() in kept and kept != note.strip():
        own["both_notes"] = kept
        messages.refuse("Another window wrote a note on this draft, too. The box now holds every word of both.")
    return is_joined


def keep_rest(person: Person, engine: sa.Engine, desk: Desk, chosen: Mapping[str, int | str], note: str) -> bool:
    """Keep what is `not_kept`. Whether the page is to be drawn again, as the note's box holds less than is kept."""
    joined = False
    for verb, *words in not_kept(desk, chosen, note):
        if verb is labelling.keep_note:
            joined = keep_note(person, engine, desk, *words)
        else:
            dimension, value = words
            _keep_choice(person, engine, desk, dimension, value, window=window(desk, chosen))
    return joined


def drawings() -> int:
    """Part of the form's keys: a form refused for being out of date is drawn afresh with what is stored."""
    return tab.state().get("drawings", 0)


def draw_afresh(person: Person, engine: sa.Engine, desk: Desk, chosen: Mapping[str, int | str], note: str) -> None:
    """What was asked for was refused: the next drawing shows what is stored, with the levels that were on their way there, and of
    the notes every word."""
    sentence, _ = messages.refusal()
    shown = window(desk, chosen)
    on_their_way = {key: value for key, value in chosen.items() if is_in_hand(desk) and shown.kept.get(key) != value}
    # Where the draft was delivered elsewhere the first of them is refused: then what is stored stands alone.
    all(_keep_choice(person, engine, desk, key, value, desk.revision, shown) for key, value in on_their_way.items())
    keep_note(person, engine, desk, note)
    messages.refuse(sentence)
    own = tab.state()
    own["save_refused"] = True
    own["drawings"] = drawings() + 1
    own.pop("known", None)


def leave(desk: Desk, what_happened: str) -> None:
    """The draft is saved or skipped: the next drawing shows another, whatever the address asks for."""
    own = tab.state()
    own["left"] = desk.assignment
    if what_happened == "Saved" and desk.gives_feedback:
        own["feedback"] = desk.assignment
    if own.get("in_hand", NONE_IN_HAND)[1] == desk.assignment:
        own["in_hand"] = NONE_IN_HAND
    which = f"draft {desk.position:,} of {desk.total:,}"
    is_correction = desk.is_correction and what_happened == "Saved"
    messages.announce(f"Correction of {which} saved." if is_correction else f"{what_happened}, {which}.")


def feedback_due() -> int:
    """The assignment whose feedback this tab has not read yet; 0 for none. The address has it too, for a page loaded anew."""
    own = tab.state()
    asked = st.query_params.get("feedback", "")
    if asked.isdecimal() and len(asked) < 12 and int(asked) != own.get("feedback_read"):
        own.setdefault("feedback", int(asked))
    due = own.get("feedback") or 0
    if due and asked != str(due):
        st.query_params["feedback"] = str(due)
    elif asked and not due:
        st.query_params.pop("feedback", None)
    return due


def feedback_read(assignment: int) -> None:
    """The feedback on that draft is read, or there is none."""
    own = tab.state()
    if own.get("feedback") == assignment:
        own.pop("feedback")
        own["feedback_read"] = assignment


def save_token(desk: Desk) -> str:
    """The same for every click on one drawn form, so that six clicks are one save."""
    return tab.state().setdefault(f"token-{desk.assignment}-{desk.revision}", secrets.token_hex(16))
