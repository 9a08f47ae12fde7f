"""Change who labels what in an open round: drafts go to somebody else, an annotator or drafts come in.

What the round promised stays: as many labels a draft as its design says, nobody gets a draft twice, labels given stay with who
gave them, and everyone's further drafts come in an order of their own. Drafts that somebody has begun stay theirs: what they
chose, noted or asked is not shown to another. Nor does a draft with a query go to who may have read that, as a lead can. What was
changed stands in the round's record, and its report says so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import projects as stored_projects
from db.store import rounds as stored_rounds
from db.store.team import memberships as stored_roles
from db.store.team import open_drafts as stored
from touchstone.data.assignment import assign, even_share, further_order
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.people.people import Person, person_named
from workflow.people.roles import may_lead, refuse_outsiders
from workflow.people.verbs import verb
from workflow.projects.settling import refuse_archived
from workflow.rounds.design import RoundDesign
from workflow.rounds.draft_sampling import draw
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import row_of
from workflow.rubric import rubrics

REASSIGNED, ANNOTATOR_ADDED, DRAFTS_ADDED = "drafts reassigned", "annotator added", "drafts added"


class Change(NamedTuple):
    """Something that was changed in a round while it was open. `names`: from whom and to whom, or who came in; `stay`: drafts
    that could not go, begun or in the other's hands already."""

    kind: str
    round: str
    drafts: int
    names: tuple[str, ...]
    by: str
    changed_at: datetime
    stay: int = 0

    @property
    def in_words(self) -> str:
        """ "10 drafts went from ana to cleo"."""
        drafts = many(self.drafts, "draft")
        if self.kind == REASSIGNED:
            return f"{drafts} went from {self.names[0]} to {self.names[1]}"
        if self.kind == ANNOTATOR_ADDED:
            return f"{self.names[0]} came in" + (f", with {drafts} that others had not begun" if self.drafts else "")
        return f"{drafts} came in for {listed(self.names)}"

    @property
    def on_record(self) -> str:
        return f"{self.in_words} ({self.by}, {day(self.changed_at)})"


@verb
def reassign(person: Person, engine: sa.Engine, round_name: str, from_: str, to: str, *, drafts: int | None = None) -> Change:
    """Give drafts that wait for one annotator of an open round to another: all that can go, or so many, the last in their order.
    Whoever gets them has no seat in the round before, if need be.

    Raises Refused where none can go, saying why, and for a round that is closed or repeats another.
    """
    if drafts is not None and drafts < 1:
        raise Refused(f"the number of drafts is 1 or more, not {drafts}")
    giver, taker = person_named(engine, from_), person_named(engine, to)
    if giver.id == taker.id:
        raise Refused(f"{giver.name} has these drafts already; name somebody else to give them to")
    with recorded(person, engine, "reassign drafts") as connection:
        row = _open_double(connection, round_name)
        seats = {each.id for each in stored_rounds.annotators_of(connection, row.id)}
        if giver.id not in seats:
            raise Refused(f"{giver.name} has no seat in {row.name}; its annotators are {_annotators(connection, row)}")
        refuse_outsiders(connection, [taker], row.project)
        waiting = stored.open_of(connection, row.id, giver.id)
        row = _open_double(connection, round_name, lock=True)
        had, read = stored.drafts_of(connection, row.id, taker.id), _may_have_read(connection, row, taker)
        can_go = [each for each in waiting if not each.is_begun and each.draft not in had | read]
        if not can_go:
            raise Refused(_why_none(row.name, giver.name, taker.name, waiting, had, read))
        if drafts is not None and drafts > len(can_go):
            raise Refused(
                f"{many(drafts, 'draft')} asked for, and {many(len(can_go), 'draft')} can go from {giver.name} to {taker.name}"
            )
        go = can_go[-drafts:] if drafts else can_go
        if taker.id not in seats:
            _seat(connection, row, taker)
        _move(connection, row, {giver.id: waiting}, go, taker)
        return _on_record(
            connection, person, row, REASSIGNED, len(go), [giver.id, taker.id], [giver.name, taker.name], len(waiting) - len(go)
        )


