"""The drafts of a round, for the list that a lead searches. What is held back from the reader does not leave the query: of a
draft that they label in an open round nothing comes but its id, its text and how far they are, and no condition or order but
those of its id and text reaches it."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import adjudications, assignments, drafts, people, queries, round_drafts, tasks
from db.store import among
from db.store.closed_rounds import cells_of_closed_round, contested_in
from db.store.closing import cells as stored_cells
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import drafts_labelled_by, words_told
from db.store.rounds import drafts_in
from touchstone.data import gold

OPENING = 300  # characters of a text in the list


class Asked(NamedTuple):
    """What the list is narrowed to; "" and None narrow nothing. `state` is one of those of PROGRESS, or of OF_CELLS in a closed
    round; `dimension` the one whose cells OF_CELLS speaks of, else any; `ids`: only these drafts, for fields that the database
    does not compare."""

    words: str = ""
    state: str = ""
    dimension: str = ""
    ids: Sequence[int] | None = None
    sort: str = ""


class _Parts(NamedTuple):
    """The pieces of a query: how far each draft is, how often it was asked about, and whether it is held back."""

    work: sa.Subquery
    asked: sa.Subquery
    held: sa.ColumnElement[bool]
    where: sa.ColumnElement[bool]

    @property
    def whole(self) -> sa.FromClause:
        return self.those(has_work=True, has_asked=True)

    def those(self, *, has_work: bool, has_asked: bool, has_texts: bool = True) -> sa.FromClause:
        """The drafts of the round with what else is asked for: how far each is counts every assignment of the round."""
        found: sa.FromClause = round_drafts
        id_ = round_drafts.c.draft
        if has_texts:
            found = found.join(drafts, drafts.c.id == id_).join(tasks, tasks.c.id == drafts.c.task)
        if has_work:
            found = found.join(self.work, self.work.c.draft == id_)
        return found.outerjoin(self.asked, self.asked.c.draft == id_) if has_asked else found


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _parts(round_: int, reader: int, some: sa.ColumnElement[bool] | None = None) -> _Parts:
    """`some`: only of the assignments that it holds for."""
    state, mine = assignments.c.state, sa.and_(assignments.c.round == round_, sa.true() if some is None else some)
    work = (
        sa.select(
            assignments.c.draft,
            sa.func.count().label("owed"),
            _sum(state == "saved").label("saved"),
            _sum(state == "skipped").label("skipped"),
            _sum((state == "waiting") & assignments.c.seen_at.is_not(None)).label("begun"),
            sa.func.max(sa.case((assignments.c.person == reader, state))).label("mine"),
        )
        .where(mine)
        .group_by(assignments.c.draft)
        .subquery()
    )
    asked = (
        sa.select(assignments.c.draft, sa.func.count().label("queries"))
        .select_from(queries.join(assignments, assignments.c.id == queries.c.assignment))
        .where(mine)
        .group_by(assignments.c.draft)
        .subquery()
    )
    return _Parts(work, asked, round_drafts.c.draft.in_(drafts_labelled_by(reader)), round_drafts.c.round == round_)


PROGRESS = {
    "waiting": lambda work: work.c.saved + work.c.skipped == 0,
    "in hand": lambda work: work.c.begun > 0,
    "some": lambda work: (work.c.saved + work.c.skipped > 0) & (work.c.saved + work.c.skipped < work.c.owed),
    "all": lambda work: work.c.saved + work.c.skipped == work.c.owed,
    "skipped": lambda work: work.c.skipped > 0,
}
QUERIED, PRACTICE, DIFFERING = "queried", "practice", "differing"
KEYED = ("fewest", "queries", "author", DIFFERING)  # orders other than by id
SORTED = 20_000  # drafts at most that are sorted to show a page of them
# Of cells: what is asked of each, and whether of every cell of a draft or of one.
OF_CELLS = {
    "agreed": (lambda cells: cells.c.state == gold.AGREED, True),
    "disagreement": (lambda cells: cells.c.differs == 1, False),
    "adjudicated": (lambda cells: cells.c.state == gold.ADJUDICATED, False),
    "undecided": (lambda cells: cells.c.state.in_(gold.WAITING), False),
    "gold": (lambda cells: cells.c.state.in_((gold.AGREED, gold.ADJUDICATED)), True),
}


def _of_cells(cells: sa.FromClause, asked: Asked) -> sa.ColumnElement[bool]:
    is_so, of_every_one = OF_CELLS[asked.state]
    there = sa.select(cells.c.draft).where(cells.c.dimension == asked.dimension if asked.dimension else sa.true())
    if of_every_one:
        so = sa.case((is_so(cells), 1), else_=0)
        return round_drafts.c.draft.in_(there.group_by(cells.c.draft).having(sa.func.min(so) == 1))
    return round_drafts.c.draft.in_(there.where(is_so(cells)))


def _of_kept_cells(connection: sa.Connection, round_: int, asked: Asked) -> sa.ColumnElement[bool]:
    """The same of a round whose cells were kept at closing, of which no cell is labelled once as planned: from those that wait by
    their labels, and what was decided and contested since; those that agree are all others."""
    waiting = stored_cells.waiting_of(connection, round_, {})
    decided = sa.and_(adjudications.c.round == round_, adjudications.c.supersedes.is_(None))
    contested = contested_in(round_).subquery("contested")

    def on(of: sa.FromClause) -> sa.ColumnElement[bool]:
        return of.c.dimension == asked.dimension if asked.dimension else sa.true()

    def undecided(of: sa.FromClause) -> sa.Select:
        is_same = (adjudications.c.draft == of.c.draft) & (adjudications.c.dimension == of.c.dimension) & decided
        return sa.select(of.c.draft).select_from(of.outerjoin(adjudications, is_same)).where(adjudications.c.id.is_(None), on(of))

    id_ = round_drafts.c.draft
    of_decided = sa.select(adjudications.c.draft).where(decided, on(adjudications))
    wait = sa.or_(id_.in_(undecided(waiting)), id_.in_(undecided(contested)))
    return {
        "disagreement": lambda: id_.in_(sa.select(waiting.c.draft).where(waiting.c.spread >= 0, on(waiting))),
        "adjudicated": lambda: id_.in_(of_decided),
        "undecided": lambda: wait,
        "gold": lambda: ~wait,
        "agreed": lambda: ~wait & id_.not_in(of_decided),
    }[asked.state]()


def _conditions(
    connection: sa.Connection, parts: _Parts, cells: sa.FromClause | None, asked: Asked
) -> list[sa.ColumnElement[bool]]:
    state = asked.state
    conditions = [parts.where, round_drafts.c.is_practice == (state == PRACTICE)]
    if words := asked.words.strip():

        def has(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
            return column.contains(words, autoescape=True) | sa.func.lower(column).contains(words.lower(), autoescape=True)

        conditions.append(has(drafts.c.draft_id) | has(drafts.c.text) | (~parts.held & has(tasks.c.task_id)))
    if state not in ("", PRACTICE) or asked.ids is not None:
        conditions.append(~parts.held)
    if state in PROGRESS:
        conditions.append(PROGRESS[state](parts.work))
    elif state == QUERIED:
        conditions.append(parts.asked.c.queries > 0)
    elif state and cells is not None:
        conditions.append(_of_cells(cells, asked))
    if asked.ids is not None:
        conditions.append(among(connection, round_drafts.c.draft, asked.ids))
    return conditions


def _order(parts: _Parts, apart: sa.FromClause | None, asked: Asked) -> list[sa.ColumnElement]:
    """By id; by anything else with the drafts held back at the end, whatever is known of them. `apart`: on how many dimensions
    (many) the labels of a draft differ."""
    work, last = parts.work, sa.case((parts.held, 1), else_=0)
    keys: dict[str, sa.ColumnElement] = {
        "fewest": (work.c.saved + work.c.skipped) * 1.0 / work.c.owed,
        "queries": -sa.func.coalesce(parts.asked.c.queries, 0),
        "author": sa.func.coalesce(drafts.c.author, ""),
    }
    if apart is not None:
        keys[DIFFERING] = -sa.func.coalesce(apart.c.many, 0)
    key = keys.get(asked.sort)
    return [drafts.c.draft_id] if key is None else [last, sa.case((~parts.held, key)), drafts.c.draft_id]


def page_of_drafts(
    connection: sa.Connection, round_: int, reader: int, asked: Asked, *, limit: int, offset: int
) -> tuple[list[int], int]:
    """The drafts (ids) of one page of the list, in its order, and how many the whole list has; 0 beyond its end, too. Refuses an
    open round where its cells are asked about."""
    parts = _parts(round_, reader)
    of_cells = asked.state in OF_CELLS
    by_kept = of_cells and stored_cells.are_kept(connection, round_) and not stored_cells.has_single(connection, round_)
    needs_cells = (of_cells and not by_kept) or asked.sort == DIFFERING
    cells = sa.select(cells_of_closed_round(connection, round_)).cte("cells") if needs_cells else None
    conditions = _conditions(connection, parts, None if by_kept else cells, asked)
    if by_kept:
        note_read(connection, round_)
        conditions.append(_of_kept_cells(connection, round_, asked))
    has_words = bool(asked.words.strip())
    of_progress, of_queries = asked.state in PROGRESS, asked.state == QUERIED
    counted = parts.those(has_work=of_progress, has_asked=of_queries, has_texts=has_words)
    if asked._replace(sort="") == Asked():
        found = drafts_in(connection, round_)  # kept since the closing
    else:
        found = connection.execute(sa.select(sa.func.count()).select_from(counted).where(*conditions)).scalar_one()
    if found > SORTED and not (has_words or of_progress or of_queries) and asked.sort not in KEYED:
        # By the index of names, and whether each is one of those: to sort a million for a page of them takes longer.
        which = sa.exists().where(round_drafts.c.draft == drafts.c.id, *conditions)
        named = sa.select(drafts.c.id).where(which).order_by(drafts.c.draft_id)
        return list(connection.scalars(named.limit(limit).offset(offset))), found
    apart = None
    whole = parts.those(has_work=of_progress or asked.sort == "fewest", has_asked=of_queries or asked.sort == "queries")
    if asked.sort == DIFFERING and cells is not None:
        apart = sa.select(cells.c.draft, sa.func.sum(cells.c.differs).label("many")).group_by(cells.c.draft).subquery()
        whole = whole.outerjoin(apart, apart.c.draft == drafts.c.id)
    rows = connection.scalars(
        sa.select(drafts.c.id)
        .select_from(whole)
        .where(*conditions)
        .order_by(*_order(parts, apart, asked))
        .limit(limit)
        .offset(offset)
    ).all()
    return (list(rows), found) if rows else ([], 0)


def drafts_listed(connection: sa.Connection, round_: int, reader: int, ids: Sequence[int]) -> list[sa.Row]:
    """These drafts of a round in this order: id, draft_id, text (its beginning), is_practice, held, mine (the reader's own state
    of it, None where it is not theirs to label); and None where it is held: author, owed, saved, skipped, begun, queries."""
    parts = _parts(round_, reader, among(connection, assignments.c.draft, ids))
    work = parts.work

    def told(name: str, column: sa.ColumnElement) -> sa.ColumnElement:
        return sa.case((~parts.held, column)).label(name)

    rows = connection.execute(
        sa.select(
            drafts.c.id,
            drafts.c.draft_id,
            sa.func.substr(drafts.c.text, 1, OPENING).label("text"),
            round_drafts.c.is_practice,
            sa.case((parts.held, 1), else_=0).label("held"),
            work.c.mine,
            told("author", drafts.c.author),
            *(told(name, work.c[name]) for name in ("owed", "saved", "skipped", "begun")),
            told("queries", sa.func.coalesce(parts.asked.c.queries, 0)),
        )
        .select_from(parts.whole)
        .where(parts.where, among(connection, drafts.c.id, ids))
    ).all()
    by_id = {row.id: row for row in rows}
    return [by_id[each] for each in ids]


def states_of_cells(connection: sa.Connection, round_: int, ids: Sequence[int]) -> Sequence[sa.Row]:
    """draft (id), dimension, state and differs of the cells of some drafts of a closed round, in the order of its dimensions.
    Refuses an open round."""
    cells = cells_of_closed_round(connection, round_, ids)
    return connection.execute(sa.select(cells).order_by(cells.c.position)).all()


def held_of_round(connection: sa.Connection, round_: int, reader: int) -> set[int]:
    """The drafts (ids) of the round that are held back from the reader."""
    held = round_drafts.c.draft.in_(drafts_labelled_by(reader))
    return set(connection.scalars(sa.select(round_drafts.c.draft).where(round_drafts.c.round == round_, held)))


def draft_in_round(connection: sa.Connection, round_: int, draft_id: str) -> sa.Row | None:
    """One draft of a round: id, draft_id, text, task_id, input, author, is_practice; None where the round has no such draft."""
    return connection.execute(
        sa.select(
            drafts.c.id,
            drafts.c.draft_id,
            drafts.c.text,
            tasks.c.task_id,
            tasks.c.input,
            drafts.c.author,
            round_drafts.c.is_practice,
        )
        .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
        .where(round_drafts.c.round == round_, drafts.c.draft_id == draft_id)
    ).one_or_none()


def work_on_draft(connection: sa.Connection, round_: int, draft: int) -> Sequence[sa.Row]:
    """Who labels a draft in the round and how far they are, nothing of what they gave: person (id), annotator, state,
    skip_reason, begun (0 or 1), delivered_at; by name."""
    return connection.execute(
        sa.select(
            assignments.c.person,
            people.c.name.label("annotator"),
            assignments.c.state,
            words_told(connection, assignments.c.draft, assignments.c.skip_reason).label("skip_reason"),
            sa.case((assignments.c.seen_at.is_not(None), 1), else_=0).label("begun"),
            assignments.c.delivered_at,
        )
        .join(people, people.c.id == assignments.c.person)
        .where(assignments.c.round == round_, assignments.c.draft == draft)
        .order_by(people.c.name)
    ).all()
