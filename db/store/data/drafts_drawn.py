"""A few drafts of a round, or of the project, drawn at random for scoring without reading all of them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from db.schema import drafts, round_drafts
from db.store import among
from db.store.bench.sealing import sealed_draft_ids
from db.store.projects import drafts_in_project
from db.store.tasks import held_by_open_rounds
from touchstone.data.drawing import in_random_order

MOST_DRAWN = 10_000
SPARE = 16  # more are looked up than are looked for, as some are not of the round


def left_out_of_scoring(connection: sa.Connection, round_: int) -> tuple[int, int]:
    """How many of the drafts that count in a round an open round holds, and how many of the others are sealed."""
    held, sealed = held_by_open_rounds(), sealed_draft_ids()
    mine = sa.select(sa.func.count()).where(round_drafts.c.round == round_, ~round_drafts.c.is_practice)
    both = mine.where(round_drafts.c.draft.in_(sa.union(held, sealed)))
    in_open = connection.execute(mine.where(round_drafts.c.draft.in_(held))).scalar_one()
    return in_open, connection.execute(both).scalar_one() - in_open


def drawn_to_score(connection: sa.Connection, round_: int, number: int, of: int, seed: str) -> list[int]:
    """A simple random sample of the drafts (ids) that count in a round and that no open round holds and none of which is sealed:
    `number` of them (MOST_DRAWN at most), of about `of`; all where there are fewer. `seed` says which. A longer sample begins
    with a shorter; a draft that an open round takes is replaced, and the others stay."""
    return _drawn(connection, round_drafts.c.draft, round_drafts.c.round == round_, ~round_drafts.c.is_practice, number, of, seed)


def left_out_of_project(connection: sa.Connection) -> int:
    """How many drafts of the project an open round holds that are not sealed."""
    mine = sa.select(sa.func.count()).select_from(drafts).where(drafts_in_project(connection))
    held = mine.where(drafts.c.id.in_(held_by_open_rounds()), drafts.c.id.not_in(sealed_draft_ids()))
    return connection.execute(held).scalar_one()


def scorable_in_project(connection: sa.Connection) -> int:
    """How many drafts of the project no open round holds and no seal hides."""
    mine = sa.select(sa.func.count()).select_from(drafts).where(drafts_in_project(connection))
    away = mine.where(drafts.c.id.in_(sa.union(held_by_open_rounds(), sealed_draft_ids())))
    return connection.execute(mine).scalar_one() - connection.execute(away).scalar_one()


def drawn_of_project(connection: sa.Connection, number: int, of: int, seed: str) -> list[int]:
    """The same of all drafts of the project."""
    return _drawn(connection, drafts.c.id, drafts_in_project(connection), sa.true(), number, of, seed)


def _drawn(
    connection: sa.Connection,
    draft: sa.Column[Any],
    among_: sa.ColumnElement[bool],
    counts: sa.ColumnElement[bool],
    number: int,
    of: int,
    seed: str,
) -> list[int]:
    """So many of the drafts (`draft` holds their ids) of a round or project (`among_`) that count in it (`counts`)."""
    ends = (sa.select(each(draft)).where(among_) for each in (sa.func.min, sa.func.max))
    low, high = map(connection.scalar, ends)  # each by the index; both in one would read all
    if low is None or high is None or not of:
        return []
    span = high - low + 1
    numbers: Sequence[int] = range(low, high + 1)
    # Numbers between the first and the last are tried, unless more would be tried than there are drafts: then those are read.
    if MOST_DRAWN * span > of * of:
        numbers = connection.scalars(sa.select(draft).where(among_, counts).order_by(draft)).all()
    order = (numbers[place] for place in in_random_order(len(numbers), seed))
    may = sa.select(draft).where(among_, counts, draft.not_in(sa.union(held_by_open_rounds(), sealed_draft_ids())))
    return list(islice(_those(connection, draft, may, order, len(numbers) / of, number), number))


def _those(
    connection: sa.Connection, draft: sa.Column[Any], may: sa.Select[tuple[int]], order: Iterator[int], tries: float, number: int
) -> Iterator[int]:
    """Those of `order` that may be drawn, some looked up at a time: about `tries` for each that is wanted."""
    while tried := list(islice(order, int(number * tries) + SPARE)):
        there = set(connection.scalars(may.where(among(connection, draft, tried))))
        yield from (each for each in tried if each in there)
