"""What is yours to do now."""

from dataclasses import dataclass

import sqlalchemy as sa

from touchstone.words import listed, many
from workflow.gold import tally_of_round
from workflow.intake import whats_there
from workflow.people import Person
from workflow.rounds import Progress, Round, all_rounds


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
    """A round as its lead sees it. `cells_waiting` and `ready` speak of closed rounds, `can_close` of open ones."""

    round: Round
    can_close: bool
    cells_waiting: int
    settled: int
    ready: bool


@dataclass(frozen=True)
class ToDo:
    """Everything the home page shows, sorted by what comes first."""

    labelling: tuple[Labelling, ...]
    lead: tuple[Lead, ...]
    own_tasks: int
    own_drafts: int
    sample_drafts: int

    @property
    def sentence(self) -> str:
        """Where things stand for this person, in one sentence."""
        left = [each for each in self.labelling if each.left]
        if left:
            return (f"You have {many(sum(each.left for each in left), 'draft')} to label in "
                    f"{left[0].round.name if len(left) == 1 else many(len(left), 'round')}.")
        waiting = sum(each.cells_waiting for each in self.lead)
        if waiting:
            return f"Nothing of yours is left to label; {many(waiting, 'cell')} {'waits' if waiting == 1 else 'wait'} " \
                   "for adjudication."
        if self.labelling:
            return "You have labelled everything that was yours; the round waits for the others, or to be closed."
        if not self.own_drafts and not self.sample_drafts:
            return "The store is empty. Begin by importing tasks and drafts."
        if being_labelled := [each.round.name for each in self.lead if each.round.is_open]:
            return f"Nothing waits for you; {listed(being_labelled)} {'is' if len(being_labelled) == 1 else 'are'} being " \
                   "labelled by others."
        return "Nothing waits for you. Open a round when there are drafts to label."


def to_do(person: Person, engine: sa.Engine) -> ToDo:
    """What this person labels, and what every round needs from a lead."""
    rounds = all_rounds(engine)
    labelling = [Labelling(each, mine) for each in reversed(rounds) if each.is_open
                 for mine in each.progress if mine.person == person.id]
    lead = []
    for each in rounds:
        if each.is_open:
            lead.append(Lead(each, not any(mine.waiting for mine in each.progress), 0, 0, False))
        else:
            cells = tally_of_round(person, engine, each)
            lead.append(Lead(each, False, cells.waiting, cells.settled, bool(cells.settled) and not cells.waiting))
    there = whats_there(engine)
    return ToDo(tuple(sorted(labelling, key=lambda each: (each.left == 0, each.round.is_sample))), tuple(lead),
                *there["own"], there["sample"][1])
