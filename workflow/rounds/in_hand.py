"""The rounds somebody may have in hand, and which one a page begins with until somebody chooses: that in which work waits.

A table of preferences, a line a page, each tried on the rounds from the newest to the oldest; tests/rounds/test_round_in_hand.py
has the table of states.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import projects as stored_projects
from db.store import rounds as stored
from touchstone.english import day
from workflow.names import fold, rubric_name
from workflow.people.people import Person
from workflow.people.verbs import own_projects, standing, verb
from workflow.rounds.kinds import DOUBLE


class RoundInShort(NamedTuple):
    """A round as a menu lists it. `of_round`: the name of the one it repeats; `mine`: the person who asks labels in it; `waits`:
    drafts wait for them there."""

    id: int
    name: str
    kind: str
    rubric: str
    is_sample: bool
    closed_at: datetime | None
    of_round: str | None
    mine: bool
    waits: bool

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def has_gold(self) -> bool:
        return self.kind == DOUBLE

    @property
    def state(self) -> str:
        """Where it stands, in words: "open, drafts wait for you", "retest of pilot, closed 4 November 2026"."""
        kind = "" if self.has_gold else {"retest": f"retest of {self.of_round}, ", "calibration": "calibration, "}[self.kind]
        if self.closed_at:
            return f"{kind}closed {day(self.closed_at)}"
        return f"{kind}open" + (", drafts wait for you" if self.waits else "")


@verb
def in_short(person: Person, engine: sa.Engine) -> list[RoundInShort]:
    """Every round of the project in hand, the newest first; of who does not lead there, those in which they have a seat."""
    leads = standing(engine).leads
    with reading(engine, person) as connection:
        return [RoundInShort(*row) for row in stored.in_short(connection, person.id) if leads or row.mine]


def called(name: str, there: Sequence[RoundInShort]) -> RoundInShort | None:
    """The round of that name."""
    return next((each for each in there if fold(each.name) == fold(name)), None)


def listed_first(there: Sequence[RoundInShort], in_hand: RoundInShort | None, most: int) -> list[RoundInShort]:
    """For a menu: open rounds, then closed ones, the newest first of each; at most so many, the one in hand among them."""
    first = sorted(there, key=lambda each: not each.is_open)[:most]
    return first if in_hand is None or in_hand in first else [*first[: most - 1], in_hand]


@verb
def elsewhere(engine: sa.Engine, name: str) -> list[str]:
    """The names of the projects that have a round of that name, whichever is in hand."""
    own = own_projects(engine)
    with reading(engine) as connection:
        return stored.projects_with_round(connection, fold(name), own)


@verb
def called_now(engine: sa.Engine, kind: str, name: str, project: int | None = None) -> str:
    """What a project or round (`kind`) that once was called so is called now; "" where the record of changes has none such. Of
    rounds, those of one project are looked at."""
    now = ""
    with reading(engine) as connection:
        for change in reversed(stored_projects.changes_so_far(connection)):
            what = change.what
            renamed = change.verb == "renamed" and what.get("kind") == kind and project in (None, change.project)
            if renamed and fold(what["name"]) == fold(now or name):
                now = what["to"]
    return now


# What a round can be preferred for; whether disagreements wait in it is asked of a store, and only where that decides.
MEETS: Mapping[str, Callable[[RoundInShort], bool]] = {
    "drafts wait": lambda each: each.waits,
    "mine": lambda each: each.mine,
    "mine, open": lambda each: each.mine and each.is_open,
    "open": lambda each: each.is_open,
    "closed": lambda each: not each.is_open,
    "gold": lambda each: not each.is_open and each.has_gold,
}
PREFERRED: Mapping[str, tuple[str, ...]] = {
    "label": ("drafts wait", "mine, open", "mine"),
    "my_labels": ("mine",),
    "agreement": ("closed",),
    "adjudicate": ("cells wait", "gold"),
    **dict.fromkeys(("gold", "spot_check", "release", "revision", "scorer", "findings", "slices"), ("gold",)),
    **dict.fromkeys(("compare", "effect"), ("gold",)),
    **dict.fromkeys(("plan", "two_sources"), ("closed",)),
    **dict.fromkeys(("rounds", "drafts", "team"), ("open",)),
}
SHOWS: Mapping[str, str] = {  # what a round must be for a page to show it; other pages show any
    "label": "mine, open",
    "my_labels": "mine",
    **dict.fromkeys(("agreement", "findings", "plan"), "closed"),
    **dict.fromkeys(("adjudicate", "gold", "spot_check", "release", "revision", "scorer", "slices"), "gold"),
}
ELSEWHERE = ("drafts wait", "open")  # on a page that is of no round: what the bar shows


def can_show(page: str, found: RoundInShort) -> bool:
    """Whether a page (by the name of its file) has something to show of a round."""
    return page not in SHOWS or MEETS[SHOWS[page]](found)


def to_begin_with(
    page: str, there: Sequence[RoundInShort], cells_wait: Callable[[RoundInShort], bool] = lambda each: False
) -> RoundInShort | None:
    """The round a page (by the name of its file) begins with: the newest that meets its first preference, else its second, ...,
    else the newest; None where there is none. Of rounds whose drafts wait it is the oldest: what was begun first is ended first.
    `cells_wait` says of a closed round whether disagreements wait in it."""
    for preference in PREFERRED.get(page, ELSEWHERE):
        order = reversed(there) if preference == "drafts wait" else there
        meets = MEETS["gold" if preference == "cells wait" else preference]
        found = (each for each in order if meets(each) and (preference != "cells wait" or cells_wait(each)))
        if (first := next(found, None)) is not None:
            return first
    return there[0] if there else None


def to_compare(in_hand: str, there: Sequence[RoundInShort]) -> tuple[str, str]:
    """The two closed rounds that Compare begins with: the one in hand and the one before it, the newest under another version of
    its rubric where there is one; the oldest with the one after it. Without one in hand it is the newest. `there`: two or more,
    the newest first."""
    closed = [each for each in there if MEETS["gold"](each)]
    place = next((place for place, each in enumerate(closed) if each.name == in_hand), 0)
    after, before = closed[place], closed[place + 1 :]
    other = (each for each in before if each.rubric != after.rubric and rubric_name(each.rubric) == rubric_name(after.rubric))
    if not before:
        return after.name, closed[place - 1].name
    return next(other, before[0]).name, after.name