@verb
def add_annotator(person: Person, engine: sa.Engine, round_name: str, name: str) -> Change:
    """Somebody comes into an open round: with its practice drafts, and an even share of what the others have not begun. Each
    draft keeps as many labels as the round promised. Raises Refused for an annotator of it."""
    newcomer = person_named(engine, name)
    with recorded(person, engine, "add annotator") as connection:
        row = _open_double(connection, round_name)
        there = stored_rounds.annotators_of(connection, row.id)
        if newcomer.id in {each.id for each in there}:
            raise Refused(f"{newcomer.name} is an annotator of {row.name} already")
        refuse_outsiders(connection, [newcomer], row.project)
        waiting = {each.id: stored.open_of(connection, row.id, each.id) for each in there}
        row = _open_double(connection, round_name, lock=True)
        read = _may_have_read(connection, row, newcomer)
        share = even_share(
            {each: [one.draft for one in rows if not one.is_begun and one.draft not in read] for each, rows in waiting.items()}
        )
        go = [one for each, rows in waiting.items() for one in rows if (each, one.draft) in share]
        _seat(connection, row, newcomer)
        _move(connection, row, waiting, go, newcomer)
        return _on_record(connection, person, row, ANNOTATOR_ADDED, len(go), [newcomer.id], [newcomer.name])


@verb
def add_drafts(person: Person, engine: sa.Engine, round_name: str, drafts: int) -> Change:
    """Draw further drafts into an open round, as it was drawn: by its strata, of its partition where all its drafts are of one,
    those left out that it has or that the round it continues had. They are shared out by its design among the annotators who are
    still active, each draft as often as the round promised, and come last in everyone's order.

    Raises Refused where there are too few, for a round that another continues, and where a plan of looks would not hold.
    """
    with recorded(person, engine, "add drafts") as connection:
        row = _open_double(connection, round_name, lock=True)
        refuse_archived(stored_projects.by_id(connection, row.project))
        if (later := stored.continued_by(connection, row.id)) is not None:
            raise Refused(f"{later} continues {row.name} and may have these drafts: add them to {later}")
        there = stored_rounds.annotators_of(connection, row.id)
        gone = stored_roles.deactivated_among(connection, [each.id for each in there])
        pool = {each.name: each.id for each in there if each.id not in gone}
        seed = row.seed + 1 + len(stored.changes_of(connection, row.id))
        partitions = stored.partitions_of(connection, row.id)
        asked = RoundDesign(
            row.name,
            row.rubric,
            list(pool),
            drafts=drafts,
            strata=tuple(row.strata),
            seed=seed,
            continues=row.name,
            partition=partitions.pop() if len(partitions) == 1 else None,
            per_draft=row.per_draft,
            overlap=row.overlap,
        )
        _refuse_numbers(connection, row, asked)
        drawn, _ = draw(connection, asked, rubrics.rubric_of(connection, row.rubric_version))
        stored.add_drafts(connection, row.id, [each.id for each in drawn.counted])
        _share_out(connection, row, pool, drawn.ids, seed)
        return _on_record(connection, person, row, DRAFTS_ADDED, len(drawn.counted), list(pool.values()), list(pool))


@verb
def changes_in(engine: sa.Engine, round_name: str) -> list[Change]:
    """What was changed in a round while it was open, the first first."""
    with reading(engine) as connection:
        return changes_of(connection, row_of(connection, round_name))


def changes_of(connection: sa.Connection, row: sa.Row) -> list[Change]:
    """The same of a round's row. People are called what they are called now."""
    changes = stored.changes_of(connection, row.id)
    names = stored.names_of(connection, {each for change in changes for each in change.what["people"]})
    return [
        Change(
            each.kind, row.name, each.what["drafts"], tuple(names[one] for one in each.what["people"]), each.by, each.changed_at
        )
        for each in changes
    ]


def _open_double(connection: sa.Connection, name: str, *, lock: bool = False) -> sa.Row:
    row = row_of(connection, name, lock=lock)
    if row.closed_at is not None:
        raise Refused(f"{row.name} was closed on {day(row.closed_at)}: who labels what in it does not change any more")
    if row.kind != DOUBLE:
        raise Refused(f"{row.name} is a {row.kind}, and whose it is does not change: close it early, and open another")
    return row


def _annotators(connection: sa.Connection, row: sa.Row) -> str:
    return listed([each.name for each in stored_rounds.annotators_of(connection, row.id)])


def _may_have_read(connection: sa.Connection, row: sa.Row, taker: Person) -> set[int]:
    """Drafts (ids) of which the taker may have read as a lead what others said: a query, or what they were given in a closed
    round. Also where that is held back from them now: while a draft was another's it was not."""
    if not may_lead(connection, taker.id, row.project):
        return set()
    return stored.queried(connection, row.id) | stored.also_closed(connection, row.id)


