"""What is yours to do now."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import counting, reading
from db.store import adjudications as stored_adjudications
from db.store import projects as stored_projects
from db.store import tasks as stored_intake
from touchstone.english import listed, many
from workflow.gold.export_folder import folder_of
from workflow.gold.gold import Tally, tally_of_round
from workflow.people.people import Person, everyone
from workflow.projects.projects import waiting_elsewhere
from workflow.projects.settling import settled
from workflow.rounds.rounds import Progress, Round, all_rounds


@dataclass(frozen=True)
class Labelling:
    """An open round this person labels in."""

    round: Round
    mine: Progress

    @property
    def left(self) -> int:
        return self.mine.waiting + self.mine.practice


@dataclass(frozen=True)
class Lead:
    """A round as its lead sees it. `cells_waiting`, `ready`, `flagged` (titles of dimensions) and `exported` speak of
    closed rounds, `can_close` of open ones. `exported` names the folder in exports/ that holds the gold as it is now;
    `outdated` says that one holds it as it was before."""

    round: Round
    can_close: bool
    cells_waiting: int
    settled: int
    ready: bool
    flagged: tuple[str, ...] = ()
    exported: str = ""
    outdated: bool = False

    @property
    def state(self) -> str:
        """How far a closed round's gold is, in words; "" where there is none to settle."""
        if self.round.is_unread:
            return "nobody has read its labels yet"
        if self.cells_waiting:
            return f"{many(self.cells_waiting, 'cell')} to adjudicate"
        if self.exported:
            return f"gold is exported to exports/{self.exported}"
        if self.outdated:
            return "gold has changed since it was exported"
        return "gold is ready to export" if self.ready else ""


class Step(NamedTuple):
    """Something to do next. `kind` is one of label, open, import, close, read, cells, gold, wait, exported; `round` names the
    round it is done in ("" for none)."""

    kind: str
    sentence: str
    round: str = ""


@dataclass(frozen=True)
class ToDo:
    """Everything the home page shows of the project in hand. `elsewhere`: names of other projects in which drafts wait for the
    person, with how many."""

    labelling: tuple[Labelling, ...]
    lead: tuple[Lead, ...]
    tasks: int
    drafts: int
    in_no_round: int = 0  # drafts of the project that no round was opened on
    is_sample: bool = False  # the project is the sample
    elsewhere: tuple[tuple[str, int], ...] = ()
    project: str = ""  # its name; "" in a store without one
    rubric: str = ""  # the project's, once it has one
    people: int = 0  # in the store, those of the samples aside

    @property
    def sentence(self) -> str:
        """Where things stand for this person, in one sentence."""
        return self.next.sentence

    @property
    def next(self) -> Step:
        """The most urgent step: one's labels, then the project's rounds."""
        found = sorted(self._of_rounds(), key=_urgency)
        return found[0] if found else self._to_begin()

    def _to_begin(self) -> Step:
        """While the project has no round."""
        if self.drafts:
            return Step("open", f"{many(self.drafts, 'draft')} {_are(self.drafts)} waiting for a round: open one.")
        if self.tasks:
            return Step(
                "import", f"{many(self.tasks, 'task')} {_are(self.tasks)} waiting for drafts: import the drafts written for them."
            )
        empty = f"Nothing is in {self.project} yet" if self.project else "The store is empty"
        return Step("import", f"{empty}. Begin by importing tasks and drafts.")

    def _of_rounds(self) -> Iterator[Step]:
        if left := [each for each in self.labelling if each.left]:
            yield Step(
                "label",
                f"You have {many(sum(each.left for each in left), 'draft')} to label in "
                f"{left[0].round.name if len(left) == 1 else many(len(left), 'round')}.",
                left[0].round.name,
            )
        delivered = {each.round.id for each in self.labelling if not each.left}
        for each in self.lead:
            yield _of_open(each, each.round.id in delivered) if each.round.is_open else self._of_closed(each)

    def _of_closed(self, lead: Lead) -> Step:
        """What a closed round needs; where it needs nothing, the team's drafts that are in no round."""
        name = lead.round.name
        if lead.round.is_unread:
            return Step("read", f"{name} is closed: read its agreement.", name)
        flagged = f"{listed(lead.flagged)} {_are(len(lead.flagged))} flagged" if lead.flagged else ""
        if lead.cells_waiting:
            waits = f"{many(lead.cells_waiting, 'cell')} {_are(lead.cells_waiting)} waiting for adjudication."
            return Step("cells", f"In {name}, " + (f"{flagged} and " if flagged else "") + waits, name)
        if lead.outdated:
            return Step("gold", f"The gold of {name} has changed since it was exported: export it again.", name)
        and_flagged = f"; {flagged}" if flagged else ""
        if lead.ready and not lead.exported:
            return Step("gold", f"The gold of {name} is ready to export{and_flagged}.", name)
        stands = (
            f"The gold of {name} is exported to exports/{lead.exported}"
            if lead.exported
            else f"Nothing is left to do in {name}, which is closed"
        )
        more = f" {many(self.in_no_round, 'draft')} {_are(self.in_no_round)} not in a round yet." if self.in_no_round else ""
        return Step("exported", f"{stands}{and_flagged}.{more}", name)


