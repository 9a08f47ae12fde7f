"""The drafts that may be scored, with what versions met so far made of them."""

import threading
from hashlib import sha256

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_intake
from touchstone.scorer.effect.corpus import Corpus
from workflow.bounded_cache import BoundedCache
from workflow.people.verbs import verb
from workflow.projects.settling import settle
from workflow.scorer.scoring import drafts_of_store

MOST_KEPT = 64  # of what was held against gold: a page is drawn several times


class ScorableDrafts:
    """The drafts that may be scored, with what is known of them under the versions met so far. Shared by everyone who asks, one
    at a time; `left_out` counts the drafts that open rounds hold, `labelled` names those that a closed round had."""

    def __init__(self, engine: sa.Engine):
        self.state = state_of(engine)
        self.drafts, self.left_out = drafts_of_store(engine)
        self.corpus = Corpus((each.text, each.input, each.extra) for each in self.drafts)
        self.lock = threading.Lock()
        self.kept: BoundedCache = BoundedCache(MOST_KEPT)
        with reading(engine) as connection:
            settle(connection)
            self.labelled = set(stored_intake.drafts_of_closed_rounds(connection, len(self.drafts) + self.left_out + 1))


@verb
def state_of(engine: sa.Engine) -> str:
    """What `ScorableDrafts` depends on, as a digest: other drafts, or others in open rounds, and it must be made anew."""
    with reading(engine) as connection:
        settle(connection)
        return sha256(repr(stored_intake.state_of_drafts(connection)).encode()).hexdigest()