def _why_none(round_: str, giver: str, taker: str, waiting: Sequence[sa.Row], had: set[int], read: set[int]) -> str:
    if not waiting:
        return f"{giver} has no draft left to label in {round_}"
    begun = sum(each.is_begun for each in waiting)
    held = sum(not each.is_begun and each.draft in had for each in waiting)
    why = [f"{taker} has {many(held, 'draft')} of them too"] if held else []
    asked = sum(not each.is_begun and each.draft not in had and each.draft in read for each in waiting)
    why += [f"{taker} may have read a query on {many(asked, 'draft')}, or what a closed round says of them"] if asked else []
    why += [f"{giver} has begun {many(begun, 'draft')}"] if begun else []
    return f"none of the {many(len(waiting), 'draft')} that wait for {giver} in {round_} can go to {taker}: {listed(why)}"


def _seat(connection: sa.Connection, row: sa.Row, newcomer: Person) -> None:
    """A seat in the round, with its practice drafts first."""
    stored.add_annotator(connection, row.id, newcomer.id)
    practice = stored.practice_of(connection, row.id)
    order = further_order(list(practice), row.seed, f"practice {newcomer.name}", 0)
    stored.give(connection, row.id, _in_order(order, practice, newcomer.id, 0, is_practice=True))


def _in_order(order: Sequence[str], ids: Mapping[str, int], person: int, after: int, *, is_practice: bool = False) -> list[dict]:
    return [
        {"draft": ids[draft], "person": person, "position": place, "is_practice": is_practice}
        for place, draft in enumerate(order, start=after + 1)
    ]


def _move(
    connection: sa.Connection, row: sa.Row, waiting: Mapping[int, Sequence[sa.Row]], go: Sequence[sa.Row], taker: Person
) -> None:
    """Drafts go from whose they are to somebody who gets them last, in an order of their own."""
    gone = {each.id for each in go}
    stored.take(connection, sorted(gone))
    for giver, rows in waiting.items():
        if any(each.id in gone for each in rows):
            _close_up(connection, row.id, giver, [each for each in rows if each.id not in gone])
    after = stored.last_position(connection, row.id, taker.id)
    ids = {each.draft_id: each.draft for each in go}
    stored.give(connection, row.id, _in_order(further_order(list(ids), row.seed, taker.name, after), ids, taker.id, after))


def _close_up(connection: sa.Connection, round_: int, giver: int, left: Sequence[sa.Row]) -> None:
    """What still waits follows what is delivered, without gaps, in the same order."""
    taken = stored.places_of_others(connection, round_, giver, [each.id for each in left])
    free = (place for place in range(1, len(taken) + len(left) + 1) if place not in taken)
    moves = {each.id: place for each, place in zip(left, free, strict=False) if each.position != place}
    stored.place(connection, moves)


def _refuse_numbers(connection: sa.Connection, row: sa.Row, asked: RoundDesign) -> None:
    if asked.drafts is None or asked.drafts < 1:
        raise Refused(f"the number of drafts is 1 or more, not {asked.drafts}")
    total = stored_rounds.drafts_in(connection, row.id) + asked.drafts
    if row.planned_drafts is not None and total > row.planned_drafts:
        raise Refused(
            f"the looks at {row.name} are planned up to {many(row.planned_drafts, 'draft')}, and it would have {total:,}: "
            "add fewer"
        )


def _share_out(connection: sa.Connection, row: sa.Row, pool: Mapping[str, int], ids: Mapping[str, int], seed: int) -> None:
    try:
        shares = assign(list(ids), list(pool), seed, per_draft=row.per_draft, overlap=row.overlap)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    after = {name: stored.last_position(connection, row.id, id_) for name, id_ in pool.items()}
    stored.give(
        connection,
        row.id,
        [
            {
                "draft": ids[each.draft],
                "person": pool[each.annotator],
                "position": after[each.annotator] + each.position,
                "is_practice": False,
            }
            for each in shares
        ],
    )


def _on_record(
    connection: sa.Connection,
    person: Person,
    row: sa.Row,
    kind: str,
    drafts: int,
    people: Sequence[int],
    names: Sequence[str],
    stay: int = 0,
) -> Change:
    at = clock.now()
    what = {"drafts": drafts, "people": list(people)}
    stored.add_change(connection, row.id, person=person.id, kind=kind, what=what, at=at)
    return Change(kind, row.name, drafts, tuple(names), person.name, at, stay)
