"""The drafts that may be scored, all or of many a sample, with what versions met so far made of them."""

import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_intake
from db.store.closing import first_reading
from db.store.data import drafts_drawn
from db.store.projects import project_in_hand
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.drafts_on_disk import Draft
from workflow.bounded_cache import BoundedCache
from workflow.people.verbs import verb
from workflow.projects.settling import settle

MOST_GOLDS = 2  # golds of rounds, which are as long as they have drafts
MOST_KEPT = 64  # of what was held against gold: a page is drawn several times
ALL, MOST = "all", drafts_drawn.MOST_DRAWN
SCORED_WHOLE = Corpus.MOST_READY  # drafts: no sample is offered of as many
SAMPLES = (250, 1_000, 5_000)  # drafts of a sample on a page; the first is scored as the page opens


class DraftsState(NamedTuple):
    """What `ScorableDrafts` depends on, as a digest: other drafts, or others in open rounds, and it must be made anew. `many`:
    how many drafts may be scored."""

    digest: str
    many: int


class StoredDraft(NamedTuple):
    """A draft of the store by its names."""

    task_id: str
    draft_id: str


class ScorableDrafts:
    """The drafts that may be scored, with what is known of them under the versions met so far. Shared by everyone who asks, one
    at a time; `left_out` counts the drafts that open rounds hold, `labelled` names those that a closed round had. Of many, the
    texts are not in memory: `drafts` are their names, in the order of `corpus`.

    `sample`: so many are drawn at random where there are more, the same ones each time; 0 for all. `ids`: the drafts of a sample,
    None where all are scored. Raises Refused for a sample of more than MOST."""

    def __init__(self, engine: sa.Engine, sample: int = 0):
        if not 0 <= sample <= MOST:
            raise Refused(f"{many(sample, 'draft')} cannot be drawn for scoring; name a number from 1 to {MOST:,}")
        self.state = state_of(engine)
        self.drafts: list[StoredDraft] = []
        self.left_out = 0
        self.ids: Sequence[int] | None = None
        self.lock = threading.Lock()
        self.kept: BoundedCache = BoundedCache(MOST_KEPT)
        self.golds: BoundedCache = BoundedCache(MOST_GOLDS)
        with reading(engine) as connection:
            settle(connection)
            first_reading.note_draft_read(connection)
            held = stored_intake.drafts_in_open_rounds(connection)
            if 0 < sample < self.of:
                seed = f"effect {project_in_hand(connection)}"
                self.ids = drafts_drawn.drawn_of_project(connection, sample, self.of, seed)
                self.left_out = drafts_drawn.left_out_of_project(connection)
            self.corpus = Corpus(self._read(connection, held))
            most = len(self.drafts) + self.left_out + 1
            self.labelled = set(stored_intake.drafts_of_closed_rounds(connection, most, ids=self.ids))

    @property
    def of(self) -> int:
        """How many drafts could be scored."""
        return self.state.many

    @property
    def is_part(self) -> bool:
        """Whether only some of them are, drawn at random."""
        return self.ids is not None

    def _read(self, connection: sa.Connection, held: set[int]) -> Iterator[Draft]:
        """The drafts as they are stored, one after another."""
        for row in stored_intake.drafts_to_score(connection, self.ids):
            if row.id in held:
                self.left_out += 1
                continue
            self.drafts.append(StoredDraft(row.task_id, row.draft_id))
            yield row.text, row.input, row.extra


@verb
def state_of(engine: sa.Engine) -> DraftsState:
    """The state of the project's drafts."""
    with reading(engine) as connection:
        settle(connection)
        told = repr(stored_intake.state_of_drafts(connection))
        return DraftsState(sha256(told.encode()).hexdigest(), drafts_drawn.scorable_in_project(connection))


def samples_of(drafts: int) -> dict[str, str]:
    """How many drafts of so many may be scored on a page, as an address writes it: nothing to choose where all are."""
    if drafts <= SCORED_WHOLE:
        return {}
    drawn = {str(size): f"{size:,} of {many(drafts, 'draft')}, drawn at random" for size in SAMPLES}
    return {**drawn, ALL: f"all {many(drafts, 'draft')}"}
