"""What somebody is in team mode: active or deactivated, admin or not, and their role in the project in hand."""

import time
from typing import NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from db.engine import reading
from db.store.projects import project_in_hand
from db.store.team import memberships as stored

FRESH = 1.0  # seconds that a standing is kept: a role taken by another process holds no longer
MOST_KEPT = 1_000
_kept: WeakKeyDictionary[sa.Pool, dict[tuple[int, int | None], tuple[float, "Standing"]]] = WeakKeyDictionary()


class Standing(NamedTuple):
    """What a person is in team mode. `role`: "lead", "annotator" or "" for none, in the project in hand."""

    name: str = ""
    is_active: bool = False
    is_admin: bool = False
    role: str = ""

    @property
    def leads(self) -> bool:
        return self.is_active and (self.is_admin or self.role == "lead")

    @property
    def in_words(self) -> str:
        """ "an annotator", as a sentence takes it; "" for somebody without a role."""
        return "an admin" if self.is_admin else {"lead": "a lead", "annotator": "an annotator"}.get(self.role, "")


EVERYTHING = Standing("", True, True, "lead")  # of everybody in local mode, and of the server's own commands


def standing_of(engine: sa.Engine, person: int) -> Standing:
    """What the person (their id) is in the project that the engine has in hand; nothing for nobody. Asked of the store at most
    once a second for each person and project, as a page asks ten times."""
    project, now = project_in_hand(engine), time.monotonic()
    kept = _kept.setdefault(engine.pool, {})
    asked, found = kept.get((person, project), (None, None))
    if found is not None and asked is not None and now - asked < FRESH:
        return found
    with reading(engine) as connection:
        row = stored.standing(connection, person, project)
    found = Standing(row.name, row.deactivated_at is None, row.is_admin, row.role or "") if row else Standing()
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[person, project] = (now, found)
    return found


def forget(engine: sa.Engine) -> None:
    """Ask the store anew: a role was changed."""
    _kept.pop(engine.pool, None)
