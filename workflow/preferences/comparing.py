"""Choosing between two drafts, for who has a seat in an open comparison round: the next pair of their own, without authors, and
what they take of it."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.preferences import comparisons as stored
from touchstone.data.task_input import fields_of
from touchstone.english import listed
from touchstone.errors import NotYourTurn, Refused
from touchstone.preferences.choices import SIDES, ComparedDimension
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.preferences.comparisons import dimensions_of, row_of


class PairToCompare(NamedTuple):
    """What an annotator sees of a pair: `number` is how it is chosen in; `left` counts pairs without a choice; `taken`, by
    dimension, and `note` are their own, where they chose before; `before` the pair they chose in before it."""

    comparison: str
    dimensions: tuple[ComparedDimension, ...]
    number: int
    place: int
    total: int
    left: int
    fields: tuple[tuple[str, str], ...]
    text_left: str
    text_right: str
    taken: Mapping[str, str]
    note: str
    before: int | None


@verb
def own_comparisons(person: Person, engine: sa.Engine) -> dict[str, int]:
    """The open comparison rounds in which this person has a seat, with how many pairs they have left."""
    with reading(engine, person) as connection:
        found = {}
        for row in stored.every(connection):
            mine = [each for each in stored.progress(connection, row.id) if each.person == person.id]
            if row.closed_at is None and mine:
                found[row.name] = mine[0].shown - mine[0].chosen
        return found


@verb
def next_pair(person: Person, engine: sa.Engine, name: str, number: int | None = None) -> PairToCompare | None:
    """The first pair of their own in which the person has not chosen, or the one of that number; None when none is left. Raises
    Refused for a round in which they have no seat or no such pair, NotYourTurn for a closed one."""
    with reading(engine, person) as connection:
        row = _open_to(connection, person, name)
        mine = next(each for each in stored.progress(connection, row.id) if each.person == person.id)
        found = stored.own(connection, row.id, person.id, number)
        if found is None:
            if number is not None:
                raise NotYourTurn(f"pair {number} of {row.name} is not one of yours; go on with the next one")
            return None
        sides = (found.text_b, found.text_a) if found.is_swapped else (found.text_a, found.text_b)
        return PairToCompare(
            row.name,
            dimensions_of(connection, row.id),
            found.id,
            found.place,
            mine.shown,
            mine.shown - mine.chosen,
            fields_of(found.input),
            *sides,
            stored.taken_in(connection, found.choice),
            found.note or "",
            stored.before(connection, row.id, person.id, found.place),
        )


@verb
def last_pair(person: Person, engine: sa.Engine, name: str) -> int | None:
    """The number of the pair that stands last among those the person chose in; None before the first. Raises as `next_pair`."""
    with reading(engine, person) as connection:
        return stored.before(connection, _open_to(connection, person, name).id, person.id, None)


@verb
def choose_draft(person: Person, engine: sa.Engine, name: str, number: int, taken: Mapping[str, str], note: str = "") -> None:
    """Keep what the person takes of a pair of their own, on each dimension that is asked about: left, tie or right. A choice
    that differs supersedes the one before; the same again is nothing new. Raises Refused for what is no choice, and unless there
    is one on each of those dimensions and on no other, NotYourTurn for a pair that is not theirs, or a closed round."""
    if none := [side for side in taken.values() if side not in SIDES]:
        raise Refused(f"a choice is {listed(SIDES, 'or')}, not {none[0][:40] or 'a blank'}")
    told = texts.fit(note, "note") or None
    with recorded(person, engine, "choose draft", comparison=name) as connection:
        row = _open_to(connection, person, name, lock=True)
        found = stored.own(connection, row.id, person.id, number)
        if found is None:
            raise NotYourTurn(f"pair {number} of {row.name} is not one of yours; go on with the next one")
        asked = {each.dimension: each for each in stored.dimensions(connection, row.id)}
        if strange := [key for key in taken if key not in asked]:
            raise Refused(f"{row.name} does not ask about {strange[0][:40]}, only about {listed([*asked])}")
        if left := [each.title for key, each in asked.items() if key not in taken]:
            sides = "left, as good or right"
            raise Refused(f"choose on {listed(left)} too: {sides}" if taken else f"choose {sides} first")
        if (stored.taken_in(connection, found.choice), found.note) != (dict(taken), told):
            by_id = {asked[key].id: side for key, side in taken.items()}
            stored.add_choice(connection, shown=found.id, taken=by_id, note=told, supersedes=found.choice, at=clock.now())


def _open_to(connection: sa.Connection, person: Person, name: str, *, lock: bool = False) -> sa.Row:
    row = row_of(connection, name, lock=lock)
    mine = [each for each in stored.progress(connection, row.id) if each.person == person.id]
    if not mine:
        raise NotYourTurn(f"{person.name} has no seat in {row.name}; sign in as who compares there")
    if row.closed_at is not None:
        raise NotYourTurn(f"{row.name} is closed, so nothing more is chosen in it")
    return row