def _of_open(lead: Lead, delivered: bool) -> Step:
    """What an open round waits for. `delivered`: the person's own labels in it are all saved."""
    name = lead.round.name
    if lead.can_close:
        return Step("close", f"Everyone is done in {name}: it can be closed.", name)
    owed = listed([f"{each.name} has {many(each.waiting, 'draft')} left" for each in lead.round.progress if each.waiting])
    return Step("wait", (f"You are done in {name}; " if delivered else f"Others are labelling in {name}: ") + f"{owed}.", name)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


ORDER = ("label", "open", "import", "close", "read", "cells", "gold", "wait", "exported")  # kinds of steps, the most urgent first


def _urgency(step: Step) -> int:
    return ORDER.index(step.kind)


def to_do(
    person: Person,
    engine: sa.Engine,
    flagged_in: Callable[[Round], Sequence[str]] | None = None,
    tally_of: Callable[[Round], Tally] | None = None,
) -> ToDo:
    """What this person labels, and what every round of the project in hand needs from a lead. `flagged_in` gives the titles of
    a closed round's flagged dimensions; without it none is named. `tally_of` counts the cells of one, for who keeps the counts.

    Neither is asked about a round that nobody has read yet: who looks at Home has not asked for what it kept back, and it could
    not be reopened any more."""
    engine = settled(engine)
    rounds = all_rounds(engine)
    labelling = [
        Labelling(each, mine) for each in reversed(rounds) if each.is_open for mine in each.progress if mine.person == person.id
    ]
    tally = tally_of or (lambda found: tally_of_round(counting(engine), found))
    lead = [_lead(engine, each, flagged_in, tally) for each in rounds]
    with reading(engine) as connection:
        here = stored_projects.in_hand(connection)
        tasks, drafts = stored_intake.totals(connection)
        in_no_round = stored_intake.in_no_round(connection)
    return ToDo(
        tuple(sorted(labelling, key=lambda each: each.left == 0)),
        tuple(lead),
        tasks,
        drafts,
        in_no_round,
        bool(here and here.is_sample),
        tuple(waiting_elsewhere(person, engine, here.id)) if here else (),
        here.name if here else "",
        (here.rubric or "") if here else "",
        sum(not each.is_sample for each in everyone(engine)),
    )


def _lead(
    engine: sa.Engine, found: Round, flagged_in: Callable[[Round], Sequence[str]] | None, tally_of: Callable[[Round], Tally]
) -> Lead:
    if found.is_open:
        return Lead(found, not any(mine.waiting for mine in found.progress), 0, 0, False)
    if not found.has_gold or found.is_unread:
        return Lead(found, False, 0, 0, False)
    cells = tally_of(found)
    flagged = tuple(flagged_in(found)) if flagged_in else ()
    ready = bool(cells.settled) and not cells.waiting
    folder, up_to_date = _exported(engine, found) if ready else ("", False)
    return Lead(
        found, False, cells.waiting, cells.settled, ready, flagged, folder if up_to_date else "", bool(folder) and not up_to_date
    )


def _exported(engine: sa.Engine, found: Round) -> tuple[str, bool]:
    """The folder in exports/ that holds this round's gold ("" for none), and whether no decision was made since. An export
    to another place is not known of."""
    try:
        folder = folder_of(found)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        if (manifest["round"], manifest["closed_at"]) != (found.name, found.closed_at and found.closed_at.isoformat()):
            return "", False
        as_of = datetime.fromisoformat(manifest["as_of"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # no manifest, or not one of ours
        return "", False
    with reading(engine) as connection:
        decided = stored_adjudications.last_decided_at(connection, found.id)
    return folder.name, decided is None or decided <= as_of
