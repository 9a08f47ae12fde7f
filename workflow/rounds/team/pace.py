"""How a round's annotators come on: who owes what, how fast, and how long it will take so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.engine import reading
from db.store.team import open_drafts as stored
from workflow import clock
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Progress, progress_of, row_of

LATELY = timedelta(days=7)
PACED = stored.PACED


@dataclass(frozen=True)
class Pace:
    """One annotator of a round. `seconds`: time spent on a draft, on average of those that took any among the last `PACED`
    delivered; `a_day`: drafts delivered a day, over the last week or since their first; each None where nothing says it. `begun`:
    of what waits, with a choice, note or query."""

    progress: Progress
    delivered: int = 0
    queries: int = 0
    begun: int = 0
    seconds: float | None = None
    a_day: float | None = None

    @property
    def name(self) -> str:
        return self.progress.name

    @property
    def left(self) -> int:
        """Drafts that still wait, those for practice too."""
        return self.progress.waiting + self.progress.practice

    @property
    def work_left(self) -> float | None:
        """Seconds of labelling left at this pace."""
        return self.left * self.seconds if self.left and self.seconds else None

    @property
    def days_left(self) -> float | None:
        """Days left at this pace; None where nothing was delivered lately."""
        return self.left / self.a_day if self.left and self.a_day else None


@verb
def pace_of_round(person: Person, engine: sa.Engine, round_name: str) -> list[Pace]:
    """How each annotator of a round comes on, in the order they were named. Nothing in it tells how a draft was labelled."""
    now = clock.now()
    with reading(engine, person) as connection:
        row = row_of(connection, round_name)
        found = {each.person: each for each in stored.pace_of(connection, row.id, now - LATELY)}
        return [_pace(each, found.get(each.person), now) for each in progress_of(connection, row.id)]


def _pace(progress: Progress, row: stored.Paced | None, now: datetime) -> Pace:
    if row is None:
        return Pace(progress)
    days = max(min(now - row.first_at, LATELY) / timedelta(days=1), 1.0) if row.first_at else 1.0
    return Pace(progress, row.delivered, row.queries, row.begun, row.seconds or None, row.lately / days if row.lately else None)
