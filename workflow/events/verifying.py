"""Whether the chain of events holds: each as it was written, none missing, none put between."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.record import events as stored
from touchstone.errors import Refused
from workflow.people.verbs import verb

MOST = 20  # faults told one by one: past a broken link the rest is seldom of use
SHORTEST = 8  # characters of a digest that are taken for it


class Verified(NamedTuple):
    """How many events there are, the digest of the last ("" for none), and what is wrong, a sentence each."""

    events: int
    head: str
    wrong: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The document of `verify-events --json`."""
        return {"events": self.events, "head": self.head or None, "holds": not self.wrong, "wrong": list(self.wrong)}


@verb
def verify_events(engine: sa.Engine, *, head: str = "") -> Verified:
    """Go through the chain from the first event to the last. `head`: a digest that was kept elsewhere, as in the manifest of an
    export of gold; it must be that of an event. Without one, events cut off the end are not noticed.

    Raises Refused for a head that is no digest.
    """
    asked = head.strip().lower()
    if asked and (len(asked) < SHORTEST or set(asked) - set("0123456789abcdef")):
        raise Refused(f"{head[:70]!r} is no digest of an event: {SHORTEST} hexadecimal digits or more")
    with reading(engine) as connection:
        walk = Walk(asked)
        for _ in walk.over(stored.in_order(connection)):
            pass
    return walk.ended()


class Walk:
    """A walk along the chain that notes what is wrong."""

    def __init__(self, asked: str = "") -> None:
        self.asked, self.met = asked, False
        self.number, self.head = 0, ""
        self.wrong: list[str] = []

    def over(self, events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The events again, each looked at on its way; one that is not as it was written is told and passed over."""
        before = stored.BEFORE_ALL
        for event in events:
            is_whole = self._look_at(event, before)
            before = str(event["digest"])
            self.number, self.head = self.number + 1, before
            self.met = self.met or bool(self.asked and before.startswith(self.asked))
            if is_whole:
                yield event

    def _look_at(self, event: dict[str, Any], before: str) -> bool:
        name = f"event {event['id']} ({event['verb']})"
        is_whole = stored.digest_of(event) == event["digest"]
        if not is_whole:
            self.wrong.append(f"{name} is not as it was written")
        if event["before"] != before:
            self.wrong.append(f"{name} does not follow on the one before it: an event was changed, put in or taken out there")
        return is_whole

    def ended(self) -> Verified:
        wrong = self.wrong[:MOST]
        if len(self.wrong) > MOST:
            wrong.append(f"and {len(self.wrong) - MOST:,} more")
        if self.asked and not self.met:
            wrong.append(
                f"no event has the digest {self.asked[:12]}…: the record was cut short or written again after that was kept"
            )
        return Verified(self.number, self.head, tuple(wrong))


def rows_in(event: dict[str, Any]) -> dict[str, Any]:
    """What changed, by table, as the event has it; nothing where that cannot be read."""
    try:
        found = json.loads(event["rows"])
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
