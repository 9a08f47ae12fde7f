"""Which drafts of a closed round its scorer is held against people on: all of them, or of many a sample."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.store import rounds as stored_rounds
from db.store import tasks as stored_intake
from db.store.data import drafts_drawn
from touchstone.english import many
from touchstone.errors import Refused
from workflow.rounds.rounds import Round

MOST = drafts_drawn.MOST_DRAWN  # drafts scored while someone waits: a round of no more is scored whole
SAMPLES = (250, 1_000, 5_000)  # drafts of a sample on a page; the first is scored as the page opens


class DraftsAgainst(NamedTuple):
    """The drafts (rows as `drafts_to_score` has them) that are scored, of `of` that could be. An open round holds `held_back`
    drafts of the round; `held`: their names, where the round is scored whole."""

    rows: Sequence[sa.Row]
    of: int
    held_back: int
    held: frozenset[str]

    @property
    def ids(self) -> list[int] | None:
        """The drafts (ids) of a sample; None where all are scored."""
        return [row.id for row in self.rows] if len(self.rows) < self.of else None


def drafts_against(connection: sa.Connection, found: Round, sample: int) -> DraftsAgainst:
    """All drafts of a round that has at most `sample` (MOST where it is 0), else so many (the first of SAMPLES) drawn from it.
    Raises Refused for a sample of none, and of more than MOST."""
    if not 0 <= sample <= MOST:
        raise Refused(f"{many(sample, 'draft')} cannot be drawn for scoring; name a number from 1 to {MOST:,}")
    held_back, sealed = drafts_drawn.left_out_of_scoring(connection, found.id)
    of = found.drafts - held_back - sealed
    if of <= (sample or MOST):
        rows = stored_intake.drafts_of_round_to_score(connection, found.id)
        being = stored_intake.drafts_in_open_rounds(connection) if held_back else set()
        held = frozenset(row.draft_id for row in rows if row.id in being)
        return DraftsAgainst([row for row in rows if row.id not in being], of, held_back, held)
    seed = f"scored {stored_rounds.by_id(connection, found.id).seed}"
    drawn = drafts_drawn.drawn_to_score(connection, found.id, sample or SAMPLES[0], found.drafts, seed)
    return DraftsAgainst(stored_intake.drafts_of_round_to_score(connection, found.id, ids=drawn), of, held_back, frozenset())


def samples_of(drafts: int) -> dict[str, str]:
    """How many drafts of a round of so many may be scored on a page, as an address writes it: nothing to choose where all are."""
    return {} if drafts <= MOST else {str(size): f"{size:,} of {many(drafts, 'draft')}, drawn at random" for size in SAMPLES}
