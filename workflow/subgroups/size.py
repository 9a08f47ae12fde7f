"""Which rounds are large: their drafts are not dealt out one by one, and what is alike of them is kept at closing. And since when
they are cut as they are."""

import sqlalchemy as sa

from db.engine import reading
from db.store.record.events import last_of
from workflow.people.verbs import verb

DEALT_AS_DRAFTS = (
    20_000  # up to so many drafts are read label by label and dealt out one by one; of more is counted what is alike
)


def is_large(drafts: int) -> bool:
    return drafts > DEALT_AS_DRAFTS


@verb
def last_move(engine: sa.Engine) -> int:
    """The number of the last event by which tasks came into other partitions, or a project was deleted; 0 for none. What was cut
    by partition is cut again once it is another."""
    with reading(engine) as connection:
        return last_of(connection, "use split", "seal partition", "open partition", "delete project")
