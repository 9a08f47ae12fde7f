"""Which round this browser tab has in hand: a place, which every page of a round shows (docs/decisions/0017).

What the address names comes first, then what the tab has in hand, then the round the page begins with; the last is shown, not
chosen, and another page may begin with another.
"""

from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from touchstone.english import listed
from ui.base.navigation import ASKS, OF_A_ROUND, OF_A_SET
from ui.base.session import address, messages, open_pages, project_in_hand, store, tab
from workflow.importing import label_sets
from workflow.people.people import Person
from workflow.rounds import in_hand, rounds
from workflow.rounds.in_hand import RoundInShort
from workflow.rounds.rounds import Round

MOST_COUNTED = 15  # closed rounds whose cells are counted to find one in which some wait


class InHand(NamedTuple):
    """The round in hand (None: none is there, or the address names none that is), all there are, and whether it was chosen.
    `sets`: the names of label sets, the newest first; `label_set`: the one that the page shows in place of a round. `problem`: a
    sentence on a round in the address that is not here; `elsewhere`: the projects that have one of that name."""

    round: RoundInShort | None = None
    there: tuple[RoundInShort, ...] = ()
    is_chosen: bool = False
    sets: tuple[str, ...] = ()
    label_set: str = ""
    problem: str = ""
    elsewhere: tuple[str, ...] = ()


def settle(person: Person, page: str) -> InHand:
    """Take the round in hand before a page (the name of its file) is drawn, and have the address say so."""
    own, engine = tab.state(), store.engine()
    there = tuple(in_hand.in_short(person, engine))
    sets = tuple(label_sets.names_of_sets(engine)) if open_pages.is_open("label_sets") else ()
    label_set = address.says("set") if page in OF_A_SET else ""
    asked = "" if label_set else address.says("round")
    if asked != own.get("asked_round", ""):
        own.update(asked_round=asked, shown_round=None, round_not_here=bool(asked) and not _take_asked(engine, asked, there))
    if own.get("round_not_here"):
        here = InHand(None, there, False, sets, "", *_not_here(engine, asked))
    else:
        of_id: dict[int | None, RoundInShort] = {each.id: each for each in there}
        chosen = of_id.get(own.get("round"))
        found = chosen or of_id.get(own.get("shown_round")) or in_hand.to_begin_with(page, there, _cells_wait(person, engine))
        here = InHand(found, there, chosen is not None, sets, label_set)
        own["shown_round"] = found.id if found and page in OF_A_ROUND else None
        if page not in ASKS and not label_set:
            own["asked_round"] = found.name if found and (chosen or page in OF_A_ROUND) else ""
        if page not in ASKS:
            address.put("round", "" if label_set else own["asked_round"])
    own["round_here"] = here
    return here


def current() -> InHand:
    """The round in hand as the page is drawn."""
    return tab.state().get("round_here", InHand())


def take(round_: int) -> None:
    """Have another round (its id) in hand from here on, in this tab alone."""
    tab.state()["round"] = round_


def _take_asked(engine: sa.Engine, asked: str, there: tuple[RoundInShort, ...]) -> bool:
    """Have the round of that name in hand, or the one that was called so once; whether there is one."""
    found = in_hand.called(asked, there)
    if found is None and (now := in_hand.called_now(engine, "round", asked, tab.state().get("project"))):
        found = in_hand.called(now, there)
        if found:
            messages.tell(f"“{asked}” is called {found.name} now.")
    if found:
        take(found.id)
    return found is not None


def _not_here(engine: sa.Engine, asked: str) -> tuple[str, tuple[str, ...]]:
    """A sentence on a round that is not in the project in hand, and the projects that have one of that name."""
    here, elsewhere = project_in_hand.current(), tuple(in_hand.elsewhere(engine, asked))
    if elsewhere and here:
        return f"“{asked}” is a round of {listed(elsewhere)}, and {here.name} is in hand.", elsewhere
    return f"There is no round “{asked}”" + (f" in {here.name}." if here else "."), elsewhere


def _cells_wait(person: Person, engine: sa.Engine) -> Callable[[RoundInShort], bool]:
    """Whether cells of a closed round wait for adjudication: counted once, and of no more rounds than the newest."""
    every: dict[int, Round] = {}
    counted: list[int] = []

    def wait(asked: RoundInShort) -> bool:
        if not counted:
            every.update((each.id, each) for each in rounds.all_rounds(engine))
        counted.append(asked.id)
        return len(counted) <= MOST_COUNTED and asked.id in every and bool(store.tally_of(person, every[asked.id]).waiting)

    return wait
