"""Two sources counted: from what was kept when their round was closed where that says it all, else by the database from their
labels. Both ways come to the same, which a test holds."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.store.closing import cells as stored_cells
from db.store.closing import withheld as stored_withheld
from db.store.comparison import gold_of_round, sides
from db.store.comparison.sides import Counted, Joined, Side
from touchstone.data.counts import pattern_of
from touchstone.data.label import Pattern
from workflow.agreement.counts_behind import stored_or_counted
from workflow.bounded_cache import BoundedCache
from workflow.comparison.source import GOLD, NamedSource
from workflow.gold.cells import touched_cells
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import Round
from workflow.rubric.levels import declared, scales_of

Tables = dict[str, Counter[tuple[str, str]]]


class KeptRound(NamedTuple):
    """What was kept of a round at its closing: by dimension, how many drafts have which labels, a place a level."""

    found: Round
    patterns: dict[str, dict[Pattern, int]]
    levels: dict[str, tuple[str, ...]]

    def seat(self, source: NamedSource) -> int:
        return self.found.annotators.index(source.who)

    def labelled(self, *seats: int) -> set[int]:
        """How many drafts have a label of each of these annotators: one number where every dimension has the same."""
        return {
            sum(n for pattern, n in patterns.items() if all(pattern[seat] is not None for seat in seats))
            for patterns in self.patterns.values()
        }


def count_sources(
    connection: sa.Connection, first: NamedSource, second: NamedSource, kept: BoundedCache[Counted] | None = None
) -> Counted:
    """How two sources are joined, and how many units have which labels of both."""
    if (quick := counted_at_closing(connection, first, second)) is not None:
        return quick
    state = (first.name, second.name, *(_state(connection, each) for each in (first, second)))
    return (kept or BoundedCache(1)).get(
        state, lambda: sides.count_both(connection, side_of(connection, first), side_of(connection, second))
    )


def labels_of_both(connection: sa.Connection, first: NamedSource, second: NamedSource) -> int:
    """How many labels are read to count two sources, at most; 0 where what was kept says it all."""
    if counted_at_closing(connection, first, second) is not None:
        return 0
    return labels_of(connection, (first, second))


def labels_of(connection: sa.Connection, sources: Sequence[NamedSource]) -> int:
    """How many labels these sources gave, at most."""
    return sum(_many(connection, each) for each in sources)


def counted_at_closing(connection: sa.Connection, first: NamedSource, second: NamedSource) -> Counted | None:
    """Two annotators of one round of whom one labelled every draft that the other did, or the gold of a round and an annotator
    who labelled all of its drafts; None for others, and where anything is held back from who reads."""
    found = first.round
    if found is None or second.round is None or found.id != second.round.id or found.kind != DOUBLE:
        return None
    if stored_withheld.holds_back(connection, found.id) or not stored_cells.are_kept(connection, found.id):
        return None
    stored = stored_or_counted(connection, found, first.rubric)
    patterns = {key: {pattern_of(text): n for text, n in each.patterns.items()} for key, each in stored.items()}
    levels = {key: tuple(map(str, declared(first.rubric, key).values)) for key in patterns}
    kept = KeptRound(found, patterns, levels)
    if GOLD not in (first.made_by, second.made_by):
        return _of_two(kept, kept.seat(first), kept.seat(second))
    who = second if first.made_by == GOLD else first
    counted = _of_gold(connection, kept, who)
    return _turned(counted) if counted and who is first else counted


def _of_two(kept: KeptRound, a: int, b: int) -> Counted | None:
    both, alone = kept.labelled(a, b), [kept.labelled(each) for each in (a, b)]
    if not all(len(each) == 1 for each in (both, *alone)):
        return None
    in_both, (only_a, only_b) = both.pop(), (each.pop() for each in alone)
    only_a, only_b = only_a - in_both, only_b - in_both
    if only_a and only_b:  # some of them may be joined by their tasks
        return None
    tables: Tables = {}
    for key, patterns in kept.patterns.items():
        for pattern, n in patterns.items():
            one, other = pattern[a], pattern[b]
            if one is not None and other is not None:
                tables.setdefault(key, Counter())[kept.levels[key][one], kept.levels[key][other]] += n
    keys = [frozenset(kept.patterns) if number else frozenset() for number in (in_both + only_a, in_both + only_b)]
    return Counted(Joined(in_both, 0, 0, only_a, only_b), (keys[0], keys[1]), tables)


def _of_gold(connection: sa.Connection, kept: KeptRound, who: NamedSource) -> Counted | None:
    """The gold and an annotator who labelled every draft of the round."""
    found, seat = kept.found, kept.seat(who)
    if kept.labelled(seat) != {found.drafts} or stored_cells.has_single(connection, found.id):
        return None
    tables: Tables = {key: Counter() for key in kept.patterns}
    for key, patterns in kept.patterns.items():
        for pattern, n in patterns.items():
            given = [code for code in pattern if code is not None]
            if len(given) > 1 and len(set(given)) == 1:
                tables[key][(kept.levels[key][given[0]],) * 2] += n
    waiting = stored_cells.waiting_of(connection, found.id, scales_of(who.rubric, found.dimensions))
    for cell in touched_cells(connection, found, who.rubric, waiting):
        tables[cell.dimension][(str(cell.labels[0].value),) * 2] -= 1
    person = next(each.person for each in found.progress if each.name == who.who)
    for each in gold_of_round.decided_and_given(connection, found.id, person):
        tables[each.dimension][each.decided, each.given] += each.cells
    tables = {key: +table for key, table in tables.items()}
    without = gold_of_round.drafts_without_gold(connection, found.id, waiting, len(found.dimensions))
    joined = Joined(found.drafts - without, 0, 0, 0, without)
    settled = frozenset(key for key, table in tables.items() if table)
    return Counted(joined, (settled, frozenset(kept.patterns)), tables)


def _turned(counted: Counted) -> Counted:
    joined = counted.joined._replace(only_first=counted.joined.only_second, only_second=counted.joined.only_first)
    tables = {key: {(other, one): units for (one, other), units in table.items()} for key, table in counted.tables.items()}
    return Counted(joined, counted.keys[::-1], tables)


def side_of(connection: sa.Connection, source: NamedSource) -> Side:
    """A source as the database counts it."""
    if source.label_set is not None:
        return sides.given_alike(connection, source.label_set, source.chosen, has_tasks=source.has_tasks)
    found = _round_of(source)
    if source.made_by == GOLD:
        return sides.settled_in(connection, found.id)
    person = next(each.person for each in found.progress if each.name == source.who)
    return sides.given_by(connection, found.id, person)


def _round_of(source: NamedSource) -> Round:
    if source.round is None:
        raise LookupError(f"{source.name} is of no round")
    return source.round


def _many(connection: sa.Connection, source: NamedSource) -> int:
    """How many labels of a source are read, at most."""
    if source.label_set is not None:
        return sides.labels_in_set(connection, source.label_set)
    found = _round_of(source)
    return found.drafts * len(found.dimensions) * (len(found.annotators) if source.made_by == GOLD else 1)


def _state(connection: sa.Connection, source: NamedSource) -> tuple:
    """What a source depends on: when this is another, so may its labels be."""
    if source.label_set is not None:
        return source.label_set, source.chosen, gold_of_round.state_of_set(connection)
    found = _round_of(source)
    return found.id, found.closed_at, gold_of_round.state_of_round(connection, found.id)
