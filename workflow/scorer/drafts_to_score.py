"""The drafts that may be scored, with what versions met so far made of them."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_intake
from db.store.closing import first_reading
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.drafts_on_disk import Draft
from workflow.bounded_cache import BoundedCache
from workflow.people.verbs import verb
from workflow.projects.settling import settle

MOST_KEPT = 64  # of what was held against gold: a page is drawn several times


class StoredDraft(NamedTuple):
    """A draft of the store by its names."""

    task_id: str
    draft_id: str


class ScorableDrafts:
    """The drafts that may be scored, with what is known of them under the versions met so far. Shared by everyone who asks, one
    at a time; `left_out` counts the drafts that open rounds hold, `labelled` names those that a closed round had. Of many, the
    texts are not in memory: `drafts` are their names, in the order of `corpus`."""

    def __init__(self, engine: sa.Engine):
        self.state = state_of(engine)
        self.drafts: list[StoredDraft] = []
        self.left_out = 0
        self.lock = threading.Lock()
        self.kept: BoundedCache = BoundedCache(MOST_KEPT)
        with reading(engine) as connection:
            settle(connection)
            first_reading.note_draft_read(connection)
            self.corpus = Corpus(self._read(connection))
            self.labelled = set(stored_intake.drafts_of_closed_rounds(connection, len(self.drafts) + self.left_out + 1))

    def _read(self, connection: sa.Connection) -> Iterator[Draft]:
        """The drafts as they are stored, one after another."""
        held = stored_intake.drafts_in_open_rounds(connection)
        for row in stored_intake.drafts_to_score(connection):
            if row.id in held:
                self.left_out += 1
                continue
            self.drafts.append(StoredDraft(row.task_id, row.draft_id))
            yield row.text, row.input, row.extra


@verb
def state_of(engine: sa.Engine) -> str:
    """What `ScorableDrafts` depends on, as a digest: other drafts, or others in open rounds, and it must be made anew."""
    with reading(engine) as connection:
        settle(connection)
        return sha256(repr(stored_intake.state_of_drafts(connection)).encode()).hexdigest()
