"""What one person has to do in a project, and which step of it comes next: decided here alone, from values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from touchstone.english import listed, many
from workflow.projects.projects import WaitingElsewhere
from workflow.rounds.rounds import Progress, Round

# Kinds of steps, the most urgent first: one's own labels, then what the project's rounds wait for, then its rubric.
ORDER = (
    "label",
    "compare",
    "open",
    "import",
    "close",
    "compared",
    "read",
    "cells",
    "gold",
    "wait",
    "measure",
    "publish",
    "write",
    "revise",
    "exported",
    "none",
)


class Step(NamedTuple):
    """Something to do next. `kind` is one of ORDER; `round` names the round it is done in, `rubric` the rubric version it is done
    with, `comparison` the comparison round ("" for none)."""

    kind: str
    sentence: str
    round: str = ""
    rubric: str = ""
    comparison: str = ""


class Successor(NamedTuple):
    """A later version of a round's rubric, as far as it has come: `kind` is what is to be done with it, one of measure, publish,
    write; "" where a round is under it already."""

    name: str
    kind: str


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
    """A round as its lead sees it. `cells_waiting`, `ready`, `flagged` (titles of dimensions), `has_figures` (whether any is
    defined) and `exported` speak of closed rounds that were read, `can_close` of open ones. `exported` says where the gold went
    as it is now ("to exports/pilot"); `outdated` that it went somewhere as it was before. `successor`: a later version of its
    rubric, looked for once gold has left and a dimension is flagged."""

    round: Round
    can_close: bool = False
    cells_waiting: int = 0
    settled: int = 0
    ready: bool = False
    flagged: tuple[str, ...] = ()
    has_figures: bool = True
    exported: str = ""
    outdated: bool = False
    successor: Successor | None = None

    @property
    def state(self) -> str:
        """How far a closed round's gold is, in words; "" where there is none to settle."""
        if self.round.is_unread:
            return "nobody has read its labels yet"
        if self.cells_waiting:
            return f"{many(self.cells_waiting, 'cell')} to adjudicate"
        if self.exported:
            return f"gold is exported {self.exported}"
        if self.outdated:
            return "gold has changed since it was exported"
        return "gold is ready to export" if self.ready else ""


@dataclass(frozen=True)
class ToDo:
    """Everything the home page shows of the project in hand. `lead`: its rounds, the newest first. `elsewhere`: other projects
    in which drafts or pairs wait for the person."""

    labelling: tuple[Labelling, ...] = ()
    lead: tuple[Lead, ...] = ()
    tasks: int = 0
    drafts: int = 0
    in_no_round: int = 0  # drafts of the project that no round was opened on
    is_sample: bool = False  # the project is the sample
    elsewhere: tuple[WaitingElsewhere, ...] = ()
    project: str = ""  # its name; "" in a store without one
    rubric: str = ""  # the project's, once it has one
    people: int = 0  # in the store, those of the samples aside
    leads: bool = True  # whether rounds of others are the person's to see to
    comparing: tuple[tuple[str, int], ...] = ()  # open comparison rounds with a seat for the person: pairs they have left
    compared: tuple[str, ...] = ()  # open comparison rounds, the newest first, in which nobody has a pair left

    @property
    def sentence(self) -> str:
        """Where things stand for this person, in one sentence."""
        return self.next.sentence

    @property
    def next(self) -> Step:
        return next_step(self)

    def held_back(self, lead: Lead) -> str:
        """That nothing of a closed round can be told to the person, and until when; "" where something can."""
        if lead.round.told or not lead.round.held_back:
            return ""
        if not self.comparing:
            return "its drafts are held back from you until the round is closed in which you label them again"
        if not self.labelling:
            return "its drafts are held back from you until the comparison round is closed in which you compare them"
        return "its drafts are held back from you until the rounds are closed in which you label or compare them"


def next_step(todo: ToDo) -> Step:
    """The most urgent step, by ORDER; of several of one kind that in the newest round."""
    found = sorted((*_in_rounds(todo), *_in_comparisons(todo)), key=lambda step: ORDER.index(step.kind))
    return found[0] if found else _to_begin(todo) if todo.leads else _nothing_to_label(todo)


def _to_begin(todo: ToDo) -> Step:
    """While the project has no round."""
    if todo.drafts:
        return Step("open", f"{many(todo.drafts, 'draft')} {_are(todo.drafts)} waiting for a round: open one.")
    if todo.tasks:
        tasks = f"{many(todo.tasks, 'task')} {_are(todo.tasks)} waiting for drafts"
        return Step("import", f"{tasks}: import the drafts written for them.")
    empty = f"Nothing is in {todo.project} yet" if todo.project else "The store is empty"
    return Step("import", f"{empty}. Begin with a table of drafts, and a rubric to judge them by.")


def _nothing_to_label(todo: ToDo) -> Step:
    """For who only labels, while nothing waits for them."""
    done = [*(each.round.name for each in todo.labelling), *(name for name, _ in todo.comparing)]
    if done:
        return Step("none", f"You are done in {listed(done)}. When a lead opens a round with your name in it, it stands here.")
    where = f" in {todo.project}" if todo.project else ": you are in no project yet"
    return Step("none", f"Nothing waits for you{where}. When a lead opens a round with your name in it, it stands here.")


def _in_rounds(todo: ToDo) -> Iterator[Step]:
    if left := [each for each in todo.labelling if each.left]:
        drafts = many(sum(each.left for each in left), "draft")
        where = left[0].round.name if len(left) == 1 else many(len(left), "round")
        yield Step("label", f"You have {drafts} to label in {where}.", left[0].round.name)
    delivered = {each.round.id for each in todo.labelling if not each.left}
    newest = next((each for each in todo.lead if not each.round.is_open and each.round.has_gold), None)
    for each in todo.lead:
        if each.round.is_open:
            yield _of_open(each, each.round.id in delivered)
        else:
            yield _of_closed(each, todo.in_no_round, held_back=todo.held_back(each), is_newest=each is newest)


def _in_comparisons(todo: ToDo) -> Iterator[Step]:
    """What comparison rounds wait for: the person's own choices, and to be closed."""
    if waiting := [(name, left) for name, left in todo.comparing if left]:
        pairs = many(sum(left for _, left in waiting), "pair")
        where = waiting[0][0] if len(waiting) == 1 else many(len(waiting), "comparison round")
        yield Step("compare", f"You have {pairs} to compare in {where}.", comparison=waiting[0][0])
    for name in todo.compared:
        yield Step("compared", f"Everyone has compared all pairs in {name}: it can be closed.", comparison=name)


def _of_open(lead: Lead, delivered: bool) -> Step:
    """What an open round waits for. `delivered`: the person's own labels in it are all saved."""
    name = lead.round.name
    if lead.can_close:
        return Step("close", f"Everyone is done in {name}: it can be closed.", name)
    owed = listed([f"{each.name} has {many(each.waiting, 'draft')} left" for each in lead.round.progress if each.waiting])
    return Step("wait", (f"You are done in {name}; " if delivered else f"Others are labelling in {name}: ") + f"{owed}.", name)


def _of_closed(lead: Lead, in_no_round: int, *, held_back: str, is_newest: bool) -> Step:
    """What a closed round needs, the newest also of its rubric; where it needs nothing, what drafts are in no round yet."""
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
    if is_newest and flagged and lead.exported and (lead.successor is None or lead.successor.kind):
        return _of_rubric(lead, flagged)
    stands = (
        f"The gold of {name} is exported {lead.exported}"
        if lead.exported
        else f"{name} is closed; {held_back}"
        if held_back
        else f"Nothing is left to do in {name}, which is closed"
    )
    more = f" {many(in_no_round, 'draft')} {_are(in_no_round)} not in a round yet." if in_no_round else ""
    return Step("exported", f"{stands}{and_flagged}.{more}", name)


def _of_rubric(lead: Lead, flagged: str) -> Step:
    """From a flagged dimension to the round that measures the rubric's next version."""
    name, after = lead.round.name, lead.successor
    if after is None:
        sentence = f"The gold of {name} is exported {lead.exported}, and {flagged}: revise the rubric."
        return Step("revise", sentence, name, lead.round.rubric)
    if after.kind == "write":
        return Step("write", f"{flagged} in {name}: go on writing {after.name}.", name, lead.round.rubric)
    if after.kind == "publish":
        return Step("publish", f"{after.name} is written, and {flagged} in {name}: publish it.", name, after.name)
    return Step("measure", f"{after.name} is published: open a round under it, and see what it did.", name, after.name)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
